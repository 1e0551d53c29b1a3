"""What every live line is made of: one connection of the process, the head of an event stream, and its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from django.conf import settings

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def connect() -> psycopg.AsyncConnection[Any]:
    """The one connection that reads for all who look, autocommit."""
    from django.db import connection

    given = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        given.pop(name, None)
    return await psycopg.AsyncConnection.connect(**given, autocommit=True, prepare_threshold=2)


async def refuse(send: Send) -> None:
    """Answer that there is no such line (404)."""
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def begin(send: Send) -> None:
    """Open the stream of events towards a page of this site."""
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", settings.PUBLIC_URL.encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def tell(send: Send, event: bytes = b": \n\n") -> None:
    """Send one event, or a sign of life."""
    await send({"type": "http.response.body", "body": event, "more_body": True})


async def until_gone(receive: Receive) -> None:
    """Until the browser has closed the line."""
    while (await receive())["type"] != "http.disconnect":
        pass
