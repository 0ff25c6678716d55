"""Where the palette can take someone besides records: the pages and views of the workbench, with their keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from claims.choices import Permission
from claims.keys import GO, HELP, Keys
from claims.keyset import Count, capped_count
from claims.models import Claim, User


@dataclass(frozen=True)
class Command:
    """A page by the name of its URL; `permission` is None when everyone may go there."""

    label: str
    url_name: str
    query: str = ""
    icon: str = "right"
    permission: Permission | None = None
    count: Callable[[], Count] | None = None
    """How much waits there."""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + (f"?{self.query}" if self.query else "")

    @property
    def keys(self) -> Keys:
        if self.query:
            return ()
        return HELP if self.url_name == "keys" else GO.get(self.url_name, ())


COMMANDS: tuple[Command, ...] = (
    Command("Add a document", "document_add", icon="plus", permission=Permission.WORK),
    Command("Import claims from a file", "claim_import", icon="upload", permission=Permission.WORK),
    Command("Show my claims", "claim_list", "assignee=me", "filter", Permission.WORK),
    Command("Show claims waiting for my review", "claim_list", "review=me", "filter", Permission.REVIEW),
    Command("Show open claims that have nobody", "claim_list", "stage=open&assignee=none", "filter", Permission.WORK),
    Command(
        "Show claims due for re-check", "due_list", icon="recheck", count=lambda: capped_count(Claim.objects.due())
    ),
    Command("Show verified claims", "claim_list", "stage=verified", "filter"),
    Command("Go to the desk", "desk"),
    Command("Go to documents", "document_list", icon="doc"),
    Command("Go to the health of links", "link_list", icon="link"),
    Command("Go to claims", "claim_list"),
    Command("Go to sources", "source_list", icon="archive"),
    Command("Go to claim sets", "claim_set_list"),
    Command("Go to releases", "release_list", icon="seal"),
    Command("Go to all activity", "activity"),
    Command("Go to work in the background", "job_list", icon="recheck", permission=Permission.WORK),
    Command("Go to detection: what makes a sentence worth checking", "weighting_list", icon="filter"),
    Command("Keyboard shortcuts", "keys", icon="keys"),
    Command("My profile", "profile", icon="user"),
    Command("Change password", "account_change_password", icon="key"),
    Command("Administration", "admin:index", icon="pen", permission=Permission.MANAGE_PEOPLE),
)


def commands_for(user: User, words: str) -> Iterator[Command]:
    """The commands that this person may use and whose label has every word, in the order above."""
    wanted = words.casefold().split()
    for command in COMMANDS:
        may = command.permission is None or user.may(command.permission)
        if may and all(word in command.label.casefold() for word in wanted):
            yield command
