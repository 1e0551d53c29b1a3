"""``import-statutes PATH…``: import statute texts (Markdown, docx) from files and folders; again changes nothing."""  # noqa: N999

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.law.library.files import LARGEST_FILE, SUFFIXES
from fadu.law.library.services import Imported, Source, import_texts
from fadu.record.actor import Actor

WORDS = {"added": "新导入", "updated": "已更新", "unchanged": "没有变化", "refused": "没有导入"}


class Command(BaseCommand):
    """Every good file goes in, every bad one is reported; exit 1 when there was one, 2 when there was nothing to read."""

    help = (
        "Import statute texts from files and folders (.md, .docx). Exit 1 when a file was refused; the others are in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name files or folders."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
        parser.add_argument("--json", action="store_true", help="print what became of each file as one JSON document")
        parser.add_argument(
            "--since", type=date.fromisoformat, help="the day it comes into force (YYYY-MM-DD), for one file only"
        )

    def handle(self, *args: Any, paths: list[Path], json: bool, since: date | None, **options: Any) -> None:
        """Import and report."""
        files = list(_files(paths))
        if since and len(files) != 1:
            raise CommandError("--since只能用于一个文件", returncode=2)
        # Read one by one: a folder may hold many large files.
        done = import_texts((_source(path, since) for path in files), Actor.program("命令行导入"))
        counts: Counter[str] = Counter(one.outcome for one in done)
        if json:
            self.stdout.write(_as_json(done, counts))
        else:
            for one in done:
                for line in _lines(one):
                    self.stdout.write(line)
            self.stdout.write("，".join(f"{WORDS[name]}{counts[name]}个" for name in WORDS))
        if counts["refused"]:
            raise CommandError(f"有{counts['refused']}个文件没有导入，其余文件不受影响", returncode=1)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    """The files named, and those of the folders named, in order of their names."""
    for path in paths:
        if path.is_dir():
            found = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and not p.name.startswith(("~$", "."))
            )
            if not found:
                raise CommandError(f"文件夹里没有.md或者.docx文件：{path}", returncode=2)
            yield from found
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"没有这个文件或者文件夹：{path}", returncode=2)


def _source(path: Path, since: date | None) -> Source:
    try:
        with path.open("rb") as file:
            return Source(path.name, file.read(LARGEST_FILE + 1), since)
    except OSError:
        raise CommandError(f"不能读取文件：{path}", returncode=2) from None


def _as_json(done: list[Imported], counts: Counter[str]) -> str:
    summary = {"files": [one.as_record() for one in done], **{name: counts[name] for name in WORDS}}
    return json.dumps(summary, ensure_ascii=False, indent=1)


def _lines(one: Imported) -> Iterable[str]:
    if one.outcome == "refused":
        yield f"{one.file}：没有导入"
    else:
        yield f"{one.file}：{WORDS[one.outcome]}，《{one.title}》{one.since:%Y-%m-%d}起施行的版本，{one.clauses}条"
    for problem in (*one.problems, *one.warnings):
        mark = "错误" if problem in one.problems else "请核对"
        where = f"第{problem.line}{one.unit}：" if problem.line else ""
        yield f"  {mark} {where}{problem.message}"
