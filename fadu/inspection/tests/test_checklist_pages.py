"""The pages of checklists: drafted, compared, examined and published by their forms; xlsx both ways; open pages and the API."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fadu.discretion import services as discretion
from fadu.inspection import queries
from fadu.inspection.models import Checklist, PendingChecklist
from fadu.inspection.services import workbook
from fadu.inspection.services.content import version_of
from fadu.inspection.tests import universe as u
from fadu.kernel import clock
from fadu.law.statutes import WSL
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.org.tests.universe import account

DAY = date(2026, 6, 2)
FIRST = "2026-06-10"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(DAY):
        yield


def browser(person: Officer) -> Client:
    client = Client()
    client.force_login(person.user or account(person, f"u{person.pk}"))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def held(code: str = "dust6") -> Checklist:
    return queries.checklists_on(DAY).get(code=code)


def drafted(bureau: u.Bureau, code: str = "dust6") -> tuple[Client, Checklist]:
    """A draft made by its form, and the drafter's browser."""
    clerk = browser(bureau.officers[Role.CLERK])
    answer = clerk.post(reverse("inspection:draft_checklist", args=[held(code).pk]), {"from_date": FIRST}, follow=True)
    assert "新的一版已拟定" in text(answer)
    return clerk, Checklist.objects.get(organ=bureau.organ)


def fields(row: Checklist, known: str, **changes: str) -> dict[str, Any]:
    """An item as its form sends it."""
    item = row.items.get(code=known).value
    plain = {key: "\n".join(value) if isinstance(value, list) else value or "" for key, value in item.values.items()}
    return plain | changes


# --- into force by the pages ----------------------------------------------------------------------------------------


def test_a_version_is_drafted_mended_compared_examined_and_published_on_the_pages(bureau: u.Bureau) -> None:
    clerk, row = drafted(bureau)
    item = row.items.get(code="D6-2")
    edit = reverse("inspection:edit_item", args=[row.pk, item.pk])
    assert "查系统图" in text(clerk.get(edit))
    clerk.post(edit, fields(row, "D6-2", how="查设计图，现场核对"))
    clerk.post(reverse("inspection:new_item", args=[row.pk]), fields(row, "D6-1", code="D6-7", content="新增的一项"))
    clerk.post(reverse("inspection:move_item", args=[row.pk, item.pk, "up"]))
    changes = text(clerk.get(reverse("inspection:compare_checklists", args=[row.pk, held().pk])))
    assert "<b>2项</b>有变动" in changes
    assert "查设计图" in changes
    assert "新增的一项" in changes
    page = reverse("inspection:checklist", args=[row.pk])
    assert "审核通过" not in text(clerk.get(page))
    legal, head = browser(bureau.officers[Role.LEGAL_REVIEWER]), browser(bureau.officers[Role.AGENCY_HEAD])
    assert "审核通过，请机关负责人公布" in text(
        legal.post(reverse("inspection:act_on_checklist", args=[row.pk, "review"]), follow=True)
    )
    assert "从此不能修改" in text(
        head.post(reverse("inspection:act_on_checklist", args=[row.pk, "publish"]), follow=True)
    )
    row.refresh_from_db()
    assert row.state == "published"
    assert [one.code for one in row.items.order_by("ordinal")][:2] == ["D6-2", "D6-1"]
    assert "增列检查项" not in text(clerk.get(page))


def test_what_is_wrong_with_an_item_is_told_at_its_field_and_nothing_typed_is_lost(bureau: u.Bureau) -> None:
    clerk, row = drafted(bureau)
    edit = reverse("inspection:edit_item", args=[row.pk, row.items.get(code="D6-2").pk])
    typed = fields(row, "D6-2", how="改过的方法", hazards="GM17-H-2", obligations="《安全生产法》第四十一条第二款")
    answer = clerk.post(edit, typed)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["hazards"]
    assert "在2026-06-10没有施行" in form.errors["hazards"][0]
    assert "改过的方法" in text(answer)
    for name, wrong, said in (
        ("obligations", "《没有的法》第一条", "请写成：《安全生产法》第三十五条"),
        ("obligations", "", "没有依据"),
        ("provisions", "wsl_999", "没有处罚条款 wsl_999"),
        ("code", "D6-1", "重复列出"),
        ("code", "D6/1", "代码不能有空格"),
        ("references", "长" * 121, "一行至多120字"),
        ("content", "", "必填"),
    ):
        answer = clerk.post(edit, fields(row, "D6-2", **{name: wrong}))
        assert answer.status_code == 422, name
        assert name in answer.context["form"].errors, name
        assert said in answer.context["form"].errors[name][0] or name == "content"
    assert row.items.get(code="D6-2").how == "查系统图，现场核对"


