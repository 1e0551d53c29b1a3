"""裁量: the benchmark of the day of the act applied to a party's circumstances and history, and the words for the papers.

行政处罚法第三十四条. Where no benchmark is held for the provision, the case goes on without, and the papers say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fadu.discretion import queries as discretion
from fadu.discretion.benchmarks.declare import Benchmark as Table
from fadu.discretion.benchmarks.declare import Fact, Payer
from fadu.discretion.benchmarks.judging import Judgement, Unanswered
from fadu.discretion.benchmarks.reading import read_circumstance
from fadu.discretion.benchmarks.weighing import Weighing
from fadu.discretion.benchmarks.weighing import weigh as weigh_facts
from fadu.discretion.benchmarks.wording import key_value
from fadu.discretion.models import Benchmark
from fadu.kernel.errors import Invalid
from fadu.kernel.money import plain
from fadu.law import lawfulness
from fadu.penalty import queries
from fadu.penalty.history import acted_on, base_of, provision_for
from fadu.penalty.models import CaseDiscretion, CaseParty, PenaltyCase
from fadu.procedure.registry import Taking

# What a proposal states already is not asked for again.
STATED = ("gains", "income")


def tables_of(case: PenaltyCase, provision: str) -> list[Benchmark]:
    """The tables that refine a provision for this case."""
    return discretion.tables_for(provision, acted_on(case), case.organ)


def history_words(case: PenaltyCase, on: date) -> list[str]:
    """At filing: what was decided against each party within twelve months, marked where the cause is the same."""
    found = []
    for party in case.parties.all():
        for row in queries.decisions_within_a_year(party, on):
            same = "（同一案由）" if row.case.cause == case.cause else ""
            found.append(f"{party.name}：{row.decided_on}因“{row.case.cause}”{same}，{row.decision_sanctions}")
    return found


def weigh(party: CaseParty, row: Mapping[str, Any], taking: Taking) -> CaseDiscretion | None:
    """Apply the benchmark to what is proposed for a party, and keep the result; None where there is none to apply.

    Raises Invalid at ``proposals`` with what is missing, or when the fine lies outside without a reason.
    """
    before = getattr(party, "discretion", None)
    made = _weighed(party, row, taking.on)
    if made is None:
        if before is not None:
            before.delete()
        return None
    made.pk = before.pk if before is not None else None
    made.save()
    taking.after.setdefault("discretion", {})[party.name] = {
        "benchmark": str(made.benchmark), "set": str(made.benchmark.set), "tier": made.level, "range": str(made.open),
        "chosen": made.chosen, "departed": made.departed,
    }  # fmt: skip
    return made


def _weighed(party: CaseParty, row: Mapping[str, Any], on: date) -> CaseDiscretion | None:
    case, fine = party.case, party.sanctions.fine
    provision = provision_for(party)
    if party.exemption or fine is None or provision is None:
        return None
    tables = tables_of(case, party.provision)
    if not tables:
        return None
    circumstances = queries.circumstances(party, on)
    applying = lawfulness.fining(provision, circumstances)
    if not applying:
        return None  # the law gives no fine here, which the check of the law says
    table = _chosen(tables, row.get("benchmark") or "", party)
    payer, stage = Payer.PERSON if party.is_person else Payer.UNIT, applying[0].stage
    if not any(tier.fine(payer, stage) for tier in table.value.tiers):
        return None  # the table has no column for this stage
    values = _values(table.value, row.get("circumstances") or {}, party)
    history = _repeated(party, table, on)
    weighing = weigh_facts(
        _facts(table, party, row, circumstances, len(history)), values, stage, keys=frozenset(table.value.keyed),
        mitigate=bool(row.get("mitigate")),
    )  # fmt: skip
    judged = discretion.compiled(table).judge(values, payer, stage, weighing.direction)
    if isinstance(judged, Unanswered):
        raise Invalid({"proposals": f"{party.name}：{judged.sentence}（裁量基准{table.code}）。"})
    if judged.tier.provision and judged.tier.provision != party.provision:
        raise Invalid({"proposals": f"{party.name}：所填情形属于“{judged.tier.when}”，应当适用与之相应的处罚条款。"})
    return _row(party, row, table, judged, weighing, history, on)


def _chosen(tables: list[Benchmark], code: str, party: CaseParty) -> Benchmark:
    """The table the officer chose, or the only one."""
    if len(tables) == 1:
        return tables[0]
    found = next((table for table in tables if table.code == code), None)
    if found is None:
        known = "；".join(f"{table.code} {table.violation}" for table in tables)
        raise Invalid({"proposals": f"{party.name}：这一条款有{len(tables)}张裁量基准表，请选择一张（{known}）。"})
    return found


def _values(table: Table, given: Mapping[str, Any], party: CaseParty) -> dict[str, Any]:
    """The circumstances as the judging takes them; gains and income are those the proposal states."""
    stated = {"gains": party.gains, "income": party.income}
    values: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    for key in table.keys:
        if key.name not in STATED:
            value = read_circumstance(key, given.get(key.name))
            if value is not None:
                values[key.name] = value
    missing = [key.title for key in table.keys if key.name not in values]
    if missing:
        raise Invalid({"proposals": f"{party.name}：裁量基准{table.code}还需要认定“{'”“'.join(missing)}”。"})
    return values


def _facts(
    table: Benchmark, party: CaseParty, row: Mapping[str, Any], circumstances: lawfulness.Facts, repeated: int
) -> list[Fact]:
    """What counts beside the tier: grounds of mitigation, what the officer found aggravating, and what the records show."""
    heavier = set(row.get("aggravation") or ())
    derived = {"repeated": repeated, "overdue": int(circumstances.uncorrected)}
    found: list[Fact] = []
    for fact in table.set.fact_values:
        if fact.derived:
            if derived.get(fact.derived, 0) >= fact.least:
                found.append(fact)
        elif fact.code in (party.mitigation if fact.lightens else heavier):
            found.append(fact)
    # of two facts derived from the same records the graver says it all
    by_record = [fact for fact in found if fact.derived == "repeated"]
    gravest = max(by_record, key=lambda fact: fact.least, default=None)
    return [fact for fact in found if fact.derived != "repeated" or fact is gravest]


def _repeated(party: CaseParty, table: Benchmark, on: date) -> list[dict[str, Any]]:
    """The party's penalties for the same violation in the twelve months before the case was filed."""
    until = party.case.filed_on or on
    return [
        {
            "case": row.case_id, "title": row.case.title, "on": str(row.decided_on), "penalty": str(row.decision_sanctions),
        }
        for row in queries.decisions_within_a_year(party, until) if row.provision == party.provision or row.provision in table.provisions
    ]  # fmt: skip


