"""How fast the record is written and verified, in a database of its own that is dropped afterwards.

``python -m bench.record [ROWS]`` (default 300000); needs the embedded database.
"""

import os
import sys
import time

DATABASE = "fadu_bench"
CHAIN_LENGTH = 25  # entries of a usual case


def main(rows: int) -> None:
    """Migrate a fresh database, copy ``rows`` entries in as the application, verify them both ways, print rates."""
    os.environ["FADU_DATABASE"] = DATABASE
    os.environ["DATABASE_URL"] = ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    import subprocess

    from fadu.config import database

    database.prepare()
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True)
        _measure(rows)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


def _measure(rows: int) -> None:
    """Write and verify."""
    import django

    django.setup()
    from datetime import date

    from django.db import connection, transaction

    from fadu.record import services, verify
    from fadu.record.actor import Actor
    from fadu.record.models import Entry

    actor = Actor(1, "张示例", "执法人员", "示例市应急管理局", "SF-0001")
    facts = {"name": "示例矿业有限公司", "fine": "60000", "finding": "未按规定设置安全警示标志" * 8}
    began = time.perf_counter()
    for number in range(1000):
        with transaction.atomic():
            services.write(
                f"bench.single/{number % 40}",
                actor=actor,
                act="bench.act",
                title="试写",
                on=date(2026, 1, 1),
                after=facts,
            )
    _say("write, one transaction each", 1000, began)
    body = Entry.objects.values_list("body", flat=True)[0]
    began = time.perf_counter()
    with (
        transaction.atomic(),
        connection.connection.cursor() as cursor,
        cursor.copy("COPY record_entry (chain, body) FROM STDIN") as copy,
    ):
        for number in range(rows):
            copy.write_row((f"bench.bulk/{number // CHAIN_LENGTH}", body))
    _say("copy through the trigger", rows, began)
    for name, check in (
        ("verify in SQL", verify.check),
        ("again", verify.check),
        ("verify in Python", verify.check_in_python),
    ):
        began = time.perf_counter()
        report = check()
        _say(name, report.entries, began)
        if not report.ok:
            raise SystemExit(f"{name}: {report.faults[:3]}")
    began = time.perf_counter()
    for number in range(200):
        verify.check(chain=f"bench.bulk/{number}")
    _say("verify one chain for a page", 200, began)


def _say(what: str, count: int, began: float) -> None:
    """One line of the result."""
    took = time.perf_counter() - began
    sys.stdout.write(f"{what:32} {count:>9,} in {took:7.2f} s = {count / took:>10,.0f}/s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
