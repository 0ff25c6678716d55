import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0007_evidence'),
    ]

    operations = [
        migrations.CreateModel(
            name='Omission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=5000)),
                ('left_out_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.claim')),
                ('claim_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='omissions', to='claims.claimset')),
                ('left_out_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['claim_set', 'claim'],
                'constraints': [models.UniqueConstraint(fields=('claim_set', 'claim'), name='omission_is_unique'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='omission_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(help_text='Sixteen hexadecimal digits, as minisign says it.', max_length=16, unique=True)),
                ('public_key', models.CharField(help_text='As the second line of a minisign.pub.', max_length=100, unique=True)),
                ('private_key', models.TextField(blank=True, editable=False, help_text='Encrypted; empty when it comes from the environment.')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(blank=True, help_text='None: a command.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('key_id'), 16), name='signing_key_id_has_its_length'), models.CheckConstraint(condition=models.Q(('public_key', ''), _negated=True), name='signing_key_has_its_public_key')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('serial', models.PositiveIntegerField(unique=True)),
                ('name', models.CharField(help_text='Of its ZIP, without suffix: japan-and-nato-3.', max_length=100, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True, max_length=10000)),
                ('licence', models.CharField(blank=True, max_length=100)),
                ('with_comments', models.BooleanField(default=False)),
                ('with_captures', models.BooleanField(default=False)),
                ('with_pdf', models.BooleanField(default=False)),
                ('frozen_at', models.DateTimeField()),
                ('claim_count', models.PositiveIntegerField()),
                ('left_out', models.JSONField(default=list)),
                ('head_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('building', 'Being built'), ('ready', 'Ready'), ('failed', 'Failed'), ('withdrawn', 'Withdrawn')], default='building', max_length=10)),
                ('problem', models.TextField(blank=True, help_text='Why it could not be built.', max_length=5000)),
                ('path', models.CharField(blank=True, help_text='Below the folder of releases.', max_length=300)),
                ('size', models.PositiveBigIntegerField(help_text='In bytes.', null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('ready_at', models.DateTimeField(null=True)),
                ('visibility', models.CharField(choices=[('no', 'Nobody else'), ('unlisted', 'Whoever has the address'), ('listed', 'Everybody')], default='no', max_length=10)),
                ('token', models.CharField(help_text='Its public address; never changes.', max_length=64, null=True, unique=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawal_reason', models.TextField(blank=True, max_length=5000)),
                ('claim_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='claims.claimset')),
                ('job', models.ForeignKey(help_text='What builds it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='claims.job')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(help_text='The last one of its set that was ready then.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='claims.release')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signing_key', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='claims.signingkey')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['visibility', 'state', '-id'], name='release_public')],
                'constraints': [models.UniqueConstraint(fields=('claim_set', 'number'), name='release_number_is_unique'), models.UniqueConstraint(condition=models.Q(('path', ''), _negated=True), fields=('path',), name='release_path_is_unique'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('serial__gte', 1)), name='release_numbers_start_at_1'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='release_has_a_title'), models.CheckConstraint(condition=models.Q(('claim_count__gte', 1)), name='release_has_claims'), models.CheckConstraint(condition=models.Q(('state__in', ['building', 'failed', 'ready', 'withdrawn'])), name='release_state_is_known'), models.CheckConstraint(condition=models.Q(('visibility__in', ['listed', 'no', 'unlisted'])), name='release_visibility_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('ready_at__isnull', False), ('size__gte', 1), ('size__isnull', False), ('state__in', ['ready', 'withdrawn']), ('signing_key__isnull', False), models.Q(('path', ''), _negated=True), django.db.models.lookups.Exact(django.db.models.functions.text.Length('sha256'), 64)), models.Q(models.Q(('state__in', ['ready', 'withdrawn']), _negated=True), ('path', ''), ('ready_at', None), ('sha256', ''), ('signing_key', None), ('size', None)), _connector='OR'), name='release_has_its_file_when_ready'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('problem', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('problem', '')), _connector='OR'), name='release_says_why_it_failed'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawal_reason', ''), ('withdrawn_at', None), ('withdrawn_by', None)), _connector='OR'), name='release_withdrawal_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('token', None), ('visibility', 'no')), models.Q(('published_at__isnull', False), ('state__in', ['ready', 'withdrawn']), ('token__isnull', False), models.Q(('token', ''), _negated=True)), _connector='OR'), name='release_is_public_at_an_address')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=10000)),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='claims.claim')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='claims.release')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='correction_has_a_text')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(help_text='Who, and how: free text.', max_length=500)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='claims.release')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='recipient_has_a_text')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text='Its place in the release, from 1.')),
                ('event_number', models.PositiveIntegerField(help_text="Of the newest event of the claim's history then.")),
                ('event_hash', models.CharField(max_length=64)),
                ('verdict_key', models.CharField(max_length=40)),
                ('record_sha256', models.CharField(help_text='Of its record as exports.canonical writes it.', max_length=64)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='release_entries', to='claims.claim')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='claims.release')),
            ],
            options={
                'ordering': ['release', 'position'],
                'constraints': [models.UniqueConstraint(fields=('release', 'claim'), name='release_holds_a_claim_once'), models.UniqueConstraint(fields=('release', 'position'), name='release_position_is_unique'), models.CheckConstraint(condition=models.Q(('event_number__gte', 1), ('position__gte', 1), models.Q(('verdict_key', ''), _negated=True), django.db.models.lookups.Exact(django.db.models.functions.text.Length('event_hash'), 64), django.db.models.lookups.Exact(django.db.models.functions.text.Length('record_sha256'), 64)), name='release_claim_is_whole')],
            },
        ),
        migrations.AlterModelOptions(
            name='claim',
            options={'ordering': ['-pk'], 'permissions': [('work_claims', 'Work on documents, claims, evidence, comments and claim sets'), ('review_assessments', 'Approve or return assessments'), ('build_releases', 'Build, send and withdraw releases'), ('manage_sources', 'Create and edit sources'), ('manage_verdicts', 'Edit the verdict scale'), ('manage_people', 'Manage people, roles and settings')]},
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='job_kind_is_known',
        ),
        migrations.AddField(
            model_name='claimset',
            name='document',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_sets', to='claims.document'),
        ),
        migrations.AddField(
            model_name='claimset',
            name='filter',
            field=models.CharField(blank=True, help_text='Query of the address of the list of claims; empty: all claims.', max_length=5000),
        ),
        migrations.AddField(
            model_name='claimset',
            name='is_private',
            field=models.BooleanField(default=False, verbose_name='only I see it'),
        ),
        migrations.AddField(
            model_name='claimset',
            name='kind',
            field=models.CharField(choices=[('hand', 'Picked by hand'), ('filter', 'Saved filter'), ('document', 'Claims of a document')], default='hand', editable=False, max_length=10),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('document', 'Read a document'), ('draft', 'Read a new draft'), ('claims', 'Import claims'), ('rescore', 'Score sentences anew'), ('capture', 'Capture a page'), ('release', 'Build a release')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='claimsetitem',
            index=models.Index(fields=['claim_set', 'position', 'id'], name='claim_set_order'),
        ),
        migrations.AddConstraint(
            model_name='claimset',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['document', 'filter', 'hand'])), name='claim_set_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claimset',
            constraint=models.CheckConstraint(condition=models.Q(('filter', ''), ('kind', 'filter'), _connector='OR'), name='claim_set_with_a_filter_is_one'),
        ),
        migrations.AddConstraint(
            model_name='claimset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('kind', 'document')), models.Q(models.Q(('kind', 'document'), _negated=True), ('document', None)), _connector='OR'), name='claim_set_of_a_document_has_one'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['capture', 'claims', 'document', 'draft', 'release', 'rescore'])), name='job_kind_is_known'),
        ),
    ]
