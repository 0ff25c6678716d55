import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string

from claims.jobs import resume_lost
from claims.jobs.run import running
from claims.models import Job

BEATS = 6
"""Signs of life within a lease (JOB_LEASE_SECONDS): a busy machine may swallow some of them."""


class Command(BaseCommand):
    help = "Does the long work that people start, such as reading documents. Run one or more beside the server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="Stop once nothing waits; for cron.")
        parser.add_argument(
            "--with-parent", action="store_true", help="Stop when the process that started this one is gone."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = get_random_string(32)
        over = threading.Event()
        parent = os.getppid() if options["with_parent"] else None
        watch = threading.Thread(target=_watch, args=(worker, over, parent), daemon=True)
        watch.start()
        try:
            resume_lost()
            call_command(
                "db_worker",
                reload=False,
                startup_delay=False,
                interval=0.5,
                batch=options["batch"],
                worker_id=worker,
                verbosity=options["verbosity"],
            )
        finally:
            over.set()
            watch.join(timeout=5)


def _watch(worker: str, over: threading.Event, parent: int | None) -> None:
    """Say that this worker lives, also while a file is read that reports nothing, and take up what others left."""
    while not over.wait(settings.JOB_LEASE_SECONDS / BEATS):
        close_old_connections()
        Job.objects.filter(pk__in=list(running), worker=worker).update(beat_at=timezone.now())
        resume_lost()
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)  # the first lets the work at hand end, the second does not
    connection.close()
