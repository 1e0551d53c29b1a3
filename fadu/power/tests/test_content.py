"""The editions that ship with the program: their count, their bases against the texts we hold, their charts' steps."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from fadu.law.content import outlines, penalties
from fadu.law.provisions import Kind
from fadu.law.statutes import APL, EMERGENCY, HAZCHEM_RULES, WSL
from fadu.power import content
from fadu.power.classes import PowerClass, Risk
from fadu.power.content import Item
from fadu.power.gate import Book, book, faults, stands_in, unfounded

TODAY = date(2026, 11, 28)
IN_FORCE = [item for item in content.editions()[-1].items if item.in_force(TODAY)]
BOOK: Book = book()


def item(**more: object) -> Item:
    """An item on a basis in force."""
    plain = Item(
        "X001", PowerClass.PENALTY, "对示例行为的处罚", ("《安全生产法》第九十七条第四项",), ("市", "县"), "示例队", Risk.HIGH,
        date(2021, 9, 1), None, "示例", "model",
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def told(*items: Item, since: date = date(2026, 5, 1), until: date | None = None) -> list[str]:
    return [str(fault) for fault in faults(items, since, until, BOOK)]


def test_the_list_in_force_has_seven_classes_and_two_hundred_and_ninety_three_items() -> None:
    # the figures of the city's own report: seven classes, 293 items
    assert len(IN_FORCE) == 293
    assert len({one.code for one in IN_FORCE}) == 293
    assert [cls.value for cls in PowerClass] == [
        "行政许可", "行政处罚", "行政强制", "行政检查", "行政确认", "行政奖励", "其他权力",
    ]  # fmt: skip
    assert set(Counter(one.cls for one in IN_FORCE)) == set(PowerClass)


def test_nothing_changes_within_the_list_in_force() -> None:
    assert len(content.editions()[-1].items) == 293


@pytest.mark.law(WSL[17])
def test_no_edition_has_a_fault() -> None:
    for edition in content.editions():
        assert told(*edition.items, since=edition.since, until=edition.until) == []


def test_every_basis_that_is_a_citation_stands_in_the_text_in_force() -> None:
    held = {one.statute: one for one in outlines.outlines() if one.in_force(TODAY)}
    checked = 0
    for one in IN_FORCE:
        assert one.bases, one.code
        for article in one.articles:
            assert article.statute != HAZCHEM_RULES, (
                f"{one.code} rests on a regulation that yields to the law since 2026-05-01"
            )
            if article.statute in held:
                checked += 1
                assert stands_in(article, held[article.statute]), (one.code, str(article))
    assert checked > 200


def test_every_penalty_item_on_a_held_statute_rests_on_a_provision_that_is_held() -> None:
    provisions = [one.provision for one in penalties.provisions() if one.provision.in_force(TODAY)]
    statutes = {one.article.statute for one in provisions}
    for one in IN_FORCE:
        if one.cls is PowerClass.PENALTY:
            for article in one.articles:
                if article.statute in statutes:
                    assert any(article.touches(p.article) for p in provisions), (one.code, str(article))


def test_the_penalty_provisions_of_the_bureau_are_covered_by_the_list() -> None:
    # every penalty of the Work Safety Law, whoever else may decide on it too, is the basis of an item
    provisions = [
        one.provision
        for one in penalties.provisions()
        if one.provision.in_force(TODAY) and one.provision.kind is Kind.PENALTY and one.provision.article.statute == WSL
    ]
    assert len(provisions) == 59
    items = [one for one in IN_FORCE if one.cls is PowerClass.PENALTY]
    bare = [p.id for p in provisions if not any(a.touches(p.article) for one in items for a in one.articles)]
    assert bare == []


def test_what_is_memory_or_model_is_marked() -> None:
    for one in IN_FORCE:
        assert one.confidence in {"model", "memory", "text", "source", "analysis"}
        if not one.articles:
            assert one.confidence == "memory", f"{one.code}: no text of its basis is held"


# --- the gate -------------------------------------------------------------------------------------------------------


def test_an_item_without_basis_is_refused_and_named() -> None:
    assert told(item(bases=())) == ["X001：没有依据。权力须有法律、法规、规章的依据。"]


def test_the_same_code_twice_at_one_time_is_refused() -> None:
    assert told(item(), item(name="又一项")) == ["X001：同一编码在2021-09-01重复列出。"]
    first, second = item(until=date(2026, 6, 1)), item(since=date(2026, 6, 1))
    assert told(first, second) == []


def test_an_item_that_ends_before_it_begins_or_outside_the_list_is_refused() -> None:
    assert "应晚于施行日期" in told(item(until=date(2021, 9, 1)))[0]
    assert "没有重合" in told(item(until=date(2026, 5, 1)))[0]
    assert "没有重合" in told(item(since=date(2026, 7, 1)), until=date(2026, 7, 1))[0]


def test_a_basis_that_a_newer_law_has_displaced_is_refused() -> None:
    old = "《危险化学品安全管理条例》第七十五条"
    assert told(item(bases=(old,))) == ["X001：依据《危险化学品安全管理条例》第七十五条自2026-05-01起不再适用。"]
    assert told(item(bases=(old,)), since=date(2026, 4, 1)) == [
        "X001：依据《危险化学品安全管理条例》第七十五条自2026-05-01起不再适用，事项应同日终止。"
    ]
    assert told(item(bases=(old,), until=date(2026, 5, 1)), since=date(2026, 4, 1)) == []


def test_a_basis_of_a_version_that_was_repealed_is_refused() -> None:
    # 煤矿安全生产条例第七十六条: the special provisions of 2005 ended on 2024-05-01
    old = "《国务院关于预防煤矿生产安全事故的特别规定》第十条"
    assert told(item(bases=(old,))) == [f"X001：依据{old}已于2024-05-01失效。"]


def test_a_basis_not_yet_in_force_is_refused() -> None:
    new = item(bases=("《危险化学品安全法》第九十八条第一款",))
    assert "还没有施行" in told(new, since=date(2026, 4, 1))[0]


def test_a_place_that_the_statute_does_not_have_is_refused() -> None:
    assert told(item(bases=("《安全生产法》第九十七条第八项",))) == [
        "X001：《安全生产法》第九十七条第八项在2026-05-01施行的文本中不存在。"
    ]
    assert "不存在" in told(item(bases=("《安全生产法》第二百条",)))[0]


def test_the_numbering_of_the_day_counts() -> None:
    assert unfounded(EMERGENCY[96, 1, 1], date(2024, 11, 1), None, BOOK) == ""
    assert unfounded(APL[17], date(2026, 1, 1), None, BOOK) == ""


# --- duties -------------------------------------------------------------------------------------------


def test_every_class_has_its_responsibility() -> None:
    assert set(content.responsibilities()) == set(PowerClass)
    for one in content.responsibilities().values():
        assert one.duties
        assert one.accountability
