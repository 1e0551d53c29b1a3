"""How the demo city acts: steps taken on a simulated clock, approvals agreed by those whose turn it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from PIL import Image, ImageDraw

from fadu.demo.people import Staff
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.org.models import Officer
from fadu.procedure.models import Act, Application, Matter
from fadu.procedure.queries import typed
from fadu.procedure.services import cosign, opine, submit, take
from fadu.record import services as record

_pictures = 0


@contextmanager
def at(day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """The clock at that time of day in Beijing; never later than the real moment."""
    moment = datetime.combine(day, time(hour, minute), clock.BEIJING)
    with clock.at(min(moment, clock.now())):
        yield


def picture() -> bytes:
    """A plain drawing, each another: a stand-in for what an officer photographs, marked as such."""
    global _pictures
    _pictures += 1
    image = Image.new("RGB", (320, 240), (200 - _pictures % 60, 205, 190 + _pictures % 50))
    draw = ImageDraw.Draw(image)
    draw.rectangle((30 + _pictures % 90, 60, 200, 190), outline=(90, 80, 70), width=4)
    draw.line((0, 200 - _pictures % 40, 320, 210), fill=(120, 110, 100), width=6)
    draw.text((12, 12), f"DEMO {_pictures:05}", fill=(60, 50, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def workday(start: date, n: int) -> date:
    """The day ``n`` working days after ``start``: people work on working days."""
    return law.calendar().shift(start, n)


@dataclass
class Work:
    """One matter in the hands of its officers; ``day`` is the day the work has come to, and never passes the real one."""

    staff: Staff
    matter: Matter
    day: date
    pair: tuple[Officer, Officer]
    last: date

    def on(self, n: int) -> bool:
        """Go ``n`` working days on; False when that day has not come yet, and the matter stays as it is."""
        wanted = workday(self.day, n)
        if wanted > self.last:
            return False
        self.day = wanted
        return True

    def fresh(self) -> Any:
        """The matter as it stands."""
        self.matter = typed(Matter.objects.get(pk=self.matter.pk))
        return self.matter

    def keep(self, name: str) -> str:
        """A new picture in the matter's evidence."""
        kept = record.keep_evidence(
            picture(),
            chain=self.matter.chain,
            name=f"{name}.png",
            made_by=self.pair[0].name,
            made_at=clock.now(),
            place="示例工业园",
            media="image",
        )
        return kept.sha256

    def take(
        self, step: str, by: Officer | None = None, party: int | None = None, late_reason: str = "", **data: Any
    ) -> Act:
        """Take a step on the day."""
        act = take(self.matter, step, by=by or self.pair[0], data=data, party=party, late_reason=late_reason)
        self.matter = act.matter  # as the one door left it
        return act

    def propose(self, step: str, opinion: str = "拟同意，请审批。", late_reason: str = "", **data: Any) -> Application:
        """Both officers propose."""
        made = submit(
            self.matter,
            step,
            by=self.pair[0],
            cosigner=self.pair[1],
            data=data,
            opinion=opinion,
            late_reason=late_reason,
        )
        return cosign(made, by=self.pair[1])

    def approve(self, step: str, last: Officer | None = None, late_reason: str = "", **data: Any) -> None:
        """Both officers propose, the chain agrees, on one day."""
        with at(self.day, 9):
            made = self.propose(step, late_reason=late_reason, **data)
        for hour, by in ((11, self.staff.reviewer), (15, last or self.staff.head)):
            assert by is not None
            with at(self.day, hour):
                opine(Application.objects.get(pk=made.pk), by=by, agreed=True)
        self.fresh()


def moment(day: date, hour: int, minute: int = 0) -> str:
    """A moment as forms give it."""
    return f"{day.isoformat()}T{hour:02}:{minute:02}"


def after(day: date, n: int) -> date:
    """``n`` calendar days later."""
    return day + timedelta(days=n)
