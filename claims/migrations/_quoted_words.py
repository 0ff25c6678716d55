"""Evidence says which words of the capture it quotes: those at the place where the quote was found before."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_words_of_quotes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before the constraint that asks for them: `exact` of each placed quote, one text in memory at a time."""
    alias = schema_editor.connection.alias
    evidence = apps.get_model("claims.Evidence").objects.using(alias).filter(start__isnull=False)
    snapshots = apps.get_model("claims.Snapshot").objects.using(alias)
    for snapshot in sorted(set(evidence.values_list("snapshot", flat=True))):
        text = snapshots.values_list("text", flat=True).get(pk=snapshot)
        pieces = list(evidence.filter(snapshot=snapshot).only("start", "end"))
        for piece in pieces:
            piece.exact, piece.places = text[piece.start : piece.end], 1
        evidence.bulk_update(pieces, ["exact", "places"], batch_size=500)
