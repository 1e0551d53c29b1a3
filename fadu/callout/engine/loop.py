"""The loop: lead, read receipts, sweep, rescue, claim, send, mark, audit. Several may run; the row in ``callout_leader`` decides.

Correctness never rests on there being one leader only: every statement is guarded, so two at once cost work and nothing else.
"""

from __future__ import annotations

import os
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import psycopg
import structlog
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from fadu.callout.engine import links, statements
from fadu.callout.engine.beside import Beside
from fadu.callout.engine.moments import Moments
from fadu.callout.engine.writing import DOUBT, FAILURES, Mark, given_to_mark, receive, said_of
from fadu.callout.providers.interface import Message, Outcome, Provider, Unknown
from fadu.callout.states import Channel

log = structlog.get_logger("fadu.callout")
LEASE = timedelta(seconds=8)  # longer than any request to a provider may take
SILENCE = timedelta(seconds=2)  # after which a standby takes over
ATTEMPTS = 3  # after so many refusals for now, the next rung
TRIES = 3  # of writing what became of calls, before the leases have to say it
SET = 2000
ROUND = 1000  # calls of a provider in one round while deadlines run out, so that they are looked at again soon
AHEAD = timedelta(seconds=0.25)  # while none does, a round goes on calling so long before it looks at anything else
READ = 250  # receipts in one round while calls wait to be made
LOOKED = 10_000  # posts in one audit
AT_ONCE = 4  # batches under way
UNWRITTEN = 3 * AT_ONCE  # batches of a provider of which nothing is written yet: beyond them no more is claimed
COUNTERS = 2000  # rows of counters after which they are joined
LINE = timedelta(seconds=60)  # after which a call of which nothing is heard holds no line any more


class TimeSource(Protocol):
    """What the loop asks of a clock."""

    def told(self, reading: datetime) -> timedelta:
        """Take a reading of the database's clock; the jump."""
        ...

    def now(self) -> datetime:
        """The moment."""
        ...


@dataclass
class Bucket:
    """How many messages a provider may get now: ``rate`` a second, a second's worth at most saved up."""

    rate: float
    level: float = 0.0
    at: datetime | None = None

    def room(self, now: datetime) -> int:
        """Whole messages that may go out now."""
        passed = (now - self.at).total_seconds() if self.at else 1.0
        self.level, self.at = min(max(self.rate, 1.0), self.level + max(0.0, passed) * self.rate), now
        return int(self.level)

    def spend(self, count: int) -> None:
        """Take so many."""
        self.level -= count


@dataclass(frozen=True)
class Terms:
    """What the engine knows of a callout when it sends: its words, whether it is a drill, and whether that was let out."""

    message: str
    drill: bool
    released: bool


@dataclass(eq=False)
class Batch:
    """Messages under way to a provider, each with the calls it stands for."""

    provider: str
    calls: list[list[int]]
    future: Future[tuple[list[Outcome], datetime]]


