"""Settings, driven by the environment.

The file `var/environment` (written by `bin/run`) is read first when it exists, so that
`manage.py` reaches the same embedded servers as the site. Real environment variables win.
"""

from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from kombu import Queue

django_stubs_ext.monkeypatch()  # generic classes of Django can be annotated at run time

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR_DIR = Path(env.str("EXPLOR_VAR", default=str(BASE_DIR / "var")))
env.read_env(VAR_DIR / "environment")

DEBUG = env.bool("DEBUG", default=False)
DEMO_MODE = env.bool("DEMO_MODE", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_htmx",
    "django_countries",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "explor.search",
    "explor.accounts",
    "explor.journal",
    "explor.notifications",
    "explor.documents",
    "explor.offline",
    "explor.charts",
    "explor.ui",
    "missions",
    "capitalisation",
]

MIDDLEWARE = [
    "explor.ui.keeping.keep_nothing",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "explor.ui.outage.outage_page",
    "explor.intake.middleware.intake",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "explor.accounts.second_factor.second_factor",
    "explor.accounts.sign_in_first.SignInFirst",
    "explor.accounts.sessions.rolling_session",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "explor.journal.middleware.actor_context",
]

ROOT_URLCONF = "explor.urls"
WSGI_APPLICATION = "explor.wsgi.application"
ASGI_APPLICATION = "explor.asgi.application"

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
                "explor.ui.context.site",
            ],
            "builtins": ["explor.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data -----------------------------------------------------------------------------
DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "explor",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}

# --- people ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accueil/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_SIGNUP_FORM_CLASS = "explor.accounts.signup.NameForm"
ACCOUNT_FORMS = {
    "add_email": "explor.accounts.forms.AddAddress",
    "confirm_email_verification_code": "explor.accounts.forms.ConfirmAddress",
    "confirm_login_code": "explor.accounts.forms.ConfirmLoginCode",
    "login": "explor.accounts.forms.Login",
    "request_login_code": "explor.accounts.forms.RequestCode",
    "reset_password": "explor.accounts.forms.ResetPassword",
    "signup": "explor.accounts.forms.SignUp",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
# a code that does not arrive is sent again. Changing the address there stays off: allauth offers it
# to new accounts only, which would tell who has one already
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Explor] "
ACCOUNT_ADAPTER = "explor.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# asked of coordination, capitalisation, committee and administration; not of visitors of a demo
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO_MODE)
MFA_ADAPTER = "explor.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Explor"
MFA_FORMS = {
    "activate_totp": "explor.accounts.forms.ActivateApplication",
    "add_webauthn": "explor.accounts.forms.AddKey",
    "authenticate": "explor.accounts.forms.Authenticate",
    "authenticate_webauthn": "explor.accounts.forms.AuthenticateKey",
    "login_webauthn": "explor.accounts.forms.LoginKey",
    "reauthenticate_webauthn": "explor.accounts.forms.ProveAgainKey",
    "reauthenticate": "explor.accounts.forms.ProveAgain",
}

# --- words ----------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
COUNTRIES_FIRST = ["BJ", "CG", "SN", "ML", "CM", "CI", "TG", "GN", "MG", "MR"]

# --- files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
                "access_key": env.str("S3_ACCESS_KEY", default="") or None,
                "secret_key": env.str("S3_SECRET_KEY", default="") or None,
                "default_acl": "private",
            },
        }
        if S3_BUCKET
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.bool("STATIC_BROTLI", default=True)
            else "explor.static_files.GzipStorage"
        )
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=15 * 1024 * 1024)
# below, /healthz says that the disk is full: time to make room before a file is refused
MIN_FREE_BYTES = env.int("MIN_FREE_BYTES", default=100 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- mail -----------------------------------------------------------------------------
# without a mail server, each mail is a file: a log is no place for a code or an address
EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR}/mail")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Explor <explor@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# answers by mail: both are needed, without them mails say where to answer on the site
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", default="")
INBOUND_SECRET = env.str("INBOUND_SECRET", default="")
INBOUND_MAX_BYTES = env.int("INBOUND_MAX_BYTES", default=25 * 1024 * 1024)

# --- background work ------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
# by urgency: a mail waits behind mails only, never behind a booklet. A worker that is not told
# which queues are its own takes them all.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = [Queue("mail"), Queue("celery"), Queue("documents")]
CELERY_TASK_ROUTES = {
    "explor.notifications.tasks.deliver_mail": {"queue": "mail"},
    "explor.notifications.tasks.hand_over_outbox": {"queue": "mail"},
    "explor.documents.tasks.run_export": {"queue": "documents"},
    "*.print_*": {"queue": "documents"},
}
# of one person at once: documents asked for and not made yet, and files sent in an hour
MAX_OPEN_JOBS = 3
MAX_FILES_AN_HOUR = 60
MAX_BYTES_AN_HOUR = 200 * 1024 * 1024
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # longer than the longest task; a lost message is also handed over again by the beat
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
# modules that register a kind of export (explor.documents.exports)
EXPORT_MODULES: list[str] = [
    "capitalisation.publications.documents",
    "missions.actors.exporting",
    "missions.dossier.exporting",
]
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- security -------------------------------------------------------------------------
# HTTPS is the default; `bin/run` serves plain HTTP on this machine and says so.
HTTPS = env.bool("HTTPS", default=True)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SECURE_SSL_REDIRECT = HTTPS
# how many front servers of ours a request goes through; what they say is believed, and no more
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=int(env.bool("TRUST_PROXY", False)))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# since the last visit; teams: see explor.accounts.sessions
SESSION_COOKIE_AGE = 30 * 24 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "explor.ui.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "explor.logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # whatever the level asked: a query holds what people wrote
        "django.db.backends": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
    },
}
