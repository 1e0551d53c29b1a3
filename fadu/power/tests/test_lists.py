"""A list is drafted, examined and published by three persons; what is published stays; what is in force where and when."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.citations import parse
from fadu.law.content.reading import ContentError
from fadu.law.statutes import APL, HAZCHEM_RULES, WSL
from fadu.org.roles import Role
from fadu.org.tests import universe
from fadu.power import content, queries, services
from fadu.power.classes import PowerClass
from fadu.power.models import PowerItem, PowerList
from fadu.record.models import Entry

DAY = date(2026, 6, 1)
FIRST = date(2026, 7, 1)


@pytest.fixture
def town(db: None) -> universe.Town:
    return universe.build()


def person(town: universe.Town, role: Role) -> Any:
    return town.of(town.city, role)


def body(entry: Entry) -> Any:
    return json.loads(entry.body)


def draft(town: universe.Town, by: Role = Role.CLERK, **more: Any) -> PowerList:
    """A draft of the city for July, on the basis of the list that ships with the program."""
    with clock.at(DAY):
        values = {"title": "示例市安全生产权力和责任清单", "issuer": "示例市人民政府", "from_date": FIRST} | more
        common = PowerList.objects.get(code="2026", organ=None)
        return services.drafted(town.city, by=person(town, by), based_on=common, **values)


def published(town: universe.Town) -> PowerList:
    listed = draft(town)
    with clock.at(DAY):
        services.review(listed, by=person(town, Role.LEGAL_REVIEWER))
        return services.publish(listed, "示政发〔2026〕1号", by=person(town, Role.AGENCY_HEAD))


# --- what ships -----------------------------------------------------------------------------------------------------


def test_the_shipped_editions_are_published_and_loading_again_changes_nothing(db: None) -> None:
    before = list(PowerList.objects.values())
    services.load_content()
    assert list(PowerList.objects.values()) == before
    assert {one["state"] for one in before} == {"published"}


def test_an_edition_whose_files_changed_after_publication_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = content.editions()[-1]
    fewer = type(changed)(**{**vars(changed), "items": changed.items[1:]})
    monkeypatch.setattr(content, "editions", lambda folder=content.DATA: (fewer,))
    with pytest.raises(ContentError, match="已公布的清单不能修改"):
        services.load_content()


def test_the_list_of_the_day_counts(town: universe.Town) -> None:
    before, after = (queries.list_in_force(town.city, day) for day in (date(2026, 4, 30), date(2026, 5, 1)))
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == ("2021", "2026")
    assert queries.list_in_force(town.city, date(2021, 8, 31)) is None


@pytest.mark.law(WSL[17])
def test_a_county_holds_the_items_of_its_level_only(town: universe.Town) -> None:
    held = {one.item.code for one in queries.held_by(town.east, DAY)}
    assert len({one.item.code for one in queries.held_by(town.city, DAY)}) == 293
    assert "B010" in held
    assert "A002" not in held, "危险化学品安全法第二十三条: the review of conditions is the city's"


def test_what_covers_a_provision_is_found_by_its_article(town: universe.Town) -> None:
    found = queries.for_penalty(town.city, DAY, WSL[97, None, 4])
    assert found is not None
    assert (found.item.code, found.item.name) == ("B010", "对未如实记录教育培训的处罚")
    narrow = queries.for_penalty(town.city, DAY, WSL[114, 1, 2])
    assert narrow is not None
    assert narrow.item.code == "B045-2"
    assert queries.for_penalty(town.city, DAY, WSL[107]) is None  # the unit's own affair, no penalty


@pytest.mark.law(APL[72, 1, 1])
def test_a_coercive_act_is_covered_by_an_item_of_its_own_class(town: universe.Town) -> None:
    found = queries.for_act_of(town.east, DAY, APL[72, 1, 1], PowerClass.COMPULSION)
    assert found is not None
    assert (found.item.code, found.item.name) == ("C005", "加处罚款")
    assert queries.for_act_of(town.east, DAY, APL[72, 1, 1], PowerClass.PENALTY) is None


def test_an_old_act_is_punished_by_the_successor_of_its_item(town: universe.Town) -> None:
    # 从旧: the regulation's provision applies to the act of April, though its item ended in May
    old = HAZCHEM_RULES[75, 1]
    assert queries.for_penalty(town.city, DAY, old) is None
    found = queries.for_act(town.city, DAY, old, date(2026, 4, 1))
    assert found is not None
    assert found.item.code == "B052-1"


def test_a_visit_is_covered_by_its_cause_its_sector_or_the_general_item(town: universe.Town) -> None:
    def code(sector: str, reason: str = "plan") -> str:
        found = queries.for_inspection(town.city, DAY, sector=sector, reason=reason)
        assert found is not None
        return found.item.code

    assert [code("coal"), code("mine"), code("hazchem"), code("industry"), code("other")] == [
        "D003", "D004", "D005", "D006", "D001",
    ]  # fmt: skip
    assert (code("coal", "random"), code("coal", "report")) == ("D002", "D012")


def test_asking_what_is_in_force_takes_one_statement(town: universe.Town, django_assert_num_queries: Any) -> None:
    queries.held_by(town.city, DAY)  # the items of a published list are read once by a process
    with django_assert_num_queries(1):
        assert queries.held_by(town.city, DAY, PowerClass.PENALTY)


# --- a list of the bureau's own -------------------------------------------------------------------------------------


@pytest.mark.law(WSL[17])
def test_three_persons_bring_a_list_into_force_and_its_chain_says_who(town: universe.Town) -> None:
    listed = published(town)
    assert queries.list_in_force(town.city, FIRST) == listed
    assert queries.list_in_force(town.east, FIRST) == listed, "a county works by the list of its superior"
    common = queries.list_in_force(town.city, date(2026, 6, 30))
    assert common is not None
    assert common.organ is None
    rows = [
        (body(entry)["act"], body(entry)["actor"]["name"])
        for entry in Entry.objects.filter(chain=listed.chain).order_by("seq")
    ]
    assert [act for act, _ in rows] == ["power.list.draft", "power.list.review", "power.list.publish"]
    assert len({name for _, name in rows}) == 3


def test_whoever_drafted_does_not_examine_and_whoever_examined_does_not_publish(town: universe.Town) -> None:
    legal = person(town, Role.LEGAL_REVIEWER)
    listed = draft(town, by=Role.LEGAL_REVIEWER)
    with clock.at(DAY), pytest.raises(NotCompetent, match="拟定与审核应当分开"):
        services.review(listed, by=legal)
    with pytest.raises(DatabaseError), transaction.atomic():
        PowerList.objects.filter(pk=listed.pk).update(reviewed_by=legal)
    with clock.at(DAY), pytest.raises(NotCompetent, match="行政机关负责人"):
        services.publish(listed, "示政发〔2026〕1号", by=legal)


def test_only_an_examined_list_is_published_and_never_for_a_day_that_has_passed(town: universe.Town) -> None:
    listed = draft(town)
    head = person(town, Role.AGENCY_HEAD)
    with clock.at(DAY), pytest.raises(OutOfOrder, match="审核通过后才能公布"):
        services.publish(listed, "示政发〔2026〕1号", by=head)
    with clock.at(DAY):
        services.review(listed, by=person(town, Role.LEGAL_REVIEWER))
    with clock.at(date(2026, 7, 2)), pytest.raises(OutOfOrder, match="已经过去"):
        services.publish(listed, "示政发〔2026〕1号", by=head)
    with clock.at(DAY), pytest.raises(Invalid, match="文号"):
        services.publish(listed, " ", by=head)


def test_the_gate_names_every_item_that_is_wrong(town: universe.Town) -> None:
    listed = draft(town)
    listed.items.filter(code="B010").update(bases=[])
    listed.items.filter(code="B011").update(bases=["《安全生产法》第九十七条第八项"])
    with clock.at(DAY), pytest.raises(OutOfOrder) as refused:
        services.review(listed, by=person(town, Role.LEGAL_REVIEWER))
    assert refused.value.reasons == (
        "B010：没有依据。权力须有法律、法规、规章的依据。",
        "B011：《安全生产法》第九十七条第八项在2026-07-01施行的文本中不存在。",
    )


def test_items_of_a_draft_are_changed_added_and_removed_and_the_chain_keeps_it(town: universe.Town) -> None:
    listed, by = draft(town), person(town, Role.CLERK)
    row = listed.items.get(code="B010")
    values = {name: getattr(row, name) for name in ("cls", "levels", "office", "risk", "since", "source", "confidence")}
    with clock.at(DAY):
        services.change_item(row, {"name": "对教育培训情况未如实记录的处罚"}, by=by)
        with pytest.raises(Invalid) as refused:
            services.add_item(
                listed, values | {"code": "B010", "name": "又一项", "bases": ["《安全生产法》第九十七条"]}, by=by
            )
        assert "已经列有" in refused.value.field_errors["code"]
        with pytest.raises(Invalid) as refused:
            services.add_item(listed, values | {"code": "B999", "name": "又一项", "bases": []}, by=by)
        assert "没有依据" in refused.value.field_errors["bases"]
        services.add_item(
            listed, values | {"code": "B999", "name": "又一项", "bases": ["《安全生产法》第九十七条"]}, by=by
        )
        services.remove_item(listed.items.get(code="B999"), "与B007至B013重复", by=by)
    acts = Entry.objects.filter(chain=listed.chain).order_by("seq")
    assert [body(entry)["act"].removeprefix("power.list.") for entry in acts] == [
        "draft", "change_item", "add_item", "remove_item",
    ]  # fmt: skip
    assert body(acts[1])["before"] == {"name": "对未如实记录教育培训的处罚"}


def test_what_is_published_is_changed_by_nobody(town: universe.Town) -> None:
    listed = published(town)
    row = listed.items.get(code="B010")
    with clock.at(DAY), pytest.raises(OutOfOrder, match="已公布，事项不能再改"):
        services.change_item(row, {"name": "别的"}, by=person(town, Role.CLERK))
    for change in (
        lambda: PowerItem.objects.filter(pk=row.pk).update(name="别的"),
        lambda: row.delete(),
        lambda: PowerItem.objects.filter(pk=row.pk).update(listed=PowerList.objects.get(code="2021", organ=None)),
        lambda: PowerList.objects.filter(pk=listed.pk).update(title="别的"),
        lambda: PowerList.objects.filter(pk=listed.pk).update(state="draft"),
        lambda: PowerItem.objects.bulk_create([PowerItem(**{**_plain(row), "code": "B998"})]),
    ):
        with pytest.raises(DatabaseError, match="已经公布"), transaction.atomic():
            change()
    PowerList.objects.filter(pk=listed.pk).update(until=date(2027, 1, 1))  # its end, once
    with pytest.raises(DatabaseError, match="已经公布"), transaction.atomic():
        PowerList.objects.filter(pk=listed.pk).update(until=date(2028, 1, 1))


def _plain(row: PowerItem) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname) for field in PowerItem._meta.concrete_fields if field.name != "id"
    }


def test_a_later_list_ends_the_one_before_it(town: universe.Town) -> None:
    first = published(town)
    second = draft(town, from_date=date(2026, 9, 1))
    with clock.at(DAY):
        services.review(second, by=person(town, Role.LEGAL_REVIEWER))
        services.publish(second, "示政发〔2026〕2号", by=person(town, Role.AGENCY_HEAD))
    first.refresh_from_db()
    assert first.until == date(2026, 9, 1)
    assert queries.list_in_force(town.city, date(2026, 8, 31)) == first
    assert queries.list_in_force(town.city, date(2026, 9, 1)) == second


def test_a_bureau_that_gave_a_power_up_does_not_fall_back_on_the_common_list(town: universe.Town) -> None:
    listed = draft(town)
    with clock.at(DAY):
        services.remove_item(listed.items.get(code="B010"), "权限划出", by=person(town, Role.CLERK))
        services.review(listed, by=person(town, Role.LEGAL_REVIEWER))
        services.publish(listed, "示政发〔2026〕1号", by=person(town, Role.AGENCY_HEAD))
    article = parse("《安全生产法》第九十七条第四项")
    assert queries.for_penalty(town.city, date(2026, 6, 30), article) is not None
    assert queries.for_penalty(town.city, FIRST, article) is None
