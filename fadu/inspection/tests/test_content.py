"""The checklists as content: what the files hold, loading them again, and refusing what is malformed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fadu.inspection.models import Check, Checklist, ChecklistItem
from fadu.inspection.services import load_content
from fadu.inspection.services.content import FOLDER
from fadu.inspection.tests import universe as u
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.citations import parse
from fadu.law.content.reading import ContentError

pytestmark = pytest.mark.django_db
GOOD = (FOLDER / "dust6.yaml").read_text()


def test_general_four_sectors_and_three_special_lists_are_there() -> None:
    """The numbers of items are those of the public lists: 41, 43, 45, 41 for the sectors; 8, 7 and 6 for the trades."""
    counts = {row.code: row.items_on(date(2026, 3, 1)).count() for row in Checklist.objects.all()}
    assert counts == {
        "general": 31, "coal": 41, "mine": 43, "industry": 45, "hazchem": 41, "steel8": 8, "aluminium7": 7, "dust6": 6,
    }  # fmt: skip


def test_every_item_can_be_cited_and_says_how_far_it_is_known() -> None:
    for item in ChecklistItem.objects.all():
        assert item.obligations, item.code
        assert [str(parse(text)) for text in [*item.obligations, *item.penalties]] == [
            *item.obligations,
            *item.penalties,
        ]
        assert all(law.provision(key, date(2026, 3, 1)) for key in item.provisions), item.code
        assert item.standard
        assert item.how
        assert item.source
        assert item.confidence in ("source", "text", "analysis", "memory", "model")


def test_a_major_hazard_is_one_that_a_standard_names() -> None:
    for item in ChecklistItem.objects.all():
        assert (item.level == "major") == bool(item.hazards), item.code


def test_items_change_with_the_statute_on_the_day_it_comes_into_force() -> None:
    """《危险化学品安全法》 is in force from 2026-05-01; the licence is then owed under its 30, 48 and 53."""
    hazchem = Checklist.objects.get(code="hazchem")
    before, after = (hazchem.items_on(day).get(code="H-01") for day in (date(2026, 4, 30), date(2026, 5, 1)))
    assert before.obligations[0] == "《危险化学品安全管理条例》第十四条"
    assert after.obligations[0] == "《危险化学品安全法》第三十条"


def test_loading_again_changes_nothing() -> None:
    before = list(ChecklistItem.objects.order_by("pk").values())
    assert load_content() == {"checklists": 8, "items": 227}
    assert list(ChecklistItem.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("《安全生产法》第四十一条第二款", "《安全生产法》第四百条之", r"obligations\[0\]"),
        ("wsl_102_p1", "wsl_999_p1", "没有处罚条款 wsl_999_p1"),
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


def test_an_item_that_left_its_file_ends_where_a_visit_points_at_it(bureau: u.Bureau, tmp_path: Path) -> None:
    lists = list(Checklist.objects.filter(code="dust6"))
    visit = u.on_site(bureau, checklists=lists)
    items = visit.items()
    Check.objects.create(visit=visit, item=items[0], result="ok", by=bureau.first, at=clock.now())
    blocks = GOOD.split("- id: ")
    (tmp_path / "dust6.yaml").write_text("- id: ".join([blocks[0], *blocks[3:]]))
    load_content(tmp_path)
    assert ChecklistItem.objects.get(pk=items[0].pk).until == clock.today()
    assert not ChecklistItem.objects.filter(pk=items[1].pk).exists()