@dataclass
class Engine:
    """One engine on one connection (autocommit, or inside a caller's transaction).

    With a ``writer`` outcomes are written, and with a ``reader`` receipts are read, while the loop finds what to send next; without
    them all is done in turn. That is safe for the reason for which two engines are.
    """

    connection: psycopg.Connection[Any]
    providers: Mapping[str, Provider]
    executor: Executor
    address: str = ""  # the beginning of the addresses by which people answer
    grace: timedelta = timedelta(seconds=2)
    backoff: timedelta = timedelta(milliseconds=500)
    clock: TimeSource = field(default_factory=Moments)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    woken: Callable[[], object] = lambda: None  # called from another thread when a batch is back or written
    writer: Beside | None = None
    reader: Beside | None = None
    term: int = 0
    figures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _under_way: list[Batch] = field(default_factory=list)
    _heard: datetime | None = None  # up to when all that providers had to say was taken in
    _terms: dict[int, Terms] = field(default_factory=dict)
    _behind: bool = False  # more calls wait than the last round could make
    _unread: bool = False  # more receipts wait than the last round read
    _swept: datetime | None = None  # up to where deadlines were looked at
    _audit_at: float = 0.0
    _audited: tuple[int, int] = (0, 0)  # the callout and the post up to which the audit came
    _fresh: bool = True

    # --- the tick

    def tick(self) -> int:
        """One round; how much it did. 0 on a standby, and when there is nothing to do."""
        return self.step() if self.lead() else 0

    def step(self) -> int:
        """The round of a leader; how much it did."""
        done = self.collect()
        done += self.read()
        done += self.sweep()
        done += self.rescue()
        done += self.dispatch()
        done += self.collect() + (self.read() if self.reader else 0)
        self.audit()
        return done

    def lead(self) -> bool:
        """Beat, or take over from a leader that has been silent; False on a standby."""
        state = Jsonb({"under_way": len(self._under_way), **self.figures})
        row = self._one(statements.LEAD, name=self.name, silence=SILENCE, state=state)
        if row is None:
            self._fresh, self._swept = True, None
            return False
        jump = self.clock.told(row[0])
        if self.term and row[1] != self.term:
            log.info("callout leader", name=self.name, term=row[1])
        self.term = row[1]
        if jump:
            log.warning("clock set", seconds=jump.total_seconds())
            said = f"数据库时钟被调整{jump.total_seconds():+.0f}秒，期限同步调整"
            self._run(statements.SHIFT, by=jump, now=self.clock.now(), said=said)
            self.figures["jumps"] += 1
            self._swept = None
        return True

    def resign(self) -> None:
        """Let a standby take over at once."""
        self._run(statements.RESIGN, name=self.name)

    def settle(self) -> None:
        """Wait for what is under way and write it, so that nothing has to be asked of providers by whoever leads next.

        Raises what the database raises when it cannot be written; the leases then say what was left.
        """
        wait_for([batch.future for batch in self._under_way], LEASE.total_seconds())
        for _ in range(2):  # what is being written, then what has come back meanwhile
            if self.writer:
                self.writer.finish()
            self.collect()
        self.close()

    def close(self) -> None:
        """Wait until nothing is done any more on the other connections, so that they can be closed; raises nothing."""
        for side in (self.writer, self.reader):
            if side and side.work:
                wait_for([side.work])

    # --- receipts and deadlines

    def read(self) -> int:
        """Read a set of receipts, or beside the rest begin to; how much that did, or what was begun before."""
        limit = READ if self._behind else SET
        if self.reader is None:
            return self._read(self.connection, limit)
        if self.reader.busy:
            return 0
        done = self.reader.finish()
        self.reader.start(lambda connection: self._read(connection, limit), self.woken)
        return done

    def _read(self, connection: psycopg.Connection[Any], limit: int) -> int:
        """Take in what providers have to say, then apply a set of unread receipts: a small one while calls wait to be made."""
        now = self.clock.now()
        heard = [(provider.name, provider.receipts(now)) for provider in self.providers.values()]
        new = sum(receive(connection, name, said, now) for name, said in heard if said)
        self._heard = now
        with connection.transaction():
            self._run(statements.HOLD_LIGHTLY, connection)
            row = self._one(statements.DRAIN, connection, now=now, limit=limit)
            count, failed = (int(row[0]), row[1]) if row else (0, [])
            self.climb(failed, connection)
        self._unread = count == limit
        return new + count

    def sweep(self) -> int:
        """Expire a set of what was not answered in time, and climb, in one transaction.

        An answer may be with the provider still: only what ran out before providers were last asked is looked at. While receipts
        lie unread, the calls passed over for their sake are not looked at again each round.
        """
        if self._heard is None:
            return 0
        now = min(self._heard, self.clock.now())
        with self.connection.transaction():
            self._run(statements.HOLD_LIGHTLY)
            since = self._swept if self._unread else None
            ids = self._column(statements.SWEEP, now=now, grace=self.grace, since=since, limit=SET)
            self.climb(ids)
        if len(ids) < SET:
            self._swept = now - self.grace
        return len(ids)

    def climb(self, ids: Sequence[int], connection: psycopg.Connection[Any] | None = None) -> int:
        """The next rung for those of these posts that wait and have no live call."""
        if not ids:
            return 0
        row = self._one(statements.CLIMB, connection, ids=list(ids), now=self.clock.now())
        return int(row[0]) if row else 0

    def rescue(self) -> int:
        """Calls whose lease ran out, and at the start those of an earlier life of this engine: ask the provider, then decide."""
        own = self.name if self._fresh else ""
        self._fresh = False
        with self.connection.transaction():
            self._run(statements.HOLD)
            row = self._one(statements.RESCUE, now=self.clock.now(), own=own, limit=SET)
        lost = int(row[0]) if row else 0
        uncertain = self._rows(statements.UNCERTAIN, limit=SET)
        if not uncertain:
            return lost
        self.figures["rescued"] += lost
        by_provider: dict[str, dict[int, str]] = defaultdict(dict)
        for call, provider, phone in uncertain:
            by_provider[provider][call] = phone
        marks: list[Mark] = []
        for name, calls in by_provider.items():
            provider = self.providers.get(name)
            known = provider.query(calls) if provider else {}
            now = self.clock.now()
            for call in calls:
                if call not in known:
                    marks.append(Mark(call, "retry", "", DOUBT, None, now))
                elif (ref := known[call]) is None:
                    marks.append(Mark(call, "retry", "", "通道没有收到", None, now))
                else:
                    marks.append(Mark(call, "accept", ref, "", None, now))
        self.mark(marks)
        return len(uncertain)

    # --- sending

    def dispatch(self) -> int:
        """Claim what may go out now and hand it to the senders, higher rungs first."""
        total = 0
        self._behind = False
        row = self._one(statements.NEXT_DUE)
        until = self.clock.now() + AHEAD
        if row and row[0]:
            until = min(until, row[0])
        for name, provider in self.providers.items():
            bucket = self._buckets.setdefault(name, Bucket(provider.rate))
            claimed = 0
            # each provider has its own senders' places: a slow one holds up nobody else
            while (free := self._free(name)) > 0:
                now = self.clock.now()
                left = SET if now < until else ROUND - claimed
                limit = min(bucket.room(now), provider.batch * free, left, self._lines(provider, now))
                if limit <= 0:
                    break
                rows = self._rows(
                    statements.CLAIM, provider=name, now=now, limit=limit, owner=self.name, lease=now + LEASE
                )
                bucket.spend(len(rows))
                claimed += len(rows)
                if rows:
                    self._send(provider, rows)
                if len(rows) < limit:
                    break
                self._behind = True
                self.collect()
            total += claimed
        return total

    def _free(self, provider: str) -> int:
        """How many more batches it may be given: so many are sent at the same time, and so many may wait to be written."""
        own = [batch for batch in self._under_way if batch.provider == provider]
        return min(AT_ONCE - sum(not batch.future.done() for batch in own), UNWRITTEN - len(own))

    def _lines(self, provider: Provider, now: datetime) -> int:
        """How many more calls may be made at the same time."""
        if not provider.lines:
            return SET
        row = self._one(statements.LINES, provider=provider.name, now=now, hold=LINE)
        return max(0, provider.lines - int(row[0]))

    def _send(self, provider: Provider, rows: Sequence[Any]) -> None:
        """One message a person and callout, whatever number of posts; those that may not go out are marked at once."""
        groups: dict[tuple[Any, ...], list[Any]] = {}
        for row in rows:
            # a retry goes out alone: the provider may know it by its own reference
            key = (row[1], row[3], row[7]) if row[3] and row[8] == 1 else (row[0],)
            groups.setdefault(key, []).append(row)
        now = self.clock.now()
        sent: list[list[Any]] = []
        refused: list[Mark] = []
        for group in groups.values():
            terms = self._terms_of(group[0][1])
            ids = [row[0] for row in group]
            if terms.drill and provider.real and not terms.released:
                refused += [Mark(one, "reject", "", "演练没有经两人批准，不走真实通道", None, now) for one in ids]
                continue
            if group[0][8] > ATTEMPTS:
                refused += [Mark(one, "reject", "", "多次未能发出", None, now) for one in ids]
                continue
            sent.append(group)
        if refused:
            self.mark(refused)
        for start in range(0, len(sent), provider.batch):
            part = sent[start : start + provider.batch]
            future = self.executor.submit(self._hand_over, provider, part, now)
            future.add_done_callback(lambda _: self.woken())
            self._under_way.append(Batch(provider.name, [[row[0] for row in group] for group in part], future))

    def _hand_over(
        self, provider: Provider, groups: Sequence[Sequence[Any]], now: datetime
    ) -> tuple[list[Outcome], datetime]:
        """Word the messages and send them, in a sender's thread, while the database works for the next; and when that was done."""
        return provider.send_batch([self._message(group) for group in groups], now), self.clock.now()

    def _message(self, group: Sequence[Any]) -> Message:
        """One message for all posts of a person."""
        call, callout, _called, person, phone, _who, channel, clear, _attempts, _title = group[0]
        terms = self._terms[callout]
        address = f"{self.address}/callout/a/{links.token(callout, person)}/" if person else ""
        posts = [row[9] for row in group]
        text = links.words(terms.message, posts, address, Channel(channel), drill=terms.drill, clear=clear)
        common = links.common(terms.message, drill=terms.drill, clear=clear)
        return Message(call, phone, text, Channel(channel), terms.drill, terms.released, common, person or 0)

    def collect(self) -> int:
        """Write what the senders have brought back, beside the rest where there is a connection for it; how much it was."""
        if self.writer and self.writer.busy:
            return 0
        if self.writer:
            self.writer.finish()
        marks: list[Mark] = []
        for batch in [batch for batch in self._under_way if batch.future.done()]:
            self._under_way.remove(batch)
            error = batch.future.exception()
            lost: list[Outcome] = [Unknown(repr(error)[:80])] * len(batch.calls)
            outcomes, at = (lost, self.clock.now()) if error else batch.future.result()
            for ids, outcome in zip(batch.calls, outcomes, strict=True):
                event, ref, reason = said_of(outcome)
                marks += [Mark(one, event, ref, reason, ids[0] if one != ids[0] else None, at) for one in ids]
        self.mark(marks, self.writer)
        return len(marks)

    def mark(self, marks: Sequence[Mark], writer: Beside | None = None) -> None:
        """Write outcomes, or have a free ``writer`` do it; the posts of refused calls climb at once."""
        if not marks:
            return
        for mark in marks:
            self.figures[mark.event] += 1
        if writer:
            writer.start(lambda connection: self._mark(connection, marks), self.woken)
        else:
            self._mark(self.connection, marks)

    def _mark(self, connection: psycopg.Connection[Any], marks: Sequence[Mark]) -> int:
        """Write outcomes, again when the database says that another was in the way; how many.

        Raises what the database raises when it cannot be done; the leases then say what was left.
        """
        given = given_to_mark(marks, self.backoff)
        for left in range(TRIES - 1, -1, -1):
            try:
                with connection.transaction():
                    self._run(statements.HOLD, connection)
                    self.climb(self._column(statements.MARK, connection, **given), connection)
                break
            except FAILURES as error:
                if not left:
                    raise
                log.warning("written again", error=str(error)[:200])
        return len(marks)

    def _terms_of(self, callout: int) -> Terms:
        """What is known of a callout; approvals are read by the engine itself (the second guard of drills)."""
        if callout not in self._terms:
            row = self._one(
                "SELECT message, kind = 'drill', real_channels AND (SELECT count(DISTINCT officer_id) >= 2 "
                "FROM callout_drillapproval a WHERE a.callout_id = c.id) FROM callout_callout c WHERE id = %(id)s",
                id=callout,
            )
            if row is None:
                raise LookupError(f"no callout {callout}")
            self._terms[callout] = Terms(*row)
        return self._terms[callout]

    # --- the audit

    def audit(self) -> int:
        """Posts that wait while nothing is under way for them: none, else an alarm, and they climb.

        The next so many posts each time, and as often as it is cheap.
        """
        began = time.monotonic()
        if began < self._audit_at:
            return 0
        callout, post = self._audited
        rows = self._rows(statements.AUDIT, callout=callout, post=post, limit=LOOKED)
        self._audited = rows[-1][:2] if len(rows) == LOOKED else (0, 0)
        ids = [row[1] for row in rows if row[2]]
        if ids:
            log.error("posts without a call", count=len(ids))
            self.figures["alarms"] += len(ids)
            with self.connection.transaction():
                self._run(statements.HOLD)
                self.climb(ids)
        self._run(statements.JOIN_COUNTERS, most=COUNTERS)
        self._audit_at = time.monotonic() + max(1.0, 20 * (time.monotonic() - began))
        return len(ids)

    def busy(self) -> bool:
        """Whether anything is open, queued, under way or unread, after what is being read has been."""
        if self.reader:
            self.reader.finish()
        row = self._one(statements.BUSY)
        return bool(self._under_way or (self.writer and self.writer.busy)) or bool(row and row[0])

    # --- SQL

    def _run(self, statement: str, connection: psycopg.Connection[Any] | None = None, **given: Any) -> None:
        with (connection or self.connection).cursor(row_factory=tuple_row) as cursor:
            cursor.execute(statement, given)

    def _one(self, statement: str, connection: psycopg.Connection[Any] | None = None, **given: Any) -> Any:
        with (connection or self.connection).cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(statement, given).fetchone()

    def _rows(self, statement: str, connection: psycopg.Connection[Any] | None = None, **given: Any) -> list[Any]:
        with (connection or self.connection).cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(statement, given).fetchall()

    def _column(self, statement: str, connection: psycopg.Connection[Any] | None = None, **given: Any) -> list[int]:
        return [row[0] for row in self._rows(statement, connection, **given)]
