"""A small bureau for tests: two certified officers, reviewer, head, clerk, one enterprise; driven by real steps."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image

from fadu.inspection.models import Checklist, Visit
from fadu.inspection.services import plan_visit
from fadu.kernel import clock
from fadu.org import services as org
from fadu.org.models import Division, Officer, Organ, Post
from fadu.org.roles import Role
from fadu.procedure.models import Act
from fadu.procedure.services import cosign, opine, submit, take
from fadu.record.services import keep_evidence
from fadu.subject.models import Subject

PASSWORD = "shili-2026-baoding"
SINCE = date(2020, 1, 1)
VISIT_DAY = date(2026, 3, 10)  # a Tuesday


def at(day: date, hour: int = 9, minute: int = 0) -> Any:
    """The clock set to a moment in Beijing."""
    return clock.at(datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BEIJING))


def moment(day: date, hour: int, minute: int = 0) -> str:
    """A moment as a form's payload carries it."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.BEIJING).isoformat()


def picture(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def stroke(shade: int = 0) -> bytes:
    """A small signature."""
    out = io.BytesIO()
    Image.new("RGBA", (60, 20), (shade, 0, 0, 255)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Bureau:
    """The people and the enterprise."""

    organ: Organ
    officers: dict[Role, Officer] = field(default_factory=dict)
    second: Officer | None = None
    third: Officer | None = None
    subject: Subject | None = None

    @property
    def first(self) -> Officer:
        """The first case officer."""
        return self.officers[Role.CASE_OFFICER]

    @property
    def both(self) -> list[Officer]:
        """The two officers of a visit."""
        assert self.second is not None
        return [self.first, self.second]


def certified(person: Officer, number: str, until: date = date(2030, 12, 31)) -> None:
    """Give a person an enforcement certificate."""
    org.issue_certificate(person, number=number, issuer="示例省人民政府", valid_from=SINCE, valid_to=until)


def appoint(organ: Organ, name: str, role: Role, title: str = "") -> Officer:
    """A person with a post of their own since 2020."""
    person = Officer.objects.create(name=name, sex="male")
    principal = role is Role.PRINCIPAL_HEAD
    post = Post.objects.create(
        organ=organ, title=title or role.title, roles=[] if principal else [role.value], is_principal=principal
    )
    org.appoint(person, post, starts_on=SINCE)
    return person


def build(prefix: str = "示", name: str = "示例市应急管理局", short: str = "示例局") -> Bureau:
    """An organ with a person in every role, two more certified officers, and an enterprise."""
    organ = Organ.objects.create(
        name=name, short=short, prefix=prefix, level="city", division=Division.objects.get(code="1404"), address="示例市示例路1号",
        postcode="046000", phone="0355-2000000", reconsideration_body="示例市人民政府", court="示例区人民法院",
    )  # fmt: skip
    bureau = Bureau(organ)
    for number, role in enumerate(Role, start=1):
        bureau.officers[role] = appoint(organ, f"李{prefix}{number}", role)
    bureau.second = appoint(organ, f"王{prefix}二", Role.CASE_OFFICER, "执法二科科员")
    bureau.third = appoint(organ, f"赵{prefix}三", Role.CASE_OFFICER, "执法三科科员")
    for person, number in ((bureau.first, "0001"), (bureau.second, "0002"), (bureau.third, "0003")):
        certified(person, f"{prefix}A-{number}")
    bureau.subject = Subject.objects.create(
        name=f"{prefix}甲冶炼有限公司", no_code_reason="测试用的虚构企业，没有代码", sector="industry", division_id="140403", organ=organ,
        address="示例市示例工业园1号", legal_representative="张某一", principal="张某一",
    )  # fmt: skip
    return bureau


def planned(bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """A visit whose plan was drawn up the day before."""
    assert bureau.subject is not None
    with at(day - timedelta(days=1)):
        given = {"checklists": list(Checklist.objects.filter(code__in=["general"])), "officers": bureau.both} | values
        return plan_visit(
            organ=bureau.organ,
            by=bureau.first,
            subject=bureau.subject,
            reason=Visit.Reason.ANNUAL_PLAN,
            planned_on=day,
            **given,
        )


def fresh(visit: Visit) -> Visit:
    """The row as it now stands."""
    return Visit.objects.get(pk=visit.pk)


def approve(
    visit: Visit,
    bureau: Bureau,
    step: str = "arrange",
    day: date = VISIT_DAY - timedelta(days=1),
    data: Mapping[str, Any] | None = None,
) -> Act | None:
    """Two officers propose, the reviewer agrees, the head agrees."""
    first, second = bureau.both
    with at(day, 10):
        application = submit(visit, step, by=first, data=data or {}, opinion="拟按计划检查，请审批。", cosigner=second)
        cosign(application, by=second)
        opine(application, by=bureau.officers[Role.REVIEWER], agreed=True)
        return opine(application, by=bureau.officers[Role.AGENCY_HEAD], agreed=True, reason="同意。")


def arranged(bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """A visit whose plan the head has approved."""
    visit = planned(bureau, day, **values)
    approve(visit, bureau, day=day - timedelta(days=1))
    return fresh(visit)


def begin(visit: Visit, bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """The officers arrive and show their certificates."""
    data = {
        "started_at": moment(day, 9, 30), "shown_at": moment(day, 9, 28), "officers": [o.pk for o in bureau.both], "met_name": "张某一",
        "met_post": "总经理", "accompanied_by": "刘某二", "place": "",
    } | values  # fmt: skip
    with at(day, 9, 31):
        take(visit, "begin", by=bureau.first, data=data)
    return fresh(visit)


def on_site(bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """A visit under way."""
    return begin(arranged(bureau, day, **values), bureau, day)


def kept(visit: Visit, content: bytes, name: str = "现场照片.jpg", who: str = "李示1") -> str:
    """A picture kept in the visit's evidence; returns its sha256."""
    file = keep_evidence(
        content,
        chain=visit.chain,
        name=name,
        made_by=who,
        made_at=clock.now(),
        place="示例市示例工业园1号",
        media="image",
    )
    return file.sha256


def check(visit: Visit, bureau: Bureau, *bad: str, day: date = VISIT_DAY, **of_bad: Any) -> Visit:
    """Every item checked; those whose code stands in ``bad`` fail."""
    with at(day, 10):
        rows = []
        for item in visit.items():
            row: dict[str, Any] = {"item": item.pk, "result": "bad" if item.code in bad else "ok"}
            if item.code in bad:
                row |= {"text": f"2号车间：{item.content}，经查没有做到。", **of_bad}
            rows.append(row)
        take(visit, "check", by=bureau.first, data={"results": rows})
    return fresh(visit)


def signatures(visit: Visit, bureau: Bureau, *, refused: bool = False) -> dict[str, Any]:
    """The pads of both officers and of the enterprise (or its refusal)."""
    drawn = {str(o.pk): kept(visit, stroke(10 + n), f"{o.name}签名.png", o.name) for n, o in enumerate(bureau.both)}
    met: dict[str, Any] = {"name": "张某一", "post": "总经理"}
    if refused:
        met |= {"refusal": "张某一看过记录后称需要请示，拒绝签名。", "witnesses": ["示例园区管委会 陈某"]}
    else:
        met["image"] = kept(visit, stroke(99), "张某一签名.png", "张某一")
    return {"signatures": drawn, "met": met}


def finish(visit: Visit, bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """The record is signed."""
    refused = values.pop("refused", False)
    with at(day, 11, 30):
        data = {
            "ended_at": moment(day, 11, 20),
            "site_opinion": "情况属实。",
            **signatures(visit, bureau, refused=refused),
        } | values
        take(visit, "finish", by=bureau.first, data=data)
    return fresh(visit)


def finished(bureau: Bureau, *bad: str, day: date = VISIT_DAY) -> Visit:
    """A visit that has ended; the items in ``bad`` failed."""
    return finish(check(on_site(bureau, day), bureau, *bad, day=day), bureau, day)


def order(visit: Visit, bureau: Bureau, due: Mapping[int, date] | None = None, day: date = VISIT_DAY) -> Visit:
    """An order with a date per item (30 days when none is said)."""
    terms = due or {f.ordinal: day + timedelta(days=30) for f in visit.findings.exclude(corrected=True)}
    with at(day, 11, 40):
        take(
            visit,
            "order",
            by=bureau.first,
            data={"terms": [{"finding": n, "due": d.isoformat()} for n, d in terms.items()]},
        )
    return fresh(visit)


def serve(visit: Visit, bureau: Bureau, day: date = VISIT_DAY, **values: Any) -> Visit:
    """The order is handed over in person."""
    with at(day, 11, 50):
        proof = kept(visit, stroke(77), "送达回执.png", "张某一")
        data = {
            "method": "in_person", "served_on": day.isoformat(), "receiver": "张某一", "details": {"capacity": "主要负责人"}, "proof": proof,
        } | values  # fmt: skip
        take(visit, "serve", by=bureau.first, data=data)
    return fresh(visit)


def rectifying(bureau: Bureau, *bad: str, due: Mapping[int, date] | None = None) -> Visit:
    """A visit with an order that was served on the day of the visit."""
    visit = order(finished(bureau, *(bad or ("G-10", "G-15"))), bureau, due)
    return serve(visit, bureau)


def reinspect(visit: Visit, bureau: Bureau, results: Mapping[int, bool], day: date, **values: Any) -> Visit:
    """Both officers come back."""
    with at(day, 10):
        rows = [{"finding": n, "corrected": done, "note": "" if done else "仍未整改"} for n, done in results.items()]
        data = {"officers": [o.pk for o in bureau.both], "results": rows, "opinion": "整改情况如上，逐项列明。"}
        late_reason = values.pop("late_reason", "")
        take(visit, "reinspect", by=bureau.first, data=data | values, late_reason=late_reason)
    return fresh(visit)
