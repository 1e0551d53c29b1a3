"""名册导入: a sheet with one line a post; looked at line by line first, written by confirming. What is exported comes back as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import IO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from fadu.callout import queries
from fadu.callout.models import DutyPerson, DutyPost, Holding, RegisterImport
from fadu.callout.services.register import BASIS, hold
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.org import queries as org
from fadu.org.models import PHONE, Division, Officer
from fadu.record import services as record
from fadu.subject import lists
from fadu.subject.ledger.sheet import Cell
from fadu.subject.lists import Judged, text_of
from fadu.warning.cap.area import short

COLUMNS = {
    "code": "区划代码",
    "place": "行政区划",
    "kind": "岗位",
    "a_name": "A岗姓名",
    "a_phone": "A岗手机",
    "b_name": "B岗姓名",
    "b_phone": "B岗手机",
    "a_mail": "A岗邮箱",
    "b_mail": "B岗邮箱",
}
MAIL = re.compile(
    r"([AB]岗)?(邮箱|邮箱地址|电子邮箱|电子邮件|E-?MAIL)"
)  # as titles are written in capitals without blanks
KINDS = {title: kind for kind, title in DutyPost.Kind.choices}
LIMIT = 20_000
NEEDED = ("code", "kind", "a_name", "a_phone")
LACKING = "没有找到表头：须有“区划代码”“岗位”“A岗姓名”“A岗手机”几列。可以先导出名册，在导出的表上改。"
FREE = {"county": ("duty", "bureau", "deputy", "head"), "township": ("duty", "deputy", "head"), "village": ("village",)}
OUTCOMES = {"new": "新岗位", "change": "变更", "same": "没有变化", "reject": "不能采用"}


def _mail_columns(head: Mapping[int, Cell], found: Mapping[str, int]) -> dict[str, int]:
    """Where the mail addresses stand, by whatever title; one that does not say whose belongs to the holder on its left."""
    columns: dict[str, int] = {}
    for column, cell in sorted(head.items()):
        title = MAIL.fullmatch(re.sub(r"\s", "", text_of(cell)).upper())
        if title is None:
            continue
        left = [(found[f"{slot}_name"], slot) for slot in "ab" if found.get(f"{slot}_name", column) < column]
        slot = title[1][0].lower() if title[1] else max(left, default=(0, "a"))[1]
        columns.setdefault(f"{slot}_mail", column)
    return columns


def judge(file: IO[bytes], by: Officer) -> list[Judged]:
    """What would become of each line; raises Invalid when the file is no such list."""
    table = lists.find(file, COLUMNS, NEEDED, LACKING)
    table = replace(table, columns={**_mail_columns(table.head, table.columns), **table.columns})
    today = clock.today()
    divisions = dict(Division.objects.filter(level__in=FREE).values_list("code", "level"))
    posts = {(post.division_id, post.kind): post for post in queries.with_holders(queries.posts(today), today)}
    may = {county: queries.organ_for(by, county, queries.KEEPERS) is not None for county in {c[:6] for c in divisions}}
    known = {
        (name, phone): mail
        for name, phone, mail in DutyPerson.objects.exclude(mail="").values_list("name", "phone", "mail")
    }
    lines: list[Judged] = []
    seen: dict[tuple[str, str], int] = {}
    mails: dict[tuple[str, str], tuple[str, int]] = {}
    for number, cells in table.lines[: LIMIT + 1]:
        values = {key: text_of(cells.get(column)) for key, column in table.columns.items()}
        line = Judged(table, number, {key: values.get(key, "") for key in COLUMNS})
        line.tell_unread(cells, apart=("place",))
        if not line.errors and not any(values.values()):
            continue
        lines.append(line)
        if line.errors:  # an empty cell leaves what there is: one that cannot be read must not pass for empty
            line.title = f"{values.get('place') or values.get('code', '')}{values.get('kind', '')}"
            continue
        _judge(line, divisions, posts, may, seen)
        _judge_mails(line, known, mails)
    if len(lines) > LIMIT:
        raise Invalid({"file": f"一次最多导入{LIMIT:,}行，请分次导入。"})
    return lines


def _judge(
    line: Judged,
    divisions: Mapping[str, str],
    posts: Mapping[tuple[str, str], DutyPost],
    may: Mapping[str, bool],
    seen: dict[tuple[str, str], int],
) -> None:
    """One line: its cells, then what it would change."""
    values = line.values
    code = values["code"] = short(values["code"]) or values["code"]
    line.title = f"{values['place'] or code}{values['kind']}"
    level = divisions.get(code)
    kind = KINDS.get(values["kind"], "")
    if level is None:
        line.wrong("code", f"没有区划代码“{values['code'] or '（空）'}”。")
    elif not may[code[:6]]:
        line.wrong("code", "这个地方的名册不归您所在的机关维护。")
    if not kind:
        line.wrong("kind", f"岗位应当是{'、'.join(KINDS)}之一。")
    elif level is not None and kind not in FREE[level]:
        line.wrong("kind", f"{DutyPost.Level(level).label}没有“{values['kind']}”这种岗位。")
    for slot in "ab":
        name, phone = values[f"{slot}_name"], values[f"{slot}_phone"].replace(" ", "")
        values[f"{slot}_phone"] = phone
        if bool(name) is not bool(phone):
            line.wrong(f"{slot}_name" if phone else f"{slot}_phone", "姓名和手机要么都填，要么都不填。")
        elif phone and not PHONE.regex.match(phone):  # type: ignore[union-attr]
            line.wrong(f"{slot}_phone", str(PHONE.message))
        elif name and not 2 <= len(name) <= 40:
            line.wrong(f"{slot}_name", "姓名应当是2至40个字。")
    if values["a_name"] and (values["a_name"], values["a_phone"]) == (values["b_name"], values["b_phone"]):
        line.wrong("b_name", "A岗、B岗应当是两个人。")
    if (code, kind) in seen:
        line.wrong("code", f"和第{seen[code, kind]}行是同一个岗位。")
    seen.setdefault((code, kind), line.row)
    if line.errors:
        return
    post = posts.get((code, kind))
    held = {row.slot: row for row in post.held} if post else {}  # type: ignore[attr-defined]
    for slot in "AB":
        wanted = (values[f"{slot.lower()}_name"], values[f"{slot.lower()}_phone"])
        now = (held[slot].person.name, held[slot].person.phone) if slot in held else ("", "")
        if wanted != now and wanted[0]:
            line.changes.append(f"{slot}岗：{now[0] or '（空缺）'} → {wanted[0]}")
    line.outcome = "new" if post is None else "change" if line.changes else "same"


def _judge_mails(
    line: Judged,
    known: Mapping[tuple[str, str], str],
    mails: dict[tuple[str, str], tuple[str, int]],
) -> None:
    """The mail addresses of one line; an empty cell leaves the address there is."""
    values = line.values
    for slot in "AB":
        name, key = COLUMNS[f"{slot.lower()}_mail"], f"{slot.lower()}_mail"
        mail = values[key] = re.sub(r"\s", "", values[key])
        if not mail:
            continue
        person = (values[f"{slot.lower()}_name"], values[f"{slot.lower()}_phone"])
        other, row = mails.setdefault(person, (mail, line.row))
        if not all(person):
            line.wrong(key, f"填了{name}，也要填{slot}岗的姓名和手机。")
        elif not _is_mail(mail):
            line.wrong(key, f"{name}“{mail[:40]}”不是邮箱地址，请填写如 name@example.gov.cn 的一个地址。")
        elif other != mail:
            line.wrong(key, f"{person[0]}的邮箱和第{row}行写的不一样，请改成同一个。")
        elif not line.errors and known.get(person, "") != mail:
            line.changes.append(f"{name}：{'改' if person in known else '登记'}为 {mail}")
    if line.outcome == "same" and line.changes:
        line.outcome = "change"


def _is_mail(text: str) -> bool:
    """Whether it is one mail address that the register can hold."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 120


@transaction.atomic
def send(file: IO[bytes], name: str, *, by: Officer) -> RegisterImport:
    """Keep a judged list for the preview; nothing of the register changes. Raises Invalid."""
    return lists.keep(RegisterImport, judge(file, by), name=name, by=by)


@transaction.atomic
def confirm(batch: RegisterImport, *, by: Officer) -> RegisterImport:
    """Write what the preview showed; an empty cell leaves a holder or his mail address as it is. The lines (with their numbers) are then emptied.

    Raises OutOfOrder when it was confirmed before or is another's.
    """
    batch = lists.take_up(batch, by=by)
    today = clock.today()
    counties: dict[str, int] = {}
    people: dict[tuple[str, str], DutyPerson] = {}
    for row in batch.rows:
        if row["outcome"] not in ("new", "change"):
            continue
        values = row["values"]
        post = _post(values["code"], KINDS[values["kind"]])
        if queries.organ_for(by, post.county, queries.KEEPERS) is None:
            raise OutOfOrder(f"{post}不归您所在的机关维护。")
        wanted = {slot: (values[f"{slot.lower()}_name"], values[f"{slot.lower()}_phone"]) for slot in "AB"}
        for slot, key in wanted.items():
            if key[0] and key not in people:
                people[key], _ = DutyPerson.objects.get_or_create(name=key[0], phone=key[1])
            mail = values.get(f"{slot.lower()}_mail", "")
            if mail and mail != people[key].mail:
                people[key].mail = mail
                people[key].save(update_fields=["mail"])
        _both(post, {slot: people[key] for slot, key in wanted.items() if key[0]})
        counties[post.county] = counties.get(post.county, 0) + 1
    for county, count in sorted(counties.items()):
        record.write(
            f"callout.register/{county}",
            actor=org.actor(by, today),
            act="callout.import_register",
            title="导入名册",
            on=today,
            articles=BASIS,
            after={"posts": count, "import": batch.pk},
            matter_title=f"值班责任人名册（{county}）",
        )
    lists.close(batch)
    return batch


