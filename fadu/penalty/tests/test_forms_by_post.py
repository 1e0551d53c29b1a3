"""The main line entered through the forms, as a clerk's browser posts them; what a form asks is what the step needs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.org.tests.universe import account
from fadu.penalty.models import PenaltyCase
from fadu.penalty.tests import universe
from fadu.penalty.tests.universe import START
from fadu.procedure.models import Application

pytestmark = pytest.mark.django_db
_shade = iter(range(1, 250))


def browser(person: Officer) -> Client:
    """A client logged in as the person."""
    client = Client()
    client.force_login(person.user or account(person, f"u{person.pk}"))
    return client


def rows(prefix: str, *values: dict[str, Any], given: int = 0) -> dict[str, Any]:
    """A repeated part as it is posted; ``given`` rows stood in the form already."""
    found: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(values),
        f"{prefix}-INITIAL_FORMS": given,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 60,
    }
    for index, row in enumerate(values):
        found |= {f"{prefix}-{index}-{key}": value for key, value in row.items()}
    return found


def file() -> SimpleUploadedFile:
    """A picture to upload, each another."""
    return SimpleUploadedFile("证明.png", universe.picture(next(_shade)), content_type="image/png")


def post(person: Officer, case: PenaltyCase, step: str, **data: Any) -> None:
    """Post a step's form and follow to the matter's page; the page's own errors are shown when it is refused."""
    person.refresh_from_db()
    case.refresh_from_db()
    answer = browser(person).post(f"/matter/{case.pk}/act/{step}/", {"revision": case.revision, **data})
    assert answer.status_code == 302, _errors(answer)


def _errors(answer: Any) -> str:
    """The sentences of refusal on a page."""
    context = answer.context or {}
    form = context.get("form") if hasattr(context, "get") else None
    found = [str(context.get("refused")), str(form.errors if form is not None else "")]
    if form is not None and hasattr(form, "rowsets"):
        found += [str(formset.errors) for formset in form.rowsets.values()]
    return f"{answer.status_code} {found}"


def approve(town: universe.Bureau, case: PenaltyCase, step: str, **data: Any) -> None:
    """Propose by the form, sign, and let the chain agree by theirs."""
    post(town.first, case, step, opinion="建议同意。", cosigner=town.second.pk, **data)
    made = Application.objects.filter(matter=case).latest("pk")
    assert browser(town.second).post(f"/application/{made.pk}/cosign/").status_code == 302
    for person in (town.reviewer, town.head):
        assert (
            browser(person).post(f"/application/{made.pk}/opinion/", {"agreed": "1", "reason": "同意。"}).status_code
            == 302
        )


def at(days: int, hour: int = 16) -> Any:
    """That many days after the start, in the afternoon."""
    day = START + timedelta(days=days)
    return clock.at(datetime(day.year, day.month, day.day, hour, 0, tzinfo=clock.BEIJING))


def service(days: int, receiver: str = "周示八") -> dict[str, Any]:
    """Service in person."""
    return {
        "party": 1,
        "method": "in_person",
        "served_on": str(START + timedelta(days=days)),
        "receiver": receiver,
        "in_person__capacity": "主要负责人",
        "proof": file(),
    }


