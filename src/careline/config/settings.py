"""Django's settings, drawn from the environment alone."""

import os
from urllib.parse import urlsplit

from careline.config import environment

DATA = environment.data_folder()
SECRET_KEY = environment.secret_key()
CARELINE_BASE_URL = environment.base_url()
DATABASE_URL = environment.one_of("DATABASE_URL", {"postgres", "postgresql"})
REDIS_URL = environment.redis_url()
EMAIL_URL = environment.email_url()
CARELINE_SMTP_LISTEN = environment.listen("CARELINE_SMTP_LISTEN")
CARELINE_LMTP_LISTEN = environment.listen("CARELINE_LMTP_LISTEN")
CARELINE_SMTP_CERTIFICATE = environment.pair(
    environment.file("CARELINE_SMTP_CERTIFICATE"), environment.file("CARELINE_SMTP_KEY")
)
STORAGE_URL = environment.storage_url()
DUCKDB_MEMORY = environment.memory("DUCKDB_MEMORY")
CARELINE_ALLOW_PRIVATE_HTTP = environment.flag("CARELINE_ALLOW_PRIVATE_HTTP")
CARELINE_OAUTH_URLS = {
    "google": environment.endpoint("CARELINE_GOOGLE_URL"),
    "microsoft": environment.endpoint("CARELINE_MICROSOFT_URL"),
}
CARELINE_LLM = environment.language_model()
# Where the extra is installed; 0 leaves it unused.
CARELINE_MULTILINGUAL = environment.flag("CARELINE_MULTILINGUAL", otherwise=True)
CARELINE_LLM_DAILY_TOKENS = environment.number("CARELINE_LLM_DAILY_TOKENS", 1_000_000, 999_999_999)
TRUSTED_PROXIES = environment.networks("CARELINE_TRUSTED_PROXIES")
CARELINE_THREADS = environment.number("CARELINE_THREADS", 6, 256)

DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1", "localhost", "[::1]", urlsplit(CARELINE_BASE_URL).hostname or "localhost",
    *environment.words("CARELINE_ALLOWED_HOSTS"),
]  # fmt: skip
CSRF_TRUSTED_ORIGINS = [CARELINE_BASE_URL]
# Without an address the settings still load (linters, `makemigrations --check`); the first query then says so.
DATABASES = {
    "default": environment.database(DATABASE_URL or "postgresql://careline@127.0.0.1:1/DATABASE_URL_is_not_set")
}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "careline.files",
    "careline.accounts",
    "careline.touchpoints",
    "careline.customers",
    "careline.contact",
    "careline.channels",
    "careline.tracking",
    "careline.hooks",
    "careline.intelligence",
    "careline.service.knowledge",
    "careline.service.intents",
    "careline.service.conversations",
    "careline.service.notices",
    "careline.service.portal",
    "careline.service.sla",
    "careline.service.recovery",
    "careline.service.routing",
    "careline.service.rules",
    "careline.service.bots",
    "careline.service.assist",
    "careline.experience.surveys",
    "careline.insights",
    "careline.privacy",
    "careline.web",
    "procrastinate.contrib.django",
]
AUTH_USER_MODEL = "accounts.Agent"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "careline.config.urls"
MIDDLEWARE = [
    "careline.web.middleware.Guard",
    "django.middleware.csrf.CsrfViewMiddleware",
]
SESSION_ENGINE = "careline.accounts.sessions"
SESSION_COOKIE_NAME = "careline_session"
SESSION_COOKIE_AGE = 14 * 86400
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "careline_csrf"
CSRF_FAILURE_VIEW = "careline.web.errors.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CARELINE_BASE_URL.startswith("https://")
TEMPLATES = [
    {
        "BACKEND": "careline.web.folding.Pages",
        "NAME": "jinja2",
        "DIRS": [os.path.join(os.path.dirname(__file__), "..", "web", "templates")],
        "OPTIONS": {"environment": "careline.web.environment.environment", "extensions": ["jinja2.ext.i18n"]},
    }
]
STATIC_URL = "/static/"
# Each room's jobs.py, and the queue's own housekeeping.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["careline.kit.jobs"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربية")]
LOCALE_PATHS = [os.path.join(os.path.dirname(__file__), "..", "web", "locale")]
# One message may carry 25 MB of files; everything else is refused long before.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LOGGING_CONFIG = None
