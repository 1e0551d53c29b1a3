"""The way of a set into force: drafted, reviewed and published by three named people, each act in the record (行政处罚法 34)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from fadu.discretion import queries
from fadu.discretion.benchmarks.faults import Fault
from fadu.discretion.benchmarks.reading import Content, plain_json, read_set
from fadu.discretion.models import Benchmark, BenchmarkSet
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.kernel.hashing import canonical, sha256_text
from fadu.law.content.reading import ContentError, node_of
from fadu.law.statutes import APL
from fadu.org import queries as org
from fadu.org.models import Officer, Organ
from fadu.org.roles import Role
from fadu.record import services as record

DRAFTERS = (Role.CLERK, Role.LEGAL_REVIEWER, Role.REVIEWER)
REVIEWERS = (Role.LEGAL_REVIEWER,)
PUBLISHERS = (Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD)
LONGEST = {"title": 120, "issuer": 80, "number": 60, "source": 300, "note": 500}
Status = BenchmarkSet.Status


class NotPublishable(Refused):
    """The set has faults; ``faults`` says where each of them is."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(*(f"{fault.place}：{fault.sentence}" for fault in faults))


def _require(officer: Officer, organ: Organ | None, on: date, roles: tuple[Role, ...], what: str) -> None:
    if not org.roles_of(officer, on, organ) & set(roles):
        raise NotCompetent(f"{what}由{'、'.join(role.title for role in roles)}办理，您今天在该机关的岗位没有这项职责。")


def _write(row: BenchmarkSet, act: str, title: str, by: Officer, on: date, **more: Any) -> None:
    record.write(
        row.chain, actor=org.actor(by, on, row.organ), act=f"discretion.{act}", title=title, on=on, articles=(APL[34],),
        matter_title=row.title, **more,
    )  # fmt: skip


def read_content(values: Mapping[str, Any], name: str) -> Content:
    """A mapping as a set; Invalid, in Chinese, when it cannot be read."""
    try:
        content = read_set(node_of(name, "", dict(values)))
    except ContentError as error:
        raise Invalid({"file": str(error)}) from None
    for field, most in LONGEST.items():
        if len(getattr(content, field)) > most:
            raise Invalid({"file": f"{name}：{field}：文字过长，至多{most}字"})
    for table in content.benchmarks:
        too_long = {
            "编号": len(table.code) > 20,
            "违法行为": len(table.violation) > 200,
            "档次": any(len(t.level) > 40 for t in table.tiers),
        }
        if where := next((title for title, wrong in too_long.items() if wrong), None):
            raise Invalid({"file": f"{table.code[:20]}：{where}：文字过长"})
    return content


@transaction.atomic
def draft(
    values: Mapping[str, Any], *, organ: Organ, by: Officer, since: date | None = None, name: str = ""
) -> BenchmarkSet:
    """Draft a set for an organ from the mapping a file or an xlsx holds. Faults may stand in it; they bar publication.

    Raises NotCompetent, or Invalid when the mapping cannot be read.
    """
    on = clock.today()
    _require(by, organ, on, DRAFTERS, "起草裁量基准")
    content = read_content(values, name or str(values.get("title", "")))
    row = BenchmarkSet.objects.create(
        title=content.title, issuer=content.issuer, number=content.number, organ=organ, since=since or content.since,
        until=content.until, bands=plain_json(values.get("bands") or {}), facts=plain_json(values.get("facts") or []),
        leniencies=plain_json(values.get("leniencies") or []), source=content.source, confidence=content.confidence,
        note=content.note, drafted_by=by, drafted_on=on,
    )  # fmt: skip
    Benchmark.objects.bulk_create(
        Benchmark(
            set=row, code=table.code, position=place, violation=table.violation, basis=str(table.basis or ""),
            provisions=sorted({*table.provisions, *(tier.provision for tier in table.tiers if tier.provision)}),
            body=plain_json(body), confidence=table.confidence, since=table.since, until=table.until,
        )
        for place, (table, body) in enumerate(zip(content.benchmarks, content.tables, strict=True))
    )  # fmt: skip
    _write(
        row,
        "draft",
        "起草裁量基准",
        by,
        on,
        after={"tables": len(content.tables), "since": row.since, "title": row.title},
    )
    return row


def draft_example(*, organ: Organ, by: Officer, since: date | None = None) -> BenchmarkSet:
    """Draft the shipped example for an organ: 53 tables, marked as what they are."""
    values = queries.example_content() | {"issuer": organ.name}
    return draft(values, organ=organ, by=by, since=since, name="示例")


