"""Writers of one chain wait for each other, writers of different chains do not: cases never hold each other up."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection, transaction

from fadu.record import queries, verify
from fadu.record.models import Entry

Write = Callable[..., Entry]
pytestmark = pytest.mark.django_db(transaction=True)
SOON, LATE = 10, 0.6


def own_connection(work: Callable[[], object]) -> Callable[[], object]:
    """``work`` on this thread's own database connection, closed at the end."""

    def run() -> object:
        try:
            return work()
        finally:
            connection.close()

    return run


class Holder:
    """A writer in a thread that keeps its transaction open until told to end it."""

    def __init__(self, pool: ThreadPoolExecutor, write: Write, chain: str, *, fail: bool = False) -> None:
        self.written, self.release = threading.Event(), threading.Event()

        def work() -> None:
            with transaction.atomic():
                write(chain, note="先")
                self.written.set()
                assert self.release.wait(SOON)
                if fail:
                    raise InterruptedError

        self.future: Future[object] = pool.submit(own_connection(work))
        assert self.written.wait(SOON)


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(8)


@pytest.mark.parametrize("chain_exists", [True, False], ids=["a chain that exists", "a new chain"])
def test_two_writers_on_one_chain_serialise(write: Write, pool: ThreadPoolExecutor, chain_exists: bool) -> None:
    if chain_exists:
        write("case/1")
    holder = Holder(pool, write, "case/1")
    second = pool.submit(own_connection(lambda: write("case/1", note="后")))
    with pytest.raises(TimeoutError):
        second.result(timeout=LATE)
    holder.release.set()
    holder.future.result(SOON)
    second.result(SOON)
    assert [entry.note for entry in queries.timeline("case/1")][-2:] == ["先", "后"]
    assert verify.check().ok


def test_two_writers_on_two_chains_do_not_wait(write: Write, pool: ThreadPoolExecutor) -> None:
    holder = Holder(pool, write, "case/1")
    second = pool.submit(own_connection(lambda: write("case/2")))
    assert second.result(SOON)
    assert not holder.future.done()
    holder.release.set()
    holder.future.result(SOON)
    assert verify.check().ok


def test_an_act_that_is_rolled_back_leaves_no_trace_and_no_gap(write: Write, pool: ThreadPoolExecutor) -> None:
    holder = Holder(pool, write, "case/1", fail=True)
    second = pool.submit(own_connection(lambda: write("case/1", note="后")))
    holder.release.set()
    with suppress(InterruptedError):
        holder.future.result(SOON)
    assert second.result(SOON).seq == 1  # type: ignore[attr-defined]
    assert verify.check().entries == 1
    assert verify.check().ok


def test_many_writers_leave_whole_chains(write: Write, pool: ThreadPoolExecutor) -> None:
    def work(number: int) -> None:
        for turn in range(15):
            write(f"case/{(number + turn) % 3}")

    for future in [pool.submit(own_connection(lambda number=number: work(number))) for number in range(8)]:  # type: ignore[misc]
        future.result(60)
    report = verify.check()
    assert (report.entries, report.chains, report.faults) == (120, 3, [])
    assert verify.check_in_python().ok
