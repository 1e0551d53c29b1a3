"""The pages: ledgers, planning, and the work on site as a phone does it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fadu.document.models import Paper
from fadu.inspection.models import Checklist, Submission, Visit
from fadu.inspection.tests import universe as u
from fadu.org import services as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.procedure.models import Act

DAY = u.VISIT_DAY


def login(person: Officer) -> Client:
    """A browser in which that person is logged in."""
    user = getattr(person, "user", None) or org.create_account(
        person, username=f"u{person.pk}", password=u.PASSWORD, must_change=False
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def phone(bureau: u.Bureau) -> Client:
    """The first officer's phone."""
    return login(bureau.first)


def text_of(response: Any) -> str:
    """The page."""
    return str(response.content.decode())


def png(name: str, shade: int) -> SimpleUploadedFile:
    """A signature from the screen."""
    return SimpleUploadedFile(name, u.stroke(shade), content_type="image/png")


def answers(visit: Visit, *bad: str, token: str = "", **more: Any) -> dict[str, Any]:
    """The checklist as the form sends it."""
    data: dict[str, Any] = {"step": "check", "client_token": token or str(uuid4())}
    for item in visit.items():
        failed = item.code in bad
        data |= {
            f"result_{item.pk}": "bad" if failed else "ok",
            f"level_{item.pk}": item.level,
            f"text_{item.pk}": f"2号车间{item.content}没有做到",
        }
    return data | more


def signing(visit: Visit, bureau: u.Bureau, **more: Any) -> dict[str, Any]:
    """The page of signatures as the form sends it."""
    data: dict[str, Any] = {
        "step": "finish",
        "client_token": str(uuid4()),
        "ended_at": "2026-03-10T11:20",
        "capacity": "主要负责人",
    }
    for number, officer in enumerate(bureau.both):
        data[f"sign_{officer.pk}"] = png("a.png", 10 + number)
    data["sign_party"] = png("p.png", 99)
    for finding in visit.findings.exclude(corrected=True):
        data[f"due_{finding.ordinal}"] = "2026-03-31"
    return {key: value for key, value in (data | more).items() if value is not None}


# --- planning -------------------------------------------------------------------------------------------------------


def test_a_visit_is_planned_on_its_page(bureau: u.Bureau, phone: Client) -> None:
    assert bureau.subject is not None
    with u.at(DAY):
        page = text_of(phone.get(reverse("inspection:new"), {"subject": bureau.subject.pk}))
        assert "示甲冶炼有限公司" in page
        general = Checklist.objects.get(code="general")
        response = phone.post(
            reverse("inspection:new"),
            {"subject": bureau.subject.pk, "reason": "random", "planned_on": "2026年3月12日", "officers": [o.pk for o in bureau.both],
             "checklists": [general.pk], "method": "现场检查"},
        )  # fmt: skip
    visit = Visit.objects.get()
    assert response.status_code == 302
    assert (visit.planned_on, visit.planned_until, visit.state) == (date(2026, 3, 12), date(2026, 3, 12), "PLANNED")


def test_what_is_wrong_in_a_plan_is_told_at_its_field_and_what_was_typed_is_kept(
    bureau: u.Bureau, phone: Client
) -> None:
    assert bureau.subject is not None
    with u.at(DAY):
        response = phone.post(
            reverse("inspection:new"),
            {"subject": bureau.subject.pk, "reason": "random", "planned_on": "2026-03-01", "officers": [bureau.first.pk], "method": "突击检查", "remarks": "带测爆仪"},
        )  # fmt: skip
    page = text_of(response)
    assert response.status_code == 422
    assert "检查人员不得少于两人" in page
    assert "带测爆仪" in page
    assert "突击检查" in page
    assert not Visit.objects.exists()


def test_a_plan_is_not_made_by_a_post_that_has_no_such_work(bureau: u.Bureau) -> None:
    assert login(bureau.officers[Role.TREASURER]).get(reverse("inspection:new")).status_code == 403


