"""A city and two counties; the matters of the eastern one, made by real steps, are foreign to everybody in the western."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
from django.test import Client

from fadu.callout.models import CalledPost
from fadu.callout.services import calling as calls
from fadu.callout.services import importing as rosters
from fadu.callout.tests import universe as duty
from fadu.discretion import services as benchmarks
from fadu.discretion.queries import example_content
from fadu.discretion.services import workbook as workbooks
from fadu.discretion.services.importing import read_file
from fadu.document.models import Paper
from fadu.inspection.models import Visit
from fadu.inspection.tests import universe as visits
from fadu.kernel import clock
from fadu.org import services as org
from fadu.org.models import Certificate, Delegation, LegalQualification, Officer, Organ
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.penalty.models import Disclosure, PenaltyCase
from fadu.penalty.services import register_clue
from fadu.penalty.tests import universe as cases
from fadu.power.models import PowerList
from fadu.power.services import publishing as powers
from fadu.procedure.models import Application
from fadu.procedure.services import comment, submit
from fadu.record.models import EvidenceFile
from fadu.reminder.models import Reminder
from fadu.response.services import importing as guides
from fadu.subject.models import LedgerImport, Subject
from fadu.subject.services import ContactEntry, batches
from fadu.subject.tests.books import HEADER, good
from fadu.subject.tests.universe import code, enterprise
from fadu.warning import services as warnings

NOW = datetime(2026, 4, 1, 10, 0, tzinfo=clock.BEIJING)
PHONE, CODE_REJECTED = "13803550001", "91140403MA0REJECT1"
# What only somebody in charge of the eastern matters may read: the enterprises and their codes, the persons, their
# numbers, what was found, what was reported, who reported it. Officers' names are no secret (机构与人员 is open to all).
TELLING = (
    "甲山矿业", "东甲冶炼", code(1), code(901), code(902), "赵示六", "孙示七", "周示八", "赵示甲", "张某一", "刘某二", "钱举报", "培训档案缺页",
    "补齐记录", PHONE, "示例东区台账", "台账拒收", "晋示东）",
)  # fmt: skip
AWAY = "进修示由"  # why a head is away: told within the organ, and to 安全管理员
# What the western county's own people see of their own county, so that an empty answer is no proof.
WESTERN = "乙水化工有限公司"


def workbook() -> io.BytesIO:
    """A ledger with a row to take and one to refuse."""
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for row in (
        HEADER,
        good(1, 企业名称="东甲冶炼一厂有限公司"),
        good(2, 企业名称="台账拒收有限公司", 统一社会信用代码=CODE_REJECTED),
    ):
        book.active.append(list(row))
    book.save(kept)
    kept.seek(0)
    return kept


@dataclass
class World:
    """The three organs, everybody in them, and the eastern rows that the routes open."""

    town: people.Town
    rows: dict[str, list[int]] = field(default_factory=dict)
    western: dict[str, list[int]] = field(default_factory=dict)
    clients: dict[Any, Client] = field(default_factory=dict)

    def person(self, place: str, role: Role) -> Officer:
        """The one with this role (and no other) in 市局、东区局 or 西区局."""
        return self.town.officers[place][role]

    def client(self, place: str, role: Role) -> Client:
        """A browser in which that person has logged in."""
        return self.clients[(place, role)]

    def log_in(self) -> None:
        """Everybody once, each in a browser of their own."""
        for place, officers in self.town.officers.items():
            for role, person in officers.items():
                client = self.clients[(place, role)] = Client()
                client.force_login(people.account(person, f"{place}-{role.value}"))


def _bureau(town: people.Town, organ: Organ) -> cases.Bureau:
    """The organ with the second certified officer and the qualified reviewer that a case needs."""
    second = people.officer(organ, f"钱{organ.short}二", Role.CASE_OFFICER)
    first = town.of(organ, Role.CASE_OFFICER)
    for number, one in enumerate((first, second)):
        Certificate.objects.create(
            officer=one, number=f"{organ.short}-{number}", issuer="示例省", valid_from=date(2024, 1, 1), valid_to=date(2028, 12, 31)
        )  # fmt: skip
    LegalQualification.objects.create(
        officer=town.of(organ, Role.LEGAL_REVIEWER), number=f"{organ.short}-律", obtained_on=date(2015, 5, 5)
    )
    organ.bank_name, organ.bank_account, organ.bank_account_name = "示例银行", "示0001", "示例市财政局"
    organ.save()
    roles = (Role.REVIEWER, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, Role.PRINCIPAL_HEAD, Role.TREASURER, Role.PUBLISHER, Role.ARCHIVIST, Role.CLERK)  # fmt: skip
    return cases.Bureau(organ, first, second, *(town.of(organ, role) for role in roles))


def build() -> World:
    """Three organs; in the east cases from a clue to the archive, visits, enterprises, an import; in the west a clue."""
    world = World(people.build())
    town, east = world.town, world.town.east
    bureau = _bureau(town, east)
    with clock.at(cases.START):
        key, due = cases.provision(), {"order_due": str(cases.START + timedelta(days=3)), "order_obeyed": "no"}
    fines = [
        {"party": number, "provision": key, "fine": fine, "measures": [], **due}
        for number, fine in ((1, "120000"), (2, "20000"))
    ]
    archived = cases.archived(bureau, person=True, proposals=fines)
    visit, arranged = _visits(town, bureau)
    with clock.at(NOW - timedelta(days=1)):
        subject = enterprise(
            east,
            "甲山矿业二厂有限公司",
            901,
            by=bureau.clerk,
            contacts=[ContactEntry("principal", name="周示八", phone=PHONE)],
        )
        waiting = register_clue(
            organ=east, by=bureau.first, source="complaint", cause="培训档案缺页", clue="培训档案缺页。", subject=subject,
            received_on=clock.today(), found_on=clock.today(), informant="钱举报",
        )  # fmt: skip
        filing = {
            "cause": "培训档案缺页",
            "acted_on": "2026-03-01",
            "place": "示例路1号",
            "facts": "培训档案缺页。",
            "persons": [],
            "power": "B010",
        }
        proposed = submit(waiting, "file", by=bureau.first, cosigner=bureau.second, data=filing, opinion="建议立案。")
        comment(waiting, "培训档案缺页，待补。", by=bureau.first)
        org.delegate(
            bureau.head, bureau.principal, organ=east, kind=Delegation.Kind.APPROVALS, approvals=["filing"],
            starts_on=clock.today(), ends_on=clock.today() + timedelta(days=9), reason=AWAY,
        )  # fmt: skip
        batch = batches.send(workbook(), "示例东区台账.xlsx", by=bureau.clerk)
        batches.check(batch.pk)
        lists = _lists(bureau)
        calling = _calling(bureau)
    _west(world)
    matters = [archived.pk, waiting.pk, visit.pk, arranged.pk]
    files = PenaltyCase.objects.get(pk=archived.pk).case_file_id, Visit.objects.get(pk=visit.pk).case_file_id
    chains = [PenaltyCase.objects.get(pk=archived.pk).chain, visit.chain]
    world.rows = {
        "matter": matters,
        "application": [proposed.pk, Application.objects.filter(matter=archived.pk).earliest("pk").pk],
        "visit": [visit.pk, arranged.pk],
        "subject": list(Subject.objects.filter(organ=east).values_list("pk", flat=True)),
        "paper": [Paper.objects.filter(case_file=file).exclude(status="draft").earliest("pk").pk for file in files],
        "case_file": list(files),
        "evidence": [
            EvidenceFile.objects.filter(chain=chain, name__contains=".").earliest("pk").pk for chain in chains
        ],
        "import": [batch.pk],
        "reminder": list(
            Reminder.objects.filter(officer__appointments__post__organ=east).values_list("pk", flat=True)[:3]
        ),
        "delegation": [Delegation.objects.get().pk],
        "disclosure": list(Disclosure.objects.values_list("pk", flat=True)),
        **lists,
        **calling,
    }
    assert all(world.rows.values()), "every kind of row must exist, else nothing is proved"
    assert LedgerImport.objects.get(pk=batch.pk).state == "checked"
    with clock.at(NOW):
        world.log_in()
    return world


def _visits(town: people.Town, bureau: cases.Bureau) -> tuple[Visit, Visit]:
    """A visit whose findings are to be put right, with a photograph, and one that is arranged."""
    subject = enterprise(bureau.organ, "示东甲冶炼有限公司", 902, principal="张某一")
    officers = town.officers[bureau.organ.short]
    here = visits.Bureau(bureau.organ, dict(officers), second=bureau.second, subject=subject)
    began = visits.on_site(here)
    with visits.at(visits.VISIT_DAY, 10):
        photo = visits.kept(began, visits.picture())
    done = visits.check(began, here, "G-10", photos=[photo])
    visit = visits.serve(visits.order(visits.finish(done, here), here), here)
    return visit, visits.arranged(here, date(2026, 4, 2))


def _lists(bureau: cases.Bureau) -> dict[str, list[int]]:
    """A list of powers and a set of benchmarks that the east is drafting, and a file of the latter in its preview."""
    organ, clerk = bureau.organ, bureau.clerk
    base = PowerList.objects.filter(organ=None, state=PowerList.State.PUBLISHED).latest("from_date")
    listed = powers.drafted(
        organ,
        by=clerk,
        title="晋示东）权责清单",
        issuer="示例东区人民政府",
        from_date=NOW.date() + timedelta(days=30),
        based_on=base,
    )
    drafted = benchmarks.draft_example(organ=organ, by=clerk, since=date(2025, 1, 1))
    file = io.BytesIO(workbooks.write(example_content()))
    waiting = read_file(file, "示例东区台账.xlsx", organ=organ, by=clerk)
    return {"powers": [listed.pk], "benchmarks": [drafted.pk], "pending": [waiting.pk]}


def _calling(bureau: cases.Bureau) -> dict[str, list[int]]:
    """The duty posts of the east, a list of them and a guide in their previews, and a drill that called them and is over."""
    county = bureau.organ.division_id[:6]
    posts = duty.register(county, villages=2)
    drill = calls.open_(warnings.take_in(duty.message(code=county), by=bureau.head), by=bureau.head)
    calls.close(drill, by=bureau.head)
    sent = rosters.send(_book(rosters.COLUMNS.values()), "示例东区台账.xlsx", by=bureau.clerk)
    shelter = {
        "code": county,
        "kind": "避险点",
        "name": "示例中学",
        "people": "300",
        "warden": "王示甲",
        "phone": "19900010001",
    }
    guide = _book(guides.COLUMNS.values(), [shelter.get(key, "") for key in guides.COLUMNS])
    return {
        "callout": [drill.pk],
        "called": [CalledPost.objects.filter(callout=drill).earliest("pk").pk],
        "post": [posts[0].pk],
        "roster": [sent.pk],
        "guide": [guides.send(guide, "示例东区台账.xlsx", by=bureau.clerk).pk],
    }


def _book(*rows: Iterable[str]) -> io.BytesIO:
    """A workbook of one sheet with these rows."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(file)
    file.seek(0)
    return file


def _west(world: World) -> None:
    """One enterprise and one clue of the western county."""
    bureau = _bureau(world.town, world.town.west)
    with clock.at(NOW - timedelta(days=1)):
        subject = enterprise(bureau.organ, WESTERN, 950, legal_representative="孙示乙")
        clue = register_clue(
            organ=bureau.organ, by=bureau.first, source="complaint", cause="未设置安全警示标志", clue="示例线索。", subject=subject,
            received_on=clock.today(), found_on=clock.today(),
        )  # fmt: skip
    world.western = {"subject": [subject.pk], "matter": [clue.pk]}
