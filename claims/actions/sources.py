"""Sources: admins add and grade them, say under which names and at which sites they publish, and retire them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import links
from claims.actions.changes import amend, change, check_permission, check_version, initial, lock
from claims.actions.doubles import LikelyDouble, doubles
from claims.actions.values import check_record, check_text, unique
from claims.choices import Permission, RecordAct, Reliability
from claims.models import Event, Source, SourceAlias, SourceDomain, User
from claims.workflow import Refusal, RefusalKind, Refused

FIELDS = ("name", "kind", "homepage", "country", "reliability", "reliability_reason")
MOST_NAMES = 30
MOST_DOMAINS = 100
_NAME_TAKEN = "There is a source of this name already."


@transaction.atomic
def add_source(
    *, by: User, aliases: Iterable[str] = (), domains: Iterable[str] = (), even_so: bool = True, **fields: Any
) -> Source:
    """A new source; `fields` as in FIELDS, `domains` as hosts or addresses.

    The site of its homepage is among its domains unless another source has it. Raises ValidationError at the field,
    also when another source has the name, in whatever case, or one of the domains; and LikelyDouble, unless it is
    wanted `even_so`, when one is much like it.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    source = Source(**fields)
    check_record(source)
    check_grade(source.reliability, source.reliability_reason)
    _check_name(source)
    names, hosts = _checked_aliases(source, aliases), _checked_domains(source, domains)
    if not even_so and doubles(source.name, names, [source.homepage, *hosts]):
        raise LikelyDouble
    with unique("name", _NAME_TAKEN):
        source.save(force_insert=True)
    hosts = sorted({*hosts, *_free_homepage(source)})
    also = _set_aliases(source, names) | _set_domains(source, hosts)
    Event.objects.record(source, RecordAct.ADD, by=by, changes=initial(source, *FIELDS) | also)
    return source


@transaction.atomic
def edit_source(
    source: Source,
    *,
    by: User,
    version: int,
    aliases: Iterable[str] | None = None,
    domains: Iterable[str] | None = None,
    **fields: Any,
) -> None:
    """Change a source; a reliability letter other than F comes with its reason. Raises as add_source.

    `aliases` and `domains` replace those it has; None leaves them. Does nothing when nothing differs.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    lock(source)
    check_version(source, version)
    letter = fields.get("reliability", source.reliability)
    check_grade(letter, fields.get("reliability_reason", source.reliability_reason))
    _check_name(Source(pk=source.pk, name=fields.get("name", source.name)))
    also: dict[str, list[Any]] = {}
    if aliases is not None:
        also |= _set_aliases(source, _checked_aliases(source, aliases))
    if domains is not None:
        also |= _set_domains(source, _checked_domains(source, domains))
    with unique("name", _NAME_TAKEN):
        amend(source, RecordAct.CHANGE, by=by, values=fields, also=also)


@transaction.atomic
def retire_source(source: Source, *, by: User) -> None:
    """Offer the source no longer; what it published stays. Does nothing when it is retired already."""
    check_permission(by, Permission.MANAGE_SOURCES)
    lock(source)
    if not source.is_retired:
        change(source, RecordAct.RETIRE, by=by, values={"retired_at": timezone.now()})


@transaction.atomic
def unretire_source(source: Source, *, by: User) -> None:
    """Offer a retired source again. Does nothing when it is in use; Refused while it is merged into another."""
    check_permission(by, Permission.MANAGE_SOURCES)
    lock(source)
    if source.merged_into is not None:
        told = f"{source} is merged into {source.merged_into}. Undo that instead."
        raise Refused(Refusal(RefusalKind.STAGE, told))
    if source.is_retired:
        change(source, RecordAct.UNRETIRE, by=by, values={"retired_at": None})


def _check_name(source: Source) -> None:
    if namesake := Source.objects.exclude(pk=source.pk).filter(name__iexact=source.name).first():
        raise ValidationError({"name": f"There is a source of this name already: {namesake}."})
    others = SourceAlias.objects.exclude(source=source.pk).filter(name__iexact=source.name)
    if alias := others.select_related("source").first():
        raise ValidationError({"name": f"{alias.source} is known by this name, too."})


def check_grade(letter: str, reason: str) -> None:
    """Raises ValidationError for a letter that judges, without a reason."""
    if letter != Reliability.F and not reason.strip():
        raise ValidationError({"reliability_reason": "Say why: a reliability letter always carries its reason."})


def _checked_aliases(source: Source, names: Iterable[str]) -> list[str]:
    """Each name once, whatever its case, in order. Raises ValidationError on `aliases`."""
    wanted = {name.casefold(): name for name in (name.strip() for name in names) if name}
    if len(wanted) > MOST_NAMES:
        raise ValidationError({"aliases": f"At most {MOST_NAMES} other names; these are {len(wanted)}."})
    for name in wanted.values():
        try:
            check_text(name, 200)
        except ValidationError as error:
            raise ValidationError({"aliases": error.messages}) from error
        _check_alias(source, name)
    return sorted(wanted.values())


def _check_alias(source: Source, name: str) -> None:
    # A source merged into this one leaves it its name.
    others = Source.objects.exclude(pk=source.pk).exclude(merged_into=source.pk)
    if namesake := others.filter(name__iexact=name).first():
        raise ValidationError({"aliases": f"“{name}” is a source of its own. Merge the two instead: {namesake}."})
    known = SourceAlias.objects.exclude(source=source.pk).filter(name__iexact=name).select_related("source").first()
    if known:
        raise ValidationError({"aliases": f"“{name}” is another name of {known.source}."})


def _checked_domains(source: Source, typed: Iterable[str]) -> list[str]:
    """Each host once, in order, as links.domain spells it. Raises ValidationError on `domains`."""
    try:
        hosts = sorted({links.domain(text.strip()) for text in typed if text.strip()})
    except links.LinkError as error:
        raise ValidationError({"domains": str(error)}) from error
    if len(hosts) > MOST_DOMAINS:
        raise ValidationError({"domains": f"At most {MOST_DOMAINS} sites; these are {len(hosts)}."})
    if taken := SourceDomain.objects.exclude(source=source.pk).filter(host__in=hosts).select_related("source").first():
        raise ValidationError({"domains": f"{taken.host} belongs to {taken.source}."})
    return hosts


def _free_homepage(source: Source) -> list[str]:
    hosts = links.domains_of(source.homepage)[:1]
    return [] if SourceDomain.objects.filter(host__in=hosts).exists() else hosts


def _set_aliases(source: Source, names: list[str]) -> dict[str, list[Any]]:
    """Make these its other names; the difference for the event, empty when there is none."""
    old = list(source.aliases.values_list("name", flat=True))
    if sorted(old) == names:
        return {}
    source.aliases.exclude(name__in=names).delete()
    with unique("aliases", "Someone else gave one of these names to a source at this moment."):
        SourceAlias.objects.bulk_create([SourceAlias(source=source, name=name) for name in names if name not in old])
    return {"aliases": [sorted(old), names]}


def _set_domains(source: Source, hosts: list[str]) -> dict[str, list[Any]]:
    old = list(source.domains.values_list("host", flat=True))
    if sorted(old) == hosts:
        return {}
    source.domains.exclude(host__in=hosts).delete()
    with unique("domains", "Someone else gave one of these sites to a source at this moment."):
        SourceDomain.objects.bulk_create([SourceDomain(source=source, host=host) for host in hosts if host not in old])
    return {"domains": [sorted(old), hosts]}
