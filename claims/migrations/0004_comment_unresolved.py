from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_desk_indexes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["parent", "resolved_at", "claim"], name="comment_unresolved"),
        ),
    ]
