"""The API: one for all floors, closed unless an operation says otherwise, described by OpenAPI, its pages offline."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern
from ninja import NinjaAPI, Swagger
from ninja.security import SessionAuth

from fadu.discretion.api import router as discretion
from fadu.inspection.api import router as inspection
from fadu.kernel import clock
from fadu.law.api import router as law
from fadu.org.models import Officer
from fadu.org.queries import appointments_on
from fadu.power.api import router as power


class OfficerSession(SessionAuth):
    """The session of an officer who holds a post today and has a password of their own; with Django's CSRF token."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Who nobody knows is refused as such (401) before anything else is checked."""
        return super().__call__(request) if self.authenticate(request, None) else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Officer | None:
        """The officer, None for everybody else."""
        officer: Officer | None = getattr(request, "officer", None)
        if officer is None or getattr(request.user, "must_change_password", True):
            return None
        return officer if appointments_on(officer, clock.today()) else None


api = NinjaAPI(
    title="法度 API",
    version="1",
    description="安全生产执法平台的接口。没有注明公开的，须以在岗人员的账号登录。",
    auth=OfficerSession(),
    # No validator of swagger.io: the page works without any network.
    docs=Swagger(settings={"validatorUrl": None, "defaultModelsExpandDepth": -1}),
    urls_namespace="api",
)
api.add_router("", law)
api.add_router("", power)
api.add_router("", discretion)
api.add_router("", inspection)


def urls() -> list[URLPattern]:
    """The routes. Operations answer strangers themselves, with 401; the description stays behind the login."""
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        if pattern.name not in {"openapi-json", "openapi-view"}:
            login_not_required(pattern.callback)
    return patterns
