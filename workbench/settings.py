"""Settings, driven by the environment. Nothing set means: production, embedded SQLite, and a SECRET_KEY is demanded.

SECRET_KEY            required; `manage.py demo` makes its own
DEBUG                 off
ALLOWED_HOSTS         comma-separated; localhost when empty
CSRF_TRUSTED_ORIGINS  comma-separated, with scheme, for a proxy that ends TLS
DATABASE_URL          postgres://user:password@host/name; SQLite in DATA_DIR when empty
DATA_DIR              where the database, cache and demo passwords live; ./var when empty
CONN_MAX_AGE          seconds for which a database connection is kept, 600 when empty
STATIC_ROOT           where `collectstatic` puts files, ./staticfiles when empty
UNCOLLECTED_STATIC    on: serve static files from where they lie, without `collectstatic` (the demo)
INSECURE_HTTP         on: no redirect to https, cookies over plain http (the demo, a LAN trial)
BEHIND_PROXY          on: believe the proxy's X-Forwarded-Proto; it must set or drop that header
EMAIL_URL             smtp://…; prints to the console when empty
EMAIL_FROM            sender of password-reset mail
CACHE_URL             redis://…; files in DATA_DIR when empty
TIME_ZONE             IANA name in which times are shown, UTC when empty; times are stored in UTC
DESK_NAME             name of the organisation that checks; goes into exports
PUBLIC_URL            https://… under which readers reach this desk; goes into exports
FETCH_ALLOWED_HOSTS   comma-separated hosts inside your network that pages may be fetched from: wiki.internal, or
                      wiki.internal:8080 for another port; none when empty
FETCH_PORTS           ports that pages are fetched from; 80,443
FETCH_MAX_BYTES       size of a fetched page; 20 000 000
FETCH_MAX_SECONDS     time of a fetch, redirects and all; 20
READ_MAX_BYTES        size of an imported file; 20 000 000
READ_MAX_CHARACTERS   length of an imported text; 2 000 000
READ_MAX_SECONDS      time in which a file must have been read; 20
READ_MAX_MEMORY       bytes of memory in which a file must have been read; 1 000 000 000
MAKE_PDF              on or off: whether releases get a report.pdf where the machine can make one; on
RELEASES_DIR          where the files of releases are kept; releases in DATA_DIR when empty
RELEASE_KEY           a secret key that signs releases: the second line of a minisign key; a stored one when empty
RELEASE_KEY_PASSPHRASE  opens the stored key that signs releases, or that of RELEASE_KEY
VERIFY_MAX_BYTES      size of a release that anybody may have checked on the page; 200 000 000
VERIFY_PER_MINUTE     releases that are checked there in a minute for one address of the internet; 10
CAPTURE_HOST_DELAY    seconds between two captures from one host; 2
JOB_LEASE_SECONDS     a job whose worker was not heard of for so long is taken up by another; 30
LOG_LEVEL             INFO when empty
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()  # type: ignore[no-untyped-call]

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or shorter than 50 characters. Set it in the environment, for example to the output of\n"
        '  python3 -c "import secrets; print(secrets.token_urlsafe(50))"\n'
        "or run `manage.py demo`, which makes one for this machine."
    )
DEBUG = env.bool("DEBUG", default=False)
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DESK_NAME = env.str("DESK_NAME", default="Claim Workbench")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "claims",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "claims.http.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "claims.http.WorkbenchMiddleware",
]
ROOT_URLCONF = "workbench.urls"
WSGI_APPLICATION = "workbench.wsgi.application"

_loaders: list[object] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "claims.templatetags.workbench"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _loaders if DEBUG else [("django.template.loaders.cached.Loader", _loaders)],
                )
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'workbench.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at the start, so that a transaction never fails half-way with
    # "database is locked"; FULL keeps an acknowledged verdict through a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
        ),
    }
    DATA_DIR.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}")}

AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "claims.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a password reset for an unknown address mails nobody
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
UNCOLLECTED_STATIC = DEBUG or env.bool("UNCOLLECTED_STATIC", default=False)
WHITENOISE_USE_FINDERS = UNCOLLECTED_STATIC
STATIC_ROOT = None if UNCOLLECTED_STATIC else Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "workbench.storage.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if UNCOLLECTED_STATIC
        else "workbench.storage.StaticStorage"
    },
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="workbench@localhost")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "claims.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# What may be asked of other machines (claims/fetching), and what reading a file may take (claims/intake/readers).
FETCH_ALLOWED_HOSTS = env.list("FETCH_ALLOWED_HOSTS", default=[])
FETCH_PORTS = env.list("FETCH_PORTS", cast=int, default=[80, 443])
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", default=20_000_000)
FETCH_MAX_SECONDS = env.float("FETCH_MAX_SECONDS", default=20.0)
# What was captured is kept by its hash, as it came. It is never served from here, only sent as a download.
MEDIA_ROOT = DATA_DIR / "media"
MAKE_PDF = env.bool("MAKE_PDF", default=True)
RELEASES_DIR = Path(env.str("RELEASES_DIR", default=str(DATA_DIR / "releases")))
RELEASE_KEY = env.str("RELEASE_KEY", default="")
RELEASE_KEY_PASSPHRASE = env.str("RELEASE_KEY_PASSPHRASE", default="")
# Releases that anybody may have checked (claims/views/release_check.py).
VERIFY_MAX_BYTES = env.int("VERIFY_MAX_BYTES", default=200_000_000)
VERIFY_PER_MINUTE = env.int("VERIFY_PER_MINUTE", default=10)
CAPTURE_HOST_DELAY = env.float("CAPTURE_HOST_DELAY", default=2.0)
READ_MAX_BYTES = env.int("READ_MAX_BYTES", default=20_000_000)
READ_MAX_CHARACTERS = env.int("READ_MAX_CHARACTERS", default=2_000_000)
READ_MAX_SECONDS = env.float("READ_MAX_SECONDS", default=20.0)
READ_MAX_MEMORY = env.int("READ_MAX_MEMORY", default=1_000_000_000)

# Long work waits in the database for `manage.py run_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=30.0)

# One form may carry a pasted document of two million characters in up to four bytes each, or a file, which is never
# held in memory and not kept beyond READ_MAX_BYTES.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["claims.uploads.CappedUpload", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"weasyprint": {"level": "ERROR"}},  # it tells of each step, and of each rule of CSS that it skips
}
