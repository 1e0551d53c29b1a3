"""授权代行 from the giving to the paper: the delegate decides, the record and the form say so, and it ends."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from fadu.document.models import Paper
from fadu.kernel import clock
from fadu.kernel.errors import NotCompetent
from fadu.org import services as org
from fadu.org.models import Delegation, Officer
from fadu.org.roles import Role
from fadu.org.tests.universe import account, officer
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.procedure.models import Application
from fadu.procedure.presenting import desk
from fadu.procedure.services import cosign, opine, submit
from fadu.record import queries as record
from fadu.reminder.models import Reminder

pytestmark = pytest.mark.django_db
DAY = START + timedelta(days=22)


@pytest.fixture
def town():
    return universe.bureau()


@pytest.fixture
def engineer(town) -> Officer:
    """总工程师, who holds no head's post."""
    person = officer(town.organ, "何示", Role.CLERK, title="总工程师")
    account(person, "zonggong")
    return person


def give(
    town, to: Officer, *approvals: str, giver: Officer | None = None, kind=Delegation.Kind.APPROVALS, until: date = DAY
):
    with clock.at(DAY):
        return org.delegate(
            giver or town.head, to, organ=town.organ, kind=kind, approvals=approvals, starts_on=DAY, ends_on=until, reason="赴省学习"
        )  # fmt: skip


def proposed(town, step: str = "decide", on: date = DAY, **data) -> Application:
    """A step proposed by both officers, the reviewer's opinion given."""
    case = universe.reviewed(town) if step == "decide" else universe.investigated(town)
    with clock.at(on):
        made = submit(case, step, by=town.first, cosigner=town.second, data=data, opinion="建议同意。")
        cosign(made, by=town.second)
        opine(Application.objects.get(pk=made.pk), by=town.reviewer, agreed=True)
    return Application.objects.get(pk=made.pk)