# --- on site --------------------------------------------------------------------------------------------------------


def test_a_whole_visit_on_a_phone(bureau: u.Bureau, phone: Client) -> None:
    visit = u.arranged(bureau)
    url = reverse("inspection:onsite", args=[visit.pk])
    with u.at(DAY, 9, 31):
        assert "示甲冶炼有限公司" in text_of(phone.get(reverse("inspection:today")))
        assert "已亮证，开始检查" in text_of(phone.get(url))
        sent = {"step": "begin", "client_token": str(uuid4()), "officers": [o.pk for o in bureau.both], "shown_at": "2026-03-10T09:28",
                "started_at": "2026-03-10T09:30", "met_name": "张某一", "met_post": "总经理", "place": "2号车间"}  # fmt: skip
        assert phone.post(url, sent).status_code == 302
    with u.at(DAY, 10):
        page = text_of(phone.get(url))
        assert "标准：" in page
        item = next(i for i in visit.items() if i.code == "G-15")
        photo = SimpleUploadedFile("a.jpg", u.picture(), content_type="image/jpeg")
        said = '[{"taken_at":"2026-03-10T01:50:00Z","place":{"latitude":36.19,"longitude":113.1,"accuracy":5}}]'
        more = {f"photos_{item.pk}": photo, f"photos_{item.pk}_said": said, "next": "problems"}
        response = phone.post(url, answers(visit, "G-10", "G-15", **more))
        assert (response.status_code, response["Location"]) == (302, reverse("inspection:problems", args=[visit.pk]))
        finding = visit.findings.get(item=item)
        assert len(finding.photos) == 1
        page = text_of(phone.get(response["Location"]))
        assert "北纬36.19000°" in page
    with u.at(DAY, 11, 30):
        sign = reverse("inspection:sign", args=[visit.pk])
        page = text_of(phone.get(sign))
        assert "签发并当场送达" in page
        assert "现场检查记录" in page
        response = phone.post(sign, signing(visit, bureau))
        assert response.status_code == 302, text_of(response)[:3000]
        done = text_of(phone.get(response["Location"]))
        assert "责令限期整改指令书" in done
    visit = u.fresh(visit)
    assert visit.state == "RECTIFYING"
    assert [p.kind for p in Paper.objects.filter(case_file=visit.case_file).order_by("id")] == [
        "INSPECTION_PLAN", "SITE_RECORD", "PHOTO_EVIDENCE", "RECTIFICATION_ORDER",
    ]  # fmt: skip
    assert visit.order is not None
    service = visit.order.services.get()
    assert (service.method, service.receiver, service.effective_on) == ("in_person", "张某一", DAY)
    phone = login(bureau.first)  # three weeks later the session of that day is over
    with u.at(date(2026, 3, 31), 15):
        again = reverse("inspection:reinspect", args=[visit.pk])
        assert "复查意见" in text_of(phone.get(again))
        sent = {
            "step": "reinspect",
            "client_token": str(uuid4()),
            "officers": [o.pk for o in bureau.both],
            "result_1": "yes",
            "result_2": "yes",
            "opinion": "全部整改合格。",
        }
        assert phone.post(again, sent).status_code == 302
    assert u.fresh(visit).state == "CORRECTED"


