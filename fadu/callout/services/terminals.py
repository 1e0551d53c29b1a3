"""The register of broadcast terminals, and what the channel asks of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from fadu.callout import queries
from fadu.callout.models import Call, Terminal, TerminalReceipt
from fadu.callout.providers.interface import Said
from fadu.callout.providers.terminals import Book, Station, Told
from fadu.kernel import clock, hashing
from fadu.kernel.errors import Invalid, NotCompetent
from fadu.law.statutes import EMERGENCY
from fadu.org import queries as org
from fadu.org.models import Division, Officer
from fadu.record import services as record

BASIS = (EMERGENCY[64],)


def key_of(terminal: Terminal) -> str:
    """The key that lies in the terminal: 64 hex digits, derived from ours, so that the database holds none."""
    return hashing.keyed(f"terminal/{terminal.code}/{terminal.key_number}").lower()


def _demand_keeper(county: str, by: Officer) -> None:
    """Refuse whoever does not keep the register of a county; raises NotCompetent."""
    if queries.organ_for(by, county, queries.KEEPERS) is None:
        raise NotCompetent("广播终端由所在县（区）应急管理局或者市局的内勤、审核人登记。")


@transaction.atomic
def enter(terminal: Terminal, division: str, *, name: str, place: str, enabled: bool, by: Officer) -> Terminal:
    """Enter a terminal, or change what is written of it; journaled. Raises Invalid for a division there is not, NotCompetent."""
    found = Division.objects.filter(code=division, level__in=("county", "township", "village")).first()
    if found is None:
        raise Invalid({"division": f"没有区划代码“{division}”，请填写县、乡镇或者村的代码。"})
    _demand_keeper(found.code[:6], by)
    fresh = terminal.pk is None
    if not fresh:
        _demand_keeper(terminal.county, by)
    if fresh and Terminal.objects.filter(code=terminal.code).exists():
        raise Invalid({"code": f"已经有编号为“{terminal.code}”的终端。"})
    terminal.division, terminal.county = found, found.code[:6]
    terminal.name, terminal.place, terminal.enabled = name, place, enabled
    terminal.save()
    _write(terminal, by, "callout.enter_terminal", "登记广播终端" if fresh else "更改广播终端", {
        "division": found.code, "name": name, "enabled": enabled,
    })  # fmt: skip
    return terminal


@transaction.atomic
def renew_key(terminal: Terminal, *, by: Officer) -> Terminal:
    """Give a terminal a new key; the old one is good for nothing from now on. Raises NotCompetent."""
    _demand_keeper(terminal.county, by)
    terminal.key_number += 1
    terminal.save(update_fields=["key_number"])
    _write(terminal, by, "callout.renew_key", "更换终端密钥", {"key_number": terminal.key_number})
    return terminal


def _write(terminal: Terminal, by: Officer, act: str, title: str, after: dict[str, Any]) -> None:
    """An entry of the register's chain of the county; no key stands in it."""
    today = clock.today()
    record.write(
        f"callout.register/{terminal.county}",
        actor=org.actor(by, today),
        act=act,
        title=title,
        on=today,
        articles=BASIS,
        after={"terminal": terminal.code, **after},
        matter_title=f"值班责任人名册（{terminal.county}）",
    )


# --- for the channel ------------------------------------------------------------------------------------------------


def _station(terminal: Terminal) -> Station:
    return Station(terminal.code, terminal.division_id, key_of(terminal))


def of(divisions: Collection[str]) -> list[Station]:
    """The terminals in use of these divisions themselves; those of a village are called for the village's own posts."""
    return [_station(row) for row in Terminal.objects.filter(division__in=divisions, enabled=True)]


def by(code: str) -> Station | None:
    """The terminal of a code, when it is in use."""
    row = Terminal.objects.filter(code=code, enabled=True).first()
    return _station(row) if row is not None else None


@transaction.atomic
def keep(told: Sequence[Told]) -> list[Said]:
    """Keep receipts, each once. A call is delivered when the first terminal of its place has played it."""
    rows = dict(Terminal.objects.filter(code__in={one.terminal for one in told}).values_list("code", "pk"))
    calls = dict(
        Call.objects.filter(pk__in={one.call for one in told}, provider="broadcast").values_list("pk", "phone")
    )
    places = dict(Terminal.objects.filter(code__in=rows).values_list("code", "division_id"))
    good = [one for one in told if one.terminal in rows and calls.get(one.call) == places[one.terminal]]
    TerminalReceipt.objects.bulk_create(
        [TerminalReceipt(terminal_id=rows[one.terminal], call_id=one.call, kind=one.kind, at=one.at) for one in good],
        ignore_conflicts=True,
    )
    Terminal.objects.filter(pk__in=[rows[one.terminal] for one in good]).update(seen_at=clock.now())
    return [Said(one.call, "delivered", one.at) for one in good if one.kind == TerminalReceipt.Kind.PLAYED]


def known(calls: Collection[int]) -> list[int]:
    """Which of these calls a terminal has told of."""
    return list(TerminalReceipt.objects.filter(call__in=calls).values_list("call_id", flat=True).distinct())


BOOK = Book(of, by, keep, known)
