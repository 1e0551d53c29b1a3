"""One city bureau and its cases, each brought to its state by real steps on a simulated clock."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from fadu.kernel import clock
from fadu.org.models import Certificate, LegalQualification, Officer, Organ
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.penalty.models import PenaltyCase
from fadu.penalty.services import register_clue
from fadu.procedure.models import Act, Application
from fadu.procedure.services import cosign, opine, submit, take
from fadu.record import services as record
from fadu.subject import idnumber
from fadu.subject.models import Subject
from fadu.subject.tests.universe import enterprise

START = date(2026, 3, 2)  # a Monday; no holiday before Qingming
SERVED_ON = START + timedelta(days=23)
PARTICULARS = {
    "course": "2026年3月依法立案后，执法人员进行了询问并调取了资料。",
    "facts_found": "该单位未如实记录安全生产教育和培训情况。",
    "violated": "《安全生产法》第二十八条第四款",
    "nature": "生产经营单位违反教育培训记录义务，责任明确。",
    "discretion": "经责令限期改正，按期改正，配合调查。",
    "correction": "责令如实记录安全生产教育和培训情况。",
}


def picture(shade: int = 120) -> bytes:
    """A small real PNG, each shade another file."""
    rows = b"".join(b"\0" + b"".join(bytes((shade, (shade + x) % 256, 90)) for x in range(16)) for _ in range(16))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def person_number(serial: int = 1) -> str:
    """An ID number with a right check digit, of nobody."""
    body = f"14040019800101{serial:03}"
    return next(body + last for last in "0123456789X" if not idnumber.problem(body + last, clock.today()))


@dataclass
class Bureau:
    """The city bureau with two certified officers, a qualified reviewer and two heads."""

    organ: Organ
    first: Officer
    second: Officer
    reviewer: Officer
    legal: Officer
    head: Officer
    principal: Officer
    treasurer: Officer
    publisher: Officer
    archivist: Officer
    clerk: Officer
    files: int = field(default=0)
    subject: Subject | None = None  # the enterprise of the cases to come; None: each has another
    acted_on: date = START - timedelta(days=1)

    def keep(self, case: PenaltyCase) -> str:
        """Put a new picture into the case's evidence; its sha256."""
        self.files += 1
        kept = record.keep_evidence(
            picture(self.files % 200), chain=case.chain, name=f"证明{self.files}.png", made_by=self.first.name,
            made_at=clock.now(), place="示例路1号", media="image",
        )  # fmt: skip
        return kept.sha256

    def act(
        self, case: PenaltyCase, step: str, by: Officer | None = None, party: int | None = None, **data: Any
    ) -> Act:
        """Take a step that needs no approval."""
        made = take(case, step, by=by or self.first, data=data, party=party)
        case.refresh_from_db()
        return made

    def approve(
        self, case: PenaltyCase, step: str, late_reason: str = "", last: Officer | None = None, **data: Any
    ) -> Act:
        """Propose a step by both officers and let the chain agree."""
        made = submit(
            case, step, by=self.first, cosigner=self.second, data=data, opinion="建议同意。", late_reason=late_reason
        )
        cosign(made, by=self.second)
        act = None
        for by in (self.reviewer, last or self.head):
            act = opine(Application.objects.get(pk=made.pk), by=by, agreed=True)
        assert act is not None
        case.refresh_from_db()
        return act


def bureau() -> Bureau:
    """Build the bureau."""
    town = people.build()
    organ = town.city
    second = people.officer(organ, "钱示二", Role.CASE_OFFICER)
    made = Bureau(organ, town.of(organ, Role.CASE_OFFICER), second, *(
        town.of(organ, role) for role in (Role.REVIEWER, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.TREASURER,
                                          Role.PUBLISHER, Role.ARCHIVIST, Role.CLERK)
    ))  # fmt: skip
    organ.bank_name, organ.bank_account, organ.bank_account_name = "示例银行", "示0001", "示例市财政局"
    organ.save()
    for number, one in enumerate((made.first, made.second)):
        Certificate.objects.filter(officer=one).delete()
        Certificate.objects.create(
            officer=one,
            number=f"示T-{number}",
            issuer="示例省",
            valid_from=date(2024, 1, 1),
            valid_to=date(2028, 12, 31),
        )
    LegalQualification.objects.get_or_create(
        officer=made.legal, defaults={"number": "示律-1", "obtained_on": date(2015, 5, 5)}
    )
    return made