def test_a_refusal_to_sign_leaves_the_order_at_the_enterprise(bureau: u.Bureau, phone: Client) -> None:
    """民事诉讼法 89: left at the domicile with a witness or a recording."""
    visit = u.check(u.on_site(bureau), bureau, "G-10")
    sign = reverse("inspection:sign", args=[visit.pk])
    with u.at(DAY, 11, 30):
        assert phone.post(sign, signing(visit, bureau, sign_party=None, refused="on", capacity=None)).status_code == 422
        left = SimpleUploadedFile("left.jpg", u.picture("green"), content_type="image/jpeg")
        sent = signing(
            visit,
            bureau,
            sign_party=None,
            capacity=None,
            refused="on",
            refusal="拒绝签名",
            witnesses="园区管委会 陈某",
            left_photo=left,
        )
        response = phone.post(sign, sent)
        assert response.status_code == 302, text_of(response)[:3000]
    order = u.fresh(visit).order
    assert order is not None
    assert (order.services.get().method, order.services.get().details["witnesses"]) == ("left", ["园区管委会 陈某"])


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(bureau: u.Bureau, phone: Client) -> None:
    visit = u.check(u.on_site(bureau), bureau, "G-10")
    sign = reverse("inspection:sign", args=[visit.pk])
    with u.at(DAY, 11, 30):
        response = phone.post(sign, signing(visit, bureau, due_1="2026-03-09", site_opinion="情况属实"))
    page = text_of(response)
    assert response.status_code == 422
    assert "早于今天，请填3月10日或者以后的日期" in page
    assert "情况属实" in page
    assert u.fresh(visit).state == "ON_SITE"
    assert not Paper.objects.filter(kind="SITE_RECORD").exists()


def test_a_failed_item_without_words_is_told_at_the_item(bureau: u.Bureau, phone: Client) -> None:
    visit = u.on_site(bureau)
    item = visit.items()[3]
    with u.at(DAY, 10):
        response = phone.post(
            reverse("inspection:onsite", args=[visit.pk]), answers(visit, item.code, **{f"text_{item.pk}": " "})
        )
    assert response.status_code == 422
    assert "不符合的，请写明问题" in text_of(response)
    assert visit.checks.count() == 0


def test_the_same_submission_twice_counts_once(bureau: u.Bureau, phone: Client) -> None:
    visit = u.on_site(bureau)
    url, sent = reverse("inspection:onsite", args=[visit.pk]), answers(visit, "G-10")
    with u.at(DAY, 10):
        assert phone.post(url, sent).status_code == 302
        acts = Act.objects.filter(matter=visit).count()
        assert phone.post(url, sent).status_code == 302
    assert (Act.objects.filter(matter=visit).count(), Submission.objects.count()) == (acts, 1)


def test_more_written_after_a_lost_answer_is_added_and_not_doubled(bureau: u.Bureau, phone: Client) -> None:
    """The phone did not hear that the first try arrived; the officer wrote more and sent under the same token."""
    visit = u.on_site(bureau)
    url, token = reverse("inspection:problems", args=[visit.pk]), str(uuid4())
    sent = {
        "step": "find",
        "client_token": token,
        "text": "配电室门锁闭",
        "obligation": "《安全生产法》第四十二条第二款",
        "level": "general",
    }
    with u.at(DAY, 10):
        assert phone.post(url, sent).status_code == 302
        assert phone.post(url, sent | {"text": "配电室门锁闭，钥匙不在现场"}).status_code == 302
    assert [f.text for f in visit.findings.all()] == ["配电室门锁闭，钥匙不在现场"]


def test_a_signature_page_sent_again_after_it_arrived_is_answered_like_the_first(
    bureau: u.Bureau, phone: Client
) -> None:
    visit = u.check(u.on_site(bureau), bureau)
    sign, token = reverse("inspection:sign", args=[visit.pk]), str(uuid4())
    with u.at(DAY, 11, 30):
        assert phone.post(sign, signing(visit, bureau, client_token=token)).status_code == 302
        response = phone.post(sign, signing(visit, bureau, client_token=token))
        assert (response.status_code, response["Location"]) == (302, reverse("inspection:onsite", args=[visit.pk]))
        assert phone.post(sign, signing(visit, bureau)).status_code == 409
    assert Paper.objects.filter(case_file=visit.case_file, kind="SITE_RECORD").count() == 1