def _row(
    party: CaseParty, row: Mapping[str, Any], table: Benchmark, judged: Judgement, weighing: Weighing, history: list[Any],
    on: date,
) -> CaseDiscretion:  # fmt: skip
    fine = party.sanctions.fine or Decimal(0)
    reason, departure = str(row.get("fine_reason") or "").strip(), str(row.get("departure") or "").strip()
    inside = judged.open.holds(fine)
    if not inside and not departure:
        raise Invalid({"proposals": (
            f"{party.name}：罚款{plain(fine)}元不在裁量基准{table.code}“{judged.tier.level}”一档算出的幅度（{judged.open}，{weighing.sentence}）之内。"
            "请改为幅度之内的数额；确需偏离的，写明偏离的理由，须集体讨论并由主要负责人批准。"
        )})  # fmt: skip
    if not reason:
        raise Invalid(
            {"proposals": f"{party.name}：请写明在幅度（{judged.open}）之内确定这一数额的理由，它将印在文书上。"}
        )
    measure = judged.measure
    return CaseDiscretion(
        party=party, benchmark=table, payer=measure.payer.value, stage=measure.stage.value,
        values={name: value if isinstance(value, bool | int | str) else str(value) for name, value in judged.values.items()},
        level=judged.tier.level, condition=judged.tier.when,
        trace={"because": list(judged.finding.because), "others": [[o.tier.level, o.why] for o in judged.others]},
        direction=measure.direction.value, facts=[_said(fact) for fact in weighing.counted],
        dropped=[{**_said(fact), "why": why} for fact, why in weighing.dropped], history=history,
        statutory=str(measure.statutory or ""), tier=str(measure.tier), lower=measure.open.lower, upper=measure.open.upper,
        upper_in=measure.open.upper_in, chosen=fine, reason=reason, departed=not inside, departure="" if inside else departure, on=on,
    )  # fmt: skip


