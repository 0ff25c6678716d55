import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0005_stage_and_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('document', 'Read a document'), ('draft', 'Read a new draft'), ('claims', 'Import claims'), ('rescore', 'Score sentences anew')], max_length=20)),
                ('title', models.CharField(help_text='What it works on, in words.', max_length=300)),
                ('params', models.JSONField(default=dict, help_text='What the work was started with; its kind says what is in it.')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('step', models.CharField(blank=True, help_text='What it is doing now: Reading the file.', max_length=100)),
                ('done', models.PositiveIntegerField(default=0, help_text='How much of the step is done, of `total`.')),
                ('total', models.PositiveIntegerField(default=0, help_text='0 when the step cannot say.')),
                ('problem', models.TextField(blank=True, help_text='Why it failed, in words for the person who started it.')),
                ('report', models.JSONField(default=dict, help_text='What came of it; its kind says what is in it.')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('cancel_asked_at', models.DateTimeField(null=True)),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('attempt', models.PositiveIntegerField(default=0, help_text='Raised each time a worker takes it up.')),
                ('beat_at', models.DateTimeField(help_text='When its worker was last heard of.', null=True)),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='claims.document')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'beat_at'], name='job_state'), models.Index(fields=['started_by', '-id'], name='job_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['claims', 'document', 'draft', 'rescore'])), name='job_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['cancelled', 'done', 'failed', 'running', 'waiting'])), name='job_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ['running', 'waiting'])), models.Q(models.Q(('state__in', ['running', 'waiting']), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='job_end_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='Reanchoring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('unchanged', 'Unchanged'), ('moved', 'Moved'), ('reworded', 'Reworded'), ('gone', 'Gone')], max_length=10)),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('decision', models.CharField(blank=True, choices=[('kept', 'Kept: the same words, in a place beyond doubt'), ('same', 'The same claim; what was found stands'), ('recheck', 'The same claim, to be checked again'), ('new_claim', 'Another claim now'), ('dropped', 'No longer in the text'), ('superseded', 'Left to a newer draft')], max_length=12)),
                ('reason', models.TextField(blank=True, max_length=5000)),
                ('decided_at', models.DateTimeField(null=True)),
                ('appearance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reanchorings', to='claims.appearance')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('result', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reanchored_from', to='claims.appearance')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reanchorings', to='claims.snapshot')),
            ],
            options={
                'ordering': ['snapshot', 'appearance__start', 'pk'],
                'indexes': [models.Index(fields=['snapshot', 'decision'], name='reanchoring_decision')],
                'constraints': [models.UniqueConstraint(fields=('snapshot', 'appearance'), name='reanchoring_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('start', None), ('status', 'gone')), models.Q(('end__isnull', False), ('start__isnull', False), ('start__lt', models.F('end')), models.Q(('status', 'gone'), _negated=True)), _connector='OR'), name='reanchoring_place_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='reanchoring_decision_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ['', 'dropped', 'superseded']), ('result', None)), models.Q(models.Q(('decision__in', ['', 'dropped', 'superseded']), _negated=True), ('result__isnull', False)), _connector='OR'), name='reanchoring_keeps_what_it_says'), models.CheckConstraint(condition=models.Q(('status__in', ['gone', 'moved', 'reworded', 'unchanged'])), name='reanchoring_status_is_known'), models.CheckConstraint(condition=models.Q(('decision__in', ['', 'dropped', 'kept', 'new_claim', 'recheck', 'same', 'superseded'])), name='reanchoring_decision_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=500)),
                ('content_type', models.CharField(blank=True, max_length=200)),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='upload', to='claims.job')),
            ],
        ),
        migrations.CreateModel(
            name='Weighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=35)),
                ('number', models.PositiveIntegerField(help_text='Counted from 1 in each language.')),
                ('data', models.JSONField(help_text='As detection.weights.Weights.as_data gives it.')),
                ('figures', models.JSONField(default=dict)),
                ('learnt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('in_force', models.BooleanField(default=False)),
                ('accepted_at', models.DateTimeField(help_text='When it was last put in force.', null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('learnt_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['language', '-number'],
                'constraints': [models.UniqueConstraint(fields=('language', 'number'), name='weighting_number_is_unique'), models.UniqueConstraint(condition=models.Q(('in_force', True)), fields=('language',), name='weighting_one_in_force_per_language'), models.CheckConstraint(condition=models.Q(('in_force', False), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='weighting_in_force_was_accepted')],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='completed_at',
            field=models.DateTimeField(editable=False, help_text='When its check was declared complete.', null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='completed_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sentence',
            name='assertions',
            field=models.PositiveSmallIntegerField(default=0, help_text='How many facts it seems to state.'),
        ),
        migrations.AddField(
            model_name='sentence',
            name='batch',
            field=models.UUIDField(editable=False, help_text='The act on many sentences that decided it last.', null=True),
        ),
        migrations.AddField(
            model_name='sentence',
            name='carried_from',
            field=models.ForeignKey(editable=False, help_text='The same in the last draft.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.sentence'),
        ),
        migrations.AddField(
            model_name='sentence',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='sentence',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='sentence',
            name='signals',
            field=models.JSONField(blank=True, default=list, help_text='Reasons for the score: name, weight, words.'),
        ),
        migrations.AddIndex(
            model_name='sentence',
            index=models.Index(models.F('snapshot'), models.F('disposition'), models.OrderBy(models.F('score'), descending=True), models.F('id'), name='sentence_score'),
        ),
        migrations.AddIndex(
            model_name='snapshot',
            index=models.Index(fields=['text_sha256'], name='snapshot_text'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('completed_at', None), ('completed_by', None)), models.Q(('completed_at__isnull', False), ('completed_by__isnull', False)), _connector='OR'), name='document_completion_is_whole'),
        ),
    ]
