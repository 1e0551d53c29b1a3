"""Keeping the register: who holds a post, since when, by which number, and that the number was verified this month."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from fadu.callout import queries
from fadu.callout.models import DutyPerson, DutyPost, Holding
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import EMERGENCY
from fadu.org import queries as org
from fadu.org.models import PHONE, Officer
from fadu.record import services as record
from fadu.record.privacy import Sensitive

BASIS = (EMERGENCY[64],)


def demand_keeper(post: DutyPost, by: Officer) -> None:
    """Refuse whoever does not keep the register of the post's county; raises NotCompetent."""
    if queries.organ_for(by, post.county, queries.KEEPERS) is None:
        raise NotCompetent("名册由所在县（区）应急管理局或者市局的内勤、审核人维护。")


def checked(name: str, phone: str) -> tuple[str, str]:
    """A name and a number as they may be entered; raises Invalid with the fields name and phone."""
    name, phone = name.strip(), phone.strip().replace(" ", "")
    errors = {}
    if not 2 <= len(name) <= 40:
        errors["name"] = "请填写姓名，2至40个字。"
    if not PHONE.regex.match(phone):  # type: ignore[union-attr]
        errors["phone"] = str(PHONE.message)
    if errors:
        raise Invalid(errors)
    return name, phone


@transaction.atomic
def appoint(
    post: DutyPost, slot: str, *, name: str, phone: str, by: Officer, on: date | None = None, mail: str = ""
) -> Holding:
    """Enter who holds a post from a day on; the holder before ends the day before. A and B are two different persons.

    The same name and number is the same person, whatever posts there are; a mail address that is given replaces the one
    there was. Raises Invalid, NotCompetent.
    """
    demand_keeper(post, by)
    name, phone = checked(name, phone)
    day = on or clock.today()
    person, _ = DutyPerson.objects.get_or_create(name=name, phone=phone)
    if mail and mail != person.mail:
        person.mail = mail
        person.save(update_fields=["mail"])
    holding = hold(post, slot, person, day)
    write(post, by, "callout.appoint", f"登记{holding.get_slot_display()}", {
        "post": str(post), "slot": slot, "name": name, "phone": Sensitive(phone, f"callout_dutyperson/{person.pk}"), "from": day,
    })  # fmt: skip
    return holding


def hold(post: DutyPost, slot: str, person: DutyPerson, day: date) -> Holding:
    """The row of a holder; the one before ends. Raises Invalid when the same person is the other of the two."""
    current = {row.slot: row for row in Holding.objects.filter(post=post, ends_on=None)}
    other = current.get("B" if slot == "A" else "A")
    if other is not None and other.person_id == person.pk:
        raise Invalid({"name": f"{person.name}已经是这个岗位的{other.get_slot_display()}，A岗、B岗应当是两个人。"})
    before = current.get(slot)
    if before is not None:
        if before.person_id == person.pk:
            return before
        if day <= before.starts_on:
            raise Invalid({"on": f"起始日期应当晚于现任的起始日期（{before.starts_on}）。"})
        before.ends_on = day - timedelta(days=1)
        before.save(update_fields=["ends_on"])
    return Holding.objects.create(post=post, slot=slot, person=person, starts_on=day)


@transaction.atomic
def vacate(post: DutyPost, slot: str, *, by: Officer, on: date | None = None) -> None:
    """The holder leaves at the end of a day; the post is listed as vacant. Raises OutOfOrder, NotCompetent."""
    demand_keeper(post, by)
    day = on or clock.today()
    row = Holding.objects.filter(post=post, slot=slot, ends_on=None).select_related("person").first()
    if row is None:
        raise OutOfOrder(f"{post}现在没有{slot}岗。")
    row.ends_on = max(day, row.starts_on)
    row.save(update_fields=["ends_on"])
    write(
        post,
        by,
        "callout.vacate",
        f"免去{row.get_slot_display()}",
        {"post": str(post), "slot": slot, "name": row.person.name},
    )


@transaction.atomic
def verify(people: Collection[DutyPerson], *, by: Officer, county: str) -> int:
    """The monthly verification: these numbers were called today and are right; how many. Raises NotCompetent."""
    if queries.organ_for(by, county, queries.KEEPERS) is None:
        raise NotCompetent("名册由所在县（区）应急管理局或者市局的内勤、审核人维护。")
    today = clock.today()
    count = DutyPerson.objects.filter(pk__in=[person.pk for person in people]).update(
        verified_on=today, verified_by=by.name
    )
    record.write(
        f"callout.register/{county}",
        actor=org.actor(by, today),
        act="callout.verify",
        title="核实号码",
        on=today,
        articles=BASIS,
        after={"people": sorted(person.pk for person in people)},
        matter_title=f"值班责任人名册（{county}）",
    )
    return count


def write(post: DutyPost, by: Officer, act: str, title: str, after: dict[str, Any]) -> None:
    """An entry of the register's chain, one a county; numbers only as keyed hashes."""
    record.write(
        f"callout.register/{post.county}",
        actor=org.actor(by, clock.today()),
        act=act,
        title=title,
        on=clock.today(),
        articles=BASIS,
        after=after,
        matter_title=f"值班责任人名册（{post.county}）",
    )
