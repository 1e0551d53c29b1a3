"""``manage.py import-enterprises FILE``: a bureau's own ledger of enterprises (xlsx), judged row by row and taken in."""  # noqa: N999

import gc
import hashlib
import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.subject.ledger.book import Book, read_book
from fadu.subject.ledger.counties import Places
from fadu.subject.ledger.package import Unreadable
from fadu.subject.ledger.rows import Outcome
from fadu.subject.services import intake, planning

RESULTS = {"created": "新登记", "updated": "变更", "unchanged": "没有变化"}
OUTCOMES = {Outcome.ACCEPT: "直接采用", Outcome.FIX: "更正后采用", Outcome.REJECT: "不能采用"}


class Command(BaseCommand):
    """Preview or import; docs/enterprise-import.md says what each finding means."""

    help = "导入企业台账（xlsx）；--preview 只检查，不写入；--json 输出逐行结果。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and what to do with it."""
        parser.add_argument("file", type=Path, help="台账文件（.xlsx）")
        parser.add_argument("--preview", action="store_true", help="只检查，什么也不写入")
        parser.add_argument("--json", action="store_true", help="在标准输出上输出 JSON；进度和说明在标准错误上")

    def handle(self, *args: Any, file: Path, preview: bool, **options: Any) -> None:
        """Read, judge, and unless it is a preview, write. A file that cannot be read ends with status 2."""
        self.live = sys.stderr.isatty()
        collecting = gc.isenabled()
        gc.disable()  # next to nothing made here is garbage before the end; looking for it costs a tenth of the time
        try:
            self._run(file, preview, options["json"])
        finally:
            if collecting:
                gc.enable()

    def _run(self, file: Path, preview: bool, as_json: bool) -> None:
        """The work itself."""
        places = self._places(preview)
        try:
            book = read_book(file, places, clock.today(), lambda done, total: self._progress("检查", done, total))
            entries = self._planned(book, places) if preview else self._written(book, places, file)
        except (Unreadable, Refused) as refused:
            raise CommandError(str(refused), returncode=2) from None
        for remark in book.remarks:
            self._say(remark)
        results = Counter(entry.result.value for entry in entries if entry.result is not None)
        if as_json:
            said: dict[str, Any] = {"rows": [row.as_json() for row in book.rows]}
            if not preview:
                said["summary"] = {name: results[name] for name in RESULTS} | {"rejected": book.count(Outcome.REJECT)}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self._report(book, results, preview)

    def _places(self, preview: bool) -> Places:
        """The city's divisions; a preview does without a database that is not made yet."""
        try:
            return planning.places()
        except (DatabaseError, Refused) as error:
            if preview:
                self._say("数据库里还没有行政区划，按软件自带的行政区划检查。")
                return planning.places_of_content()
            if isinstance(error, Refused):
                raise CommandError(str(error), returncode=2) from None
            raise CommandError("数据库的表还没有建好：请先运行 manage.py setup。", returncode=2) from None

    def _planned(self, book: Book, places: Places) -> list[planning.Entry]:
        """What an import would do, in a transaction that cannot write; nothing where the database says nothing."""
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION READ ONLY")
                return planning.plan(book.rows, places.city, None)
        except (DatabaseError, Refused, KeyError):
            self._say("系统里还没有机关和企业，不能比较哪些是新登记的。")
            return []

    def _written(self, book: Book, places: Places, file: Path) -> list[planning.Entry]:
        """Import."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        return intake.carry_out(
            book.rows, places.city, by=None, file_name=file.name, sha256=digest,
            progress=lambda done, total: self._progress("写入", done, total),
        )  # fmt: skip

    def _progress(self, what: str, done: int, total: int) -> None:
        """One line that counts on a terminal; elsewhere a line each fifth of the way."""
        if self.live:
            self.stderr.write(f"\r{what} {done:,}/{total:,} 行", ending="\n" if done >= total else "", style_func=str)
            self.stderr.flush()
        elif done >= total or done % 5_000 == 0:
            self._say(f"{what} {done:,}/{total:,} 行")

    def _say(self, text: str) -> None:
        self.stderr.write(text, style_func=str)

    def _report(self, book: Book, results: Counter[str], preview: bool) -> None:
        """For a person: the counts, then every row that needs attention."""
        for row in book.rows:
            for what, findings in (("错误", row.errors), ("提醒", row.warnings)):
                for place, finding in findings:
                    where = f"{row.sheet} {place.cell or f'第{row.row}行'} {place.header}".rstrip()
                    self.stdout.write(f"{what}：{where}：{finding.message}")
        counts = "，".join(f"{title} {book.count(outcome):,}" for outcome, title in OUTCOMES.items())
        self.stdout.write(f"共 {len(book.rows):,} 行：{counts}。")
        done = "，".join(f"{title} {results[name]:,}" for name, title in RESULTS.items() if results[name])
        if preview:
            self.stdout.write(f"如果导入：{done or '没有可以导入的行'}。这是预览，什么也没有写入。")
        elif results["created"] or results["updated"]:
            self.stdout.write(f"已导入：{done}。")
        else:
            self.stdout.write(f"没有任何变化，什么也没有写入（{done or '没有可以导入的行'}）。")
