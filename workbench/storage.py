"""Where files are kept: what was captured, and the static files under hashed names."""

import os
import secrets

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class WholeFileStorage(FileSystemStorage):
    """A file comes to its name whole, by a rename, in place of what had the name: nobody ever reads half of one."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        part = super()._save(f"{name}.{secrets.token_hex(8)}.part", content)  # type: ignore[misc]  # the stubs leave it out
        os.replace(self.path(part), self.path(name))
        return name


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Our script modules import each other by their hashed names.

    Without this a page could load new and old modules together for as long as a browser caches.

    Only ours: other packages' scripts do not resolve their imports within the static folder.
    """

    patterns = (
        *ManifestStaticFilesStorage.patterns,
        ("claims/js/*.js", ManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )
