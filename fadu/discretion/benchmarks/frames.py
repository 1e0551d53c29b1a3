"""The statutory range that binds each tier: from the provisions held, else as the benchmark states it itself [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fadu.discretion.benchmarks.declare import Benchmark, Fine, Payer, Tier
from fadu.discretion.benchmarks.intervals import Cut, Interval
from fadu.law.provisions import FineRange, FineType, Provision, Stage

Provisions = Mapping[str, Provision]


@dataclass(frozen=True)
class Frame:
    """One statutory range: where it comes from, and the unlawful gains it is confined to (None: it is not)."""

    fine: FineRange
    source: str
    gains: Interval | None = None


def strikes(provision: Provision, payer: Payer, stage: Stage) -> list[FineRange]:
    """The fines of a provision for that kind of payer at that stage."""
    found: list[FineRange] = []
    for sanction in provision.sanctions:
        persons = {party.is_person for party in sanction.target.parties}
        if sanction.stage is stage and (payer is Payer.PERSON) in persons:
            found += [fine for fine in sanction.fines if fine.type is not FineType.DAILY]
    return found


def frames_of(benchmark: Benchmark, tier: Tier, payer: Payer, stage: Stage, provisions: Provisions) -> list[Frame]:
    """The statutory ranges that bind a tier for one payer at one stage; none where the law gives no fine there."""
    ids = (tier.provision,) if tier.provision else benchmark.provisions
    held = [provisions[one] for one in ids if one in provisions]
    if held:
        found = [
            Frame(fine, str(provision.article), _gains(fine))
            for provision in held
            for fine in strikes(provision, payer, stage)
        ]
        return list({(f.fine, f.gains): f for f in found}.values())
    source = f"{benchmark.basis}（本表自载）" if benchmark.basis else "本表自载"
    return [
        Frame(FineRange(fine.type, fine.upper, fine.lower, fine.basis), source)
        for fine in benchmark.frame
        if fine.place == (payer, stage)
    ]


def _gains(fine: FineRange) -> Interval | None:
    if fine.gains_from is None and fine.gains_below is None:
        return None
    start = Cut(fine.gains_from) if fine.gains_from is not None else Cut(Decimal(0))
    return Interval(start, Cut(fine.gains_below)) if fine.gains_below is not None else Interval(start)


def gains_of(benchmark: Benchmark, tier: Tier) -> Interval | None:
    """The unlawful gains with which the tier is reached, where the table turns on them alone."""
    if [key.name for key in benchmark.keys if key.measured] != ["gains"] or tier.also:
        return None
    ranges = [test.range for test in tier.graded if test.key == "gains" and test.range]
    if len(ranges) != 1:
        return None
    return Interval(max(ranges[0].start, Cut(Decimal(0))), ranges[0].end)


def binding(benchmark: Benchmark, tier: Tier, fine: Fine, provisions: Provisions) -> list[Frame]:
    """The frames of which one must hold the tier's fine: those open at the gains with which the tier is reached."""
    frames = frames_of(benchmark, tier, fine.payer, fine.stage, provisions)
    gains = gains_of(benchmark, tier)
    return [f for f in frames if f.gains is None or (gains is not None and gains.within(f.gains))]


def holds(frame: Frame, fine: Fine) -> bool:
    """Whether the fine of a tier lies within a statutory range: of the same kind, of the same basis, inside both ends."""
    own = frame.fine
    if (own.type, own.basis) != (fine.type, fine.basis):
        return False
    return (own.lower or Decimal(0)) <= fine.lower and fine.upper <= own.upper
