"""The live lines as granian starts them: of boards, and of people's pages of calls."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")

import django

django.setup()

from fadu.callout import live, personal  # noqa: E402 - after Django is ready


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """A line by the beginning of its path."""
    is_mine = scope["type"] == "http" and scope["path"].startswith("/live/mine/")
    await (personal if is_mine else live).application(scope, receive, send)


__all__ = ["application"]
