"""Our own reference of a batch: the numbers of its calls in few letters, so that a provider can be asked for each of them [pure]."""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST = 10_000  # calls a reference may stand for; what claims more was not made here


def encode(ids: Iterable[int]) -> str:
    """``start`` or ``start-further`` for each run of consecutive numbers, base 36, joined by dots, each start from the last end."""
    runs: list[list[int]] = []
    for one in sorted(set(ids)):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    said, before = [], 0
    for first, last in runs:
        said.append(_base36(first - before) + (f"-{_base36(last - first)}" if last > first else ""))
        before = last
    return ".".join(said)


def decode(text: str) -> tuple[int, ...]:
    """The numbers of a reference in ascending order; nothing for a text that is none."""
    found: list[int] = []
    before = 0
    for run in text.split(".") if text else ():
        start, _, further = run.partition("-")
        if not (_is_number(start) and (_is_number(further) or (not further and "-" not in run))):
            return ()
        first = before + int(start, 36)
        count = int(further, 36) if further else 0
        if len(found) + count >= MOST:
            return ()
        found += range(first, first + count + 1)
        before = first + count
    return tuple(found)


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 13 and all(letter in DIGITS for letter in text)


def _base36(number: int) -> str:
    said = ""
    while number:
        number, digit = divmod(number, 36)
        said = DIGITS[digit] + said
    return said or "0"
