"""The whole main line of an ordinary penalty clicked through by the persons who do it, from a clue to the archive."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from fadu.penalty.forms import REVIEW_ITEMS
from fadu.penalty.models import Disclosure, Payment, PenaltyCase
from fadu.penalty.tests import universe
from fadu.record import queries as record
from fadu.subject.tests.universe import enterprise
from tests.browser import hands
from tests.browser.hands import Office, enter, papers, picture, refused, send, start, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTY = "甲山矿业有限公司"


def served(calendar: Any, days: int) -> dict[str, Any]:
    """What the form of service in person asks for."""
    return {"method": "in_person", "served_on": calendar.turn(days), "receiver": "周示八", "proof": picture("送达回证.png"),
            "in_person__capacity": "主要负责人"}  # fmt: skip


def test_an_ordinary_penalty_from_clue_to_archive_and_publication(opened: Any, calendar: Any) -> None:
    """《行政处罚法》第五章第三节、第四十八条：立案至归档，逐步在浏览器里办理"""
    day = calendar.turn(1)
    town = universe.bureau()
    subject, office = enterprise(town.organ), Office(town, opened)
    first, second = office(town.first), office(town.second)

    # 线索
    first.goto("/penalty/clues/")
    first.get_by_role("link", name="登记线索").last.click()
    for name, value in {
        "cause": "未如实记录安全生产教育和培训情况",
        "clue": "示例线索：档案缺页。",
        "received_on": day,
    }.items():
        first.fill(f"[name={name}]", value)
    first.select_option("[name=source]", "complaint")
    first.select_option("[name=subject]", str(subject.pk))
    first.click("main button[type=submit]")
    expect(first.locator(".fd-field:has([name=found_on]) .fd-err")).to_be_visible()
    assert first.input_value("[name=clue]") == "示例线索：档案缺页。"
    first.fill("[name=found_on]", day)
    first.click("main button[type=submit]")
    first.wait_for_url("**/matter/**")
    case = PenaltyCase.objects.get()

    # 立案: a bad ID number of a second party is told at its field
    person = {
        "persons-0-name": "赵示六",
        "persons-0-kind": "principal",
        "persons-0-sex": "男",
        "persons-0-address": "示例路2号",
    }
    start(first, case, "file")
    enter(first, place="示例路1号", power="B010", opinion="建议立案。", cosigner=town.second.pk, **person)
    enter(first, **{"persons-0-identity": "140100198001011234"})
    refused(first, "persons-0-identity", "校验")
    office.approve(
        case,
        "file",
        {"acted_on": ("2027-01-01", "还没有到")},
        power="B010",
        acted_on=day,
        place="示例路1号",
        facts="档案缺页。",
    )
    assert case.state == "INVESTIGATING"

    # 询问: a fifth question is added, and the end may not lie before the beginning
    day = calendar.turn(3)
    start(first, case, "question")
    talk = {"started_at": f"{day}T09:00", "ended_at": f"{day}T08:00", "place": "询问室", "asked_name": "孙示七", "asked_sex": "女",
            "asked_id_no": universe.person_number(7), "recorder": "钱示二", "identity_answer": "清楚。", "recusal_answer": "不申请。"}  # fmt: skip
    enter(first, **talk)
    first.get_by_role("button", name="再加一项").click()
    for index in range(5):
        enter(first, **{f"qa-{index}-q": f"第{index + 1}问？", f"qa-{index}-a": f"第{index + 1}答。"})
    refused(first, "ended_at", "结束时间应当晚于开始时间")
    enter(first, ended_at=f"{day}T10:00")
    send(first)
    hands.done(first, case, "已制作《询问笔录》")

    # 取证: a page that is out of date is told who was quicker, and loses nothing, not even the file
    start(second, case, "take_evidence")
    evidence = {
        "kind": "documentary",
        "name": "培训档案",
        "proves": "记录缺页",
        "obtained_on": day,
        "file": picture("档案.png"),
    }
    enter(second, **evidence)
    take(
        first,
        case,
        "take_evidence",
        "“取证”已办理",
        {"obtained_on": ("2027-05-01", "还没有到")},
        **evidence | {"name": "现场照片"},
    )
    before = [row for row in hands.typed(second) if row[0] != "revision"]
    send(second)
    expect(second.get_by_role("alert").first).to_contain_text(f"此页打开以后，{town.first.name}已于16:00办理“取证”")
    assert [row for row in hands.typed(second) if row[0] != "revision"] == before
    second.locator(f"{hands.FORM} button.btn-act").dblclick()  # pressed twice, it is written once
    hands.done(second, case, "“取证”已办理")
    assert list(case.evidence.order_by("id").values_list("name", flat=True)) == ["现场照片", "培训档案"]

    # 查证, with scripts switched off
    plain = opened(town.first, 1280, java_script_enabled=False)
    plain.goto(f"/matter/{case.pk}/")
    plain.click("#act-verify_evidence h3 a")
    for row in case.evidence.all():
        plain.check(f"[name=evidence][value='{row.pk}']")
    plain.click(f"{hands.FORM} button.btn-act")
    assert "请填写查证情况" in plain.inner_text(".fd-field:has([name=how]) .fd-err")
    plain.fill("[name=how]", "与原件一致。")
    plain.click(f"{hands.FORM} button.btn-act")
    assert "“查证”已办理" in plain.inner_text("#fd-messages")

    # 调查终结: a fine above the range, and a citation that does not exist
    calendar.turn(7)
    proposal = {
        "proposals-0-provision": universe.provision(),
        "proposals-0-fine": "3万元",
        "complexity": "涉及多个法律关系。",
    }
    start(first, case, "conclude")
    enter(first, **universe.PARTICULARS | proposal | {"proposals-0-fine": "10.5万"})
    send(first)
    expect(first.get_by_role("alert").first).to_contain_text("高于法定上限")
    take(first, case, "conclude", "已制作《行政处罚案件调查报告》",
         {"violated": ("安法第几条", "不能识别为条文"), "proposals-0-fine": ("三万", "请填写金额")},
         **universe.PARTICULARS | proposal)  # fmt: skip

    first.go_back()  # the browser shows the form as it was; sent again it is told, and nothing is written twice
    enter(first, **universe.PARTICULARS | proposal)
    send(first)
    expect(first.locator("section[role=alert]")).to_contain_text(
        f"此页打开以后，{town.first.name}已于16:00办理“调查终结”"
    )
    assert case.acts.filter(step="conclude").count() == 1

    # 告知、送达、申辩、复核
    calendar.turn(8)
    take(first, case, "notify", "已制作《行政处罚告知书》")
    late = ("2027-03-01", "还没有到")
    take(
        first,
        case,
        "serve_notice",
        "已制作《文书送达回执》",
        {"served_on": late, "receiver": ("", "签收")},
        **served(calendar, 8),
    )
    day = calendar.turn(9)
    first.goto(f"/matter/{case.pk}/")
    expect(first.locator("#act-consider")).to_contain_text("期限")  # the window still runs, and the page says so
    assert first.locator("#act-consider .btn").count() == 0
    speech = {"started_at": f"{day}T09:00", "ended_at": f"{day}T09:30", "place": "本局", "speaker_name": "周示八",
              "speaker_capacity": "主要负责人", "recorder": "钱示二", "statement": "请求从轻。"}  # fmt: skip
    take(first, case, "record_defence", "已制作《当事人陈述申辩笔录》", {"statement": ("", "请填写")}, **speech)
    calendar.turn(18)
    take(first, case, "consider", "已制作《陈述申辩复核意见书》", {"points-0-finding": ("", "请填写")}, conclusion="维持。",
         **{"points-0-finding": "已经考虑", "points-0-adopted": "部分采纳"})  # fmt: skip

    # 法制审核: an item that fails and a passing verdict contradict each other
    calendar.turn(21)
    legal = office(town.legal)
    start(legal, case, "review")
    enter(legal, verdict="同意", reason="程序合法。", **{"items-2-conclusion": "不符合"})
    send(legal)
    expect(legal.locator(".fd-field:has([name=verdict]) .fd-err").first).to_contain_text(REVIEW_ITEMS[2])
    enter(legal, **{"items-2-conclusion": "符合"})
    send(legal)
    hands.done(legal, case, "已制作《行政处罚法制审核意见书》")

    # 决定、送达
    calendar.turn(22)
    office.approve(case, "decide", {"opinion": ("", "请填写")})
    assert case.state == "DECIDED"
    take(first, case, "serve_decision", "已制作《文书送达回执》", **served(calendar, 23))

    # 公开: masked, and readable without login
    day = calendar.turn(24)
    facts = "该单位（负责人周示八，身份证号" + universe.person_number(8) + "）未如实记录。"
    take(
        office(town.publisher),
        case,
        "publish",
        "已制作",
        {"checked": ("", "请填写")},
        facts=facts,
        checked="与决定书一致。",
    )
    row = Disclosure.objects.get()
    public = opened(None, 1280, java_script_enabled=False)
    public.goto("/public/penalties/?q=甲山")
    public.get_by_role("link", name=re.compile(PARTY)).first.click()
    shown = public.inner_text("main")
    assert PARTY in shown
    assert "30,000" in shown
    assert "周示八" not in shown
    assert universe.person_number(8) not in shown

    # 缴款: more than is owed, then the whole; pressed twice, entered once
    cash = office(town.treasurer)
    paid = {"voucher": "示票1", "amount": "30,001", "paid_on": day, "file": picture("票据.png")}
    start(cash, case, "record_payment")
    enter(cash, **paid)
    refused(cash, "amount", "本次最多30,000元")
    enter(cash, amount="3万元")
    cash.locator(f"{hands.FORM} button.btn-act").dblclick()
    hands.done(cash, case, "“登记缴款”已办理")
    assert Payment.objects.count() == 1
    take(first, case, "perform", "“履行（执行）完毕”已办理")

    # 结案、归档
    calendar.turn(28)
    office.approve(case, "close", {"result": ("", "请填写")})
    take(office(town.archivist), case, "archive", "“归档”已办理", {"archive_number": ("", "请填写")}, archive_number="2026-1",
         retention="10年")  # fmt: skip
    case.refresh_from_db()
    assert (case.state, case.late_count) == ("ARCHIVED", 0)

    # every paper opens through its link and says whom it concerns and what
    found = papers(first, case)
    assert {"立案审批表", "询问笔录", "行政处罚告知书", "行政处罚法制审核意见书", "结案审批表"} <= set(found)
    for title, words in found.items():
        assert PARTY in words or title in ("询问笔录", "文书送达回执"), title
    decision = found["行政处罚决定书（单位）"]
    assert "叁万元整" in decision
    assert "30,000" in decision
    first.goto(f"/matter/{case.pk}/")
    first.get_by_role("link", name="预览案卷").click()
    assert hands.text_of(first.request.get(first.url).body())[0] > 10 or "案卷" in first.inner_text("main")

    # 决定被撤销，撤回公开
    calendar.turn(30)
    change = {
        "effective_on": calendar.turn(30),
        "body": "示例市人民政府",
        "effect": "撤销",
        "document": "复议决定",
        "reason": "示例",
    }
    take(office(town.legal), case, "record_change", "“登记决定被变更”已办理", {"body": ("", "请填写")}, **change)
    take(office(town.publisher), case, "withdraw", "“撤回公开信息”已办理", {"reason": ("", "请填写")}, reason="决定已被撤销。",
         checked="复议决定")  # fmt: skip
    public.goto(f"/public/penalties/{row.pk}/")
    assert "已撤回" in public.inner_text("main")
    assert "决定已被撤销" in public.inner_text("main")
    assert PARTY not in public.inner_text("main")
    assert record.verify_chain(case.chain).ok


def test_a_grave_case_is_discussed_before_it_is_decided(opened: Any, calendar: Any) -> None:
    """《行政处罚法》第五十七条第二款：情节复杂或者重大的，集体讨论决定；主要负责人最后发言（本机关的规则）"""
    calendar.turn(1)
    town = universe.bureau()
    case, office = universe.considered(town), Office(town, opened)
    day = calendar.turn(21)
    first = office(town.first)
    first.goto(f"/matter/{case.pk}/")
    for reason in ("法制审核尚未通过", "集体讨论"):
        expect(first.locator("#act-decide")).to_contain_text(reason)
    assert first.locator("#act-decide .btn").count() == 0
    take(office(town.legal), case, "review", "已制作《行政处罚法制审核意见书》", verdict="同意", reason="程序合法。")
    clerk = office(town.clerk)
    talk = {"started_at": f"{day}T14:00", "ended_at": f"{day}T15:00", "place": "会议室", "reporter": "李示一", "recorder": "钱示二",
            "content": "案情。", "conclusion": "同意。"}  # fmt: skip
    start(clerk, case, "discuss")
    enter(clerk, **talk)
    for index, head in enumerate((town.principal, town.head)):
        enter(clerk, **{f"statements-{index}-officer": head.pk, f"statements-{index}-opinion": "同意。"})
    send(clerk)
    expect(clerk.get_by_role("alert").first).to_contain_text("主要负责人应当最后发言")
    for index, head in enumerate((town.head, town.principal)):
        enter(clerk, **{f"statements-{index}-officer": head.pk})
    send(clerk)
    hands.done(clerk, case, "已制作")
    calendar.turn(22)
    office.approve(case, "decide")
    assert case.state == "DECIDED"
    assert "陆万元整" in papers(first, case)["行政处罚决定书（单位）"]
