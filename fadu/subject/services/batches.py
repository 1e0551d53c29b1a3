"""A ledger sent through the page: kept under its hash, checked and imported by jobs, its rows kept for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import IO, Any, cast

import structlog
from django.db import connection, transaction
from procrastinate.contrib.django import app

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.org.models import Officer
from fadu.record import vault
from fadu.subject.ledger.book import Book, read_book
from fadu.subject.ledger.package import Package, Unreadable
from fadu.subject.models import LedgerImport, LedgerRow
from fadu.subject.queries import importing_organs
from fadu.subject.services import intake, planning
from fadu.subject.services.bulk import copy_in

log = structlog.get_logger("fadu.subject.ledger")
State = LedgerImport.State
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TROUBLE = "处理时出了意外，什么也没有写入。请再试一次；还是这样的，请把文件和时间告诉系统管理员。"


@transaction.atomic
def send(file: IO[bytes], name: str, *, by: Officer) -> LedgerImport:
    """Keep a file under its hash and have it checked. Raises Invalid at ``file``, NotCompetent for who may not import."""
    organs = importing_organs(by, clock.today())
    if not organs:
        raise NotCompetent("企业台账由内勤导入，您今天的岗位没有这项职责。")
    try:
        Package(file).close()
    except Unreadable as wrong:
        raise Invalid({"file": str(wrong)}) from None
    kept = vault.keep(file, name, frozenset({XLSX}))
    batch = LedgerImport.objects.create(
        by=by, by_name=by.name, organ=organs[0], file_name=kept.name, sha256=kept.sha256, state=State.CHECKING
    )
    app.configure_task("subject.ledger_check").defer(batch=batch.pk)
    return batch


@transaction.atomic
def confirm(batch: LedgerImport, *, by: Officer) -> None:
    """Have a checked ledger imported: exactly the file that was checked, known by its hash.

    Raises OutOfOrder when it is not waiting for that (sent twice), NotCompetent for another organ's.
    """
    locked = LedgerImport.objects.select_for_update().get(pk=batch.pk)
    if locked.organ_id not in {organ.pk for organ in importing_organs(by, clock.today())}:
        raise NotCompetent("企业台账由内勤导入，您今天的岗位没有这项职责。")
    if locked.state != State.CHECKED:
        raise OutOfOrder(f"这份台账现在的状态是“{locked.get_state_display()}”，不能再确认导入。")
    locked.state, locked.done, locked.total, locked.by, locked.by_name = State.IMPORTING, 0, 0, by, by.name
    locked.save()
    app.configure_task("subject.ledger_import").defer(batch=locked.pk)


def check(pk: int) -> None:
    """The job: judge the file and keep its rows; does nothing for one that is not waiting to be checked."""
    _guarded(pk, State.CHECKING, _check)


def import_(pk: int) -> None:
    """The job: judge the file again, against the register as it is now, and write; nothing when it was done already."""
    _guarded(pk, State.IMPORTING, _import)


def _guarded(pk: int, state: State, work: Callable[[LedgerImport, Book, Any], None]) -> None:
    """Do the work on a batch in one transaction; what hinders it is told on the page."""
    batch = LedgerImport.objects.select_related("by", "organ").get(pk=pk)
    if batch.state != state:
        return
    told = _Side(pk)
    try:
        with transaction.atomic():
            city = planning.places()
            with closing(vault.open_verified(batch.sha256)) as file:
                book = read_book(file, city, clock.today(), told)
            work(batch, book, (city, told))
    except (Unreadable, Refused) as reason:
        _fail(pk, str(reason))
    except Exception:
        _fail(pk, TROUBLE)
        log.exception("ledger", batch=pk)
        raise
    finally:
        told.close()


def _check(batch: LedgerImport, book: Book, more: Any) -> None:
    """Keep the judgement."""
    city, _ = more
    entries = planning.plan(book.rows, city.city, batch.by)
    _keep(batch, book, entries)
    batch.state = State.CHECKED
    batch.save()


def _import(batch: LedgerImport, book: Book, more: Any) -> None:
    """Write, and keep what came of it."""
    city, told = more
    entries = intake.carry_out(
        book.rows, city.city, by=batch.by, file_name=batch.file_name, sha256=batch.sha256, progress=told
    )
    _keep(batch, book, entries)
    batch.state = State.DONE
    batch.save()


def _keep(batch: LedgerImport, book: Book, entries: Sequence[planning.Entry]) -> None:
    """Put the rows of a judgement in the place of those before."""
    LedgerRow.objects.filter(batch=batch).delete()
    copy_in([_row(batch, place, entry) for place, entry in enumerate(entries, start=1)])
    outcomes = Counter(entry.row.outcome.value for entry in entries)
    results = Counter(entry.result.value for entry in entries if entry.result is not None)
    warned = sum(bool(entry.row.warnings) for entry in entries)
    batch.counts = {"rows": len(entries), "warned": warned, **outcomes, **results}
    batch.remarks = book.remarks
    batch.titles = {
        sheet: {str(number): title for number, title in titles.items()} for sheet, titles in book.titles.items()
    }
    batch.done = batch.total = len(entries)


def _row(batch: LedgerImport, place: int, entry: planning.Entry) -> LedgerRow:
    """A row for the page; only a rejected one keeps its cells, which go back to the clerk."""
    row = entry.row
    told = row.as_json()
    rejected = bool(row.errors)
    return LedgerRow(
        batch=batch, place=place, sheet=row.sheet[:60], row=row.row, name=str(row.values.get("name", ""))[:100],
        uscc=str(row.values.get("uscc", ""))[:18], outcome=row.outcome.value,
        result=entry.result.value if entry.result is not None else "", warned=bool(row.warnings),
        told={key: told[key] for key in ("fixes", "errors", "warnings")},
        cells={str(number): value for number, value in row.cells.items()} if rejected else {},
    )  # fmt: skip


def _fail(pk: int, reason: str) -> None:
    LedgerImport.objects.filter(pk=pk).update(state=State.FAILED, reason=reason)


class _Side:
    """Writes progress over a connection of its own, so that it is seen while the work's transaction is open."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.connection = cast(Any, connection).copy()

    def __call__(self, done: int, total: int) -> None:
        """So many rows of so many."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE subject_ledgerimport SET done = %s, total = %s WHERE id = %s", [done, total, self.pk]
            )

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()
