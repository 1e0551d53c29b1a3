"""``workdays 2022-01-29 5``: the last day of a period in working days; without arguments reads JSON lines."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.law import queries
from fadu.law.calendar import Calendar, PeriodError

LONGEST = 100_000


class Command(BaseCommand):
    """Count working days; the start day is not counted."""

    help = "Print the last day of a period of N working days; without arguments answer JSON lines from standard input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """START and N, or neither."""
        parser.add_argument("start", nargs="?", help="the day the period starts (not counted), like 2022-01-29")
        parser.add_argument("n", nargs="?", help="how many working days")

    def handle(self, *args: Any, start: str | None = None, n: str | None = None, **options: Any) -> None:
        """Answer the one question, or every line of standard input in its order."""
        calendar = queries.calendar()
        if start is None:
            for line in sys.stdin:
                if line.strip():
                    self.stdout.write(json.dumps(answer(line, calendar), ensure_ascii=False))
                    self.stdout.flush()
            return
        if n is None:
            raise CommandError("用法：workdays 起始日 工作日数，例如 workdays 2022-01-29 5")
        try:
            due, provisional = count(_day(start), _number(_int(n)), calendar)
        except PeriodError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(due.isoformat())
        if provisional:
            self.stderr.write("暂定：所及年份尚无放假通知，只按周末推算；通知发布后重新计算")


def answer(line: str, calendar: Calendar) -> dict[str, Any]:
    """The answer to one line ``{"start", "n"}``: due and provisional, or an error in Chinese."""
    try:
        question = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return {"error": "不是有效的JSON"}
    if not isinstance(question, dict):
        return {"error": '应为{"start", "n"}'}
    try:
        due, provisional = count(_day(question.get("start")), _number(question.get("n")), calendar)
    except PeriodError as error:
        return {"error": str(error)}
    return {"due": due.isoformat(), "provisional": provisional}


def count(start: date, n: int, calendar: Calendar) -> tuple[date, bool]:
    """The n-th working day after start, and whether a year without a notice was touched on the way."""
    due = calendar.shift(start, n)
    return due, due > start and calendar.is_provisional(date.fromordinal(start.toordinal() + 1), due)


def _day(value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PeriodError(f"start应为日期，如2022-01-29：{value}")


def _int(value: str) -> object:
    convert: Callable[[str], int] = int
    return convert(value) if value.lstrip("-").isdecimal() and len(value) < 12 else value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST:
        raise PeriodError(f"n应为0至{LONGEST}之间的整数：{value}")
    return value
