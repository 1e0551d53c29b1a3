"""Django's settings, made from the one table of environment variables."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from fadu.config.database import django_settings
from fadu.config.embedded import secret
from fadu.config.environment import ROOT, environment
from fadu.config.logs import configure
from fadu.kernel import hashing

ENV = environment()
VAR = ENV.var.resolve()
SECRET_KEY = ENV.secret_key or secret(VAR, "django")
hashing.set_key(ENV.hash_key or secret(VAR, "hash"))
DEBUG = ENV.debug
DEMO = ENV.demo
ALLOWED_HOSTS = [host.strip() for host in ENV.hosts.split(",") if host.strip()]
PUBLIC_URL = (ENV.public_url or f"http://{ENV.address}:{ENV.port}").rstrip("/")
VAULT_ROOT = Path(ENV.vault).resolve() if ENV.vault else VAR / "vault"
METRICS_TOKEN = ENV.metrics_token
METRICS_FROM = [ip_network(part.strip()) for part in ENV.metrics_from.split(",") if part.strip()]
VAULT_BUCKET = (
    {
        "bucket": ENV.s3_bucket,
        "endpoint": ENV.s3_endpoint,
        "region": ENV.s3_region,
        "key_id": ENV.s3_key_id,
        "secret": ENV.s3_secret,
        "prefix": ENV.s3_prefix,
    }
    if ENV.s3_bucket
    else None
)
FONTS = ENV.fonts
WARNING_ANCHORS = ENV.anchors
WARNING_FEEDS = tuple(address.strip() for address in ENV.warning_feeds.split(",") if address.strip())
WARNING_FEED_SECONDS, WARNING_HEARTBEAT, WARNING_SILENCE = (
    ENV.warning_feed_seconds, ENV.warning_heartbeat, ENV.warning_silence,
)  # fmt: skip
WARNING_FOLDER, WARNING_PUSH_SECRET = ENV.warning_folder, ENV.warning_push_secret
CALLOUT_SMS = {
    "url": ENV.callout_sms_url,
    "secret": ENV.callout_sms_secret,
    "batch": ENV.callout_sms_batch,
    "rate": ENV.callout_sms_rate,
}
CALLOUT_ACCOUNTS = ENV.callout_accounts
CALLOUT_MQTT = {"url": ENV.callout_mqtt_url, "topic": ENV.callout_mqtt_topic.strip("/")}
CALLOUT_KEEP = {"days": ENV.callout_keep_days, "reason": ENV.callout_keep_reason}
LIVE_PORT = ENV.live_port or (ENV.port + 1 if ENV.port < 65535 else ENV.port - 1)
LIVE_URL = (ENV.live_url or f"{urlsplit(PUBLIC_URL).scheme}://{urlsplit(PUBLIC_URL).hostname}:{LIVE_PORT}").rstrip("/")
EVIDENCE_LIMIT = ENV.upload_megabytes * 1024 * 1024

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "csp",
    "ninja",  # its static files, so that the description of the API needs no network
    "procrastinate.contrib.django",
    "fadu.ui",
    "fadu.record",
    "fadu.law",
    "fadu.org",
    "fadu.reminder",
    "fadu.subject",
    "fadu.document",
    "fadu.power",
    "fadu.discretion",
    "fadu.procedure",
    "fadu.inspection",
    "fadu.warning",
    "fadu.callout",
    "fadu.response",
    "fadu.penalty",
    "fadu.publicity",
    "fadu.demo",
    "fadu.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "fadu.config.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fadu.config.middleware.RequestLog",
    "fadu.config.middleware.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fadu.org.middleware.OfficerMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fadu.config.limits.RateLimit",
    "fadu.config.middleware.OneTransaction",
]
ROOT_URLCONF = "fadu.config.urls"
WSGI_APPLICATION = "fadu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fadu.config.context.shell",
            ],
            "builtins": ["fadu.ui.templatetags.fadu"],
        },
    }
]
FORM_RENDERER = "fadu.ui.forms.FaduRenderer"

DATABASES = {"default": django_settings(ENV.role)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["fadu.org.backends.OneReading"]
AUTH_USER_MODEL = "org.User"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "fadu.org.passwords.Rules"}]  # createsuperuser and the like ask here too
PASSWORD_LENGTH, PASSWORD_HISTORY, PASSWORD_DAYS = ENV.password_length, ENV.password_history, ENV.password_days
TOTP_ROLES = frozenset(role.strip() for role in ENV.totp_roles.split(",") if role.strip())
TRUSTED_PROXIES = tuple(ip_network(proxy.strip(), strict=False) for proxy in ENV.proxies.split(",") if proxy.strip())
OIDC = {
    "issuer": ENV.oidc_issuer.rstrip("/"),
    "client_id": ENV.oidc_client_id,
    "client_secret": ENV.oidc_client_secret,
    "claim": ENV.oidc_claim,
    "title": ENV.oidc_title,
}
OIDC_ORIGIN = "/".join(OIDC["issuer"].split("/")[:3])
LIMITS = {"public": ENV.limit_public, "login": ENV.limit_login, "upload": ENV.limit_upload, "api": ENV.limit_api}
FACTOR_KEY = ENV.factor_key or secret(VAR, "factor")
LOGIN_URL = "org:login"
LOGIN_REDIRECT_URL = "procedure:desk"
LOGOUT_REDIRECT_URL = "publicity:home"

_SMTP = urlsplit(ENV.smtp)
MAIL_ON = bool(ENV.smtp)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_ON else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _SMTP.hostname or "", _SMTP.port or (465 if _SMTP.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_SMTP.username or ""), unquote(_SMTP.password or "")
EMAIL_USE_SSL = _SMTP.scheme == "smtps"
EMAIL_USE_TLS = not EMAIL_USE_SSL and "tls=start" in _SMTP.query
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
SMS = {
    "url": ENV.sms_url,
    "body": ENV.sms_body,
    "headers": ENV.sms_headers,
    "secret": ENV.sms_secret,
    "success": ENV.sms_success,
    "message": ENV.sms_message,
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "fadu.ui.finders.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(VAR / "files")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_ENGINE = "fadu.org.session_store"
SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_IDLE = ENV.session_idle * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure
CSRF_COOKIE_HTTPONLY = True  # pages carry the token in a meta tag and in their forms
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if ENV.secure else []
SECURE_HSTS_SECONDS = 31_536_000 if ENV.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.secure
SECURE_SSL_REDIRECT = ENV.secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.secure else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF, "/".join(LIVE_URL.split("/")[:3])],  # the board's live updates
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *([OIDC_ORIGIN] if OIDC_ORIGIN else [])],  # logging out leads there
        "frame-ancestors": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # SAMEORIGIN, not DENY: a paper is read in a frame of our own page; frame-ancestors says the same
    "security.W021",  # preloading is asked of browser makers for a public name; it is not ours to promise
]
ROOT_DIR = ROOT

LOGGING_CONFIG = None
configure(ENV.log_format, debug=DEBUG)
