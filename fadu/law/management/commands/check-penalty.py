"""``check-penalty``: whether the sanctions of cases are lawful; JSON lines in, JSON lines out, in the same order."""  # noqa: N999

import io
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from fadu.law.judging.answering import answer_lines


class Command(BaseCommand):
    """Answer every line of standard input; needs no database (docs/check-penalty.md)."""

    help = "Say of each JSON line on standard input whether its sanctions are lawful, and why not."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer line by line; nothing else is written to standard output."""
        for line in answer_lines(_lines(sys.stdin)):
            self.stdout.write(line)
            self.stdout.flush()


def _lines(stream: TextIO) -> Iterator[str]:
    """The lines of the stream as UTF-8 whatever the locale; a byte that is none does not end the reading."""
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        yield from stream
        return
    yield from io.TextIOWrapper(buffer, encoding="utf-8-sig", errors="replace")
