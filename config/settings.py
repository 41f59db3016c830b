"""Every setting of Satu, read once from the environment with a type. Nothing else in the code reads ``os.environ``."""

import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext
from environs import Env

from config import embedded, sso
from config.modules import INSTALLED
from core.tracing import TracedCursor

env = Env()
ROOT = Path(__file__).resolve().parent.parent

# -- How it runs ------------------------------------------------------------------------------------------------------
DEMO = env.bool("SATU_DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if env.str("DATABASE_URL", "") and not (DEMO or DEBUG):
        raise ImproperlyConfigured("SECRET_KEY is missing. In production give a long random one; for development set DEBUG=1 instead.")
    SECRET_KEY = embedded.secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])  # former ones: sessions and sealed secrets stay readable
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
if DEMO and not all(map(embedded.is_of_this_machine, ALLOWED_HOSTS)):
    raise ImproperlyConfigured("The demo's passwords are known to everybody: with SATU_DEMO=1, ALLOWED_HOSTS names this machine only.")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SECURE = env.bool("SATU_HTTPS", False)
APPEND_SLASH = True

# -- What it is made of -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    *INSTALLED,
    *env.list("SATU_EXTRA_APPS", []),
]
MIDDLEWARE = [
    "config.headers.HeadersMiddleware",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.events.middleware.RequestMiddleware",
    "config.compression.PagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.people.door.sessions.SessionLimitsMiddleware",
    "core.people.middleware.LanguageOfTheUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.events.middleware.CauseMiddleware",
    "core.people.door.required.RequiredFactorMiddleware",
    "core.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "core.web.emptychoice.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "core.web.context.shell",
            ],
            "builtins": ["core.web.templatetags.web", "lucide.templatetags.lucide", "django.templatetags.i18n"],
        },
    }
]

# -- Where it keeps things --------------------------------------------------------------------------------------------
_database = env.dj_db_url("DATABASE_URL", embedded.database_url())
DATABASES = {
    "default": {
        **_database,
        # Under ASGI every request has a thread of its own, which would take a kept connection with it; workers set a longer age.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 0),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "cursor_factory": TracedCursor,
            # A database that is gone without a word is noticed within half a minute (a socket of this machine needs none of it).
            "connect_timeout": 10,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,
            # And the database notices a program that is gone, or sits in a transaction and does nothing: its locks are free again.
            "options": "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
            " -c idle_in_transaction_session_timeout=5min",
            **_database.get("OPTIONS", {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url()
CACHES = {
    # What sign-ins are counted in (the only use of "default"): shared by all web processes, and there as long as sign-in itself is.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_attempt",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Who is editing what, seen by every process; short waits, because a page must not wait for it.
    "presence": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "satu",
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", embedded.DATA / "static")
# Production serves what `collectstatic` made; elsewhere files are served from where they lie.
COLLECTED = env.bool("SATU_STATIC_COLLECTED", False)
WHITENOISE_USE_FINDERS = not COLLECTED
warnings.filterwarnings("ignore", message="No directory at: ")  # whitenoise misses the folder that only production fills
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", embedded.DATA / "media")

# -- Who may come in --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["core.people.backends.RolesBackend"]
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "core.people.passwords.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name", "job_title")},
    },
]
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_IDLE = timedelta(minutes=env.int("SATU_SESSION_IDLE_MINUTES", 8 * 60))
SESSION_LONGEST = timedelta(hours=env.int("SATU_SESSION_LONGEST_HOURS", 7 * 24))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.web.errors.csrf_failed"
DIRECTIVES: dict[str, list[Any]] = {
    "default-src": [SELF],
    "script-src": [SELF, NONCE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF, *sso.origins(env)],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # what the clerks' screens are made of asks for more
    "DIRECTIVES": DIRECTIVES,
}
CLERKS_POLICY = {**DIRECTIVES, "script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}

# -- The door, of django-allauth (docs/signing-in.md) -----------------------------------------------------------------------
ACCOUNT_ADAPTER = "core.people.door.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "core.people.door.forms.SignInForm",
    "reset_password": "core.people.door.forms.ForgottenForm",
    "reset_password_from_key": "core.people.door.forms.NewPasswordForm",
}
MFA_ADAPTER = "core.people.door.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may go half a minute wrong; each code opens once all the same
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_ENABLED = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the owner who lets somebody in vouches for the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True  # the limits above end a session, not the browser's end
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * env.int("SATU_CONFIRMED_MINUTES", 10)
# A whole office may stand behind one address in the morning; who guesses is slowed down per account, whatever addresses they come from.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
SOCIALACCOUNT_ADAPTER = "core.people.door.companies.CompanyAdapter"
SOCIALACCOUNT_PROVIDERS = sso.providers(env)
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# Strangers stay outside, unless these name the domain of their verified address and the role they come in with.
SSO_NEW_DOMAIN, SSO_NEW_ROLE = env.str("SATU_SSO_NEW_DOMAIN", "").lower(), env.str("SATU_SSO_NEW_ROLE", "")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("SATU_PROXIES", 0)  # that many proxies of ours add the address they see to X-Forwarded-For

# -- The clerks' screens ------------------------------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "Satu",
    "SITE_HEADER": "Satu",
    "SITE_SUBHEADER": lambda _request: gettext("Clerk screens"),
    "SITE_URL": "/",
    "SITE_ICON": lambda _request: static("web/mark.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("web/mark.svg")}],
    "SHOW_BACK_BUTTON": True,
    "STYLES": [lambda _request: static("web/css/admin.css")],
    "COLORS": {
        "base": {
            "50": "oklch(98.3% .003 262)",
            "100": "oklch(96.6% .004 262)",
            "200": "oklch(91.8% .006 262)",
            "300": "oklch(85% .009 262)",
            "400": "oklch(67% .012 262)",
            "500": "oklch(51% .016 262)",
            "600": "oklch(43% .016 262)",
            "700": "oklch(36% .012 262)",
            "800": "oklch(26% .009 262)",
            "900": "oklch(20.5% .007 262)",
            "950": "oklch(17% .006 262)",
        },
        "primary": {
            "50": "#edf2ff",
            "100": "#dbe4ff",
            "200": "#bac8ff",
            "300": "#91a7ff",
            "400": "#748ffc",
            "500": "#5c7cfa",
            "600": "#3b5bdb",
            "700": "#364fc7",
            "800": "#2f44ad",
            "900": "#263a8f",
            "950": "#1b2a66",
        },
    },
}

# -- Languages and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Asia/Jakarta")
USE_TZ = True
USE_I18N = True

# -- Work carried between the offices ---------------------------------------------------------------------------------
CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)
FILES_KEPT_DAYS = env.int("SATU_FILES_KEPT_DAYS", 30)  # what jobs made and imports were read from; 0 keeps it for ever
JOBS_AT_ONCE = env.int("SATU_JOBS_AT_ONCE", 2)  # fewer than the worker has processes: deliveries must never wait for an export

