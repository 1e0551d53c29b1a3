"""Which tier a case falls into and within which range its fine lies, with the reason for every tier [pure].

A benchmark is compiled once: cut points for each number, and for every combination of parts between them the answer
with its sentences. Judging a case is then a few bisections and a look-up, so that the full trace costs no more than the
bare answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from fadu.discretion.benchmarks.declare import Bands, Benchmark, Direction, Fine, Key, KeyType, Payer, Range, Test, Tier
from fadu.discretion.benchmarks.frames import Provisions, binding, gains_of
from fadu.discretion.benchmarks.intervals import BOTTOM, TOP, Cut, Interval
from fadu.discretion.benchmarks.wording import fine_words, key_value, place_words, test_words
from fadu.law.provisions import Basis, FineRange, FineType, Stage

CENT = Decimal("0.01")
# plain numbers: looking an enumeration's member up costs as much as the bisection
_ORDER = {KeyType.FLAG: 0, KeyType.CHOICE: 1, KeyType.WHOLE: 2, KeyType.NUMBER: 3}
_MEASURED = _WHOLE = 2
Values = Mapping[str, Any]


class Unanswered(NamedTuple):
    """Why there is no tier: which key is missing or wrong, or why the table does not apply. ``kind`` is for programs."""

    kind: str  # missing, bad_value, outside, no_tier, no_fine, no_base
    key: str
    sentence: str


class Other(NamedTuple):
    """A tier that was not chosen, and why."""

    tier: Tier
    why: str


class Measure(NamedTuple):
    """The ranges in yuan for one payer at one stage and direction: of the law, of the tier, and what is open now."""

    payer: Payer
    stage: Stage
    direction: Direction
    statutory: Range | None
    tier: Range
    open: Range
    words: str


class Finding(NamedTuple):
    """The tier of one combination of circumstances, with why each other tier is not it, and its ready-made ranges."""

    tier: Tier
    because: tuple[str, ...]
    others: tuple[Other, ...]
    measures: dict[tuple[Payer, Stage, Direction], Measure]
    shares: dict[tuple[Payer, Stage], Fine]


class Judgement(NamedTuple):
    """The answer for one case: what was given, the tier with its trace, and the ranges."""

    values: Values
    finding: Finding
    measure: Measure

    @property
    def tier(self) -> Tier:
        """The tier chosen."""
        return self.finding.tier

    @property
    def others(self) -> tuple[Other, ...]:
        """Every other tier, with why it does not match."""
        return self.finding.others

    @property
    def open(self) -> Range:
        """The fines open in this case, in yuan."""
        return self.measure.open


class _Step:
    """How one key is looked up: its weight in the number of the combination, its cut points or its options."""

    __slots__ = ("closed", "key", "name", "opened", "options", "parts", "type", "weight")

    def __init__(self, key: Key, tests: list[Test], weight: int) -> None:
        self.key, self.name, self.type, self.weight = key, key.name, key.type, weight
        self.closed: list[Any] = []
        self.opened: list[Any] = []
        self.options: dict[str, int] = {}
        self.parts: list[Interval] = []
        if key.measured:
            self._cut(key, tests)
        elif key.type is KeyType.CHOICE:
            self.options = {value: index for index, (value, _) in enumerate(key.options)}

    def _cut(self, key: Key, tests: list[Test]) -> None:
        ranges = [own(key, test.range) for test in tests if test.range] + ([own(key, key.idle)] if key.idle else [])
        domain = domain_of(key)
        cuts = {domain.start, domain.end, *(cut for one in ranges for cut in (one.start, one.end))} - {BOTTOM, TOP}
        ordered = sorted(cuts)
        edges = [BOTTOM, *ordered, TOP]
        self.parts = [Interval(low, high) for low, high in pairwise(edges)]
        self.closed = [_plain(cut.value) for cut in ordered if not cut.after]
        self.opened = [_plain(cut.value) for cut in ordered if cut.after]

    @property
    def size(self) -> int:
        """How many parts the key has."""
        if self.type is KeyType.FLAG:
            return 2
        return len(self.parts) if self.key.measured else len(self.options)


def own(key: Key, one: Interval) -> Interval:
    """A range as the key counts: whole numbers have no place between 3 and 4."""
    return one.whole() if key.whole else one


def domain_of(key: Key) -> Interval:
    """The numbers the table is made for."""
    return own(key, Interval(Cut(key.least), Cut(key.below) if key.below is not None else TOP))


def _plain(value: Decimal) -> Decimal | int:
    """A whole figure as int: comparing it is three times as fast."""
    return int(value) if value == value.to_integral_value() else value


def tests_of(benchmark: Benchmark, key: str) -> list[Test]:
    """Every condition of the table on one key."""
    tests = [test for tier in benchmark.tiers for test in tier.graded]
    tests += [test for tier in benchmark.tiers for clause in tier.also for test in clause]
    return [test for test in tests if test.key == key]


class Compiled:
    """A benchmark ready to judge: ``find`` gives the tier, ``judge`` the ranges as well."""

    def __init__(self, benchmark: Benchmark, provisions: Provisions, bands: Bands | None = None) -> None:
        self.benchmark, self.provisions, self.bands = benchmark, provisions, bands or Bands()
        self._steps: list[_Step] = []
        weight = 1
        for key in benchmark.keys:
            step = _Step(key, tests_of(benchmark, key.name), weight)
            self._steps.append(step)
            weight *= max(step.size, 1)
        self._plan = [(s.name, _ORDER[s.type], s.weight, s.closed, s.opened or None, s.options) for s in self._steps]
        self._found: dict[int, Finding | Unanswered] = {}

    # --- the answer -----------------------------------------------------------------------------------------------

    def find(self, values: Values) -> Finding | Unanswered:
        """The tier for these circumstances, or what is missing; never a silent miss."""
        code = 0
        given = values.get
        for name, kind, weight, closed, opened, options in self._plan:
            value = given(name)
            if value is None:
                return self._missing(name)
            if kind >= _MEASURED:
                sort = type(value)
                if sort is not int and (sort is not Decimal or kind == _WHOLE or not value.is_finite()):
                    return self._wrong(name, value)
                part = bisect_right(closed, value)
                if opened:
                    part += bisect_left(opened, value)
                code += weight * part
            elif kind:
                place = options.get(value)
                if place is None:
                    return self._wrong(name, value)
                code += weight * place
            elif value is True:
                code += weight
            elif value is not False:
                return self._wrong(name, value)
        found = self._found.get(code)
        return found if found is not None else self._settle(code)

    def judge(
        self, values: Values, payer: Payer, stage: Stage = Stage.IMMEDIATE, direction: Direction = Direction.PLAIN
    ) -> Judgement | Unanswered:
        """Tier, trace and ranges for one payer at the stage reached.

        values: by key; whole numbers as int, amounts as int or Decimal (yuan), options by value, flags as bool. Shares
        are reckoned of ``income``, ``gains`` or ``goods`` in ``values``.
        """
        found = self.find(values)
        if type(found) is Unanswered:
            return found
        assert type(found) is Finding
        measure = found.measures.get((payer, stage, direction))
        if measure is not None:
            return Judgement(values, found, measure)
        return self._reckon(values, found, payer, stage, direction)

    # --- what is wrong --------------------------------------------------------------------------------------------

    def _missing(self, name: str) -> Unanswered:
        title = self.benchmark.keyed[name].title
        return Unanswered("missing", name, f"没有填写“{title}”，不能确定适用哪一档")

    def _wrong(self, name: str, value: Any) -> Unanswered:
        key = self.benchmark.keyed[name]
        if key.type is KeyType.FLAG:
            return Unanswered("bad_value", name, f"“{key.title}”应为是或者否")
        if key.type is KeyType.CHOICE:
            known = "、".join(title for _, title in key.options)
            return Unanswered("bad_value", name, f"“{key.title}”应为{known}之一")
        sort = "整数" if key.whole else "数字"
        return Unanswered("bad_value", name, f"“{key.title}”应为{sort}，不能是“{value}”")

    # --- one combination of parts ----------------------------------------------------------------------------------

    def _settle(self, code: int) -> Finding | Unanswered:
        places = [code // step.weight % max(step.size, 1) for step in self._steps]
        self._found[code] = answer = self._answer(dict(zip(self.benchmark.keyed, places, strict=True)))
        return answer

    def _answer(self, places: dict[str, int]) -> Finding | Unanswered:
        for step in self._steps:
            if step.key.measured and not step.parts[places[step.name]].within(domain_of(step.key)):
                return _outside(step.key)
        reached = [self._reasons(tier, places) for tier in self.benchmark.tiers]
        chosen = max((index for index, reasons in enumerate(reached) if reasons), default=None)
        if chosen is None:
            said = "、".join(self._part_words(step, places[step.name]) for step in self._steps)
            return Unanswered("no_tier", "", f"本表没有与所填情形（{said}）相应的一档")
        tiers = self.benchmark.tiers
        others = tuple(
            Other(
                tier, self._why_not(tier, bool(reached[index]), index > chosen, tiers[chosen], reached[chosen], places)
            )
            for index, tier in enumerate(tiers)
            if index != chosen
        )
        return self._finding(tiers[chosen], tuple(reached[chosen]), others)

    def _holds(self, test: Test, places: dict[str, int]) -> bool:
        step = next(s for s in self._steps if s.name == test.key)
        place = places[test.key]
        if test.range is not None:
            return step.parts[place].within(own(step.key, test.range))
        if test.options:
            return step.key.options[place][0] in test.options
        return bool(place) is test.yes

    def _reasons(self, tier: Tier, places: dict[str, int]) -> list[str]:
        """The conditions of a tier that hold, in words."""
        keyed = self.benchmark.keyed
        found = [test_words(keyed[test.key], test) for test in tier.graded if self._holds(test, places)]
        for clause in tier.also:
            if all(self._holds(test, places) for test in clause):
                found.append("且".join(test_words(keyed[test.key], test) for test in clause))
        return found

    def _why_not(
        self, tier: Tier, reached: bool, graver: bool, chosen: Tier, because: list[str], places: dict[str, int]
    ) -> str:
        if reached:
            return f"虽符合“{tier.when}”，但另有“{'、'.join(because)}”，应取较重的“{chosen.level}”一档"
        wanting = [
            self._part_words(next(s for s in self._steps if s.name == name), places[name])
            for name in dict.fromkeys(
                [test.key for test in tier.graded] + [test.key for clause in tier.also for test in clause]
            )
        ]
        relation = "没有达到" if graver else "不属于"
        return f"{relation}“{tier.when}”：{'，'.join(wanting)}"

    def _part_words(self, step: _Step, place: int) -> str:
        key = step.key
        if key.measured:
            part, domain = step.parts[place], domain_of(key)
            if domain.start.value == 0 and part.start == domain.start:
                part = Interval(BOTTOM, part.end) if part.end != TOP else part
            return f"{key.title}{part.words(key.unit, whole=key.whole)}"
        if key.type is KeyType.CHOICE:
            return key_value(key, key.options[place][0])
        return key_value(key, bool(place))

    # --- ranges ------------------------------------------------------------------------------------------------------

    def _finding(self, tier: Tier, because: tuple[str, ...], others: tuple[Other, ...]) -> Finding:
        measures: dict[tuple[Payer, Stage, Direction], Measure] = {}
        shares: dict[tuple[Payer, Stage], Fine] = {}
        for fine in tier.fines:
            if fine.type is not FineType.YUAN:
                shares[fine.place] = fine
                continue
            for direction in Direction:
                measures[(*fine.place, direction)] = self._measure(tier, fine, direction, {})
        return Finding(tier, because, others, measures, shares)

    def _measure(self, tier: Tier, fine: Fine, direction: Direction, values: Values) -> Measure:
        own_range = _in_yuan(fine, values)
        statutory = next(
            (_in_yuan(frame.fine, values) for frame in binding(self.benchmark, tier, fine, self.provisions)), None
        )
        return Measure(
            fine.payer, fine.stage, direction, statutory, own_range,
            band(own_range, statutory, direction, self.bands), fine_words(fine),
        )  # fmt: skip

    def _reckon(
        self, values: Values, found: Finding, payer: Payer, stage: Stage, direction: Direction
    ) -> Judgement | Unanswered:
        fine = found.shares.get((payer, stage))
        if fine is None:
            return Unanswered("no_fine", "", f"“{found.tier.level}”一档没有对{place_words(payer, stage)}规定罚款")
        basis = fine.basis or Basis.GAINS
        name, title = basis.value, basis.title_zh
        base = values.get(name)
        if base is None or isinstance(base, bool) or not isinstance(base, int | Decimal) or base < 0:
            return Unanswered("no_base", name, f"没有认定{title}，不能算出罚款的幅度")
        return Judgement(values, found, self._measure(found.tier, fine, direction, values))


def _outside(key: Key) -> Unanswered:
    domain = domain_of(key).words(key.unit, whole=key.whole)
    beyond = f"：{key.outside}" if key.outside else ""
    return Unanswered("outside", key.name, f"本表适用于{key.title}{domain}的情形{beyond}")


def _in_yuan(fine: Fine | FineRange, values: Values) -> Range:
    """A range in yuan, shares rounded down to the cent in the party's favour."""
    lower = fine.lower or Decimal(0)
    if fine.type is FineType.YUAN:
        return Range(lower, fine.upper)
    base = Decimal(values.get((fine.basis or Basis.GAINS).value) or 0)
    part = Decimal(100) if fine.type is FineType.PERCENT else Decimal(1)
    low, high = ((edge * base / part).quantize(CENT, ROUND_FLOOR) for edge in (lower, fine.upper))
    return Range(low, high)


def band(own_range: Range, statutory: Range | None, direction: Direction, bands: Bands) -> Range:
    """What of the tier's range is open: its lower share, its upper share, below the law's minimum, or the whole.

    减轻 goes below the minimum of the law and only where the law has one (行政处罚法第三十二条); else it is 从轻.
    """
    low, high = own_range.lower, own_range.upper
    span = high - low
    light = (low + span * bands.lower).quantize(CENT)
    heavy = (high - span * bands.upper).quantize(CENT)
    if direction is Direction.MITIGATED and statutory is not None and statutory.lower > 0:
        return Range(Decimal(0), statutory.lower, upper_in=False)
    if direction in (Direction.LIGHTER, Direction.MITIGATED):
        return Range(low, light)
    if direction is Direction.HEAVIER:
        return Range(heavy, high)
    if direction is Direction.PLAIN and bands.middle:
        return Range(light, heavy)
    return own_range


__all__ = ["Compiled", "Finding", "Judgement", "Measure", "Other", "Unanswered", "band", "domain_of", "gains_of"]