def test_the_main_line_is_entered_by_its_forms():
    town = universe.bureau()
    day = START + timedelta(days=1)
    with at(1):
        page = browser(town.first).post("/penalty/clues/new/", {
            "source": "complaint", "cause": "未如实记录安全生产教育和培训情况", "clue": "示例线索", "received_on": str(day), "found_on": str(day),
            "subject": universe.enterprise(town.organ).pk,
        })  # fmt: skip
        assert page.status_code == 302
        case = PenaltyCase.objects.latest("pk")
        approve(
            town,
            case,
            "file",
            cause=case.cause,
            power="B010",
            acted_on=str(day),
            place="示例路1号",
            facts="培训档案缺页。",
            **rows("persons", {}, {}),
        )
    with at(3):
        d = START + timedelta(days=3)
        post(town.first, case, "question", started_at=f"{d}T09:00", ended_at=f"{d}T10:00", place="询问室", asked_name="孙示七", asked_sex="女",
             asked_id_no=universe.person_number(7), recorder="钱示二", identity_answer="清楚。", recusal_answer="不申请。",
             **rows("qa", {"q": "有记录吗？", "a": "有缺页。"}, {}, {}))  # fmt: skip
        post(
            town.first,
            case,
            "take_evidence",
            kind="documentary",
            name="培训档案",
            proves="缺页",
            obtained_on=str(d),
            file=file(),
        )
        post(town.first, case, "verify_evidence", evidence=[case.evidence.get().pk], how="与原件一致。")
    with at(7):
        post(
            town.first,
            case,
            "conclude",
            acted_on=str(day),
            **universe.PARTICULARS,
            **rows("proposals", {"party": 1, "provision": universe.provision(), "fine": "6万元"}),
        )
    with at(8):
        post(town.first, case, "notify")
        post(town.first, case, "serve_notice", **service(8))
    with at(9):
        d = START + timedelta(days=9)
        post(town.first, case, "record_defence", party=1, started_at=f"{d}T09:00", ended_at=f"{d}T09:30", place="本局", speaker_name="周示八",
             speaker_capacity="主要负责人", recorder="钱示二", statement="请求从轻。")  # fmt: skip
    with at(18):
        post(
            town.first,
            case,
            "consider",
            conclusion="维持。",
            **rows("points", {"party": 1, "finding": "已考虑", "adopted": "部分采纳"}, {}),
            **rows("revised", {}),
        )
    with at(21):
        d = START + timedelta(days=21)
        from fadu.penalty.forms import REVIEW_ITEMS

        post(
            town.legal,
            case,
            "review",
            verdict="同意",
            reason="程序合法。",
            **rows("items", *({"item": i, "conclusion": "符合"} for i in REVIEW_ITEMS), given=len(REVIEW_ITEMS)),
        )
        post(town.clerk, case, "discuss", started_at=f"{d}T14:00", ended_at=f"{d}T15:00", place="会议室", reporter="李示一", recorder="钱示二",
             content="案情。", conclusion="同意。",
             **rows("statements", {"officer": town.head.pk, "opinion": "同意。"}, {"officer": town.principal.pk, "opinion": "同意。"}, {}, {}))  # fmt: skip
    with at(22):
        approve(town, case, "decide")
    with at(23):
        post(town.first, case, "serve_decision", **service(23))
    with at(24):
        post(town.publisher, case, "publish", facts="该单位未如实记录。", checked="与决定书一致。")
        post(
            town.treasurer,
            case,
            "record_payment",
            party=1,
            voucher="示票1",
            amount="60,000",
            paid_on=str(START + timedelta(days=24)),
            file=file(),
        )
        post(town.first, case, "perform")
    with at(28):
        approve(town, case, "close", result="已缴清。", execution="已履行。")
        post(town.archivist, case, "archive", archive_number="2026-1", retention="10年")
    case.refresh_from_db()
    assert case.state == "ARCHIVED"


def test_a_page_that_is_out_of_date_is_told_who_was_quicker():
    """两人同时办理：一人成功，另一人被告知，所填不丢"""
    town = universe.bureau()
    case = universe.investigated(town)
    old = case.revision - 1
    with at(5):
        answer = browser(town.first).post(
            f"/matter/{case.pk}/act/reinvestigate/", {"revision": case.revision, "reason": "示例"}
        )
        assert answer.status_code == 409
        answer = browser(town.second).post(
            f"/matter/{case.pk}/act/take_evidence/",
            {"revision": old, "kind": "physical", "name": "物证一件", "proves": "示例", "obtained_on": str(START)},
        )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "此页打开以后" in text
    assert "物证一件" in text
    assert not case.evidence.filter(name="物证一件").exists()
