from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.verification import Tally, breaks


class Command(BaseCommand):
    help = "Walks the history of every object and names the first break; fails when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        tally = Tally()
        first = next(breaks(tally), None)
        if first is not None:
            raise CommandError(f"History is broken. First break: {first}.")
        self.stdout.write(
            f"History is whole: {tally.events} events in {tally.chains} chains, "
            f"{tally.claims} claims as their history says, {tally.snapshots} texts with their hash."
        )