def clue(town: Bureau, on: date = START) -> PenaltyCase:
    """A clue just registered."""
    with clock.at(on):
        return register_clue(
            organ=town.organ, by=town.first, source="complaint", cause="未如实记录安全生产教育和培训情况", clue="示例线索：培训档案缺页。",
            subject=town.subject or enterprise(town.organ, number=PenaltyCase.objects.count() + 1), received_on=on, found_on=on,
        )  # fmt: skip


def filed(town: Bureau, *, person: bool = False) -> PenaltyCase:
    """A filed case, with its principal as a second party if asked."""
    case = clue(town)
    persons = [{"name": "赵示六", "kind": "principal", "sex": "男", "identity": person_number(), "post": "主要负责人", "employer": "甲山矿业有限公司",
                "address": "示例路2号", "phone": ""}]  # fmt: skip
    with clock.at(START + timedelta(days=1)):
        town.approve(
            case,
            "file",
            cause=case.cause,
            power="B010",
            acted_on=str(town.acted_on),
            place="示例路1号",
            facts="培训档案缺页。",
            persons=persons if person else [],
        )
    return case


def investigated(town: Bureau, *, person: bool = False) -> PenaltyCase:
    """A case with a questioning record and verified evidence."""
    case = filed(town, person=person)
    day = START + timedelta(days=3)
    with clock.at(datetime(day.year, day.month, day.day, 15, 0, tzinfo=clock.BEIJING)):
        town.act(
            case, "question", started_at=f"{day}T09:00", ended_at=f"{day}T10:00", place="本局询问室", asked_name="孙示七", asked_sex="女",
            asked_id_no=person_number(7), recorder="钱示二", identity_answer="看清楚了，清楚。", recusal_answer="不申请。",
            qa=[{"q": "培训有记录吗？", "a": "有缺页。"}],
        )  # fmt: skip
        town.act(
            case, "take_evidence", kind="documentary", name="培训档案", proves="记录缺页", obtained_on=str(day), place="示例路1号",
            by_party=False, file=town.keep(case),
        )  # fmt: skip
        town.act(
            case, "verify_evidence", evidence=list(case.evidence.values_list("pk", flat=True)), how="与原件核对一致。"
        )
    return case


def concluded(town: Bureau, proposals: list[dict[str, Any]] | None = None, *, person: bool = False) -> PenaltyCase:
    """An investigation concluded with proposals (a fine of 60,000 on the unit by default)."""
    case = investigated(town, person=person)
    rows = proposals or [{"party": 1, "provision": provision(), "fine": "60000", "measures": []}]
    with clock.at(START + timedelta(days=7)):
        town.act(case, "conclude", proposals=rows, **PARTICULARS)
    return case


def provision() -> str:
    """The id of 安全生产法 97 (四): training not truthfully recorded."""
    from fadu.law import queries as law
    from fadu.law.statutes import WSL

    return next(p.id for p in law.provisions(START, WSL) if p.article == WSL[97, None, 4])


def notified(town: Bureau, proposals: list[dict[str, Any]] | None = None, *, person: bool = False) -> PenaltyCase:
    """Every party was served with its notice on the day."""
    case = concluded(town, proposals, person=person)
    with clock.at(START + timedelta(days=8)):
        town.act(case, "notify")
        for party in case.parties.all():
            serve(town, case, "serve_notice", party.ordinal)
    return case


def serve(town: Bureau, case: PenaltyCase, step: str, number: int) -> Act:
    """Serve a party's papers in person today."""
    party = case.parties.get(ordinal=number)
    return town.act(
        case, step, party=number, method="in_person", served_on=str(clock.today()), receiver=party.name if party.is_person else "周示八",
        details={"capacity": "本人" if party.is_person else "主要负责人"}, proof=town.keep(case),
    )  # fmt: skip


