from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.workflow import diagram

START, END = "<!-- diagram: manage.py workflow_diagram --write -->\n", "<!-- end of diagram -->\n"


class Command(BaseCommand):
    help = "Prints the stages of a claim and the acts between them as a Mermaid diagram, drawn from the stage table."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--page", type=Path, default=Path(settings.BASE_DIR) / "docs" / "workflow.md")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--write", action="store_true", help="Put the diagram into the page.")
        what.add_argument("--check", action="store_true", help="Fail when the page carries another diagram.")

    def handle(self, *args: Any, **options: Any) -> None:
        page: Path = options["page"]
        if options["write"]:
            page.write_text(_with_diagram(page))
        elif options["check"]:
            if page.read_text() != _with_diagram(page):
                raise CommandError(f"The diagram in {page} is stale. Run: manage.py workflow_diagram --write")
        else:
            self.stdout.write(diagram(), ending="")


def _with_diagram(page: Path) -> str:
    """The page's text with the diagram of today between its two markers."""
    try:
        before, rest = page.read_text().split(START)
        _, after = rest.split(END)
    except ValueError as error:
        raise CommandError(f"{page} lacks the lines between which the diagram goes, or has them twice.") from error
    return f"{before}{START}```mermaid\n{diagram()}```\n{END}{after}"
