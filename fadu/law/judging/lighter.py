"""Whether a newer provision is lighter than the one whose place it took (从旧兼从轻). Pure."""

from collections.abc import Iterable
from decimal import Decimal

from fadu.law.provisions import FineType, Kind, Measure, Provision, Stage

Key = tuple[Stage, bool]


def _fines(provision: Provision) -> dict[Key, tuple[Decimal, Decimal]] | None:
    """The lowest and the highest fine at each stage, for natural persons and for others; None when not all in yuan."""
    found: dict[Key, tuple[Decimal, Decimal]] = {}
    for sanction in provision.sanctions:
        natural = all(party.is_person for party in sanction.target.parties)
        for fine in sanction.fines:
            if fine.type is not FineType.YUAN:
                return None
            lower, upper = found.get((sanction.stage, natural), (fine.upper, Decimal(0)))
            found[sanction.stage, natural] = (min(lower, fine.lower or Decimal(0)), max(upper, fine.upper))
    return found


def _measures(provision: Provision) -> set[tuple[Stage, Measure]]:
    return {(s.stage, m) for s in provision.sanctions for m in s.all_measures if m.is_penalty}


def is_lighter(new: Provision, old: Provision) -> bool:
    """Whether nothing in the newer provision is heavier and something is lighter.

    Fines are compared stage by stage; where one of the two is not in yuan nothing is presumed.
    """
    if new.kind is not Kind.PENALTY or old.kind is not Kind.PENALTY:
        return False
    newer, older = _fines(new), _fines(old)
    if newer is None or older is None or not newer.keys() <= older.keys() or not _measures(new) <= _measures(old):
        return False
    pairs = [(newer[key], older[key]) for key in newer]
    if any(n[0] > o[0] or n[1] > o[1] for n, o in pairs):
        return False
    return newer.keys() < older.keys() or _measures(new) < _measures(old) or any(n != o for n, o in pairs)


def lighter_than_all(new: Provision, old: Iterable[Provision]) -> bool:
    """Whether the newer provision is lighter than every one of the older ones (and there is one)."""
    rows = list(old)
    return bool(rows) and all(is_lighter(new, row) for row in rows)
