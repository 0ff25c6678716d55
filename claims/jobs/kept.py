"""Large files that people send, kept on disk beside their row of Upload until a job has read them.

They lie under MEDIA_ROOT, where other workers of the machine find them, and under no address.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from claims.jobs.queue import keep_upload
from claims.models import Upload, User

_ORPHAN_SECONDS = 600
"""A file without a row may be one whose row is about to be stored."""


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "incoming"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(upload: Upload) -> Path:
    """Where the file is; whether it is there is for others to look."""
    return folder() / str(upload.pk)


@transaction.atomic
def keep_file(*, by: User, name: str, content_type: str, file: BinaryIO) -> Upload:
    """Keep a file of whatever size for a job to come, without reading it into memory. See `keep_upload`."""
    upload = keep_upload(by=by, name=name, content_type=content_type, data=b"")
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=".part-", delete=False) as part:
        try:
            shutil.copyfileobj(file, part)
            os.replace(part.name, path_of(upload))
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    _sweep()
    return upload


def discard(upload: Upload) -> None:
    """The file has been read, and is needed no longer."""
    path_of(upload).unlink(missing_ok=True)


def _sweep() -> None:
    """Delete files whose rows are gone: their jobs ended, or nobody started one within a day."""
    known = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    for path in folder().iterdir():
        try:
            is_old = path.stat().st_mtime < time.time() - _ORPHAN_SECONDS
        except FileNotFoundError:  # another swept at the same moment
            continue
        if path.name not in known and is_old:
            path.unlink(missing_ok=True)
