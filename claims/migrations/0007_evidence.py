import claims.models.calendar
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from claims.migrations._quoted_words import keep_words_of_quotes


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0006_documents_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Capture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('origin', models.CharField(choices=[('pasted', 'Pasted'), ('uploaded', 'Uploaded'), ('fetched', 'Fetched')], max_length=10)),
                ('url', models.CharField(blank=True, help_text='The address asked for; empty for a file.', max_length=2000)),
                ('final_url', models.CharField(blank=True, help_text='The address that answered.', max_length=2000)),
                ('hops', models.JSONField(default=list, help_text='Each request on the way: url, status, address.')),
                ('host', models.CharField(blank=True, max_length=255)),
                ('status', models.PositiveSmallIntegerField(help_text='Of the last answer; empty when there was none.', null=True)),
                ('outcome', models.CharField(choices=[('captured', 'Captured with its text'), ('no_text', 'Captured; it has no text that can be read'), ('unchanged', 'The site says that nothing has changed'), ('address', 'Not an address of the web'), ('blocked', 'Leads into a private network'), ('unresolved', 'No site of this name was found'), ('unreachable', 'The site did not answer'), ('tls', 'The site could not prove what it is'), ('redirects', 'The address leads on without end'), ('status', 'The site did not give the page'), ('size', 'The page is too large'), ('time', 'The site took too long'), ('garbled', 'The answer was no page')], max_length=12)),
                ('reason', models.TextField(blank=True, help_text='What stood in the way, in words.', max_length=5000)),
                ('warnings', models.JSONField(default=list, help_text='What a person should know of it, in sentences.')),
                ('headers', models.JSONField(default=dict, help_text='Of the answer, as far as they are needed again.')),
                ('content_type', models.CharField(blank=True, help_text='As it was claimed.', max_length=200)),
                ('filename', models.CharField(blank=True, max_length=500)),
                ('robots', models.CharField(blank=True, choices=[('', 'Not asked, or no answer'), ('allowed', 'Programs may read it'), ('disallowed', 'The site asks programs to stay away')], max_length=12)),
                ('retry_at', models.DateTimeField(help_text='When a site that was busy may be asked again.', null=True)),
                ('raw_sha256', models.CharField(blank=True, max_length=64)),
                ('raw_size', models.PositiveBigIntegerField(null=True)),
                ('warc_sha256', models.CharField(blank=True, max_length=64)),
                ('warc_size', models.PositiveBigIntegerField(null=True)),
                ('found', models.JSONField(default=dict, help_text='What the text says of itself: intake.incoming.Found.')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='claims.document')),
                ('snapshot', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='captures', to='claims.snapshot')),
            ],
            options={
                'ordering': ['document', 'number'],
                'indexes': [models.Index(fields=['host', '-id'], name='capture_host'), models.Index(fields=['raw_sha256'], name='capture_raw')],
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='capture_number_is_unique'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='capture_number_starts_at_1'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['captured', 'no_text']), ('raw_size__isnull', False), models.Q(('raw_sha256', ''), _negated=True)), models.Q(models.Q(('outcome__in', ['captured', 'no_text']), _negated=True), ('raw_sha256', ''), ('raw_size', None)), _connector='OR'), name='capture_keeps_what_it_says'), models.CheckConstraint(condition=models.Q(models.Q(('warc_sha256', ''), ('warc_size', None)), models.Q(models.Q(('warc_sha256', ''), _negated=True), ('warc_size__isnull', False)), _connector='OR'), name='capture_warc_is_whole'), models.CheckConstraint(condition=models.Q(('snapshot', None), ('outcome__in', ['captured', 'unchanged']), _connector='OR'), name='capture_text_was_seen'), models.CheckConstraint(condition=models.Q(('finished_at__gte', models.F('asked_at'))), name='capture_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('outcome__in', ['address', 'blocked', 'captured', 'garbled', 'no_text', 'redirects', 'size', 'status', 'time', 'tls', 'unchanged', 'unreachable', 'unresolved'])), name='capture_outcome_is_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['fetched', 'pasted', 'uploaded'])), name='capture_origin_is_known'), models.CheckConstraint(condition=models.Q(('robots__in', ['', 'allowed', 'disallowed'])), name='capture_robots_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(help_text='What comes out, such as “Military Expenditure Database”.', max_length=200)),
                ('rule', models.CharField(max_length=60, validators=[claims.models.calendar.validate_rule])),
                ('retired_at', models.DateTimeField(editable=False, null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendars', to='claims.source')),
            ],
            options={
                'ordering': ['source', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('rule', ''), _negated=True)), name='calendar_has_a_name_and_a_rule'), models.UniqueConstraint(fields=('source', 'name'), name='calendar_name_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Search',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(help_text='A database, an address, an archive.', max_length=500, verbose_name='where')),
                ('searched_on', models.DateField(verbose_name='when')),
                ('words', models.TextField(help_text='The words searched with, as they were typed.', max_length=5000)),
                ('note', models.TextField(blank=True, max_length=5000)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('retracted_at', models.DateTimeField(editable=False, null=True)),
                ('retraction_reason', models.TextField(blank=True, editable=False, max_length=5000)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='searches', to='claims.claim')),
                ('retracted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'searches',
                'db_table': 'claims_searchrecord',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('place', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='search_says_where_and_with_what'), models.CheckConstraint(condition=models.Q(models.Q(('retracted_at', None), ('retracted_by', None), ('retraction_reason', '')), models.Q(('retracted_at__isnull', False), ('retracted_by__isnull', False), models.Q(('retraction_reason', ''), _negated=True)), _connector='OR'), name='search_retraction_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('same', 'Still says so'), ('moved', 'Says so elsewhere on the page'), ('changed', 'Says something else now'), ('gone', 'No longer says so'), ('unreachable', 'Could not be read')], max_length=12)),
                ('start', models.PositiveIntegerField(null=True)),
                ('end', models.PositiveIntegerField(null=True)),
                ('wording', models.TextField(blank=True, max_length=10000)),
                ('capture', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='claims.capture')),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='claims.evidence')),
            ],
            options={
                'ordering': ['evidence', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('evidence', 'capture'), name='sighting_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('start', None), ('wording', ''), models.Q(('state__in', ['changed', 'moved', 'same']), _negated=True)), models.Q(('end__isnull', False), ('start__isnull', False), ('start__lt', models.F('end')), ('state__in', ['changed', 'moved', 'same'])), _connector='OR'), name='sighting_place_is_whole'), models.CheckConstraint(condition=models.Q(('state__in', ['changed', 'gone', 'moved', 'same', 'unreachable'])), name='sighting_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='SourceAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='claims.source')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='source_alias_has_a_name'), models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='source_alias_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='SourceDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=253, unique=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='claims.source')),
            ],
            options={
                'ordering': ['host'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('host', ''), _negated=True), ('host', django.db.models.functions.text.Lower('host')), models.Q(('host__startswith', 'www.'), _negated=True)), name='source_domain_is_normal')],
            },
        ),
        migrations.CreateModel(
            name='SourceMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=5000)),
                ('moved', models.JSONField(default=dict)),
                ('merged_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(null=True)),
                ('into', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mergers_in', to='claims.source')),
                ('merged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mergers', to='claims.source')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('source', models.F('into')), _negated=True), name='source_merge_joins_two'), models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('source',), name='source_merge_one_standing_per_source'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='source_merge_undoing_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='Working',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('formula', 'Formula'), ('rank', 'Rank table')], max_length=10)),
                ('expected', models.CharField(help_text='What the claim says: a number, or a place.', max_length=40)),
                ('formula', models.CharField(blank=True, max_length=500)),
                ('unit', models.CharField(blank=True, help_text="Of the formula's result, or of the table's values.", max_length=60)),
                ('tolerance', models.CharField(default='0', max_length=40)),
                ('tolerance_in', models.CharField(choices=[('absolute', 'in the result’s unit'), ('percent', 'percent')], default='absolute', max_length=10)),
                ('subject', models.CharField(blank=True, help_text='Whose place it is, as the table names it.', max_length=200)),
                ('order', models.CharField(choices=[('descending', 'The largest comes first'), ('ascending', 'The smallest comes first')], default='descending', max_length=10)),
                ('note', models.TextField(blank=True, max_length=5000)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='working', to='claims.claim')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('tolerance_in__in', ['absolute', 'percent'])), name='working_tolerance_in_is_known'), models.CheckConstraint(condition=models.Q(('order__in', ['ascending', 'descending'])), name='working_order_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('expected', ''), _negated=True), models.Q(('tolerance', ''), _negated=True)), name='working_says_what_it_expects'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'formula'), ('subject', ''), models.Q(('formula', ''), _negated=True)), models.Q(('formula', ''), ('kind', 'rank'), models.Q(('subject', ''), _negated=True)), _connector='OR'), name='working_is_a_formula_or_a_rank')],
            },
        ),
        migrations.CreateModel(
            name='RankRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('name', models.CharField(max_length=200)),
                ('value', models.CharField(max_length=40)),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rank_rows', to='claims.evidence')),
                ('working', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='claims.working')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('working', 'name'), name='rank_row_name_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('value', ''), _negated=True)), name='rank_row_is_whole'), models.CheckConstraint(condition=models.Q(('place', None), ('place__gte', 1), _connector='OR'), name='rank_row_place_is_one')],
            },
        ),
        migrations.CreateModel(
            name='WorkingInput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('value', models.CharField(max_length=40)),
                ('unit', models.CharField(blank=True, max_length=60)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(2200)])),
                ('evidence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='working_inputs', to='claims.evidence')),
                ('working', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inputs', to='claims.working')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('working', 'name'), name='working_input_name_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('value', ''), _negated=True)), name='working_input_is_whole'), models.CheckConstraint(condition=models.Q(('year', None), models.Q(('year__gte', 1), ('year__lte', 2200)), _connector='OR'), name='working_input_year_is_one')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='evidence',
            name='evidence_passage_is_whole',
        ),
        migrations.RemoveConstraint(
            model_name='job',
            name='job_kind_is_known',
        ),
        migrations.AddField(
            model_name='assessment',
            name='decisive',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decides', to='claims.evidence'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='decisive_reason',
            field=models.TextField(blank=True, max_length=5000),
        ),
        migrations.AddField(
            model_name='document',
            name='derivation',
            field=models.CharField(blank=True, choices=[('wire', 'Wire story'), ('press_release', 'Press release'), ('quotation', 'Quotation')], max_length=20),
        ),
        migrations.AddField(
            model_name='document',
            name='derived_from',
            field=models.ForeignKey(blank=True, help_text='The document it came out of.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived', to='claims.document'),
        ),
        migrations.AddField(
            model_name='document',
            name='health',
            field=models.CharField(choices=[('not_captured', 'Not captured'), ('captured', 'Captured'), ('same', 'Still says so'), ('moved', 'Moved on the page'), ('unreachable', 'Unreachable'), ('changed', 'Changed'), ('gone', 'Gone')], default='not_captured', editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name='document',
            name='health_reason',
            field=models.TextField(blank=True, editable=False, max_length=5000),
        ),
        migrations.AddField(
            model_name='document',
            name='looked_at',
            field=models.DateTimeField(editable=False, help_text='When it was last tried to capture it.', null=True),
        ),
        migrations.AddField(
            model_name='evidence',
            name='alone_says',
            field=models.CharField(blank=True, help_text='What the claim would be by this piece alone.', max_length=300),
        ),
        migrations.AddField(
            model_name='evidence',
            name='alone_verdict',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.verdict'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='exact',
            field=models.TextField(blank=True, editable=False, help_text='What the snapshot says there.'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='method',
            field=models.CharField(blank=True, help_text='Whose way of counting, and for when.', max_length=120),
        ),
        migrations.AddField(
            model_name='evidence',
            name='places',
            field=models.PositiveSmallIntegerField(default=0, editable=False, help_text='How many places of the snapshot read like the quote.'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='still',
            field=models.CharField(blank=True, choices=[('same', 'Still says so'), ('moved', 'Says so elsewhere on the page'), ('changed', 'Says something else now'), ('gone', 'No longer says so'), ('unreachable', 'Could not be read')], editable=False, help_text='What its newest sighting says.', max_length=12),
        ),
        migrations.AddField(
            model_name='source',
            name='merged_into',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_in', to='claims.source'),
        ),
        migrations.AlterField(
            model_name='job',
            name='kind',
            field=models.CharField(choices=[('document', 'Read a document'), ('draft', 'Read a new draft'), ('claims', 'Import claims'), ('rescore', 'Score sentences anew'), ('capture', 'Capture a page')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['health', '-id'], name='document_health'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['looked_at', 'id'], name='document_looked_at'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('submitted_at', None), models.Q(('decisive', None), ('decisive_reason', '')), models.Q(('decisive__isnull', False), models.Q(('decisive_reason', ''), _negated=True)), _connector='OR'), name='assessment_decisive_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('reliability_override', ''), models.Q(('reliability_override_reason', ''), _negated=True), _connector='OR'), name='document_override_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('derivation__in', ['', 'press_release', 'quotation', 'wire'])), name='document_derivation_is_known'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('derivation', ''), ('derived_from', None)), models.Q(('derived_from__isnull', False), models.Q(('derivation', ''), _negated=True), models.Q(('derived_from', models.F('id')), _negated=True)), _connector='OR'), name='document_derivation_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('health__in', ['captured', 'changed', 'gone', 'moved', 'not_captured', 'same', 'unreachable'])), name='document_health_is_known'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('still__in', ['', 'changed', 'gone', 'moved', 'same', 'unreachable'])), name='evidence_still_is_known'),
        ),
        migrations.RunPython(keep_words_of_quotes, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', None), ('exact', ''), ('start', None)), models.Q(('end__isnull', False), ('snapshot__isnull', False), ('start__isnull', False), ('start__lt', models.F('end')), models.Q(('exact', ''), _negated=True)), _connector='OR'), name='evidence_passage_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('places', 0), ('snapshot__isnull', False), _connector='OR'), name='evidence_places_are_in_a_text'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['capture', 'claims', 'document', 'draft', 'rescore'])), name='job_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('retired_at__isnull', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='source_merged_is_retired'),
        ),
        migrations.AddField(
            model_name='claim',
            name='recheck_calendar',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.releasecalendar'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('recheck_calendar', None), models.Q(('recheck_on', ''), _negated=True), _connector='OR'), name='claim_that_follows_has_a_recheck'),
        ),
    ]
