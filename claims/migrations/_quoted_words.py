"""Evidence says which words of the capture it quotes: those at the place where the quote was found before."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_words_of_quotes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before the constraint that asks for them: `exact` of each placed quote, one text in memory at a time."""
    evidence = apps.get_model("claims.Evidence").objects.filter(start__isnull=False)
    for snapshot in sorted(set(evidence.values_list("snapshot", flat=True))):
        text = apps.get_model("claims.Snapshot").objects.values_list("text", flat=True).get(pk=snapshot)
        pieces = list(evidence.filter(snapshot=snapshot).only("start", "end"))
        for piece in pieces:
            piece.exact, piece.places = text[piece.start : piece.end], 1
        apps.get_model("claims.Evidence").objects.bulk_update(pieces, ["exact", "places"], batch_size=500)
