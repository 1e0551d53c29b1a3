"""Who may read a paper: the floors above say so; where nobody says yes, the answer is no."""

from collections.abc import Callable

from django.http import HttpRequest

from fadu.document.models import Paper

Reader = Callable[[HttpRequest, Paper], bool]
_readers: list[Reader] = []


def register_reader(reader: Reader) -> Reader:
    """Let ``reader(request, paper)`` say whether this request may read the paper; usable as a decorator."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def may_read(request: HttpRequest, paper: Paper) -> bool:
    """Does any registered reader allow it?"""
    return any(reader(request, paper) for reader in _readers)
