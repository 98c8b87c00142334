"""Settings. An empty environment gives a working development site on SQLite; production is checked at start."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # NAME_FILE may hold the path of a secret instead of NAME

# --- Which installation is this ---------------------------------------------------------------
PES_ENV = env.str("PES_ENV", default="development")
if PES_ENV not in {"development", "production"}:  # a misspelt production must not run with development's secrets
    raise ImproperlyConfigured(f"PES_ENV es «{PES_ENV}»: escriba development o production.")
PRODUCTION = PES_ENV == "production"
PES_DEMO = env.bool("PES_DEMO", default=False)
PES_INSTITUTION = env.str("PES_INSTITUTION", default="Alcaldía Mayor de Bogotá D.C.")
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION
SECRET_KEY = env.str(
    "SECRET_KEY", default="" if PRODUCTION else "solo-para-desarrollo-no-protege-nada-0123456789abcdef"
)
AUDIT_KEY = env.str("AUDIT_KEY", default="" if PRODUCTION else "bitacora-de-desarrollo-no-prueba-nada-0123456789abcdef")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
# Links in e-mails are built on this address, never on the Host header (AU10).
PES_BASE_URL = env.str("PES_BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else "")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if PRODUCTION and host not in {"localhost", "*"}]

INSTALLED_APPS = [
    "pes.apps.PesConfig",
    "plans.apps.PlansConfig",
    "tracking.apps.TrackingConfig",
    "evaluation.apps.EvaluationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "pes.middleware.health",
    "csp.middleware.CSPMiddleware",  # before whatever answers by itself, so that its answers carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "pes.middleware.clean_address",
    "pes.files.uploads.early_refusal",  # before anything reads the body, as the protection against forgery does
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pes.middleware.idle_session",
    "pes.middleware.ReturnToForm",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "pes.middleware.SecondFactor",
    "pes.middleware.DefaultDeny",
    "django_htmx.middleware.HtmxMiddleware",
    "pes.middleware.only_sent",
]

ROOT_URLCONF = "pes.urls"
WSGI_APPLICATION = "pes.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["pes.templatetags.components"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pes.context.site",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------
PES_VAR_DIR = Path(env.str("PES_VAR_DIR", default=str(BASE_DIR / "var")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "media")))
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {  # measured: 0 of 300 "database is locked" against 226 with the defaults
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Without recursive triggers an INSERT OR REPLACE would pass those of append-only tables by.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    # Cursors are read to their end: plan for all the rows, not for the first tenth (measured: 1.4 times faster).
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c cursor_tuple_fraction=1")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", default="")
CACHE_URL = env.str("CACHE_URL", default="")
if CACHE_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:  # rate limits need a cache that all processes share
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

# --- Jobs (see pes/jobs.py) --------------------------------------------------------------------
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
JOB_SWEEP_SECONDS = env.int("JOB_SWEEP_SECONDS", default=15)
JOB_TIME_LIMIT_SECONDS = env.int("JOB_TIME_LIMIT_SECONDS", default=600)
JOB_VISIBILITY_SECONDS = env.int("JOB_VISIBILITY_SECONDS", default=900)
JOBS_RUN_IN_PROCESS = not REDIS_URL  # a daemon thread beside runserver

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
TIME_ZONE = "America/Bogota"
USE_I18N = True
USE_TZ = True

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "pes.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # no guardian pseudo-user
PASSWORD_HASHERS = ["pes.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "full_name")}},
    {"NAME": "pes.hashers.LocalWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pes:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "pes.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Per account and per address; a whole entity shares one address, so good logins are not what is counted there (AU1, AU2).
# Comments of citizens: per consultation and sender.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/30m/key,100/30m/ip",
    "login": "600/m/ip",
    "plan_comment": "5/h/key",
    "event_question": "30/h/key",
}
ACCOUNT_FORMS = {"login": "pes.forms.account.LoginForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = "PES · "
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "PES"
MFA_FORMS = {"add_webauthn": "pes.forms.account.AddKeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
USERSESSIONS_TRACK_ACTIVITY = True

# --- Sessions, cookies, headers ---------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:  # the prefix makes browsers insist on Secure, Path=/ and no Domain
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)  # only the owner of the domain may promise it
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy overwrites it
    SILENCED_SYSTEM_CHECKS = ["security.W021"]  # W021 asks for that preload
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["pes.files.uploads.CappedUploadHandler"]  # files stop growing at EVIDENCE_MAX_BYTES
EVIDENCE_MAX_BYTES = 20 * 1024**2
EVIDENCE_MAX_DISK_PERCENT = env.int("EVIDENCE_MAX_DISK_PERCENT", default=90)  # fuller, and no file is taken
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # host:port, or the path of its socket; empty: no antivirus

# --- Mail, files, logs ------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="" if PRODUCTION else "consolemail://")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)  # a mail server that hangs must not hold a worker (JB9)
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PES <no-responder@localhost>")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(PES_VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "pes.static_files.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pes.logs.JsonFormatter"}, "plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "plain"}},
    # gunicorn's lines about requests carry the same paths: they pass the same formatter.
    "loggers": {"gunicorn.access": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
}
