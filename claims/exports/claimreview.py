"""schema.org ClaimReview as one JSON-LD graph, by `claims.exports.schema_org`.

Only a claim with a verdict can be a ClaimReview; others are passed over.
"""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings

from claims.exports.records import ClaimRecord
from claims.exports.schema_org import CONTEXT, Desk, review


def write(records: Iterable[ClaimRecord]) -> Iterator[str]:
    """The graph, a review at a time."""
    desk = Desk(settings.DESK_NAME, settings.PUBLIC_URL)
    yield f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": ['
    separator = "\n"
    for record in records:
        if record["verdict"] is not None:
            yield separator + json.dumps(review(record, desk), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"
