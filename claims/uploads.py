"""Files that people send: never held in memory whole, never kept beyond the size that is read."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_UNREAD = 5
"""A form so many times as large as the largest file is refused without reading it to its end."""


def largest() -> str:
    """READ_MAX_BYTES in words: 20 MB."""
    return f"{settings.READ_MAX_BYTES / 1_000_000:,.0f} MB"


class CappedUpload(FileUploadHandler):
    """Lets a file through to the next handler up to READ_MAX_BYTES. A larger one is dropped; see `is_too_large`.

    The rest of the form is read, so that a person finds again what they typed.
    """

    @property
    def most(self) -> int:
        """Bytes of the largest file."""
        most: int = settings.READ_MAX_BYTES
        return most

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        if content_length > _UNREAD * self.most + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("A form of this size is not read.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.left = self.most
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.request._has_too_large_file = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


def is_too_large(request: HttpRequest) -> bool:
    """Whether the form came with a file beyond READ_MAX_BYTES, which is not among its FILES."""
    _ = request.FILES  # reads the form
    return getattr(request, "_has_too_large_file", False)
