"""Long work in the background: a person starts it, a worker does it, a page shows how far it is.

    upload = keep_upload(by=user, name="report.pdf", content_type="application/pdf", data=data)
    job = start(JobKind.DOCUMENT, by=user, title="report.pdf", params={…}, upload=upload)

The queue is a table of the database, and the library's (django-tasks-db); `manage.py run_worker` empties it.
"""

from claims.jobs.progress import Cancelled, Failure, Progress
from claims.jobs.queue import cancel, keep_upload, resume_lost, start

__all__ = ["Cancelled", "Failure", "Progress", "cancel", "keep_upload", "resume_lost", "start"]