def test_the_delegate_decides_on_the_page_and_record_and_paper_say_under_whose_authority(town, engineer):
    give(town, engineer, "decision")
    application = proposed(town)
    client = Client()
    client.force_login(engineer.user)
    with clock.at(DAY):
        assert any("审批意见" in item["title"] for _, group in desk(engineer, DAY)["groups"] for item in group)
        assert "请您签署意见" in client.get(f"/application/{application.pk}/").content.decode()
        sent = {"agreed": "1", "reason": "同意。"}
        answer = client.post(f"/application/{application.pk}/opinion/", sent)
        assert answer.status_code == 302, answer.content.decode()
    application.refresh_from_db()
    case = application.matter
    assert (application.status, case.state) == ("granted", "DECIDED")
    wanted = f"总工程师（经{town.head.name}授权代行）"
    assert application.opinions.get(officer=engineer).post == wanted
    entries = {entry.act: entry for entry in record.timeline(case.chain)}
    assert entries["penalty.ordinary.decide"].actor["post"] == wanted
    assert entries["penalty.ordinary.decide.approval"].actor["post"] == wanted
    sheet = Paper.objects.get(case_file=case.case_file, kind="DISPOSAL_SUBMISSION")
    assert wanted in str(sheet.context)
    with clock.at(DAY):  # later the session would be over
        pdf = client.get(f"/paper/{sheet.pk}/pdf/")
    reader = PdfReader(BytesIO(b"".join(pdf) if pdf.streaming else pdf.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "授权代行" in "".join(text.split())
    assert record.verify_chain(case.chain).ok


def test_what_was_not_named_is_not_decided(town, engineer):
    give(town, engineer, "closing")
    application = proposed(town)
    with clock.at(DAY), pytest.raises(NotCompetent, match="您没有这一岗位"):
        opine(application, by=engineer, agreed=True)


def test_the_day_after_the_last_it_is_over(town, engineer):
    give(town, engineer, "decision")
    application = proposed(town)
    with clock.at(DAY + timedelta(days=1)), pytest.raises(NotCompetent):
        opine(application, by=engineer, agreed=True)


def test_taken_back_it_is_over_at_once(town, engineer):
    row = give(town, engineer, "decision")
    application = proposed(town)
    with clock.at(DAY):
        org.revoke(row, by=town.head)
        with pytest.raises(NotCompetent):
            opine(application, by=engineer, agreed=True)


def test_a_delegate_who_proposed_or_reviewed_decides_no_more_than_anybody_else(town):
    """《行政处罚法》第五十七条、第五十八条：调查、审核与决定分开；授权不改变这一点"""
    give(town, town.reviewer, "decision")
    give(town, town.first, "decision")
    application = proposed(town)
    with clock.at(DAY):
        for person in (town.first, town.reviewer):
            with pytest.raises(NotCompetent):
                opine(application, by=person, agreed=True)


def test_the_transfer_is_decided_by_the_principal_or_who_is_in_charge(town, engineer):
    """《行政执法机关移送涉嫌犯罪案件的规定》第五条"""
    case = universe.notified(town)
    day = START + timedelta(days=10)
    with clock.at(day):
        town.act(case, "report_crime", offence="重大责任事故罪", reason="示例理由", receiving_body="示例市公安局")
        data = {"copied_to": "示例市人民检察院", "handling": ""}
        made = submit(case, "transfer", by=town.first, cosigner=town.second, data=data, opinion="建议移送。")
        cosign(made, by=town.second)
        application = Application.objects.get(pk=made.pk)
        opine(application, by=town.reviewer, agreed=True)
        with pytest.raises(NotCompetent):
            opine(application, by=town.head, agreed=True)
        org.delegate(
            town.principal, town.head, organ=town.organ, kind=Delegation.Kind.ACTING, starts_on=day, ends_on=day, reason="出国"
        )  # fmt: skip
        with pytest.raises(NotCompetent):
            opine(application, by=town.principal, agreed=True)
        assert opine(application, by=town.head, agreed=True) is not None
    entry = next(e for e in record.timeline(case.chain) if e.act == "penalty.ordinary.transfer")
    assert entry.actor["post"].endswith(f"（经{town.principal.name}授权主持工作）")


class TestReminders:
    """谁收到提醒"""

    def told(self, person: Officer) -> list[str]:
        return list(Reminder.objects.filter(officer=person, read_at=None).order_by("id").values_list("kind", flat=True))

    def test_each_stage_tells_whose_turn_it_is_and_settles_the_one_before(self, town, engineer):
        give(town, engineer, "decision")
        case = universe.reviewed(town)
        Reminder.objects.all().delete()
        with clock.at(DAY):
            made = submit(case, "decide", by=town.first, cosigner=town.second, data={}, opinion="建议同意。")
            assert self.told(town.second) == ["approval"]
            assert self.told(town.reviewer) == []
            cosign(made, by=town.second)
            assert self.told(town.second) == []
            assert self.told(town.reviewer) == ["approval"]
            opine(Application.objects.get(pk=made.pk), by=town.reviewer, agreed=True)
            assert self.told(town.reviewer) == []
            for person in (town.head, town.principal, engineer):
                assert self.told(person) == ["approval"], person
            opine(Application.objects.get(pk=made.pk), by=town.head, agreed=True)
            for person in (town.head, town.principal, engineer):
                assert self.told(person) == [], person
            assert self.told(town.first) == self.told(town.second) == ["granted"]
        strangers = Reminder.objects.exclude(
            officer__in=[town.first, town.second, town.reviewer, town.head, town.principal, engineer]
        )
        assert not strangers.exists()

    def test_a_return_tells_both_who_proposed(self, town):
        application = proposed(town)
        with clock.at(DAY):
            opine(application, by=town.head, agreed=False, reason="请补充证据。")
        assert self.told(town.first)[-1] == self.told(town.second)[-1] == "returned"
        assert "approval" not in self.told(town.head)

    def test_the_case_officers_are_told_of_their_case_and_of_its_periods(self, town):
        """《行政处罚法》第六十条：九十日"""
        from fadu.procedure.services.alarms import raise_alarms
        from fadu.procedure.services.telling import warn_of_near

        case = universe.filed(town)
        assert "assigned" in self.told(town.first)
        last = case.deadlines.get(name="作出处罚决定").last_day
        assert warn_of_near(last - timedelta(days=4)) == 0
        assert warn_of_near(last - timedelta(days=3)) == 2
        assert warn_of_near(last - timedelta(days=2)) == 0
        assert "near" in self.told(town.second)
        with clock.at(last + timedelta(days=1)):
            raise_alarms(last + timedelta(days=1))
        assert "missed" in self.told(town.first)
        assert "near" not in self.told(town.first)
        assert "missed" not in self.told(town.treasurer)

    def test_who_is_named_in_a_comment_is_told_and_an_outsider_is_not(self, town, engineer):
        from fadu.procedure.services import comment

        case = universe.filed(town)
        Reminder.objects.all().delete()
        stranger = officer(type(town.organ).objects.get(short="东区局"), "冯示远", Role.REVIEWER)
        comment(case, f"请@{town.legal.name}、＠{engineer.name}、@{stranger.name} 看一下。", by=town.first)
        assert self.told(town.legal) == self.told(engineer) == ["mention"]
        assert self.told(stranger) == self.told(town.first) == []

    def test_a_reminder_of_a_case_is_not_told_to_who_has_moved_away(self, town):
        proposed(town)
        head = town.head
        account(head, "fuju")
        row = head.appointments.get()
        with clock.at(DAY):
            org.dismiss(row, last_day=DAY - timedelta(days=1))
            east = type(town.organ).objects.get(short="东区局")
            post = type(row.post).objects.create(organ=east, title="副局长", roles=["agency_head"])
            org.appoint(head, post, starts_on=DAY)
            client = Client()
            client.force_login(head.user)
            page = client.get("/reminders/").content.decode()
        assert "不在您能看到的范围" in page
        assert "甲山" not in page


def test_the_delegate_is_told(town, engineer):
    give(town, engineer, "decision")
    assert Reminder.objects.get(officer=engineer).kind == "delegation"
