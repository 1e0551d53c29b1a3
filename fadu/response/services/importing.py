"""指南导入: a sheet with one line a place; looked at line by line first, written by confirming. What is exported comes back as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from typing import IO

from django.db import transaction

from fadu.kernel import hashing, masking
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.kernel.numerals import whole
from fadu.org.models import Division, Officer
from fadu.response import queries
from fadu.response.models import PlaceImport, SafePlace
from fadu.response.services import places
from fadu.subject import lists
from fadu.subject.ledger.sheet import Cell
from fadu.subject.lists import Judged, Table
from fadu.ui.forms import half_width
from fadu.warning.cap.area import short

COLUMNS = {
    "code": "区划代码",
    "place": "行政区划",
    "kind": "类别",
    "name": "名称",
    "address": "地址",
    "people": "人数",
    "warden": "责任人",
    "phone": "责任人电话",
    "deputy": "副责任人",
    "deputy_phone": "副责任人电话",
    "route": "转移路线",
    "active": "在用",
}
ORDER = {title: place for place, title in enumerate(COLUMNS.values())}
NEEDED = ("code", "kind", "name", "people", "warden", "phone")
LACKING = "没有找到表头：须有“区划代码”“类别”“名称”“人数”“责任人”“责任人电话”几列。请先下载指南，在下载的表上改。"
CODED = (
    "code",
    "kind",
    "people",
    "phone",
    "deputy_phone",
    "active",
)  # full-width signs and blanks mean nothing in these
PHONES = ("phone", "deputy_phone")
WORDS = ("address", "warden", "phone", "deputy", "deputy_phone", "route")
KINDS = {title: kind for kind, title in SafePlace.Kind.choices}
USED = {"是": True, "否": False}
LIMIT = 20_000
OUTCOMES = {"new": "新登记", "change": "变更", "same": "没有变化", "reject": "不能采用"}
WAS = "was"  # among the values kept of a line: the keyed hash of the place as it stood when the line was judged
Key = tuple[str, str, str]


def judge(file: IO[bytes], by: Officer) -> list[Judged]:
    """What would become of each line; raises Invalid when the file is no such list."""
    table = lists.find(file, COLUMNS, NEEDED, LACKING)
    lines = [line for row, cells in table.lines if (line := _read(table, row, cells))]
    if len(lines) > LIMIT:
        raise Invalid({"file": f"一次最多导入{LIMIT:,}行，请分次导入。"})
    if not lines:
        raise Invalid({"file": "表头下面没有内容。请一行一处填写以后再上传。"})
    _judge(lines, by)
    return lines


def _read(table: Table, row: int, cells: Mapping[int, Cell]) -> Judged | None:
    """The cells of a line as text, those that cannot be read told; None for a line without content."""
    line = Judged(table, row, dict.fromkeys(COLUMNS, ""))
    line.tell_unread(cells, apart=("place",))
    for key, column in table.columns.items():
        text = lists.written(cells.get(column))
        line.values[key] = re.sub(r"\s", "", half_width(text)) if key in CODED else text
    return line if line.errors or any(line.values.values()) else None


def _judge(lines: Sequence[Judged], by: Officer, *, lock: bool = False) -> list[SafePlace]:
    """Judge lines against the guide as it stands; the places as they would be, of those lines that are new or change something.

    ``lock``: keep those that there are as they stand until the transaction ends.
    """
    for line in lines:
        line.values["code"] = short(line.values["code"]) or line.values["code"]
    rows = SafePlace.objects.filter(division__in={line.values["code"] for line in lines}).order_by("pk")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    known: dict[Key, SafePlace] = {(row.division_id, row.kind, row.name): row for row in rows}
    levels = Division.objects.filter(level__in=("county", "township", "village"))
    named = levels.filter(code__in={line.values["code"] for line in lines})
    divisions = {division.code: division.local_name or division.name for division in named}
    may = {county: queries.keeps(by, county) for county in {code[:6] for code in divisions}}
    seen: dict[Key, int] = {}
    proposed = []
    for line in lines:
        _judge_place(line, divisions, may, seen)
        place = _proposed(line, known)
        if line.outcome in ("new", "change"):
            proposed.append(place)
    return proposed


def _judge_place(line: Judged, divisions: Mapping[str, str], may: Mapping[str, bool], seen: dict[Key, int]) -> None:
    """Which place a line is about: there, kept by this officer, of a kind there is, and in no other line."""
    values = line.values
    code, kind = values["code"], KINDS.get(values["kind"], "")
    line.title = f"{divisions.get(code) or values['place'] or code} {values['name']}".strip()
    if not code:
        line.wrong("code", "请填写区划代码，可以照导出的指南填。")
    elif code not in divisions:
        line.wrong("code", f"没有区划代码“{code[:20]}”，请填写县（区）、乡镇（街道）或者村（居）的代码。")
    elif not may[code[:6]]:
        line.wrong("code", "这个地方的指南不归您所在的机关维护，请删去这一行。")
    if not kind:
        line.wrong("kind", f"类别应当是{'、'.join(KINDS)}之一，请改正。")
    key = (code, kind, values["name"])
    if all(key) and key in seen:
        line.wrong("name", f"和第{seen[key]}行是同一个地方，请只留一行。")
    seen.setdefault(key, line.row)


def _proposed(line: Judged, known: Mapping[Key, SafePlace]) -> SafePlace:
    """The place as the line wants it, an empty cell leaving what there is; tells what is wrong and what would change."""
    values = line.values
    kind = KINDS.get(values["kind"], "")
    old = known.get((values["code"], kind, values["name"]))
    place = copy(old) if old else SafePlace(division_id=values["code"], kind=kind, name=values["name"])
    values[WAS] = _print(old)
    for name in WORDS:
        if values[name]:
            setattr(place, name, values[name])
    if values["people"]:
        number = whole(values["people"].replace(",", "").removesuffix("人"))
        if number is None:
            line.wrong("people", f"“{values['people'][:20]}”不是人数，请填写不带小数的整数，如 80。")
        else:
            place.people = number
    if values["active"]:
        if values["active"] not in USED:
            line.wrong("active", "请填写“是”或者“否”。")
        place.active = USED.get(values["active"], True)
    line.changes = _changes(old, place)
    if old is None or line.changes:
        told = {error["column"] for error in line.errors}
        for name, sentence in places.faults(place).items():
            if COLUMNS[name] not in told:
                line.wrong(name, sentence)
    if line.errors:
        line.errors.sort(key=lambda error: ORDER[error["column"]])
        line.changes = []
    else:
        line.outcome = "new" if old is None else "change" if line.changes else "same"
    return place


def _changes(old: SafePlace | None, place: SafePlace) -> list[str]:
    """What a line changes, in words; numbers masked."""
    if old is None:
        return [f"{place.people}人，责任人{place.warden}"]
    found = []
    for name in ("address", "people", "warden", "phone", "deputy", "deputy_phone", "route", "active"):
        before, after = getattr(old, name), getattr(place, name)
        if before == after:
            continue
        if name in PHONES:
            found.append(f"{COLUMNS[name]}：改为 {masking.phone(after)}")
        elif name == "active":
            found.append("恢复在用" if after else "改为停用")
        else:
            found.append(f"{COLUMNS[name]}：{before if before != '' else '（空）'} → {after}")
    return found


def _print(place: SafePlace | None) -> str:
    """A place as it stands, in a hash that tells no number; empty where there is none."""
    return hashing.keyed(hashing.canonical([place.pk, *places.told(place)])) if place else ""


@transaction.atomic
def send(file: IO[bytes], name: str, *, by: Officer) -> PlaceImport:
    """Keep a judged list for the preview; nothing of the guide changes. Raises Invalid."""
    return lists.keep(PlaceImport, judge(file, by), name=name, by=by)


@transaction.atomic
def confirm(batch: PlaceImport, *, by: Officer) -> PlaceImport:
    """Write what the preview showed, all of it or nothing, by the door that the form uses. The lines are then emptied.

    Raises OutOfOrder when it was confirmed before, is another's, or a place is no longer as it was shown.
    """
    batch = lists.take_up(batch, by=by)
    shown = [row for row in batch.rows if row["outcome"] in ("new", "change")]
    lines = [Judged(Table(COLUMNS), row["row"], dict(row["values"])) for row in shown]
    wanted = _judge(lines, by, lock=True)
    stale = [
        line for line, row in zip(lines, shown, strict=True) if line.errors or line.values[WAS] != row["values"][WAS]
    ]
    if stale:
        named = "、".join(f"第{line.row}行“{line.values['name']}”" for line in stale[:5])
        more = f"等{len(stale)}处" if len(stale) > 5 else ""
        raise OutOfOrder(f"预览以后，{named}{more}在指南里有了变动。什么也没有写入；请重新上传这份文件，看过再确认。")
    places.keep(wanted, by=by, note=f"导入 {batch.file_name}")
    lists.close(batch)
    return batch
