"""What a judged ledger would do to the register: which enterprises are new, which change, whose they are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from fadu.kernel import clock
from fadu.kernel.errors import OutOfOrder
from fadu.org.models import Division, Level, Officer, Organ
from fadu.org.services.content import DIVISIONS
from fadu.subject.ledger.counties import Places
from fadu.subject.ledger.reading import Finding
from fadu.subject.ledger.rows import Place, Row
from fadu.subject.models import Contact, LedgerRow, Subject
from fadu.subject.queries import importing_organs

Result = LedgerRow.Result
Item = TypeVar("Item")
PLAIN = (
    "name", "address", "site_address", "legal_representative", "principal", "safety_officer", "workforce", "risk",
    "established_on", "business_until", "permit_number", "permit_from", "permit_until", "longitude", "latitude", "sector",
    "scale", "status",
)  # fmt: skip
# role of the contact → (field with its numbers, field with the name)
CONTACTS = {
    Contact.Role.LEGAL_REPRESENTATIVE: ("legal_phone", "legal_representative"),
    Contact.Role.PRINCIPAL: ("principal_phone", "principal"),
    Contact.Role.SAFETY: ("safety_phone", "safety_officer"),
    Contact.Role.DUTY: ("duty_phone", ""),
    Contact.Role.OTHER: ("phone", "contact"),
}
BATCH = 2_000


@dataclass(slots=True)
class Entry:
    """A row and what it does: ``subject`` as it is to be, ``old`` as it was, ``contacts`` when they change."""

    row: Row
    result: Result | None = None
    subject: Subject | None = None
    old: Subject | None = None
    changed: list[str] = field(default_factory=list)
    contacts: list[Contact] | None = None
    old_contacts: list[Contact] = field(default_factory=list)


def places() -> Places:
    """The divisions of the bureau's city. Raises OutOfOrder when the register does not say which city that is."""
    levels = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP)
    rows = list(Division.objects.filter(level__in=levels).values_list("code", "name"))
    cities = [code for code, _ in rows if len(code) == 4]
    if len(cities) > 1:
        cities = list({code[:4] for code in Organ.objects.values_list("division_id", flat=True) if len(code) >= 4})
    if len(cities) != 1:
        raise OutOfOrder("系统里没有（或者不止一个）本局所在的市，请先运行 manage.py load-content 装入行政区划。")
    return Places.of((code, name) for code, name in rows if code[:4] in (cities[0], cities[0][:2]))


