"""What every page's shell needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fadu.kernel import clock


def shell(request: HttpRequest) -> dict[str, Any]:
    """The day, and whether this is the demo city."""
    return {"today": clock.today(), "demo": settings.DEMO}