def test_the_publish_page_lists_every_fault_with_its_item(bureau: u.Bureau) -> None:
    clerk, row = drafted(bureau)
    row.items.filter(code="D6-3").update(obligations=[])
    row.items.filter(code="D6-5").update(hazards=["GM17-H-7"])
    page = text(clerk.get(reverse("inspection:checklist", args=[row.pk])))
    assert "公布前须改正" in page
    assert "<b>D6-3</b>　没有依据" in page
    assert "<b>D6-5</b>　GM17-H-7所属的" in page
    legal = browser(bureau.officers[Role.LEGAL_REVIEWER])
    answer = legal.post(reverse("inspection:act_on_checklist", args=[row.pk, "review"]))
    assert answer.status_code == 409
    assert "有下列错误，不能继续" in text(answer)


def test_who_has_not_the_post_is_refused_and_foreign_drafts_are_not_found(bureau: u.Bureau) -> None:
    clerk, row = drafted(bureau)
    officer = browser(bureau.first)
    assert officer.get(reverse("inspection:draft_checklist", args=[held().pk])).status_code == 403
    assert officer.get(reverse("inspection:import_checklist")).status_code == 403
    answer = officer.post(
        reverse("inspection:edit_item", args=[row.pk, row.items.get(code="D6-2").pk]), fields(row, "D6-2", how="别的")
    )
    assert answer.status_code == 403
    assert officer.post(reverse("inspection:act_on_checklist", args=[row.pk, "publish"])).status_code == 403
    assert officer.post(reverse("inspection:act_on_checklist", args=[row.pk, "remove"])).status_code == 403
    other = u.build("乙", "示例二市应急管理局", "二市局")
    stranger = browser(other.officers[Role.CLERK])
    assert stranger.get(reverse("inspection:checklist", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("inspection:checklist_xlsx", args=[row.pk])).status_code == 404
    assert clerk.get(reverse("inspection:checklist", args=[row.pk])).status_code == 200


# --- xlsx -----------------------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("检查表.xlsx", content)
    return client.post(reverse("inspection:import_checklist"), {"file": file}, follow=True)


def changed(content: bytes, *cells: tuple[str, str, str]) -> bytes:
    """The workbook with some cells written anew, by the program that people use."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_about(content: bytes, title: str) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["说明"]
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == title)


@pytest.mark.parametrize("code", ["general", "coal", "mine", "industry", "hazchem", "steel8", "aluminium7", "dust6"])
def test_every_list_comes_back_from_xlsx_as_it_went(db: None, code: str) -> None:
    version = version_of(held(code))
    content = workbook.write(version)
    through = changed(content)  # opened and saved by openpyxl
    for one in (content, through):
        read = workbook.read(io.BytesIO(one))
        assert read.errors == []
        back = workbook.version_in(read.values, "x.xlsx")
        assert back.items == version.items
        assert back.head | {"edition": version.edition} == version.head


def test_a_downloaded_list_is_changed_sent_back_looked_at_and_drafted(bureau: u.Bureau) -> None:
    clerk = browser(bureau.officers[Role.CLERK])
    answer = clerk.get(reverse("inspection:checklist_xlsx", args=[held().pk]))
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["检查项"]
    assert [cell.value for cell in sheet[3]][:4] == [
        "D6-2",
        "除尘系统",
        "除尘系统不互联互通、不混用",
        "查系统图，现场核对",
    ]
    day = f"B{row_about(content, '施行日期')}"
    page = upload(clerk, changed(content, ("说明", day, FIRST), ("检查项", "D3", "查设计图，现场核对")))
    assert "1项有变动" in text(page)
    assert "查设计图" in text(page)
    pending = PendingChecklist.objects.get()
    clerk.post(reverse("inspection:pending_checklist", args=[pending.pk]))
    row = Checklist.objects.get(organ=bureau.organ)
    assert (row.code, row.state, row.from_date) == ("dust6", "draft", date(2026, 6, 10))
    assert row.items.get(code="D6-2").how == "查设计图，现场核对"
    assert not PendingChecklist.objects.exists()


def test_what_cannot_be_published_may_be_drafted_from_a_file_and_is_told_on_the_page(bureau: u.Bureau) -> None:
    clerk = browser(bureau.officers[Role.CLERK])
    content = workbook.write(version_of(held()))
    day = f"B{row_about(content, '施行日期')}"
    upload(
        clerk, changed(content, ("说明", day, FIRST), ("检查项", "H3", "第九十七条 第1项"), ("检查项", "J3", "GM10/H"))
    )
    page = clerk.post(reverse("inspection:pending_checklist", args=[PendingChecklist.objects.get().pk]), follow=True)
    assert "没有处罚条款 第九十七条 第1项" in text(page)
    assert "没有判定情形 GM10/H" in text(page)
    row = Checklist.objects.get(organ=bureau.organ)
    item = reverse("inspection:item", args=[row.pk, row.items.get(code="D6-2").pk])
    assert clerk.get(item).status_code == 200


def test_every_error_of_a_workbook_names_its_cell(bureau: u.Bureau) -> None:
    clerk = browser(bureau.officers[Role.CLERK])
    content = workbook.write(version_of(held()))
    page = upload(
        clerk,
        changed(
            content, ("说明", f"B{row_about(content, '监管行业')}", "航天"), ("检查项", "A3", "D6-1"),
            ("检查项", "F4", "《没有的法》第一条"), ("检查项", "K5", "很大"), ("检查项", "L6", "某天"), ("检查项", "C7", ""), ("检查项", "A7", "D6/6"),
        ),
    )  # fmt: skip
    said = {one["cell"]: one["sentence"] for one in PendingChecklist.objects.get().errors}
    sector = f"说明!B{row_about(content, '监管行业')}"
    assert set(said) == {sector, "检查项!A3", "检查项!F4", "检查项!K5", "检查项!L6", "检查项!C7", "检查项!A7"}
    assert "航天" in said[sector]
    assert "重复" in said["检查项!A3"]
    assert "7处" in text(page)
    assert "确认，成为草稿" not in text(page)
    refused = clerk.post(reverse("inspection:pending_checklist", args=[PendingChecklist.objects.get().pk]))
    assert "请改正后重新上传" in text(refused)
    assert not Checklist.objects.filter(organ=bureau.organ).exists()
    clerk.post(reverse("inspection:pending_checklist", args=[PendingChecklist.objects.get().pk]), {"discard": "1"})
    assert not PendingChecklist.objects.exists()


def test_what_is_no_workbook_of_a_checklist_is_refused_in_words(bureau: u.Bureau) -> None:
    clerk = browser(bureau.officers[Role.CLERK])
    assert upload(clerk, b"not a workbook").status_code == 422
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    answer = upload(clerk, out.getvalue())
    assert answer.status_code == 422
    assert "请先下载现行的检查表" in text(answer)


def test_a_list_of_a_day_that_has_passed_is_not_drafted_from_a_file(bureau: u.Bureau) -> None:
    clerk = browser(bureau.officers[Role.CLERK])
    upload(clerk, workbook.write(version_of(held())))
    answer = clerk.post(reverse("inspection:pending_checklist", args=[PendingChecklist.objects.get().pk]))
    assert "施行日期不能早于今天" in text(answer)


# --- for everybody --------------------------------------------------------------------------------------------------


def benchmarked(bureau: u.Bureau) -> None:
    """The shipped example of benchmarks in force at the bureau."""
    row = discretion.draft_example(organ=bureau.organ, by=bureau.officers[Role.CLERK], since=date(2026, 1, 1))
    discretion.review(row, by=bureau.officers[Role.LEGAL_REVIEWER], opinion="同意。")
    discretion.publish(row, by=bureau.officers[Role.AGENCY_HEAD])


@pytest.mark.law(WSL[118, 2])
def test_an_item_leads_to_standard_article_penalty_and_benchmark_for_everybody(
    bureau: u.Bureau, client: Client
) -> None:
    benchmarked(bureau)
    lists = text(client.get(reverse("inspection:public_checklists")))
    assert "非煤矿山安全检查表" in lists
    page = text(client.get(reverse("inspection:public_item", args=["industry", "M-02"])))
    assert "《工贸企业重大事故隐患判定标准》（应急管理部令第10号）管理类第2项" in page
    assert "《安全生产法》第三十条第一款" in page
    assert "/law/provisions/wsl_97_p1_i7/" in page
    assert "/public/benchmarks/B" in page
    assert "单位（逾期未改正）：10万元至13万元" in page
    officer = browser(bureau.first)
    inside = text(
        officer.get(reverse("inspection:item", args=[held("industry").pk, held("industry").items.get(code="M-02").pk]))
    )
    assert "/discretion/" in inside


def test_the_open_pages_show_the_version_of_the_day_asked_for(bureau: u.Bureau, client: Client) -> None:
    before = text(client.get(reverse("inspection:public_item", args=["mine", "N-07"]), {"on": "2022-08-31"}))
    assert "安监总管一〔2017〕98号" in before
    after = text(client.get(reverse("inspection:public_item", args=["mine", "N-07"]), {"on": "2022-09-01"}))
    assert "矿安〔2022〕88号" in after
    assert "安监总管一" not in after
    assert client.get(reverse("inspection:public_checklist", args=["mine"]), {"on": "2020-01-01"}).status_code == 404
    standards = text(client.get(reverse("inspection:hazard_standards")))
    assert "待核" in standards
    assert "KCB98-U-1" in text(client.get(reverse("inspection:hazard_standard", args=["KCB98"])))
    content = b"".join(client.get(reverse("inspection:public_checklist_xlsx", args=["mine"])).streaming_content)
    assert openpyxl.load_workbook(io.BytesIO(content))["检查项"].max_row == 44


def test_a_machine_reads_the_same_without_login(bureau: u.Bureau, client: Client) -> None:
    benchmarked(bureau)
    lists = json.loads(client.get("/api/v1/checklists?on=2026-06-02&sector=mine").content)
    assert [(one["code"], one["edition"]) for one in lists["checklists"]] == [("mine", "2022")]
    detail = json.loads(client.get("/api/v1/checklists/mine?on=2022-08-31").content)
    assert (detail["edition"], len(detail["items"])) == ("2021", 43)
    item = json.loads(client.get("/api/v1/checklists/industry/M-02?on=2026-06-02").content)
    assert [one["standard"] for one in item["judged"]] == ["GM10"]
    assert [one["key"] for one in item["penalty_provisions"]] == ["wsl_97_p1_i7"]
    assert item["penalty_provisions"][0]["benchmarks"]
    held_by_day = json.loads(client.get("/api/v1/hazard-standards?on=2022-08-31").content)
    assert {one["code"] for one in held_by_day} == {"KCB98", "GM17", "COAL4", "CHEM17", "FIRE17"}
    assert len(json.loads(client.get("/api/v1/hazard-standards/KCB88").content)["hazards"]) == 64
    assert json.loads(client.get("/api/v1/hazard-standards/KCB98?on=2022-09-01").content)["in_force"] is False
    assert client.get("/api/v1/checklists/nothing").status_code == 404


def test_a_visit_shows_the_version_it_was_made_by_and_how_its_hazards_were_judged(bureau: u.Bureau) -> None:
    with clock.at(u.VISIT_DAY):
        visit = u.check(
            u.on_site(bureau, checklists=[queries.checklists_on(u.VISIT_DAY).get(code="dust6")]), bureau, "D6-1"
        )
    page = text(browser(bureau.first).get(reverse("procedure:matter", args=[visit.pk])))
    assert "粉尘涉爆企业重点检查6条（2023版）" in page
    assert "（应急管理部令第10号）粉尘爆炸第1项" in page