def places_of_content() -> Places:
    """The same from the house's own files, for a preview before the database is made."""
    rows: list[tuple[str, str]] = []
    for path in sorted(DIVISIONS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    return Places.of(rows)


def plan(rows: Sequence[Row], city: str, by: Officer | None) -> list[Entry]:
    """What each row would do. With an officer, rows outside the area of the own organ get an error.

    New enterprises go to the organ of their county, and without a county to the city's; one that is known stays with its
    organ. Empty cells leave what is stored. Nothing is written. Raises OutOfOrder when no organ is there to supervise.
    """
    everyone = list(Organ.objects.order_by("-pk"))
    organs = {organ.division_id: organ for organ in everyone}
    divisions = Division.objects.in_bulk([str(code) for code in {_division(row, city) for row in rows}])
    areas = None if by is None else [organ.division_id for organ in importing_organs(by, clock.today())]
    known = _known([str(row.values["uscc"]) for row in rows if "uscc" in row.values])
    owners = {organ.pk: organ for organ in everyone}
    entries = [Entry(row) for row in rows]
    changing: list[tuple[Entry, int, dict[str, Any], bool]] = []
    for entry in entries:
        row = entry.row
        if row.errors:
            continue
        existing = known.get(str(row.values["uscc"]))
        if areas is not None:
            _keep_within(row, areas, _division(row, city), owners[existing.values["organ_id"]] if existing else None)
        if row.errors:
            continue
        division = divisions[_division(row, city)]
        if existing is None:
            _create(entry, division, _supervising(organs, division.pk))
            continue
        new, differs = _difference(row, existing, division)
        entry.result = Result.UNCHANGED
        if new or differs:
            changing.append((entry, existing.values["pk"], new, differs))
    _update(changing)
    return entries


def _division(row: Row, city: str) -> str:
    """The division of a row: township, county, or the city when the county is left empty."""
    return str(row.values.get("township") or row.values.get("county") or city)


@dataclass(slots=True)
class _Known:
    """What the register holds of an enterprise, as far as a ledger may change it."""

    values: dict[str, Any]
    contacts: list[tuple[str, str, str]] = field(default_factory=list)  # role, name, phone


def _known(codes: Sequence[str]) -> dict[str, _Known]:
    """The enterprises with these codes; as plain values, since most of a ledger changes nothing."""
    found: dict[str, _Known] = {}
    for some in in_batches(dict.fromkeys(codes), 5_000):
        rows = Subject.objects.filter(uscc__in=some).values("pk", "uscc", "organ_id", "division_id", *PLAIN)
        known = {row["pk"]: _Known(row) for row in rows}
        contacts = Contact.objects.filter(subject__uscc__in=some).order_by("id")
        for key, *contact in contacts.values_list("subject_id", "role", "name", "phone"):
            known[key].contacts.append((contact[0], contact[1], contact[2]))
        found |= {one.values["uscc"]: one for one in known.values()}
    return found


def _supervising(organs: dict[str, Organ], division: str) -> Organ:
    """The organ of the division or of the nearest above it."""
    for length in (9, 6, 4, 2):
        if len(division) >= length and (organ := organs.get(division[:length])) is not None:
            return organ
    raise OutOfOrder("系统里还没有应急管理局，企业没有监管机关，不能导入。请先由系统管理员登记机关。")


def _keep_within(row: Row, areas: list[str], division: str, owner: Organ | None) -> None:
    """Add an error to a row that is not the officer's to import. ``owner``: the organ of an enterprise that is known."""
    if owner is not None and not any(owner.division_id.startswith(area) for area in areas):
        message = f"这家企业已经由{owner.name}监管，由该局变更。"
        row.tell(Place("", "uscc", ""), Finding("kept_by_other_organ", message))
    elif not any(division.startswith(area) for area in areas):
        message = "不在您所在机关的管辖区域，请交给企业所在县区的应急管理局导入。"
        row.tell(Place("", "county", ""), Finding("county_not_yours", message))


def _create(entry: Entry, division: Division, organ: Organ) -> None:
    """A subject that is new."""
    values = entry.row.values
    kind = Subject.Kind.INDIVIDUAL_BUSINESS if str(values["uscc"]).startswith("92") else Subject.Kind.UNIT
    facts = {key: values[key] for key in PLAIN if key in values}
    subject = Subject(kind=kind, uscc=str(values["uscc"]), division=division, organ=organ, **facts)
    entry.subject, entry.result = subject, Result.CREATED
    entry.contacts = _contacts(entry.row, subject)


def _difference(row: Row, known: _Known, division: Division) -> tuple[dict[str, Any], bool]:
    """What the ledger says otherwise, and whether its contacts do; a township is kept when the ledger names its county."""
    values = row.values
    new = {key: values[key] for key in PLAIN if key in values and known.values[key] != values[key]}
    if values.get("county") and not known.values["division_id"].startswith(division.pk):
        new["division"] = division
    differs = any(
        not any(role == r and phone == p and name in ("", n) for r, n, p in known.contacts)
        for role, name, phone in _named_contacts(row)
    )
    return new, differs


def _update(changing: list[tuple[Entry, int, dict[str, Any], bool]]) -> None:
    """Load the subjects that change and make them as they are to be."""
    for some in in_batches(changing, BATCH):
        rows = Subject.objects.select_related("organ", "division", "industry").prefetch_related("contacts")
        subjects = rows.in_bulk([key for _, key, _, _ in some])
        for entry, key, new, differs in some:
            old = subjects[key]
            subject = copy(old)
            for name, value in new.items():
                setattr(subject, name, value)
            entry.subject, entry.old, entry.changed, entry.result = subject, old, list(new), Result.UPDATED
            entry.old_contacts = list(old.contacts.all())
            entry.contacts = _merged(entry.old_contacts, _contacts(entry.row, subject)) if differs else None


def _named_contacts(row: Row) -> Iterator[tuple[str, str, str]]:
    """Role, name and number of each contact a row names."""
    for role, (phones, name) in CONTACTS.items():
        numbers = row.values.get(phones)
        if isinstance(numbers, tuple):
            person = str(row.values.get(name, ""))
            yield from ((role.value, person, number) for number in numbers)


def _contacts(row: Row, subject: Subject) -> list[Contact]:
    """The contacts a row names, as rows."""
    return [Contact(subject=subject, role=role, name=name, phone=phone) for role, name, phone in _named_contacts(row)]


def _merged(before: list[Contact], wanted: list[Contact]) -> list[Contact]:
    """All contacts as they are to be: the ledger's take the place of those in the same role; other roles stay."""
    roles = {contact.role for contact in wanted}
    stay = [Contact(subject=c.subject, role=c.role, name=c.name, phone=c.phone) for c in before if c.role not in roles]
    return stay + wanted


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, ``size`` at a time."""
    source = iter(items)
    while some := list(islice(source, size)):
        yield some
