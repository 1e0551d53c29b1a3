"""Serves the named files of ``node_modules`` under stable names, and nothing else of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core import checks
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
# public name → path in node_modules; an upgrade touches package.json and, at most, this table
VENDOR = {
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
}


class VendorStorage(FileSystemStorage):
    """Reads the files of ``VENDOR`` by their public names (collectstatic opens them through a storage)."""

    def path(self, name: str) -> str:
        """The file behind a public name; KeyError for any name not in the table."""
        return str(NODE_MODULES / VENDOR[name.replace("\\", "/")])


class VendorFinder(BaseFinder):
    """Finds the files of ``VENDOR``."""

    def __init__(self, app_names: Sequence[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = VendorStorage(location=str(NODE_MODULES))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Nothing to configure; whether the files are there is ui.E001."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind the public name ``path``, or an empty list, as Django's finders answer."""
        source = VENDOR.get(path)
        found = [str(NODE_MODULES / source)] if source and (NODE_MODULES / source).is_file() else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """All public names with the storage that opens them."""
        for name in VENDOR:
            if not matches_patterns(name, ignore_patterns or []) and (NODE_MODULES / VENDOR[name]).is_file():
                yield name, self.storage


def missing_vendor_files(**kwargs: Any) -> list[checks.CheckMessage]:
    """System check ui.E001: names the vendored files that are not there because ``npm ci`` was forgotten."""
    missing = [source for source in VENDOR.values() if not (NODE_MODULES / source).is_file()]
    if not missing:
        return []
    return [
        checks.Error(
            "前端文件缺失：" + "、".join(missing),
            hint="在仓库根目录运行 npm ci --ignore-scripts（make demo、make test 会自动运行）。",
            id="ui.E001",
        )
    ]
