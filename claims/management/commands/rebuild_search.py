from typing import Any

from django.core.management.base import BaseCommand

from claims.search import rebuild


class Command(BaseCommand):
    help = "Index the assertions of all claims anew. Needed only after claims were written past the workbench."

    def handle(self, **options: Any) -> None:
        count = rebuild()
        self.stdout.write(self.style.SUCCESS(f"Indexed {count:,} claims."))