def test_a_refused_submission_leaves_no_trace_and_may_be_sent_again(bureau: u.Bureau, phone: Client) -> None:
    visit = u.on_site(bureau)
    sign, token = reverse("inspection:sign", args=[visit.pk]), str(uuid4())
    with u.at(DAY, 11, 30):
        response = phone.post(sign, signing(visit, bureau, client_token=token))
        assert response.status_code == 409
        assert "没有一项有结果" in text_of(response)
        assert not Submission.objects.exists()
        u.check(visit, bureau)
    with u.at(DAY, 11, 40):
        assert phone.post(sign, signing(visit, bureau, client_token=token)).status_code == 302


def test_an_officer_of_another_visit_sees_why_nothing_can_be_done(bureau: u.Bureau) -> None:
    visit = u.on_site(bureau)
    assert bureau.third is not None
    with u.at(DAY, 10):
        response = login(bureau.third).get(reverse("inspection:onsite", args=[visit.pk]))
    assert "您不是本案承办人" in text_of(response)


@pytest.mark.parametrize("kind", ["plan", "record", "order"])
def test_papers_can_be_read_before_they_are_made(bureau: u.Bureau, phone: Client, kind: str) -> None:
    visit = u.check(u.on_site(bureau), bureau, "G-10")
    with u.at(DAY, 11):
        response = phone.get(reverse("inspection:preview", args=[visit.pk, kind]))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_the_matter_page_shows_the_visit_and_its_acts(bureau: u.Bureau, phone: Client) -> None:
    visit = u.rectifying(bureau, "G-10")
    with u.at(DAY, 15):
        page = text_of(phone.get(reverse("procedure:matter", args=[visit.pk])))
        assert "整改复查" in page
        for step in visit.procedure.steps:
            assert phone.get(reverse("procedure:act", args=[visit.pk, step])).status_code == 200, step
    assert "示甲冶炼有限公司" in page


def test_the_enterprises_page_lists_its_visits(bureau: u.Bureau, phone: Client) -> None:
    assert bureau.subject is not None
    u.arranged(bureau)
    with u.at(DAY):
        page = text_of(phone.get(reverse("subject:page", args=[bureau.subject.pk])))
    assert "2026年3月10日　年度监督检查计划" in page


# --- ledgers --------------------------------------------------------------------------------------------------------


def test_the_ledger_exports_exactly_the_filtered_rows(bureau: u.Bureau, phone: Client) -> None:
    u.rectifying(bureau, "G-10")
    u.arranged(bureau, DAY + timedelta(days=7))
    with u.at(DAY + timedelta(days=1)):
        page = text_of(phone.get(reverse("inspection:visits")))
        assert "共 <b>2次" in page
        response = phone.get(reverse("inspection:visits"), {"state": "RECTIFYING", "export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len([row for row in rows if "示甲冶炼有限公司" in row]) == 1


def test_the_findings_ledger_knows_what_is_overdue(bureau: u.Bureau, phone: Client) -> None:
    u.rectifying(bureau, "G-10", "G-15", due={1: date(2026, 3, 20), 2: date(2026, 4, 20)})
    url = reverse("inspection:findings")
    with u.at(date(2026, 3, 25)):
        assert "共 <b>1项" in text_of(phone.get(url, {"tab": "over"}))
        assert "期满待复查" in text_of(phone.get(url, {"tab": "over"}))
        assert "共 <b>2项" in text_of(phone.get(url))
        assert "符合条件的 <b>1项" in text_of(phone.get(url, {"until": "2026-03-31"}))


def test_another_county_sees_nothing_of_it(bureau: u.Bureau) -> None:
    visit = u.rectifying(bureau, "G-10")
    other = u.build("乙", "示例东区应急管理局", "东区局")
    client = login(other.first)
    with u.at(DAY, 15):
        for name in ("inspection:visits", "inspection:findings"):
            assert "示甲冶炼有限公司" not in text_of(client.get(reverse(name)))
        for name in ("onsite", "problems", "sign", "reinspect"):
            assert client.get(reverse(f"inspection:{name}", args=[visit.pk])).status_code == 404
        assert client.get(reverse("inspection:preview", args=[visit.pk, "record"])).status_code == 404
