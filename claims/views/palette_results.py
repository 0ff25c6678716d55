"""What the palette offers for what was typed: at most MOST options, each a link."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from claims import search
from claims.choices import UNRESOLVED, Reliability
from claims.keys import Keys
from claims.models import Claim, ClaimSet, Document, Source, User
from claims.models.claim import ClaimQuerySet
from claims.text import clean_line
from claims.views.palette_commands import commands_for

MOST = 26
OWN = 4  # of one's claims, before anything is typed
MIXED = {"Claims": 5, "Documents": 4, "Sources": 3, "Claim sets": 2, "People": 2, "Commands": 3}
"""How many of each kind an ordinary search shows; one more is the way to all claims that match."""
WORK_ON = {"triage": ("Triage", "triage"), "coverage": ("Coverage of", "document_coverage")}
"""Pages about a document's check, by the word that is typed before its title."""


@dataclass(frozen=True)
class Option:
    """A link. A claim is drawn with its state; anything else with an icon. `is_title` is set in serif."""

    label: str
    url: str
    icon: str = ""
    hint: str = ""
    keys: Keys = ()
    claim: Claim | None = None
    is_title: bool = False


@dataclass(frozen=True)
class Group:
    name: str
    options: list[Option] = field(default_factory=list)


def cleaned(typed: str) -> str:
    """One line of bounded length; empty when it is no text at all."""
    try:
        return clean_line(typed)[: search.LIMIT]
    except ValueError:
        return ""


def referenced(text: str) -> Claim | None:
    """The claim that people call this: C-12, or the key of an imported one such as JN-51."""
    return Claim.objects.with_people().referred_to_as(text).first() if text else None


def results(text: str, user: User) -> list[Group]:
    """Groups that have options, the likeliest first. `#` asks for claims only, `@` for people, `>` for commands.

    A constant number of queries, each bounded.
    """
    prefix, words = (text[:1], text[1:].strip()) if text[:1] in PREFIXES else ("", text)
    if prefix:
        name = PREFIXES[prefix]
        groups = [Group(name, list(KINDS[name](words, user, MOST)))]
    elif not words:
        groups = [Group("My claims", list(_my_claims(user))), Group("Commands", list(_commands("", user, MOST - OWN)))]
    else:
        groups = [Group(name, list(KINDS[name](words, user, most))) for name, most in MIXED.items()]
    return [group for group in groups if group.options]


def _claim(claim: Claim) -> Option:
    return Option(claim.assertion, claim.get_absolute_url(), hint=claim.reference, claim=claim, is_title=True)


def _my_claims(user: User) -> Iterator[Option]:
    mine = Claim.objects.assigned_to(user).filter(stage__in=UNRESOLVED).with_people()
    return map(_claim, mine.order_by("-changed_at", "-pk")[:OWN])


def _claims(words: str, user: User, most: int) -> Iterator[Option]:
    """The claim of that reference, then those that have the words, then the way to all of them."""
    if exact := referenced(words):
        yield _claim(exact)
        most -= 1
    for claim in _matching(words)[: most + 1]:
        if claim != exact and most > 0:
            yield _claim(claim)
            most -= 1
    if words and not exact:
        url = f"{reverse('claim_list')}?{urlencode({'q': words})}"
        yield Option(f"All claims with “{words}”", url, icon="search")


def _matching(words: str) -> ClaimQuerySet:
    """Claims with these words, the last of which may be typed half; what cannot be searched for matches nothing."""
    claims = Claim.objects.with_people()
    if not words:
        return claims.order_by("-pk")
    try:
        query = search.parse(f"{words}*" if words[-1].isalnum() else words)
    except ValueError:
        return claims.none()
    if not query.wanted or query.is_hopeless:
        return claims.none()
    return search.matching(claims, query).order_by(*search.NEWEST_FIRST)


def _documents(words: str, user: User, most: int) -> Iterator[Option]:
    first, _, title = words.partition(" ")
    if page := WORK_ON.get(first.lower()):
        yield from _work_on(*page, title.strip(), most)
        return
    found = Document.objects.with_source().filter(title__icontains=words).order_by("-under_check", "-pk")[:most]
    for document in found:
        yield Option(document.title, document.get_absolute_url(), "doc", str(document.source), is_title=True)


def _work_on(label: str, url_name: str, title: str, most: int) -> Iterator[Option]:
    """A page of each document under check that has a text and these words in its title, the newest first."""
    found = Document.objects.under_check().filter(snapshots__number=1, title__icontains=title).order_by("-pk")[:most]
    for document in found:
        yield Option(f"{label} {document.title}", reverse(url_name, args=[document.pk]), "doc")


def _sources(words: str, user: User, most: int) -> Iterator[Option]:
    for source in Source.objects.matching(words).order_by("name")[:most]:
        state = "retired" if source.is_retired else _reliability(source)
        yield Option(source.name, source.get_absolute_url(), "archive", f"Source, {state}")


def _claim_sets(words: str, user: User, most: int) -> Iterator[Option]:
    for claim_set in ClaimSet.objects.visible_to(user).filter(title__icontains=words).order_by("-pk")[:most]:
        yield Option(claim_set.title, claim_set.get_absolute_url(), "check", "Claim set")


def _people(words: str, user: User, most: int) -> Iterator[Option]:
    """People in the work, as the way to the claims they work on."""
    named = Q(username__icontains=words) | Q(first_name__icontains=words) | Q(last_name__icontains=words)
    for person in User.objects.filter(named, is_active=True).order_by("username")[:most]:
        url = f"{reverse('claim_list')}?{urlencode({'assignee': person.username})}"
        yield Option(f"Claims of {person}", url, "user", f"@{person.username}")


def _commands(words: str, user: User, most: int) -> Iterator[Option]:
    for command, _ in zip(commands_for(user, words), range(most), strict=False):
        hint = str(command.count()) if command.count else ""
        yield Option(command.label, command.url, command.icon, hint, keys=command.keys)


KINDS: dict[str, Callable[[str, User, int], Iterator[Option]]] = {
    "Claims": _claims,
    "Documents": _documents,
    "Sources": _sources,
    "Claim sets": _claim_sets,
    "People": _people,
    "Commands": _commands,
}
PREFIXES = {"#": "Claims", "@": "People", ">": "Commands"}


def _reliability(source: Source) -> str:
    """The letter; in words where it says that nobody can judge."""
    return "cannot be judged" if source.reliability == Reliability.F else source.reliability
