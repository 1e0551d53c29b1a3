"""What keeps a table from being published, each with its place: gaps, overlaps, tiers outside the law, rows without basis [pure]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fadu.discretion.benchmarks.declare import LEVELS, Benchmark, Fine, Key, KeyType, Payer, Test, Tier
from fadu.discretion.benchmarks.frames import Provisions, binding, frames_of, holds, strikes
from fadu.discretion.benchmarks.intervals import TOP, Cut, Interval
from fadu.discretion.benchmarks.judging import domain_of, own, tests_of
from fadu.discretion.benchmarks.wording import fine_words, place_words
from fadu.law.content.reading import CONFIDENCES
from fadu.law.provisions import Provision, Stage
from fadu.law.wording import fine_range


class Fault(NamedTuple):
    """One thing that is wrong: a code for programs, where, and the sentence. Remarks do not keep it from publication."""

    code: str
    place: str
    sentence: str
    blocks: bool = True


def faults(benchmark: Benchmark, provisions: Provisions) -> list[Fault]:
    """Everything wrong with one table; ``provisions`` are those in force on the days of the table, by id."""
    return [
        *_rows(benchmark, provisions),
        *_keys(benchmark),
        *(fault for key in benchmark.keys for fault in _graded(benchmark, key)),
        *_fines(benchmark, provisions),
    ]


def faults_of_set(benchmarks: Iterable[Benchmark], provisions: Mapping[str, Provision]) -> list[Fault]:
    """The same for all tables of a set, and what is wrong between them."""
    tables = list(benchmarks)
    found = [fault for one in tables for fault in faults(one, provisions)]
    seen: set[str] = set()
    for one in tables:
        if one.code in seen:
            found.append(Fault("code_twice", one.code, "编号重复"))
        seen.add(one.code)
    if not tables:
        found.append(Fault("empty", "（全表）", "没有一张基准表"))
    return found


def in_force_within(provision: Provision, since: date, until: date | None) -> bool:
    """Whether the provision is in force on some day on which the table applies."""
    return (until is None or provision.since < until) and (provision.until is None or since < provision.until)


def _place(benchmark: Benchmark, tier: Tier | None = None, what: str = "") -> str:
    parts = [benchmark.code]
    if tier is not None:
        parts.append(f"第{benchmark.tiers.index(tier) + 1}档“{tier.level}”")
    return "　".join([*parts, *([what] if what else [])])


def _rows(benchmark: Benchmark, provisions: Provisions) -> list[Fault]:
    found: list[Fault] = []
    if not benchmark.violation.strip():
        found.append(Fault("no_violation", _place(benchmark), "没有写明违法行为"))
    if benchmark.basis is None:
        found.append(Fault("no_basis", _place(benchmark, what="处罚依据"), "没有处罚依据"))
    ids = (*benchmark.provisions, *(tier.provision for tier in benchmark.tiers if tier.provision))
    for one in dict.fromkeys(ids):
        if one not in provisions:
            found.append(
                Fault(
                    "unknown_provision",
                    _place(benchmark, what="处罚规定"),
                    f"法律库中没有在适用期间施行的处罚规定“{one}”",
                )
            )
        elif (
            benchmark.basis is not None
            and not benchmark.basis.touches(provisions[one].article)
            and benchmark.basis.whole != provisions[one].article.whole
        ):
            found.append(
                Fault(
                    "other_basis",
                    _place(benchmark, what="处罚规定"),
                    f"处罚依据{benchmark.basis}与处罚规定“{one}”（{provisions[one].article}）不是同一条",
                )
            )
    if not ids and not benchmark.frame:
        found.append(Fault("no_frame", _place(benchmark, what="法定幅度"), "没有指明处罚规定，也没有写明法定幅度"))
    if benchmark.confidence not in CONFIDENCES:
        found.append(
            Fault("confidence", _place(benchmark, what="可信程度"), f"可信程度“{benchmark.confidence}”不在可用值之中")
        )
    if not benchmark.tiers:
        found.append(Fault("no_tiers", _place(benchmark), "没有分档"))
    for tier in benchmark.tiers:
        if not tier.when.strip():
            found.append(Fault("no_condition", _place(benchmark, tier, "适用条件"), "没有写明适用条件"))
        if not tier.graded and not tier.also:
            found.append(
                Fault("no_condition", _place(benchmark, tier, "条件"), "没有可以判断的条件，任何情形都到不了这一档")
            )
        if tier.level not in LEVELS and not tier.level.startswith("事故"):
            found.append(
                Fault("level", _place(benchmark, tier), f"档次“{tier.level}”不在{'、'.join(LEVELS)}之中", blocks=False)
            )
    return found


def _keys(benchmark: Benchmark) -> list[Fault]:
    found: list[Fault] = []
    names = [key.name for key in benchmark.keys]
    for key in benchmark.keys:
        if names.count(key.name) > 1:
            found.append(Fault("key_twice", _place(benchmark, what=key.title), "要素重复"))
        if not tests_of(benchmark, key.name):
            found.append(Fault("key_unused", _place(benchmark, what=key.title), "没有一档用到这一要素"))
        if key.type is KeyType.CHOICE and len(key.options) < 2:
            found.append(Fault("options", _place(benchmark, what=key.title), "选项少于两个"))
    for tier in benchmark.tiers:
        for test in (*tier.graded, *(test for clause in tier.also for test in clause)):
            if test.key not in benchmark.keyed:
                found.append(Fault("unknown_key", _place(benchmark, tier, "条件"), f"没有“{test.key}”这一要素"))
    return found


# --- gaps and overlaps -----------------------------------------------------------------------------------------------


def _graded(benchmark: Benchmark, key: Key) -> list[Fault]:
    """The conditions on one key, over all tiers: every value belongs to one tier and to one only."""
    rows = [(tier, test) for tier in benchmark.tiers for test in tier.graded if test.key == key.name]
    if not rows:
        return []
    return _options(benchmark, key, rows) if key.type is KeyType.CHOICE else _ranges(benchmark, key, rows)


def _options(benchmark: Benchmark, key: Key, rows: list[tuple[Tier, Test]]) -> list[Fault]:
    found: list[Fault] = []
    for value, title in key.options:
        holding = [tier for tier, test in rows if value in test.options]
        if len(holding) > 1:
            both = "”和“".join(tier.level for tier in holding)
            found.append(Fault("overlap", _place(benchmark, what=key.title), f"“{title}”同时属于“{both}”"))
        if not holding and key.idle is None and value != "none":
            found.append(Fault("gap", _place(benchmark, what=key.title), f"“{title}”不属于任何一档"))
    return found


def _ranges(benchmark: Benchmark, key: Key, rows: list[tuple[Tier, Test]]) -> list[Fault]:
    found: list[Fault] = []
    domain = domain_of(key)
    held: list[tuple[Interval, str]] = []
    for tier, test in rows:
        part = test.range
        if part is None:
            continue
        mine = own(key, part)
        if mine.end <= domain.start or domain.end <= mine.start:
            words = f"{part.words(key.unit, whole=key.whole)}不在本表适用的范围（{domain.words(key.unit, whole=key.whole)}）之内"
            found.append(Fault("outside_domain", _place(benchmark, tier, key.title), words))
            continue
        held.append((Interval(max(mine.start, domain.start), min(mine.end, domain.end)), f"“{tier.level}”"))
    if key.idle is not None:
        idle = own(key, key.idle)
        if domain.start < idle.end and idle.start < domain.end:
            held.append((Interval(max(idle.start, domain.start), min(idle.end, domain.end)), "不单独构成的部分"))
    held.sort(key=lambda pair: (pair[0].start, pair[0].end))
    reached: Cut = domain.start
    last = ""
    for part, owner in held:
        if reached < part.start:
            found.append(_gap(benchmark, key, reached, part.start))
        elif part.start < reached:
            shared = Interval(part.start, min(reached, part.end))
            found.append(
                Fault("overlap", _place(benchmark, what=key.title), f"{_words(key, shared)}同时属于{last}和{owner}")
            )
        if part.end > reached:
            reached, last = part.end, owner
    if reached < domain.end:
        found.append(_gap(benchmark, key, reached, domain.end))
    return found


def _words(key: Key, part: Interval) -> str:
    return f"{key.title}{part.words(key.unit, whole=key.whole)}"


def _gap(benchmark: Benchmark, key: Key, start: Cut, end: Cut) -> Fault:
    missing = Interval(start, end if end != TOP else TOP)
    return Fault("gap", _place(benchmark, what=key.title), f"{_words(key, missing)}不属于任何一档")


# --- fines -----------------------------------------------------------------------------------------------------------


def _fines(benchmark: Benchmark, provisions: Provisions) -> list[Fault]:
    found: list[Fault] = []
    for tier in benchmark.tiers:
        if not tier.fines:
            found.append(Fault("no_fine", _place(benchmark, tier, "罚款"), "没有罚款幅度"))
        for fine in tier.fines:
            place = _place(benchmark, tier, place_words(fine.payer, fine.stage))
            if fine.lower > fine.upper:
                found.append(Fault("ends", place, "罚款的下限高于上限"))
                continue
            found += _against_the_law(benchmark, tier, fine, provisions, place)
    places = {fine.place for tier in benchmark.tiers for fine in tier.fines if not tier.level.startswith("事故")}
    for tier in benchmark.tiers:
        if tier.level.startswith("事故"):
            continue
        for payer, stage in sorted(places - {fine.place for fine in tier.fines}):
            words = f"其他档对{place_words(payer, stage)}规定了罚款，这一档没有"
            found.append(Fault("fine_missing", _place(benchmark, tier, place_words(payer, stage)), words))
    return found + _uncovered(benchmark, provisions, places) + _steps(benchmark)


def _uncovered(benchmark: Benchmark, provisions: Provisions, places: set[tuple[Payer, Stage]]) -> list[Fault]:
    """Remarks on fines of the law for which the table has no column; they are then decided without a benchmark."""
    found: dict[tuple[Payer, Stage], None] = {}
    covered = places | {fine.place for tier in benchmark.tiers for fine in tier.fines}
    for one in benchmark.provisions:
        if one in provisions:
            for payer in Payer:
                for stage in Stage:
                    if (payer, stage) not in covered and strikes(provisions[one], payer, stage):
                        found[payer, stage] = None
    return [
        Fault(
            "uncovered",
            _place(benchmark, what=place_words(*place)),
            "法律在这一情形另有罚款，本表没有分档",
            blocks=False,
        )
        for place in found
    ]


def _against_the_law(benchmark: Benchmark, tier: Tier, fine: Fine, provisions: Provisions, place: str) -> list[Fault]:
    frames = frames_of(benchmark, tier, fine.payer, fine.stage, provisions)
    if not frames:
        return [
            Fault(
                "not_in_law", place, f"{benchmark.basis or '处罚依据'}在这一情形没有规定对{fine.payer.title_zh}的罚款"
            )
        ]
    open_frames = binding(benchmark, tier, fine, provisions)
    if not open_frames:
        return [Fault("gains", place, "法定幅度按违法所得分段，这一档的违法所得没有落在同一段内")]
    by_law = {f.source: [g for g in open_frames if g.source == f.source] for f in open_frames}
    for source, group in by_law.items():
        if not any(holds(frame, fine) for frame in group):
            law = "；".join(fine_range(frame.fine) for frame in group)
            return [Fault("outside_law", place, f"{fine_words(fine)}超出法定幅度（{source}：{law}）")]
    return []


def _steps(benchmark: Benchmark) -> list[Fault]:
    """Remarks on the amounts: a lighter tier that may cost more than a graver one, and amounts no tier reaches."""
    found: list[Fault] = []
    for lighter, graver in pairwise(benchmark.tiers):
        for fine in lighter.fines:
            other = graver.fine(*fine.place)
            if other is None or other.type is not fine.type:
                continue
            place = _place(benchmark, graver, place_words(*fine.place))
            if other.lower < fine.upper and (fine.lower, fine.upper) != (other.lower, other.upper):
                found.append(Fault("amounts_cross", place, f"与较轻一档的幅度（{fine_words(fine)}）交叉", blocks=False))
            elif other.lower > fine.upper and fine.lower < fine.upper and other.lower < other.upper:
                words = f"与较轻一档的幅度（{fine_words(fine)}）之间有空档，中间的数额没有一档可以适用"
                found.append(Fault("amounts_apart", place, words, blocks=False))
    return found
