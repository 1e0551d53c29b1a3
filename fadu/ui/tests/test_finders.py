"""Only named files come out of node_modules."""

import pytest

from fadu.ui import finders


def test_a_named_file_is_found_under_its_public_name() -> None:
    assert finders.VendorFinder().find("vendor/htmx.min.js").endswith("htmx.org/dist/htmx.min.js")


@pytest.mark.parametrize(
    "path", ["htmx.org/dist/htmx.min.js", "axe-core/axe.min.js", "vendor/../htmx.org/package.json", "vendor/axe.min.js"]
)
def test_nothing_else_of_node_modules_is_served(path: str) -> None:
    assert finders.VendorFinder().find(path) == []


def test_collectstatic_sees_exactly_the_table() -> None:
    assert [name for name, _ in finders.VendorFinder().list(None)] == list(finders.VENDOR)


def test_the_check_says_what_to_do_when_npm_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    assert finders.missing_vendor_files() == []
    monkeypatch.setitem(finders.VENDOR, "vendor/lost.js", "lost/lost.js")
    (error,) = finders.missing_vendor_files()
    assert error.id == "ui.E001"
    assert "lost/lost.js" in error.msg
    assert "npm ci" in error.hint
