"""Whose an address is: the source that lists its site, or a new one that nobody has graded."""

from urllib.parse import urlsplit

from claims import links
from claims.actions.changes import initial
from claims.choices import RecordAct, Reliability
from claims.models import Event, Source, SourceDomain, User
from claims.models.base import Gate, pass_gate


def source_for_url(url: str) -> Source | None:
    """The source with this site, or with the nearest one above it, among its domains; None when none has.

    A source without the domain still has the site of its homepage. What was merged is answered for by what it was
    merged into; a retired source keeps its sites.
    """
    hosts = links.domains_of(url)
    known = {row.host: row.source for row in SourceDomain.objects.filter(host__in=hosts).select_related("source")}
    if found := next((known[host] for host in hosts if host in known), None):
        return found.standing()
    return _by_homepage(hosts[0]) if hosts else None


def _by_homepage(host: str) -> Source | None:
    near = Source.objects.filter(homepage__icontains=host).order_by("pk")
    return next((one.standing() for one in near if links.domains_of(one.homepage)[:1] == [host]), None)


def publisher_of(url: str, *, by: User) -> Source:
    """The source that an address belongs to; a new one, not graded yet, when none does."""
    return source_for_url(url) or _ungraded_source(url, by=by)


def publisher_named(name: str, url: str, *, by: User) -> tuple[Source, bool]:
    """The source of that name, else the one with the site of the address; else a new one of the name, not graded yet.

    Also whether it is new. The name, or the address, may be empty. A site is not taken for the new source's own: what
    it published may be read elsewhere.
    """
    if not name:
        return publisher_of(url, by=by), False
    found = Source.objects.named(name).first() or (source_for_url(url) if url else None)
    if found is not None:
        return found.standing(), False
    source, is_new = Source.objects.get_or_create(name=name, defaults={"reliability": Reliability.F})
    if is_new:
        reason = "Added with what it published, which was imported; not graded yet."
        Event.objects.record(
            source, RecordAct.ADD, by=by, changes=initial(source, "name", "reliability"), reason=reason
        )
    return source.standing(), is_new


def standing_now(source: Source) -> Source:
    """The source that stands for this one, until the transaction ends: whoever gives it a document asks first.

    A merger that goes on at this moment is waited for, and one that begins now waits: it takes the document along.
    """
    pass_gate(Gate.PUBLISHERS, beside_others=True)
    source.refresh_from_db(fields=["merged_into"])
    return source.standing()


def _ungraded_source(url: str, *, by: User) -> Source:
    parts = urlsplit(url)
    host = links.domains_of(url)[0]
    source, is_new = Source.objects.get_or_create(
        name=host[:200], defaults={"homepage": f"{parts.scheme}://{parts.netloc}/", "reliability": Reliability.F}
    )
    if is_new:
        SourceDomain.objects.get_or_create(host=host[:253], defaults={"source": source})
        reason = "Added with the first link to it; not graded yet."
        made = initial(source, "name", "homepage", "reliability") | {"domains": [None, [host]]}
        Event.objects.record(source, RecordAct.ADD, by=by, changes=made, reason=reason)
    return source.standing()
