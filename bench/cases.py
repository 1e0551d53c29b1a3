"""What the daily work costs in a bureau of many cases: SQL statements, processor time and memory, beside a bare floor.

``python -m bench.cases [CASES]`` (default 100000); needs the embedded database. The demo city's cases, made by real steps,
are copied by SQL until there are so many; what is measured is then done on them through the program's own doors. Writes
``bench/results/cases.json``.
"""

from __future__ import annotations

import gc
import itertools
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import enterprise_import

DATABASE = "fadu_bench_cases"
RESULTS = Path(__file__).with_name("results") / "cases.json"
ROUNDS = 60
WARM = 5
IMPORTED = 1_000


def main(cases: int) -> None:
    """Build the city in a database of its own, copy its cases, measure, print and keep the figures."""
    os.environ |= {"FADU_DATABASE": DATABASE, "DATABASE_URL": "", "FADU_DEMO": "1"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fadu.config.settings")
    from fadu.config import database

    database.prepare()
    try:
        for word in ("setup", "build-demo"):
            subprocess.run([sys.executable, "manage.py", word], check=True, stderr=subprocess.DEVNULL)
        import django

        django.setup()
        _multiply(cases)
        _measure(cases)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop_database(DATABASE)
        (database.cluster().var / "pg" / f"made-{DATABASE}").unlink(missing_ok=True)


# --- many cases


def _multiply(cases: int) -> None:
    """Copy the penalty cases with what hangs on them, spread over the thirteen organs, until there are ``cases``."""
    from django.db import connection

    from fadu.config import database
    from fadu.org.models import Organ
    from fadu.penalty.models import CaseParty, Evidence, Notice, PenaltyCase
    from fadu.procedure.models import Act, Assignment, Deadline, Matter
    from fadu.subject.models import Subject

    own = PenaltyCase.objects.count()
    copies = -(-(cases - own) // own)
    step = Matter.objects.latest("pk").pk + 1
    organs = list(Organ.objects.order_by("pk").values_list("pk", flat=True))
    chosen = f"(SELECT matter_ptr_id FROM penalty_penaltycase WHERE matter_ptr_id < {step})"
    files = f"(SELECT case_file_id FROM procedure_matter WHERE id IN {chosen})"
    moved = f"g * {step}::bigint"
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM document_casefile")
        file_step = cursor.fetchone()[0]
        spread = f"(ARRAY{organs})[1 + g % {len(organs)}]"
        _copy(
            cursor, "document_casefile", copies, f"id IN {files}",
            {"id": f"t.id + g * {file_step}", "chain": "'bench/' || g || '/' || t.id", "organ_id": spread, "serial": "t.serial + g * 1000"},
        )  # fmt: skip
        _copy(
            cursor, "procedure_matter", copies, f"id IN {chosen}",
            {"id": f"t.id + {moved}", "case_file_id": f"t.case_file_id + g * {file_step}", "organ_id": spread,
             "title": "t.title || g", "party_names": "t.party_names || g"},
        )  # fmt: skip
        _copy(
            cursor,
            "penalty_penaltycase",
            copies,
            f"matter_ptr_id IN {chosen}",
            {"matter_ptr_id": f"t.matter_ptr_id + {moved}"},
        )
        # each copy has parties of its own: nobody has been penalised two thousand times
        chosen_parties = f"SELECT subject_id FROM {CaseParty._meta.db_table} WHERE case_id IN {chosen}"
        subject_step = Subject.objects.latest("pk").pk + 1
        _copy(
            cursor, "subject_subject", copies, f"id IN ({chosen_parties})",
            {"id": f"t.id + g * {subject_step}::bigint", "uscc": "''", "id_kind": "''", "id_number": "''", "no_code_reason": "'复制'"},
        )  # fmt: skip
        for model, column in ((Act, "matter_id"), (Deadline, "matter_id"), (Assignment, "matter_id"), (CaseParty, "case_id"),
                              (Evidence, "case_id")):  # fmt: skip
            table = model._meta.db_table
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
            wide = cursor.fetchone()[0]
            other = {}
            if model is CaseParty:
                other = {"decision_id": "NULL", "subject_id": f"t.subject_id + g * {subject_step}::bigint",
                         "identity": "CASE t.identity WHEN '' THEN '' ELSE left(md5(t.identity || g), 18) END"}  # fmt: skip
            _copy(cursor, table, copies, f"{column} IN {chosen}",
                  {"id": f"t.id + g * {wide}::bigint", column: f"t.{column} + {moved}", **other})  # fmt: skip
            if model is CaseParty:
                cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {Notice._meta.db_table}")
                _copy(cursor, Notice._meta.db_table, copies, f"party_id < {wide}",
                      {"id": f"t.id + g * {cursor.fetchone()[0]}::bigint", "party_id": f"t.party_id + g * {wide}::bigint"})  # fmt: skip
    connection.close()
    with database.superuser(DATABASE) as owner, owner.cursor() as cursor:  # who may set sequences and clean up
        for table in ("document_casefile", "procedure_matter", "procedure_act", "procedure_deadline", "procedure_assignment", "subject_subject",
                      "penalty_caseparty", "penalty_evidence", "penalty_notice"):  # fmt: skip
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        owner.commit()
        owner.autocommit = True
        cursor.execute("VACUUM ANALYZE")


def _copy(cursor: Any, table: str, copies: int, which: str, changed: dict[str, str]) -> None:
    """Copy the rows of ``table`` that ``which`` names ``copies`` times; ``changed``: expressions of t and g for columns."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t CROSS JOIN generate_series(1, {copies}) g WHERE t.{which}"
    )


# --- measuring


def _measure(cases: int) -> None:
    """Do each thing several times; its statements, processor time, wall time and what it leaves in memory."""
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS = ["*"]
    logging.disable()
    gc.collect()
    gc.freeze()
    found = []
    for name, count, act, many in _works():
        for _ in range(WARM if count > WARM else 1):  # what is made at first, and then kept, is not measured
            act()
        statements: list[int] = []
        cpu: list[float] = []
        wall: list[float] = []
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(count):
            asked = 0

            def counting(execute: Any, *given: Any) -> Any:
                nonlocal asked
                asked += 1
                return execute(*given)

            began, used = time.perf_counter(), time.process_time()
            with connection.execute_wrapper(counting):
                act()
            cpu.append(1000 * (time.process_time() - used))
            wall.append(1000 * (time.perf_counter() - began))
            statements.append(asked)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        row = {
            "what": name, "times": count, "sql": max(statements), "cpu_ms": round(statistics.median(cpu), 2),
            "p50_ms": round(statistics.median(wall), 2), "p95_ms": round(sorted(wall)[int(0.95 * (count - 1))], 2), "grown_mb": round(grown, 1),
            "per_second": round(1000 * many / statistics.median(wall), 1),
        }  # fmt: skip
        found.append(row)
        sys.stdout.write(
            f"{name:44} {row['sql']:>4} SQL {row['cpu_ms']:>8} ms CPU {row['p50_ms']:>8} ms p50 {row['p95_ms']:>8} ms p95 +{row['grown_mb']} MB {row['per_second']:>9}/s\n"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    RESULTS.write_text(
        json.dumps({"cases": cases, "memory_mb": memory, "works": found}, ensure_ascii=False, indent=1) + "\n"
    )
    sys.stdout.write(f"memory at the end: {memory} MB\n")


def _works() -> list[tuple[str, int, Callable[[], object], int]]:
    """What is measured: (name, how often, the act, how many things one act makes)."""
    from django.db import connection, transaction
    from django.test import Client

    from fadu.document import services as documents
    from fadu.document.kinds import Document
    from fadu.document.models import Paper
    from fadu.document.services import preview
    from fadu.kernel import clock
    from fadu.org import queries as org
    from fadu.org.models import Organ
    from fadu.org.roles import Role
    from fadu.penalty.models import PenaltyCase
    from fadu.penalty.queries import visible
    from fadu.penalty.services import register_clue
    from fadu.penalty.views import UNFILED, CaseLedger
    from fadu.procedure.services import take
    from fadu.record import services as record
    from fadu.record import verify
    from fadu.record.actor import Actor
    from fadu.subject.ledger.book import read_book
    from fadu.subject.models import Subject
    from fadu.subject.services import intake, planning
    from fadu.ui.listing import EXACT

    on = clock.today()
    county = Organ.objects.order_by("pk")[3]
    officer = _at_work(org.officers_with(Role.CASE_OFFICER, county, on)[0])
    client = Client()
    client.force_login(officer.user)
    subject = Subject.objects.filter(division=county.division).first() or Subject.objects.all()[0]
    listed = visible(officer, on).exclude(state__in=UNFILED).count()
    last = -(-min(listed, EXACT) // CaseLedger.size)

    def page(address: str) -> Callable[[], object]:
        def get() -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status_code}")
            return answer.content

        return get

    def bare() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone()

    def create() -> object:
        return register_clue(
            organ=county, by=officer, source="complaint", cause="未如实记录安全生产教育和培训情况", clue="培训档案缺页。", subject=subject,
            received_on=on, found_on=on,
        )  # fmt: skip

    filed = PenaltyCase.objects.filter(state="INVESTIGATING").order_by("pk")[0]
    alike = PenaltyCase.objects.filter(organ=filed.organ, state="INVESTIGATING").order_by("pk")
    handling = _at_work(filed.assignments.filter(until=None)[0].officer)
    ready = []
    for case in alike.filter(assignments__officer=handling, assignments__until=None)[: ROUNDS + 1]:
        kept = record.keep_evidence(
            _picture(case.pk), chain=case.chain, name="照片.png", made_by=handling.name, made_at=clock.now(), place="示例路1号",
            media="image",
        )  # fmt: skip
        ready.append((case, kept.sha256))
    going = itertools.cycle(ready)

    def step() -> object:
        case, kept = next(going)
        return take(
            case, "take_evidence", by=handling,
            data={"kind": "documentary", "name": "台账", "proves": "违法事实", "obtained_on": on.isoformat(), "place": "示例路1号",
                  "by_party": False, "file": kept},
        )  # fmt: skip

    actor = Actor(1, "张示例", "执法人员", "示例市应急管理局", "SF-0001")

    def append() -> object:
        with transaction.atomic():
            return record.write("bench/one", actor=actor, act="bench", title="试写", on=on, after={"fine": "60000"})

    case = PenaltyCase.objects.filter(organ=county).exclude(state__in=["CLUE", "NOT_FILED"]).order_by("-pk")[0]
    context = {"organ": county.name}
    issued = Paper.objects.filter(case_file=filed.case_file, status="issued").earliest("pk")

    def issue() -> object:
        wanted = [(Document[issued.kind], issued.party_no, issued.context)]
        with transaction.atomic():
            return documents.make(filed.case_file, wanted, on=on, by=org.actor(handling, on, filed.organ))

    places = planning.places()
    ledgers = iter(_ledgers(4))

    def bring_in() -> object:
        path = next(ledgers)
        book = read_book(path, places, on)
        return intake.carry_out(book.rows, places.city, by=None, file_name=path.name, sha256="0" * 64)

    return [
        ("floor: SELECT 1", 200, bare, 1),
        ("floor: a page with nothing on it", 200, page("/healthz"), 1),
        ("create a case", ROUNDS, create, 1),
        ("take a step", ROUNDS, step, 1),
        ("matter page", ROUNDS, page(f"/matter/{case.pk}/"), 1),
        ("list of 20, first page", ROUNDS, page("/penalty/cases/"), 1),
        (f"list of 20, last page ({last})", ROUNDS, page(f"/penalty/cases/?page={last}"), 1),
        ("search 培训记录 in the list", ROUNDS, page("/penalty/cases/?q=培训"), 1),
        ("search for one party", ROUNDS, page(f"/penalty/cases/?q={case.party_names[:12]}"), 1),
        ("append to the record", 200, append, 1),
        ("verify one chain", ROUNDS, lambda: verify.check(chain=filed.chain), 1),
        ("draw a paper", ROUNDS, lambda: preview(Document.ADVANCE_NOTICE, context), 1),
        ("issue a paper: number, PDF, seal, record", ROUNDS, issue, 1),
        (f"import {IMPORTED:,} enterprises", 3, bring_in, IMPORTED),
    ]


def _ledgers(count: int) -> list[Path]:
    """So many ledgers of ``IMPORTED`` enterprises each, none of them known to the city."""
    folder = Path(tempfile.mkdtemp(prefix="fadu-bench-"))
    paths = [folder / f"ledger{number}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        enterprise_import.write(path, IMPORTED, first=500_000 + number * IMPORTED)
    return paths


def _at_work(officer: Any) -> Any:
    """The officer as a request brings him, with an account made where there is none."""
    from fadu.kernel import clock
    from fadu.org import queries as org
    from fadu.org.models import User

    if officer.user is None:
        officer.user = User.objects.create_user(f"bench{officer.pk}", password=None)
        officer.save(update_fields=["user"])
    return org.officer_on_duty(officer.user, clock.today())


def _picture(number: int) -> bytes:
    """A small picture, each number another."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (320, 240), (number % 251, number // 251 % 251, number // 63001 % 251)).save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
