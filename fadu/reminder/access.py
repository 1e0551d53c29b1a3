"""Who may know of what a reminder is about: the floors above say so; where nobody says yes, the answer is no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fadu.org.models import Officer

Reader = Callable[[Officer, date, "set[str]"], "set[str]"]
_readers: list[Reader] = []


def register_reader(reader: Reader) -> Reader:
    """Decorator: the function answers which of the given subjects this officer may see that day (others it leaves out)."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def may_see(officer: Officer, on: date, subjects: set[str]) -> set[str]:
    """Those of ``subjects`` that the officer may see on that day, by one question to each floor."""
    return {seen for reader in _readers for seen in reader(officer, on, subjects)} & subjects if subjects else set()