def considered(town: Bureau, proposals: list[dict[str, Any]] | None = None, *, person: bool = False) -> PenaltyCase:
    """The unit defended itself, persons waived; the defence was considered after the window for a hearing had closed."""
    case = notified(town, proposals, person=person)
    day = START + timedelta(days=9)
    with clock.at(datetime(day.year, day.month, day.day, 15, 0, tzinfo=clock.BEIJING)):
        town.act(
            case, "record_defence", party=1, started_at=f"{day}T09:00", ended_at=f"{day}T09:30", place="本局", speaker_name="周示八",
            speaker_capacity="主要负责人", recorder="钱示二", statement="已经补齐记录，请求从轻。", materials="",
        )  # fmt: skip
        for party in case.parties.exclude(ordinal=1):
            town.act(case, "waive", party=party.ordinal, waived_on=str(day), proof=town.keep(case))
    with clock.at(START + timedelta(days=18)):
        town.act(
            case,
            "consider",
            points=[{"party": 1, "finding": "补齐记录属实，已在裁量中考虑", "adopted": "部分采纳"}],
            revised=[],
            conclusion="维持拟处罚。",
        )
    return case


def reviewed(town: Bureau, *, person: bool = False, proposals: list[dict[str, Any]] | None = None) -> PenaltyCase:
    """Legally reviewed, and discussed by two heads."""
    case = considered(town, proposals, person=person)
    day = START + timedelta(days=21)
    with clock.at(datetime(day.year, day.month, day.day, 16, 0, tzinfo=clock.BEIJING)):
        items = [{"item": "程序是否合法", "conclusion": "符合", "note": ""}]
        town.act(case, "review", by=town.legal, verdict="同意", reason="事实清楚，证据确凿，程序合法。", items=items)
        town.act(
            case, "discuss", by=town.clerk, started_at=f"{day}T14:00", ended_at=f"{day}T15:00", place="会议室", reporter="李示一", recorder="钱示二",
            observers="", content="案情和处理建议见调查报告。", conclusion="同意处罚建议。",
            statements=[{"officer": town.head.pk, "opinion": "同意。"}, {"officer": town.principal.pk, "opinion": "同意。"}],
        )  # fmt: skip
    return case


def decided(town: Bureau, *, person: bool = False, proposals: list[dict[str, Any]] | None = None) -> PenaltyCase:
    """The decision is made."""
    case = reviewed(town, person=person, proposals=proposals)
    with clock.at(START + timedelta(days=22)):
        town.approve(case, "decide")
    return case


def served(town: Bureau, *, person: bool = False, proposals: list[dict[str, Any]] | None = None) -> PenaltyCase:
    """Every decision is served."""
    case = decided(town, person=person, proposals=proposals)
    with clock.at(START + timedelta(days=23)):
        for party in case.parties.all():
            serve(town, case, "serve_decision", party.ordinal)
    return case


def archived(town: Bureau, *, person: bool = False, proposals: list[dict[str, Any]] | None = None) -> PenaltyCase:
    """Published, paid, performed, closed and archived."""
    case = served(town, person=person, proposals=proposals)
    with clock.at(START + timedelta(days=24)):
        town.act(
            case,
            "publish",
            by=town.publisher,
            facts="该单位（负责人周示八）未如实记录培训情况。",
            checked="与决定书一致。",
        )
        for party in case.parties.all():
            town.act(
                case, "record_payment", by=town.treasurer, party=party.ordinal, voucher=f"示票{case.pk}-{party.ordinal}",
                amount=str(party.decision_sanctions.fine), paid_on=str(clock.today()), file="",
            )  # fmt: skip
        town.act(case, "perform")
    with clock.at(START + timedelta(days=28)):
        town.approve(case, "close", result="罚款已缴清。", execution="已履行。")
        town.act(case, "archive", by=town.archivist, archive_number="2026-1", retention="10年")
    return case