def _locked(row: BenchmarkSet, *allowed: str) -> BenchmarkSet:
    row = BenchmarkSet.objects.select_for_update(of=("self",)).select_related("organ").get(pk=row.pk)
    if row.status not in allowed:
        raise OutOfOrder(f"该基准现为“{row.get_status_display()}”，不能这样办理。")
    return row


def _blocking(row: BenchmarkSet) -> list[Fault]:
    return [fault for fault in queries.faults_in(row.benchmarks.select_related("set")) if fault.blocks]


@transaction.atomic
def review(row: BenchmarkSet, *, by: Officer, opinion: str) -> BenchmarkSet:
    """A legal reviewer, not the drafter, passes the draft; what bars publication bars this already."""
    row, on = _locked(row, Status.DRAFT), clock.today()
    _require(by, row.organ, on, REVIEWERS, "审核裁量基准")
    if by.pk == row.drafted_by_id:
        raise NotCompetent("起草人不能审核自己起草的裁量基准。")
    if not opinion.strip():
        raise Invalid({"opinion": "请写明审核意见。"})
    if faults := _blocking(row):
        raise NotPublishable(faults)
    row.status, row.reviewed_by, row.reviewed_on = Status.REVIEWED, by, on
    row.save(update_fields=["status", "reviewed_by", "reviewed_on"])
    _write(row, "review", "审核裁量基准", by, on, note=opinion.strip())
    return row


@transaction.atomic
def send_back(row: BenchmarkSet, *, by: Officer, reason: str) -> BenchmarkSet:
    """Back to the draft, with the reason, by who would review or publish it."""
    row, on = _locked(row, Status.REVIEWED), clock.today()
    _require(by, row.organ, on, (*REVIEWERS, *PUBLISHERS), "退回裁量基准")
    if not reason.strip():
        raise Invalid({"opinion": "退回的，请写明理由。"})
    row.status, row.reviewed_by, row.reviewed_on = Status.DRAFT, None, None
    row.save(update_fields=["status", "reviewed_by", "reviewed_on"])
    _write(row, "send_back", "退回裁量基准", by, on, note=reason.strip())
    return row


@transaction.atomic
def publish(row: BenchmarkSet, *, by: Officer) -> BenchmarkSet:
    """A head publishes what another has reviewed and a third has drafted; refused with every place while there are faults.

    From then the database refuses every change of the set and of its tables.
    """
    row, on = _locked(row, Status.REVIEWED), clock.today()
    _require(by, row.organ, on, PUBLISHERS, "公布裁量基准")
    if by.pk in (row.drafted_by_id, row.reviewed_by_id):
        raise NotCompetent("起草、审核、公布应当由三个人分别办理。")
    if faults := _blocking(row):
        raise NotPublishable(faults)
    tables = list(row.benchmarks.values_list("code", "body"))
    row.status, row.published_by, row.published_on = Status.PUBLISHED, by, on
    row.digest = sha256_text(
        canonical([row.title, row.since.isoformat(), row.bands, row.facts, row.leniencies, tables])
    )
    row.save(update_fields=["status", "published_by", "published_on", "digest"])
    _write(
        row, "publish", "公布裁量基准", by, on, after={"tables": len(tables), "since": row.since, "digest": row.digest}
    )
    return row


@transaction.atomic
def end(row: BenchmarkSet, *, by: Officer, on: date, reason: str) -> BenchmarkSet:
    """A published set stops to apply from a day on; its text stays as it was. A later version does that by itself."""
    row, today = _locked(row, Status.PUBLISHED), clock.today()
    _require(by, row.organ, today, PUBLISHERS, "停止适用裁量基准")
    if row.ended_on is not None:
        raise OutOfOrder("该基准已经停止适用。")
    if not reason.strip():
        raise Invalid({"reason": "请写明停止适用的理由和文件。"})
    if on <= row.since:
        raise Invalid({"on": "停止适用的日期应当晚于施行日期。"})
    row.ended_on, row.ended_reason = on, reason.strip()[:200]
    row.save(update_fields=["ended_on", "ended_reason"])
    _write(row, "end", "停止适用裁量基准", by, today, note=reason.strip(), after={"on": on})
    return row


@transaction.atomic
def remove(row: BenchmarkSet, *, by: Officer) -> None:
    """Throw a draft away; its record stays."""
    row, on = _locked(row, Status.DRAFT), clock.today()
    _require(by, row.organ, on, DRAFTERS, "删除草稿")
    _write(row, "remove", "删除裁量基准草稿", by, on, before={"title": row.title, "tables": row.benchmarks.count()})
    row.delete()
