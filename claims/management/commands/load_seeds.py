from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.seeds import Desk, SeedError, load
from claims.workflow import Refused


class Command(BaseCommand):
    help = "Brings in the demonstration desk: sources, a document, its claims and their evidence. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.BASE_DIR) / "seeds")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new = load(Desk.read(options["folder"]))
        except (SeedError, Refused) as error:
            raise CommandError(str(error)) from error
        if not new:
            self.stdout.write("Nothing to do: all of the seeds are here already.")
            return
        self.stdout.write("Loaded: " + ", ".join(f"{kind} {count}" for kind, count in new.items()) + ".")
