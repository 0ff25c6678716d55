"""The product's own settings with what only tests need: a fixed secret, plain http, fast password hashes."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 4)
os.environ.setdefault("INSECURE_HTTP", "on")
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs an event loop in this thread

from workbench.settings import *  # noqa: E402, F403, TID251
from workbench.settings import INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402, TID251

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CAPTURE_HOST_DELAY = 0.0
MAKE_PDF = False  # seconds for each release; tests/releases/test_pdf.py makes some
RELEASE_KEY = (  # that of tests.releases.building.secret_key
    "RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQIDBAUGBwhhIHNlZW"
    "Qgb2YgdGhpcnR5LXR3byBieXRlcywgb3BlboRfvS6HTFYvTt6vQ3iFXsgZ3ZjS60KvsSD+bKyYbtVmxQTg05K/6+sr"
    "Ds3fGCwZmmAdTo+raXX13hjeuDzafow="
)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_ALLOWLIST = [{"model": "sessions.Session", "field": "*"}]  # Django itself reads the session twice on sign-out
