"""What the register knows: other names and sites, entries that were merged or retired, a copy and its original."""

from collections import Counter
from collections.abc import Mapping

from claims.actions import derivations, source_merges, sources
from claims.choices import Reliability
from claims.models import Document, Source, SourceDomain, User
from claims.seeds.library import ensure_source
from claims.seeds.records import Record


def load(records: Mapping[str, list[Record]], people: Mapping[str, User]) -> Counter[str]:
    """`records` as in registry.json; how many of each were new. What people have entered since stays as it is."""
    admin = people["admin"]
    new: Counter[str] = Counter()
    for record in records["names"]:
        new["names and sites"] += _name(record, by=admin)
    for record in records["mergers"]:
        new["mergers"] += _merge(record, by=admin)
    for record in records["retired"]:
        new["retired"] += _retire(record, by=admin)
    for record in records["derivations"]:
        new["derivations"] += _derive(record, by=people["analyst"])
    return new


def _name(record: Record, *, by: User) -> bool:
    source = Source.objects.get(key=record["source"])
    if source.version > 1 or SourceDomain.objects.filter(host__in=record["domains"]).exclude(source=source).exists():
        return False  # someone has looked after it, or an earlier load has
    names = {name: record[name] for name in ("aliases", "domains")}
    sources.edit_source(source, by=by, version=source.version, **names)
    return True


def _merge(record: Record, *, by: User) -> bool:
    if Source.objects.filter(name=record["name"]).exists():
        return False
    twin = sources.add_source(by=by, name=record["name"], reliability=Reliability.F)
    source_merges.merge_sources(twin, Source.objects.get(key=record["into"]), by=by, reason=record["reason"])
    return True


def _retire(record: Record, *, by: User) -> bool:
    source, is_new = ensure_source(record, by=by)
    if is_new:
        sources.retire_source(source, by=by)
    return is_new


def _derive(record: Record, *, by: User) -> bool:
    document = Document.objects.get(key=record["document"])
    if document.version > 1:
        return False
    origin = Document.objects.get(key=record["origin"])
    derivations.set_origin(document, origin, record["derivation"], by=by)
    return True