def _said(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "title": fact.title,
        "basis": fact.basis,
        "lightens": fact.lightens,
        "derived": bool(fact.derived),
    }


def reweigh(party: CaseParty, row: Mapping[str, Any], on: date) -> None:
    """A fine made lighter after the defence: within the range as before, or with the reason why it goes below (45)."""
    made = getattr(party, "discretion", None)
    fine = party.sanctions.fine
    if made is None or fine is None:
        return
    departure = str(row.get("departure") or "").strip()
    made.chosen, made.on = fine, on
    made.departed = not made.open.holds(fine)
    if made.departed and not (departure or made.departure):
        raise Invalid({"revised": (
            f"{party.name}：罚款{plain(fine)}元低于裁量基准算出的幅度（{made.open}），请写明低于幅度的理由；须集体讨论并由主要负责人批准。"
        )})  # fmt: skip
    made.departure = (departure or made.departure) if made.departed else ""
    made.save(update_fields=["chosen", "on", "departed", "departure"])


# --- words for the papers --------------------------------------------------------------------------------------------


def circumstances_of(made: CaseDiscretion) -> str:
    """What was established, key by key."""
    table = made.benchmark.value
    return "、".join(key_value(key, made.values[key.name]) for key in table.keys if key.name in made.values)


def words_of(party: CaseParty) -> str:
    """The reasons of one party's fine as papers print them: benchmark, circumstances, tier and why no other, range, amount."""
    if base := base_of(party.case):
        return (
            f"按日连续处罚：自责令改正之日的次日{base.since}起，至复查发现拒不改正之日{base.until}止，共{base.days}日，"
            f"每日按原罚款数额{plain(base.each)}元，合计{plain(base.total)}元（《安全生产法》第一百一十二条）。"
        )
    made = getattr(party, "discretion", None)
    if made is None:
        return (
            "本机关没有适用于这一情形的裁量基准，罚款数额在法定幅度内确定。"
            if party.sanctions.fine and not party.exemption
            else ""
        )
    table, held = made.benchmark.value, made.benchmark.set
    others = "；".join(f"不适用“{level}”：{why}" for level, why in made.trace["others"])
    facts = (
        "；".join(f"{fact['title']}（{fact['basis']}）" for fact in made.facts)
        or "没有应当计入的从轻、减轻或者从重情节"
    )
    mark = "（该基准为样例，未经确认）" if held.unchecked or made.benchmark.unchecked else ""
    lines = [
        f"适用裁量基准：{held}{table.code}“{table.violation}”{mark}。",
        f"认定的情形：{circumstances_of(made)}，属于“{made.level}”一档（{made.condition}）。{others}{'。' if others else ''}",
        f"情节：{facts}；{made.get_direction_display()}。",
        f"幅度：法定{made.statutory or '幅度本表未载'}，本档{made.tier}，本案可以裁量的为{made.open}。",
    ]
    if made.departed:
        lines.append(
            f"偏离裁量基准，确定罚款{plain(made.chosen)}元：{made.departure}（须经集体讨论，由主要负责人批准）。"
        )
    else:
        lines.append(f"在上述幅度内确定罚款{plain(made.chosen)}元，理由：{made.reason.rstrip('。')}。")
    if made.history:
        told = "；".join(f"{one['on']}{one['title']}，{one['penalty']}" for one in made.history)
        lines.append(f"十二个月内因同一违法行为受过处罚：{told}。")
    return "\n".join(lines)
