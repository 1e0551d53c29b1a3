"""The throttle of the door: how long a name or an address is shut after failures, counted in the database for all hosts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from fadu.kernel.hashing import keyed
from fadu.org.models import LoginRecord, User

FAILURES = 5  # in a row, within a day, that lock a name
LOCK = timedelta(minutes=10)  # the first time; twice as long with each further failure
LONGEST = timedelta(hours=4)
TOGETHER = timedelta(days=1)
FAILURES_FROM_ADDRESS = 50  # within ten minutes, over all names: somebody tries one password on many names
LONGEST_OF_ADDRESS = timedelta(hours=1)  # a whole bureau may stand behind one address

Outcome = LoginRecord.Outcome
DECISIVE = (Outcome.FAILURE, Outcome.SUCCESS, Outcome.PASSWORD, Outcome.UNLOCK)


def name_hash(username: str) -> str:
    """The key under which attempts on a name are counted; names that do not exist count in the same way."""
    return keyed("login:" + User.normalize_username(username).strip().lower())


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    """``first``, doubled ``times`` times, at most ``longest``."""
    return min(first * (1 << min(max(times, 0), 16)), longest)


def lock_of_name(key: str, now: datetime) -> datetime | None:
    """Until when a name is locked: after five failures in a row ten minutes, then twice as long after each further one."""
    rows = LoginRecord.objects.filter(name_hash=key, outcome__in=DECISIVE, at__gt=now - TOGETHER)
    failures: list[datetime] = []
    for outcome, at in rows.values_list("outcome", "at")[: FAILURES + 16]:
        if outcome != Outcome.FAILURE:
            break
        failures.append(at)
    if len(failures) < FAILURES:
        return None
    until = failures[0] + _doubled(LOCK, len(failures) - FAILURES, LONGEST)
    return until if now < until else None


def lock_of_address(address: str | None, now: datetime) -> datetime | None:
    """Until when an address is locked for guessing across many names: longer with each further fifty of the day."""
    if not address:
        return None
    rows = LoginRecord.objects.filter(address=address, at__gt=now - TOGETHER)
    if opened := rows.filter(outcome=Outcome.UNLOCK, user=None).values_list("at", flat=True).first():
        rows = rows.filter(at__gt=opened)
    failures = rows.filter(outcome=Outcome.FAILURE)
    most = FAILURES_FROM_ADDRESS * 8
    times = list(failures.values_list("at", flat=True)[:most])
    # the fifty that came closest together need not be the last ones: who is shut out cannot add failures meanwhile
    burst = next(
        (
            i
            for i in range(len(times) - FAILURES_FROM_ADDRESS + 1)
            if times[i] - times[i + FAILURES_FROM_ADDRESS - 1] <= LOCK
        ),
        None,
    )
    if burst is None:
        return None
    doublings = (len(times) - burst) // FAILURES_FROM_ADDRESS - 1
    until = times[burst] + _doubled(LOCK, doublings, LONGEST_OF_ADDRESS)
    return until if now < until else None


def locked(now: datetime) -> tuple[list[tuple[User, datetime]], list[tuple[str, datetime]]]:
    """The accounts and the addresses that are locked now, each with the end of it; for the security administrator."""
    recent = LoginRecord.objects.filter(at__gt=now - TOGETHER).filter(Q(outcome=Outcome.FAILURE)).order_by()
    users = [
        (user, until)
        for user in User.objects.filter(pk__in=recent.values("user")).select_related("officer")
        if (until := lock_of_name(name_hash(user.username), now))
    ]
    addresses = [
        (address, until)
        for address in recent.exclude(address=None).values_list("address", flat=True).distinct()
        if address and (until := lock_of_address(address, now))
    ]
    return users, addresses
