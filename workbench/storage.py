"""Where static files are served from: hashed names, and our script modules import each other by those names."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Without this a page could load new and old modules together for as long as a browser caches.

    Only ours: other packages' scripts do not resolve their imports within the static folder.
    """

    patterns = (
        *ManifestStaticFilesStorage.patterns,
        ("claims/js/*.js", ManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # type: ignore[attr-defined]
    )
