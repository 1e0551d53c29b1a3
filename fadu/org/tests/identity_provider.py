"""A real provider of identity as a process of its own: django-oauth-toolkit with its own login, consent, keys and logout.

``python identity_provider.py PORT``; the issuer is http://localhost:PORT/o. Two people, 李示 and 王示, log in with the
password below; ``claims`` puts their user names into the ID token. One confidential client, PKCE demanded, RS256.
"""

import sys
import tempfile
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

CLIENT, SECRET, PASSWORD = "fadu", "a-secret-of-the-client", "tongyi-shenfen-26"
PEOPLE = {"李示": "lishi", "王示": "stranger"}
FORM = '<form method="post">{% csrf_token %}{{ form }}<button type="submit">登录</button></form>'
PORT = int(sys.argv[1]) if __name__ == "__main__" else 0


def new_key() -> str:
    """A key of RSA, made at each start."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*kinds).decode()


def configure() -> None:
    """Django's settings of the provider."""
    settings.configure(
        SECRET_KEY="of-the-provider", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True, LANGUAGE_CODE="zh-hans",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tempfile.mkdtemp() + "/db"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [
                ("django.template.loaders.locmem.Loader", {"registration/login.html": FORM}),
                "django.template.loaders.app_directories.Loader",
            ]},
        }],
        LOGIN_URL="/login/", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", SESSION_COOKIE_NAME="provider",
        CSRF_COOKIE_NAME="provider_csrf",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": new_key(), "PKCE_REQUIRED": True,
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True, "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "SCOPES": {"openid": "身份", "profile": "姓名"}, "OAUTH2_VALIDATOR_CLASS": "__main__.Claims",
        },
    )  # fmt: skip


if __name__ == "__main__":
    configure()
    django.setup()
    from django.contrib.auth.models import User
    from django.contrib.auth.views import LoginView
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Claims(OAuth2Validator):
        """Names the person by the user name of the bureau."""

        oidc_claim_scope = None

        def get_additional_claims(self, request):  # type: ignore[no-untyped-def]
            """One claim more than the subject."""
            return {"preferred_username": PEOPLE[request.user.first_name]}

    urlpatterns = [path("login/", LoginView.as_view()), path("o/", include("oauth2_provider.urls"))]
    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        User.objects.create_user(f"id-{PEOPLE[name]}", password=PASSWORD, first_name=name)
    backs = ("http://127.0.0.1/login/identity/back/", "http://testserver/login/identity/back/")
    Application.objects.create(
        client_id=CLIENT, client_secret=SECRET, client_type="confidential", authorization_grant_type="authorization-code",
        algorithm="RS256", redirect_uris=" ".join(backs), name="法度",
        post_logout_redirect_uris="http://127.0.0.1/login/ http://testserver/login/",
    )  # fmt: skip

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with make_server("127.0.0.1", PORT, get_wsgi_application(), Server, Silent) as server:
        server.serve_forever()
