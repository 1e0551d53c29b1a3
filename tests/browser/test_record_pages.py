"""The pages of the record in real Chromium at 1280 and 390 px: seals, readings, export, evidence with small pictures."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fadu.kernel import clock
from fadu.penalty.tests import universe
from fadu.record import seals
from tests.browser.conftest import WIDTHS, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_record_are_whole_and_accessible(opened: Any, width: int) -> None:
    town = universe.bureau()
    case = universe.considered(town)
    today = clock.today()
    with clock.at(today + timedelta(days=3)):
        seals.seal_until(today + timedelta(days=2))
    page = opened(None, width)
    assert page.goto("/record/seals/").status == 200
    looks_right(page)
    page = opened(town.head, width)
    for address in (
        f"/matter/{case.pk}/",
        f"/matter/{case.pk}/record/",
        f"/matter/{case.pk}/export/",
        "/record/readings/",
    ):
        assert page.goto(address).status == 200, address
        looks_right(page)


def test_an_export_is_downloaded_and_is_a_whole_archive(opened: Any, tmp_path: Path) -> None:
    import zipfile

    town = universe.bureau()
    case = universe.filed(town)
    page = opened(town.head, 390)
    page.goto(f"/matter/{case.pk}/record/")
    page.get_by_role("link", name="导出案卷").click()
    page.get_by_label("用途").fill("示例区人民法院，行政诉讼应诉")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出").click()
    waiting.value.save_as(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert "verify.py" in archive.namelist()
