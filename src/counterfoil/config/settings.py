"""Django's settings, one file for every installation: what differs comes from environment variables."""

import os
from functools import cache

from django.utils.csp import CSP

from counterfoil.config.database import databases
from counterfoil.config.logs import logging_settings
from counterfoil.config.places import LOCALE, PAPERS, PROJECT
from counterfoil.config.secrets import secret


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def _list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


BASE_DIR = PROJECT
DEBUG = _flag("COUNTERFOIL_DEBUG")
HTTPS = _flag("COUNTERFOIL_HTTPS")
SECRET_KEY = os.environ.get("COUNTERFOIL_SECRET_KEY") or secret("session").hex()
ALLOWED_HOSTS = _list("COUNTERFOIL_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _list("COUNTERFOIL_ORIGINS", "")

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rules",
    "ninja",
    "procrastinate.contrib.django",
    "counterfoil.config",
    "counterfoil.apps.organisation",
    "counterfoil.apps.parties",
    "counterfoil.apps.catalogue",
    "counterfoil.apps.acts",
    "counterfoil.apps.journal",
    "counterfoil.apps.ledger",
    "counterfoil.apps.policies",
    "counterfoil.apps.work",
    "counterfoil.apps.cases",
    "counterfoil.apps.enquiries",
    "counterfoil.apps.contacts",
    "counterfoil.apps.complaints",
    "counterfoil.apps.documents",
    "counterfoil.apps.papers",
    "counterfoil.apps.valuation",
    "counterfoil.apps.hall",
    "counterfoil.web",
    "counterfoil.api",
    "counterfoil.batch",
]
AUTH_USER_MODEL = "organisation.Employee"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "counterfoil.api.road.ShortRoad",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "counterfoil.config.errors.RefuseUnkeptCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "counterfoil.config.urls"
WSGI_APPLICATION = "counterfoil.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "src/counterfoil/web/templates"],  # before allauth's own, whose pages we replace
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

PARAMETERS_DIR = PROJECT / "parameters"
PRODUCTS_DIR = PROJECT / "products"
PROCESSES_DIR = PROJECT / "processes"
SCRIPTS_DIR = PROJECT / "scripts"
KNOWLEDGE_DIR = PROJECT / "knowledge"
PAPERS_DIR = PAPERS
PHONE_ADDRESS = os.environ.get("COUNTERFOIL_PHONE_ADDRESS", "").rstrip("/")
# Apps reach keys through settings: they may not import config. Read once a process: a file for every sealed value was
# a fifth of the time of an import.
SECRET_OF = cache(secret)
SENTENCES = "counterfoil.web.sentences.sentence"  # what codes of refusals say, for the API and for files
VERIFY_FOLD = _flag(
    "COUNTERFOIL_VERIFY_FOLD"
)  # tests: what was written equals what was folded, after every act

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Signing in
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "counterfoil.config.sign_in.StaffAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # axes counts failures, in the database and so over all processes
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # by name alone on purpose: a whole office signs in from one address
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "counterfoil.config.sign_in.attempted_name"
AXES_LOCKOUT_CALLABLE = "counterfoil.config.sign_in.locked_out"
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "counterfoil_session"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "counterfoil_csrf"
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("ko", "한국어")]
LOCALE_PATHS = [LOCALE]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Files of the screens, served by the process itself from the folders of the apps: nothing to collect
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("COUNTERFOIL_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(os.environ.get("COUNTERFOIL_LOG_LEVEL", "INFO"))
