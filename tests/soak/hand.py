"""A process that takes real steps on any matter it finds until its time is over: ``python -m tests.soak.hand build|work``.

What the database has confirmed is written as one line of JSON to standard output at once, so that whoever started the
process can later ask for it. The process may be killed at any moment; it survives a database that dies.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import datetime, timedelta
from typing import Any

SUBJECTS = 8
CASES = 6  # open at once: few, so that hands meet


def setup() -> None:
    """Django, on the database that the environment names, which is in use as long as this process lives."""
    import django

    from fadu.config import database

    database.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    django.setup()


def build() -> None:
    """One bureau and a few enterprises, committed."""
    from django.db import transaction

    from fadu.penalty.tests import universe
    from fadu.subject.tests.universe import enterprise

    with transaction.atomic():
        town = universe.bureau()
        for number in range(1, SUBJECTS + 1):
            enterprise(town.organ, f"第{number}号示例矿业有限公司", number)


def bureau() -> Any:
    """The people of the bureau that was built."""
    from fadu.org.models import Officer, Organ
    from fadu.org.roles import Role
    from fadu.penalty.tests.universe import Bureau

    organ = Organ.objects.get(parent=None)

    def of(role: Role) -> Officer:
        return Officer.objects.filter(
            appointments__post__organ=organ, appointments__post__roles__contains=[role.value]
        ).order_by("pk")[0]

    return Bureau(organ, of(Role.CASE_OFFICER), Officer.objects.get(name="钱示二"), *(of(role) for role in (
        Role.REVIEWER, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.TREASURER, Role.PUBLISHER,
        Role.ARCHIVIST, Role.CLERK)))  # fmt: skip


class Hand:
    """Takes the next lawful step of whatever case it is given, as the person whose turn it is."""

    def __init__(self, seed: int) -> None:
        self.town = bureau()
        self.dice = random.Random(seed)
        self.town.files = seed * 1000  # pictures of its own

    def at(self, days: int, hour: int = 16) -> Any:
        """The clock, that many days after the cases began."""
        from fadu.kernel import clock
        from fadu.penalty.tests.universe import START

        day = START + timedelta(days=days)
        return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=clock.BEIJING))

    def once(self) -> dict[str, Any]:
        """One act on one matter, old or new; what was done, once it is committed."""
        from fadu.penalty.models import PenaltyCase
        from fadu.penalty.services import register_clue
        from fadu.penalty.tests.universe import START
        from fadu.procedure.models import Application
        from fadu.subject.models import Subject

        working = list(PenaltyCase.objects.exclude(state="ARCHIVED").order_by("pk"))
        if len(working) < CASES:
            with self.at(0):
                made = register_clue(
                    organ=self.town.organ, by=self.town.clerk, source="complaint", cause="未如实记录培训情况", clue="示例线索",
                    subject=self.dice.choice(list(Subject.objects.all())), received_on=START, found_on=START,
                )  # fmt: skip
            return {"matter": made.pk, "ordinal": 1}
        case = self.dice.choice(working)
        waiting = Application.objects.filter(matter=case, status__in=["cosign", "pending"]).first()
        if waiting is not None:
            return self.sign(waiting)
        return self.step(case)

    def sign(self, application: Any) -> dict[str, Any]:
        """The signature that an application waits for; one in eight is returned."""
        from fadu.procedure.services import cosign, opine

        days = {"file": 1, "decide": 22, "close": 28}[application.step]
        with self.at(days):
            if application.status == "cosign":
                cosign(application, by=self.town.second)
                return {"application": application.pk, "opinions": 0}
            agreed = self.dice.random() > 0.125
            stage = application.stage
            by = (self.town.reviewer, self.town.head)[stage]
            act = opine(application, by=by, agreed=agreed, reason="同意。" if agreed else "请补充。", stage=stage)
        done = {"application": application.pk, "opinions": stage + 1}
        return done | ({"matter": act.matter_id, "ordinal": act.ordinal} if act else {})

    def step(self, case: Any) -> dict[str, Any]:
        """The next step of the main line in the case's state."""
        from fadu.penalty.tests import universe
        from fadu.penalty.tests.universe import START

        town, taken = self.town, set(case.acts.values_list("step", flat=True))
        day = {n: str(START + timedelta(days=n)) for n in range(40)}
        match case.state:
            case "CLUE":
                return self.propose(
                    case,
                    1,
                    "file",
                    cause=case.cause,
                    power="B010",
                    acted_on=day[0],
                    place="示例路1号",
                    facts="缺页。",
                    persons=[],
                )
            case "INVESTIGATING" if "take_evidence" not in taken:
                with self.at(3):
                    sha = town.keep(case)
                return self.take(case, 3, "take_evidence", kind="documentary", name="档案", proves="缺页", obtained_on=day[3], place="",
                                 by_party=False, file=sha)  # fmt: skip
            case "INVESTIGATING" if "verify_evidence" not in taken:
                rows = list(case.evidence.values_list("pk", flat=True))
                return self.take(case, 3, "verify_evidence", evidence=rows, how="与原件一致。")
            case "INVESTIGATING" if "question" not in taken:
                return self.take(case, 3, "question", started_at=f"{day[3]}T09:00", ended_at=f"{day[3]}T10:00", place="询问室", asked_name="孙示七",
                                 asked_sex="女", asked_id_no=universe.person_number(7), recorder="钱示二", identity_answer="清楚。",
                                 recusal_answer="不申请。", qa=[{"q": "有记录吗？", "a": "有缺页。"}])  # fmt: skip
            case "INVESTIGATING":
                row = {"party": 1, "provision": universe.provision(), "fine": "30000", "measures": []}
                return self.take(case, 7, "conclude", proposals=[row], **universe.PARTICULARS)
            case "CONCLUDED":
                return self.take(case, 8, "notify")
            case "NOTIFIED" if "serve_notice" not in taken:
                return self.serve(case, 8, "serve_notice")
            case "NOTIFIED":
                return self.take(case, 18, "consider", points=[], revised=[], conclusion="当事人未申辩。")
            case "CONSIDERED":
                return self.propose(case, 22, "decide")
            case "DECIDED":
                return self.serve(case, 23, "serve_decision")
            case "SERVED" if "publish" not in taken:
                return self.take(case, 24, "publish", by=town.publisher, facts="未如实记录。", checked="一致。")
            case "SERVED" if "record_payment" not in taken:
                return self.take(case, 24, "record_payment", by=town.treasurer, party=1, voucher=f"示票{case.pk}", amount="30000",
                                 paid_on=day[24], file="")  # fmt: skip
            case "SERVED":
                return self.take(case, 24, "perform")
            case "PERFORMED":
                return self.propose(case, 28, "close", result="已缴清。", execution="已履行。")
            case _:
                return self.take(
                    case, 28, "archive", by=town.archivist, archive_number=f"2026-{case.pk}", retention="10年"
                )

    def serve(self, case: Any, days: int, step: str) -> dict[str, Any]:
        """Service in person, with its proof."""
        from fadu.penalty.tests.universe import START

        with self.at(days):
            proof = self.town.keep(case)
        return self.take(case, days, step, party=1, method="in_person", served_on=str(START + timedelta(days=days)), receiver="周示八",
                         details={"capacity": "主要负责人"}, proof=proof)  # fmt: skip

    def take(self, case: Any, days: int, step: str, **data: Any) -> dict[str, Any]:
        """Take a step and, in the same transaction, leave a job behind."""
        from django.db import transaction

        from fadu.procedure.services import take
        from fadu.procedure.tasks import alarm

        by, party = data.pop("by", self.town.first), data.pop("party", None)
        with self.at(days), transaction.atomic():
            act = take(case, step, by=by, data=data, party=party, revision=case.revision)
            job = alarm.configure(queueing_lock=f"soak-{case.pk}-{act.ordinal}").defer(timestamp=act.ordinal)
        return {"matter": case.pk, "ordinal": act.ordinal, "job": job}

    def propose(self, case: Any, days: int, step: str, **data: Any) -> dict[str, Any]:
        """Submit an application."""
        from fadu.procedure.services import submit

        with self.at(days):
            made = submit(case, step, by=self.town.first, cosigner=self.town.second, data=data, opinion="建议同意。",
                          revision=case.revision)  # fmt: skip
        return {"application": made.pk, "opinions": 0}


def work(seed: int, seconds: float) -> None:
    """Act until the time is over; refusals are part of the work, a lost database is waited for."""
    from django.db import InterfaceError, OperationalError, close_old_connections, connections

    from fadu.kernel.errors import Refused

    until = time.monotonic() + seconds
    hand = None
    while time.monotonic() < until:
        try:
            hand = hand or Hand(seed)
            said = hand.once()
        except Refused as refused:
            said = {"refused": str(refused)[:80]}
        except (OperationalError, InterfaceError) as error:
            said = {"lost": str(error).splitlines()[0][:80]}
            connections.close_all()
            close_old_connections()
            time.sleep(0.3)
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    setup()
    if sys.argv[1] == "build":
        build()
    else:
        work(int(sys.argv[2]), float(sys.argv[3]))
