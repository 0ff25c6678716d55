"""Files as they came, kept under the SHA-256 of their bytes: never changed, never executed, never kept twice.

The database says what a file is; here it has no name, no suffix and no type.
"""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from claims.models import IntegrityFault, sha256


def keep(data: bytes) -> str:
    """Store the bytes; their SHA-256, by which they are read again. Storing the same twice stores them once."""
    digest = sha256(data)
    name = name_of(digest)
    if not _is_whole(name, digest):
        default_storage.save(name, ContentFile(data))
    return digest


def _is_whole(name: str, digest: str) -> bool:
    """Whether the file is there as it was; it may have been cut off when a disk was full, say."""
    try:
        return sha256(_content(name)) == digest
    except FileNotFoundError:
        return False


def read(digest: str) -> bytes:
    """The bytes of this SHA-256. Raises IntegrityFault when they are gone, or are others now."""
    try:
        data = _content(name_of(digest))
    except FileNotFoundError:
        raise IntegrityFault(f"The file {digest[:12]}… is not in the store of captured files any more.") from None
    if sha256(data) != digest:
        raise IntegrityFault(f"The file {digest[:12]}… was altered after it was stored.")
    return data


def name_of(digest: str) -> str:
    return f"captured/{digest[:2]}/{digest}"


def _content(name: str) -> bytes:
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content
