"""How fast a ledger of enterprises is judged and imported, in a database of its own that is dropped afterwards.

``python -m bench.enterprise_import [ROWS]`` (default 20000); needs the embedded database. The bare floor in the same run:
openpyxl (streaming) reads the same file, and one COPY puts its cells into a table without index or trigger.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

DATABASE = "fadu_bench_import"
HEADER = (
    "序号", "企业名称", "统一社会信用代码", "所属县区", "风险等级", "联系人", "联系电话", "从业人数", "成立日期", "许可证有效期至",
    "经度", "纬度", "地址", "法定代表人",
)  # fmt: skip


def main(rows: int) -> None:
    """Migrate a fresh database, import ``rows`` enterprises twice as the application, print the times."""
    os.environ |= {"FADU_DATABASE": DATABASE, "DATABASE_URL": "", "FADU_DEMO": "0"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    import subprocess

    from fadu.config import database

    database.prepare()
    try:
        for word in ("migrate", "load-content"):
            subprocess.run([sys.executable, "manage.py", word, "-v0"], check=True, stderr=subprocess.DEVNULL)
        with tempfile.TemporaryDirectory() as folder:
            _measure(rows, Path(folder) / "ledger.xlsx")
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


def write(path: Path, rows: int, first: int = 0) -> None:
    """A ledger of enterprises numbered from ``first``, in which nearly every cell has to be put right: the dear case."""
    import xlsxwriter

    from fadu.subject import uscc

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["示例市企业台账"])
    sheet.write_row(2, 0, HEADER)
    for place, number in enumerate(range(first, first + rows)):
        organisation = f"MA{number:06}"
        body = f"91140403{organisation}{uscc.organisation_check(organisation)}"
        row = (
            place + 1, f"示例{number}有限公司", (body + uscc.check_character(body)).lower(), "城区", "Ⅰ级", "赵示甲",
            13900000000 + number, "60", "2021年3月5日", "长期", 36.2, 113.1, f"示例路{number}号", "钱示乙",
        )  # fmt: skip
        sheet.write_row(place + 3, 0, row)
    book.close()


def _measure(rows: int, path: Path) -> None:
    """The floor, the judgement, the import, the import again."""
    import django

    django.setup()
    from fadu.org.models import Division, Organ
    from fadu.subject.ledger.book import read_book
    from fadu.subject.services import intake, planning

    Organ.objects.create(
        name="示例市应急管理局", short="市局", prefix="晋示", level="city", division=Division.objects.get(pk="1404"),
        address="示例路1号", postcode="046000", phone="0355-2000000", reconsideration_body="示例市人民政府", court="示例区人民法院",
    )  # fmt: skip
    write(path, rows)
    places = planning.places()
    floor = _timed("floor: openpyxl + COPY", rows, lambda: _floor(path))
    book = _timed("judge (preview)", rows, lambda: read_book(path, places, date(2026, 1, 1)))[1]
    bad = sum(bool(row.errors) for row in book.rows)
    if len(book.rows) != rows or bad:
        raise SystemExit(f"{len(book.rows)} rows, {bad} rejected: the bench itself is wrong")

    def run() -> Any:
        judged = read_book(path, places, date(2026, 1, 1))
        return intake.carry_out(judged.rows, places.city, by=None, file_name=path.name, sha256="0" * 64)

    first = _timed("judge and import", rows, run)
    again = _timed("judge and import again", rows, run)
    if {entry.result for entry in again[1]} != {"unchanged"}:
        raise SystemExit("the second import changed something")
    sys.stdout.write(f"import / floor: {first[0] / floor[0]:.1f}; aim: 20,000 rows in less than 15 s\n")


def _floor(path: Path) -> None:
    """Read with openpyxl, copy all cells as text."""
    import openpyxl
    import psycopg

    from fadu.config import database
    from fadu.config.embedded import OWNER

    columns = ", ".join(f"c{number} text" for number in range(len(HEADER)))
    # the application may make no table, so the floor is laid by the owner
    with psycopg.connect(database.cluster().url(OWNER, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY bare FROM STDIN") as copy:
            sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
            for row in sheet.iter_rows(min_row=4, values_only=True):
                copy.write_row([None if value is None else str(value) for value in row])


def _timed(what: str, rows: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Do it, print one line: seconds on the clock, seconds of our processor, rows a second."""
    began, cpu = time.perf_counter(), time.process_time()
    answer = work()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    sys.stdout.write(f"{what:28} {rows:>7,} in {took:7.2f} s, CPU {used:6.2f} s = {rows / took:>9,.0f}/s\n")
    sys.stdout.flush()
    return took, answer


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