def _both(post: DutyPost, wanted: dict[str, DutyPerson]) -> None:
    """Set A and B, also when the two change places."""
    today = clock.today()
    current = {row.slot: row for row in Holding.objects.filter(post=post, ends_on=None)}
    for slot, person in wanted.items():
        other = "B" if slot == "A" else "A"
        crossing = current.get(other)
        if crossing is not None and crossing.person_id == person.pk and other in wanted:
            _leave(crossing)
    for slot, person in wanted.items():
        before = Holding.objects.filter(post=post, slot=slot, ends_on=None).first()
        if before is not None and before.person_id != person.pk and before.starts_on >= today:
            before.delete()  # entered today and corrected today: it never held
        hold(post, slot, person, today)


def _leave(row: Holding) -> None:
    """End a holding before today, or take back one that began today."""
    today = clock.today()
    if row.starts_on >= today:
        row.delete()
    else:
        row.ends_on = today - timedelta(days=1)
        row.save(update_fields=["ends_on"])


def _post(code: str, kind: str) -> DutyPost:
    """The post of a division, made with the post above it when it is new."""
    today = clock.today()
    post = queries.posts(today).filter(division=code, kind=kind).first()
    if post is not None:
        return post
    division = Division.objects.get(code=code)
    above_code = code[:9] if division.level == "village" else code[:6]
    above = queries.posts(today).filter(division=above_code, kind="duty").first()
    made = DutyPost.objects.create(
        division=division, county=code[:6], level=division.level, kind=kind, above=above, valid_from=today
    )
    if kind == "duty" and division.level != "village":
        below = queries.posts(today).filter(above=None, division__code__startswith=code).exclude(pk=made.pk)
        child = "township" if division.level == "county" else "village"
        below.filter(level__in=(child, division.level)).update(above=made)
    return made