# -- The API ----------------------------------------------------------------------------------------------------------
API_REQUESTS_A_MINUTE = env.int("SATU_API_REQUESTS_A_MINUTE", 600)  # for each token
API_SIGN_INS_A_MINUTE = env.int("SATU_API_SIGN_INS_A_MINUTE", 10)  # for a token, from each address
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.tokens.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.MayDoThis"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["core.api.reading.Filters", "core.api.reading.Search", "core.api.reading.Ordering"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.limits.PerCaller"],
    "EXCEPTION_HANDLER": "core.api.problems.problem_json",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Satu API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "docExpansion": "none",
        "filter": True,
        "persistAuthorization": True,
        "defaultModelsExpandDepth": 0,
        "syntaxHighlight": False,
    },
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "core.api.schema.completed"],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
}
KNOX_TOKEN_MODEL = "tokens.Token"  # noqa: S105 - a model
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "satu_"}

# -- Mail that leaves the house -----------------------------------------------------------------------------------------
# EMAIL_URL=submission://user:password@smtp.example.com:587 (smtp://...:465/?ssl=1 for TLS at once). Without it, a machine one tries Satu on keeps its mail
# in a folder, and says so; production waits until it is told a server.
EMAIL_URL = env.str("EMAIL_URL", "")
TRYING = DEMO or DEBUG or not env.str("DATABASE_URL", "")
_mail = env.dj_email_url("EMAIL_URL", "file://") if EMAIL_URL else {}
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND") or (
    "django.core.mail.backends.filebased.EmailBackend" if TRYING else "integration.mailing.NoServer"
)
EMAIL_FILE_PATH = str(_mail.get("EMAIL_FILE_PATH") or embedded.DATA / "mail")
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", "satu@localhost.localdomain")

# -- Webhooks -----------------------------------------------------------------------------------------------------------
WEBHOOKS_TO_PRIVATE = env.bool("SATU_WEBHOOKS_TO_PRIVATE", DEBUG)  # plain http and addresses of our own network: for development only
WEBHOOKS_AT_ONCE = env.int("SATU_WEBHOOKS_AT_ONCE", 1)  # fewer than the worker has processes: deliveries and mail must never wait for them

# -- What it tells ----------------------------------------------------------------------------------------------------
# One JSON object a line in production, readable lines where one tries or develops. Celery's and the web server's own lines go the same way.
LOG_FORMAT = env.str("LOG_FORMAT", "readable" if TRYING else "json")
LOG_LEVEL = env.str("LOG_LEVEL", "WARNING" if TRYING else "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonLines"}, "readable": {"()": "core.logs.ReadableLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "loggers": {
        **{name: {"level": LOG_LEVEL} for name in ("config", "core", "integration", "frontoffice", "backoffice")},
        "django.request": {"level": "ERROR"},  # who was not found or refused stands in the line of the request
        "uvicorn.error": {"handlers": ["console"], "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
# Who may read `/metrics`: whoever brings this token; without one only this machine, and only where one tries Satu.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
