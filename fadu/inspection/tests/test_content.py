"""Checklists and standards of determination as content: what the files hold, loading them again, refusing what is malformed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from fadu.inspection import hazards, queries
from fadu.inspection.checklists import read_version
from fadu.inspection.models import Check, Checklist, ChecklistItem
from fadu.inspection.services import load_content
from fadu.inspection.services.content import FOLDER, write_items
from fadu.inspection.tests import universe as u
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.citations import parse
from fadu.law.content.reading import ContentError, node_of
from fadu.law.statutes import WSL

pytestmark = pytest.mark.django_db
DUST = (FOLDER / "dust6.yaml").read_text()
GOOD = DUST.replace("code: dust6", "code: dust9")  # a list of its own, so that what is published stays out of it


def test_general_four_sectors_and_three_special_lists_are_there() -> None:
    """The numbers of items are those of the public lists: 41, 43, 45, 41 for the sectors; 8, 7 and 6 for the trades."""
    for day in (date(2026, 3, 1), date(2026, 6, 1)):
        counts = {row.code: row.items_on(day).count() for row in queries.checklists_on(day)}
        assert counts == {
            "general": 31, "coal": 41, "mine": 43, "industry": 45, "hazchem": 41, "steel8": 8, "aluminium7": 7, "dust6": 6,
        }  # fmt: skip


@pytest.mark.law(WSL[118, 2])
def test_each_version_of_a_standard_of_determination_has_the_situations_its_norm_counts() -> None:
    """24 + 12 + 12 and 32 + 13 + 19 for mines, 14 + 45 and 3 + 47 + 14 for industry, 81 for coal, 20 and 20 of 2017."""
    assert {one.code: len(one.hazards) for one in hazards.standards()} == {
        "KCB98": 48, "KCB88": 64, "GM17": 59, "GM10": 64, "COAL4": 81, "CHEM17": 20, "FIRE17": 20,
    }  # fmt: skip
    old, new = hazards.standard("KCB98"), hazards.standard("KCB88")
    assert old is not None
    assert new is not None
    assert [len(rows) for _, rows in old.groups] == [24, 12, 12]
    assert [len(rows) for _, rows in new.groups] == [32, 13, 19]


@pytest.mark.parametrize(
    ("day", "mine", "industry"),
    [
        (date(2022, 8, 31), "KCB98", "GM17"),
        (date(2022, 9, 1), "KCB88", "GM17"),
        (date(2023, 5, 14), "KCB88", "GM17"),
        (date(2023, 5, 15), "KCB88", "GM10"),
    ],
)
def test_the_standard_of_the_day_judges_and_the_list_of_the_day_refers_to_it(
    day: date, mine: str, industry: str
) -> None:
    """《矿安〔2022〕88号》 is in force from 2022-09-01, 应急管理部令第10号 from 2023-05-15."""
    assert [one.code for one in hazards.in_force(day, "mine")] == [mine]
    assert [one.code for one in hazards.in_force(day, "industry")] == [industry]
    for code, standard in (("mine", mine), ("industry", industry)):
        (held,) = queries.checklists_on(day).filter(code=code)
        named = {one.standard.code for item in held.items_on(day) for one in item.judged}
        assert named == {standard}


def test_every_item_can_be_cited_and_says_how_far_it_is_known() -> None:
    for item in ChecklistItem.objects.select_related("checklist"):
        assert item.obligations, item.code
        assert [str(parse(text)) for text in [*item.obligations, *item.penalties]] == [
            *item.obligations,
            *item.penalties,
        ]
        assert all(law.provision(key, item.checklist.from_date) for key in item.provisions), item.code
        assert item.standard
        assert item.how
        assert item.source
        assert item.confidence in ("source", "text", "analysis", "memory", "model")


def test_a_major_hazard_is_one_that_a_standard_names() -> None:
    for item in ChecklistItem.objects.all():
        assert (item.level == "major") == bool(item.hazards), item.code
        assert len(item.judged) == len(item.hazards), item.code


def test_a_list_changes_with_the_statute_on_the_day_it_comes_into_force() -> None:
    """《危险化学品安全法》 is in force from 2026-05-01; the licence is then owed under its 30, 48 and 53."""
    before, after = (
        queries.checklists_on(day).get(code="hazchem").items_on(day).get(code="H-01")
        for day in (date(2026, 4, 30), date(2026, 5, 1))
    )
    assert before.obligations[0] == "《危险化学品安全管理条例》第十四条"
    assert after.obligations[0] == "《危险化学品安全法》第三十条"


def test_loading_again_changes_nothing() -> None:
    before = list(ChecklistItem.objects.order_by("pk").values())
    assert load_content() == {"checklists": 11, "items": 351}
    assert list(ChecklistItem.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("《安全生产法》第四十一条第二款", "《安全生产法》第四百条之", r"obligations\[0\]"),
        ("《安全生产法》第四十一条第二款", "《安全生产法》第四百条", "不存在"),
        ("wsl_102_p1", "wsl_999_p1", "没有处罚条款 wsl_999_p1"),
        ("GM10-H-1]", "GM10-H-99]", "没有判定情形 GM10-H-99"),
        ("GM10-H-1]", "GM17-H-1]", "2023-05-15没有施行；这一天施行的是《工贸企业重大事故隐患判定标准》"),
        ("level: major", "level: huge", "huge"),
        ("confidence: model", "confidence: sure", "sure"),
        ("from: 2023-05-15", "from: soon", "应为日期"),
        ("sector: industry", "sector: moon", "moon"),
        ("  how: ", "  hwo: ", "未知的键"),
        ("- id: D6-2", "- id: D6-1", "重复"),
    ],
)
def test_a_malformed_file_is_refused_by_name_and_changes_nothing(
    tmp_path: Path, old: str, new: str, match: str
) -> None:
    before = ChecklistItem.objects.count()
    assert old in GOOD
    (tmp_path / "broken.yaml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ContentError, match=match) as error:
        load_content(tmp_path)
    assert "broken.yaml" in str(error.value)
    assert ChecklistItem.objects.count() == before


def test_a_published_version_whose_file_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dust6.yaml").write_text(DUST.replace("查系统图", "查设计图", 1))
    with pytest.raises(ContentError, match="变动请另立一个版本"):
        load_content(tmp_path)


def test_a_file_may_only_say_when_its_published_version_ended(tmp_path: Path) -> None:
    (tmp_path / "dust6.yaml").write_text(DUST.replace("from: 2023-05-15", "from: 2023-05-15\nuntil: 2027-01-01", 1))
    load_content(tmp_path)
    assert Checklist.objects.get(code="dust6").until == date(2027, 1, 1)


def test_a_list_of_the_time_before_versions_is_brought_up_to_its_file_and_published(
    bureau: u.Bureau, tmp_path: Path
) -> None:
    """The migration leaves such a list as a draft that was shipped; loading the content makes it a published version."""
    visit = u.on_site(bureau)
    version = read_version(node_of("dust9.yaml", "", yaml.safe_load(GOOD)), ["industry"])
    row = Checklist.objects.create(**version.head, shipped=True)
    write_items(row, version)
    looked_at, untouched = row.items.order_by("ordinal")[:2]
    Check.objects.create(visit=visit, item=looked_at, result="ok", by=bureau.first, at=clock.now())
    blocks = GOOD.split("- id: ")
    (tmp_path / "dust9.yaml").write_text("- id: ".join([blocks[0], *blocks[3:]]))
    load_content(tmp_path)
    row.refresh_from_db()
    assert (row.state, row.items_on(clock.today()).count()) == ("published", 4)
    assert ChecklistItem.objects.get(pk=looked_at.pk).until == clock.today()  # a visit points at it
    assert not ChecklistItem.objects.filter(pk=untouched.pk).exists()
