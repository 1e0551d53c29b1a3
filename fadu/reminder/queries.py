"""What there is to read of reminders: one's own, with what one may see of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fadu.org.models import Officer
from fadu.reminder import access
from fadu.reminder.models import Reminder

SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """A reminder as its receiver reads it; without sight of the subject only the kind is left."""

    row: Reminder
    visible: bool

    @property
    def text(self) -> str:
        """What it says."""
        return self.row.text if self.visible else "所关于的事项已不在您能看到的范围。"


def unread(officer: Officer) -> int:
    """How many wait to be read."""
    return Reminder.objects.filter(officer=officer, read_at=None).count()


def shown(officer: Officer, on: date) -> list[Shown]:
    """The last hundred, unread first; what is about something the officer may no longer see is not told."""
    mine = Reminder.objects.filter(officer=officer)
    rows = list(mine.filter(read_at=None)[:SHOWN])
    rows += list(mine.exclude(read_at=None)[: SHOWN - len(rows)])
    seen = access.may_see(officer, on, {row.subject for row in rows if row.subject})
    return [Shown(row, not row.subject or row.subject in seen) for row in rows]
