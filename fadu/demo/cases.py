"""Forty-three cases from visits, complaints and transfers, spread over every state of the ordinary procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

from fadu.demo.acting import Work, after, at, moment, workday
from fadu.demo.people import Staff
from fadu.inspection.models import Visit
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.statutes import WSL
from fadu.penalty.models import PenaltyCase
from fadu.penalty.services import register_clue
from fadu.subject import idnumber
from fadu.subject.models import Subject

# cause, the item of 安全生产法 it falls under, the provision violated, the fine proposed in yuan
CAUSES = (
    ("未如实记录安全生产教育和培训情况", WSL[97, None, 4], "《安全生产法》第二十八条第四款", "20000"),
    ("未将事故隐患排查治理情况如实记录", WSL[97, None, 5], "《安全生产法》第四十一条第二款", "30000"),
    ("特种作业人员未取得相应资格上岗作业", WSL[97, None, 7], "《安全生产法》第三十条第一款", "60000"),
    ("未定期组织应急救援预案演练", WSL[97, None, 6], "《安全生产法》第八十一条", "15000"),
)
# the item of the list of powers by which each is filed
POWERS = {cause: power for (cause, *_), power in zip(CAUSES, ("B010", "B011", "B013", "B012"), strict=True)}
# what the benchmark asks of each cause, so that the fines above lie in the lightest tier but that of the third cause
CIRCUMSTANCES: tuple[dict[str, Any], ...] = (
    {"persons": 3, "forged": False},
    {"items": 2, "major": False},
    {"persons": 2, "dangerous": False},
    {"drills": 1, "lacks": False, "no_plan": False, "high_risk": False},
)
# where unit and principal are fined after an order that ran out: 120,000 and 20,000 yuan
ONE_PERSON = {"persons": 1, "dangerous": False}
DEPARTING = 35  # one archived case leaves the range of its tier
# how far each case goes; every state of the procedure is among them
GOALS = (
    "clue", "clue", "refused", "filing", "investigating", "investigating", "investigating", "concluded", "concluded", "exempted",
    "transferred", "transferred_reply", "notified", "notified", "hearing", "defended", "considered", "considered", "returned", "reviewed",
    "discussed", "deciding", "decided", "decided", "served", "served", "published", "published", "part_paid", "performed", "heard",
    "closing", "closed", "closed", "archived", "archived", "archived", "archived", "changed", "late", "court", "demanded", "performed",
)  # fmt: skip
# the item of the list of no penalty (裁量基准所附清单) and the fact for each of its conditions
NO_FAULT_LISTED = {
    "leniency": "no_fault",
    "leniency_facts": ["提供了台账照片", "台账照片与原件核对一致，事发时已经按规定履行"],
}
# working days that each goal needs before today, so that the last act is recent
REACH = {"clue": 2, "refused": 9, "filing": 3, "investigating": 8, "concluded": 11, "exempted": 16, "transferred": 12, "transferred_reply": 16,
         "notified": 12, "hearing": 14, "defended": 14, "considered": 20, "returned": 23, "reviewed": 23, "discussed": 24, "deciding": 25,
         "decided": 27, "served": 29, "published": 31, "part_paid": 33, "performed": 35, "closing": 37, "closed": 40, "archived": 44,
         "changed": 44, "late": 90, "heard": 43, "demanded": 60, "court": 230}  # fmt: skip
ORDER = ("clue", "filing", "investigating", "concluded", "notified", "defended", "considered", "reviewed", "discussed", "deciding", "decided",
         "served", "published", "part_paid", "performed", "closing", "closed", "archived")  # fmt: skip


def number_of_nobody(serial: int) -> str:
    """An ID number with a right check digit, of nobody."""
    body = f"14040019800101{serial:03}"
    return next(body + digit for digit in "0123456789X" if not idnumber.problem(body + digit, clock.today()))


def build(staffs: list[Staff], subjects: list[Subject], visits: list[Visit], last: date) -> list[PenaltyCase]:
    """Open the cases and carry each to its goal."""
    city = staffs[0]
    own = [s for s in subjects if s.organ_id == city.organ.pk]
    referable = [
        v
        for v in visits
        if v.organ_id == city.organ.pk
        and v.findings.exists()
        and v.stage.name in ("RECTIFYING", "CORRECTED", "CLOSED", "FINISHED")
    ]
    found = []
    for number, goal in enumerate(GOALS):
        start = workday(last, -REACH[goal] - number % 4)
        cause, article, violated, fine = CAUSES[number % 4]
        visit = (
            next((v for v in referable if v.started_at and v.started_at.date() <= start), None)
            if number % 3 == 0
            else None
        )
        subject = visit.subject if visit else own[number * 2 % len(own)]
        if visit:
            referable.remove(visit)
        pair = (city.officers[number % 3], city.officers[(number + 1) % 3])
        with at(start, 9):
            case = register_clue(
                organ=city.organ, by=pair[0], source=("complaint", "transfer", "assigned")[number % 3], cause=cause,
                clue=f"示例线索：{subject.name}{cause}。", subject=subject, received_on=start, found_on=start, visit=visit,
            )  # fmt: skip
        work = Work(city, case, start, pair, last)
        Story(work, goal, number, article, violated, fine).run()
        found.append(work.fresh())
    return found


class Story:
    """One case on its way to its goal; each part goes on some working days and takes the steps of that stage."""

    def __init__(self, work: Work, goal: str, number: int, article: Any, violated: str, fine: str) -> None:
        self.work, self.goal, self.number = work, goal, number
        self.article, self.violated, self.fine = article, violated, fine
        self.side = goal not in ORDER
        self.departs = number == DEPARTING
        self.person = number % 5 == 2

    @property
    def case(self) -> PenaltyCase:
        """The case as it stands."""
        assert isinstance(self.work.matter, PenaltyCase)
        return self.work.matter

    def upto(self, stage: str) -> bool:
        """Does the case go at least as far as ``stage``?"""
        ends = {"refused": "clue", "exempted": "concluded", "transferred": "investigating", "transferred_reply": "investigating",
                "hearing": "notified", "returned": "considered", "changed": "closed", "late": "decided", "heard": "served",
                "demanded": "published", "court": "published"}  # fmt: skip
        return ORDER.index(ends.get(self.goal, self.goal)) >= ORDER.index(stage)

    def run(self) -> None:
        """Take the steps, stage by stage, until the goal."""
        if self.goal == "clue":
            return
        if self.goal == "refused":
            self.work.on(2)
            self.work.approve(
                "refuse_filing",
                facts="核查未发现所反映的情况。",
                reason="没有违法事实。",
                basis="《行政处罚法》第五十四条第二款",
                informing="已告知举报人。",
            )
            return
        if self.goal == "filing":
            self.work.on(1)
            with at(self.work.day, 10):
                self.work.propose("file", **self.filing())
            return
        for stage, part in (("investigating", self.investigate), ("concluded", self.conclude), ("notified", self.notify), ("defended", self.defend),
                            ("considered", self.consider), ("reviewed", self.review), ("discussed", self.discuss), ("deciding", self.decide),
                            ("served", self.serve), ("published", self.publish), ("part_paid", self.pay), ("performed", self.perform),
                            ("closing", self.close), ("archived", self.archive)):  # fmt: skip
            if not self.upto(stage):
                break
            part()
        self.aside()

    def filing(self) -> dict[str, Any]:
        """What the filing enters."""
        persons = [{"name": "郝示戊", "kind": "principal", "sex": "男", "identity": number_of_nobody(self.number + 1), "post": "主要负责人",
                    "employer": self.case.party_names[:100], "address": "示例小区1号", "phone": ""}] if self.person else []  # fmt: skip
        return {
            "cause": self.case.cause,
            "power": POWERS[self.case.cause],
            "acted_on": self.case.found_on.isoformat(),
            "place": self.case.place,
            "facts": self.case.clue,
            "persons": persons,
        }

    def investigate(self) -> None:
        """立案、询问、取证、查证"""
        work = self.work
        work.on(2)
        work.approve("file", **self.filing())
        work.on(3)
        day = work.day
        with at(day, 11):
            work.take(
                "question", started_at=moment(day, 9), ended_at=moment(day, 10), place="本局询问室", asked_name="郝示戊", asked_sex="男",
                asked_id_no=number_of_nobody(self.number + 1), recorder=work.pair[1].name, identity_answer="看清楚了，清楚自己的权利义务。",
                recusal_answer="不申请回避。", qa=[{"q": "请说明有关情况。", "a": "确有疏漏，已经着手改正。"}],
            )  # fmt: skip
        with at(day, 15):
            work.take("take_evidence", kind="documentary", name="现场调取的台账", proves="反映违法事实", obtained_on=day.isoformat(), place=self.case.place,
                      by_party=self.goal == "exempted", file=work.keep("台账照片"))  # fmt: skip
            work.take(
                "verify_evidence",
                evidence=list(self.case.evidence.values_list("pk", flat=True)),
                how="与原件核对一致，来源清楚。",
            )

    def conclude(self) -> None:
        """调查终结"""
        work = self.work
        work.on(3)
        key = next(p.id for p in law.provisions(self.case.found_on, WSL) if p.article == self.article)
        weighed: dict[str, Any] = {
            "circumstances": ONE_PERSON if self.person and self.number % 4 == 2 else CIRCUMSTANCES[self.number % 4],
            "fine_reason": "涉及的数量、违法行为的性质和改正情况与本档相当。",
        }
        if self.departs:
            weighed |= {
                "circumstances": CIRCUMSTANCES[3] | {"drills": 2},
                "departure": "示例：初创的小微企业，已经补办演练，按本档处罚明显过重。",
            }
        rows: list[dict[str, Any]] = [{"party": 1, "provision": key, "fine": self.fine, "measures": [], **weighed}]
        if self.goal == "exempted":
            rows = [
                {
                    "party": 1,
                    "exemption": "NO_FAULT",
                    "exemption_reason": "当事人提供的证据足以证明没有主观过错。",
                    **NO_FAULT_LISTED,
                    "education": "当面教育并发放资料。",
                }
            ]
        if self.person:
            rows.append(
                {
                    "party": 2,
                    "exemption": "NO_FAULT",
                    "exemption_reason": "已提供履行职责的证据，没有主观过错。",
                    **NO_FAULT_LISTED,
                    "education": "当面教育。",
                }
            )
        if self.person and self.goal != "exempted":
            with at(work.day, 9):
                rows[-1] = {
                    "party": 2,
                    "provision": self.person_provision(),
                    "fine": "20000",
                    "measures": [],
                    "order_due": after(self.case.found_on, 3).isoformat(),
                    "order_obeyed": "no",
                    **weighed,
                }
                rows[0] |= {
                    "order_due": after(self.case.found_on, 3).isoformat(),
                    "order_obeyed": "no",
                    "fine": "120000",
                }
        with at(work.day, 14):
            work.take("conclude", proposals=rows, course="依法立案、询问、取证。", facts_found=f"经查，{self.case.party_names}{self.case.cause}。",
                      violated=self.violated, nature="生产经营单位违反法定义务，责任清楚。", discretion="根据情节和改正情况提出。", correction="责令改正。")  # fmt: skip

    def person_provision(self) -> str:
        """The same item fines those responsible when the order was not obeyed."""
        return next(p.id for p in law.provisions(self.case.found_on, WSL) if p.article == self.article)

    def serve_each(self, step: str) -> None:
        """Serve every party's papers in person."""
        for party in self.case.parties.all():
            if step == "serve_notice" and party.exemption:
                continue
            self.work.take(
                step, party=party.ordinal, method="in_person", served_on=self.work.day.isoformat(), receiver=party.name if party.is_person else "郝示戊",
                details={"capacity": "本人" if party.is_person else "主要负责人"}, proof=self.work.keep("送达回执"),
            )  # fmt: skip

    def notify(self) -> None:
        """告知并送达"""
        self.work.on(1)
        with at(self.work.day, 10):
            self.work.take("notify")
            self.serve_each("serve_notice")

    def defend(self) -> None:
        """陈述申辩, or the hearing where one was asked for"""
        if self.goal == "heard":
            self.hear()
            return
        work = self.work
        work.on(1)
        day = work.day
        with at(day, 11):
            work.take("record_defence", party=1, started_at=moment(day, 9), ended_at=moment(day, 9, 40), place="本局", speaker_name="郝示戊",
                      speaker_capacity="主要负责人", recorder=work.pair[1].name, statement="已经改正，请求从轻处理。", materials="整改照片")  # fmt: skip

    def hear(self) -> None:
        """听证：要求、指定主持人、通知、送达、举行、报告"""
        work, staff = self.work, self.work.staff
        assert staff.legal
        assert staff.clerk
        work.on(2)
        with at(work.day, 10):
            work.take("request_hearing", by=staff.clerk, party=1, reason="当事人书面要求听证。")
            work.take("appoint_host", by=staff.head, host=staff.legal.pk, recorder=staff.clerk.pk, members="")
        held = workday(work.day, 10)
        with at(work.day, 15):
            work.take(
                "notify_hearing",
                by=staff.legal,
                held_at=moment(held, 9),
                place="示例会议室",
                manner="公开",
                closed_reason="",
            )
        work.on(1)
        with at(work.day, 10):
            self.serve_each("serve_hearing_notice")
        work.day = held
        with at(held, 12):
            work.take(
                "hold_hearing", by=staff.clerk, started_at=moment(held, 9), ended_at=moment(held, 10, 30), place="示例会议室",
                accusation="说明违法事实，出示证据，提出处罚建议。", defence="认可事实，请求从轻处罚。", debate="", last_words="请求从轻处罚。",
                confirmation="交当事人核对无误后签名。",
                attendance=[{"party": 1, "status": "出席", "speaker": "郝示戊", "agents": ""}],
            )  # fmt: skip
        work.on(2)
        with at(work.day, 10):
            work.take(
                "report_hearing",
                by=staff.legal,
                summary="公开举行，当事人出席。",
                opinion="事实清楚，证据确凿，建议维持。",
            )

    def enforce(self) -> None:
        """催告，期满后申请人民法院强制执行"""
        work = self.work
        if self.goal == "demanded":
            work.on(13)
        else:
            remedies = self.case.deadlines.filter(name="提起行政诉讼", cancelled_on=None).latest("pk").last_day
            work.day = workday(remedies, -12)
        with at(work.day, 10):
            work.take("demand", party=1)
            paper = self.case.case_file.papers.get(kind="DEMAND")
            work.take(
                "serve_paper", party=1, paper=paper.pk, method="in_person", served_on=work.day.isoformat(), receiver="郝示戊",
                details={"capacity": "主要负责人"}, proof=work.keep("催告书送达回执"),
            )  # fmt: skip
        if self.goal == "court":
            work.on(14)
            work.approve("apply_court", party=1, court="示例区人民法院", subject_matter="示例银行账户存款。")

    def consider(self) -> None:
        """期限届满后复核"""
        work = self.work
        work.on(7)
        with at(work.day, 10):
            heard: dict[str, Any] = {
                "points": [{"party": 1, "finding": "改正属实，拟处罚中已经考虑", "adopted": "部分采纳"}]
            }
            if self.goal == "heard":
                heard = {"points": [], "hearing_finding": "听证笔录证明的事实与告知一致，维持拟处罚。"}
            work.take("consider", revised=[], conclusion="维持拟处罚。", **heard)

    def review(self) -> None:
        """法制审核（属于应当审核的）"""
        work = self.work
        work.on(2)
        if self.needs_review():
            with at(work.day, 10):
                work.take("review", by=work.staff.legal, verdict="同意", reason="主体合法，事实清楚，证据确凿，适用法律准确，程序合法。",
                          items=[{"item": "程序是否合法", "conclusion": "符合", "note": ""}])  # fmt: skip

    def needs_review(self) -> bool:
        """Is the fine at or above the threshold for a hearing, or that of a person?"""
        return self.person or int(self.fine) >= 50000

    def discuss(self) -> None:
        """集体讨论（情节复杂或者重大的）"""
        work = self.work
        if self.needs_review() or self.departs:
            work.on(1)
            day = work.day
            with at(day, 16):
                assert work.staff.head
                assert work.staff.principal
                work.take(
                    "discuss", by=work.staff.clerk, started_at=moment(day, 14), ended_at=moment(day, 15), place="会议室", reporter=work.pair[0].name,
                    recorder=work.staff.clerk.name if work.staff.clerk else "", observers="", content="案情和处理建议见调查报告。", conclusion="同意处罚建议。",
                    statements=[{"officer": work.staff.head.pk, "opinion": "同意。"}, {"officer": work.staff.principal.pk, "opinion": "同意。"}],
                )  # fmt: skip

    def decide(self) -> None:
        """作出处罚决定"""
        work = self.work
        if self.goal == "late":
            work.day = workday(work.last, -3)
            work.approve("decide", late_reason="示例：等待上级答复法律适用问题，超过了期限。")
            return
        work.on(1)
        if self.goal == "deciding":
            with at(work.day, 10):
                work.propose("decide")
            return
        work.approve("decide", last=work.staff.principal if self.departs else None)

    def serve(self) -> None:
        """送达决定书"""
        self.work.on(1)
        with at(self.work.day, 10):
            self.serve_each("serve_decision")

    def publish(self) -> None:
        """公开"""
        self.work.on(1)
        with at(self.work.day, 15):
            self.work.take(
                "publish",
                by=self.work.staff.publisher,
                facts=self.case.facts_found,
                checked="已与决定书核对一致，个人信息已经隐去。",
            )

    def pay(self) -> None:
        """登记缴款"""
        work = self.work
        work.on(1)
        with at(work.day, 10):
            for party in self.case.parties.exclude(decided={}):
                fine = party.decision_sanctions.fine
                assert fine is not None
                amount = fine / 2 if self.goal == "part_paid" else fine
                work.take("record_payment", by=work.staff.treasurer, party=party.ordinal, voucher=f"示票{self.number + 1:06}-{party.ordinal}",
                          amount=str(amount), paid_on=work.day.isoformat(), file="")  # fmt: skip

    def perform(self) -> None:
        """履行完毕"""
        self.work.on(1)
        with at(self.work.day, 10):
            self.work.take("perform")

    def close(self) -> None:
        """结案"""
        work = self.work
        work.on(2)
        data: dict[str, Any] = {"result": "罚款已缴清。", "execution": "已全部履行。"}
        if self.goal == "closing":
            with at(work.day, 10):
                work.propose("close", **data)
            return
        work.approve("close", **data)

    def archive(self) -> None:
        """归档"""
        self.work.on(2)
        with at(self.work.day, 10):
            self.work.take(
                "archive",
                by=self.work.staff.archivist,
                archive_number=f"示{self.work.day.year}-{self.number + 1}",
                retention="10年",
            )

    def aside(self) -> None:
        """The ends that leave the main line."""
        work = self.work
        match self.goal:
            case "exempted":
                work.on(2)
                work.approve("exempt")
                work.on(1)
                with at(work.day, 10):
                    self.serve_each("serve_exemption")
            case "transferred" | "transferred_reply":
                work.on(1)
                with at(work.day, 9):
                    work.take(
                        "report_crime",
                        offence="危险作业罪",
                        reason="示例：拒不执行停产决定，存在现实危险。",
                        receiving_body="示例市公安局",
                    )
                work.approve(
                    "transfer", last=work.staff.principal, copied_to="示例市人民检察院", handling="尚未作出行政处罚。"
                )
                with at(work.day, 16):
                    work.take("send_transfer", sent_at=moment(work.day, 15, 30), received_by="褚示庚")
                if self.goal == "transferred_reply":
                    work.on(3)
                    with at(work.day, 10):
                        work.take(
                            "record_reply",
                            reply="accepted",
                            reply_on=work.day.isoformat(),
                            document="立案通知书",
                            file=work.keep("立案通知书"),
                        )
            case "demanded" | "court":
                self.enforce()
            case "hearing":
                work.on(2)
                with at(work.day, 10):
                    work.take("request_hearing", party=1, reason="当事人书面要求听证。")
            case "returned":
                work.on(2)
                with at(work.day, 10):
                    work.take("review", by=work.staff.legal, verdict="补充调查", reason="一项证据的来源须补充说明。",
                              items=[{"item": "事实是否清楚，证据是否合法充分", "conclusion": "不符合", "note": "补充来源"}])  # fmt: skip
                    work.take("reinvestigate", by=work.staff.legal, reason="按审核意见补充证据来源。")
            case "changed":
                work.on(1)
                day = work.day.isoformat()
                with at(work.day, 10):
                    work.take(
                        "record_change",
                        by=work.staff.clerk,
                        effective_on=day,
                        body="示例市人民政府",
                        effect="撤销",
                        document="示政复决〔示例〕1号",
                        reason="复议撤销。",
                    )
                    work.take(
                        "withdraw",
                        by=work.staff.publisher,
                        reason="处罚决定已被复议机关撤销。",
                        checked="复议决定书已核对。",
                    )
