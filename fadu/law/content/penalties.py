"""Penalty provisions, from ``provisions/*.yaml``. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from fadu.law.content.reading import DATA, Node, node_of, once, read_all
from fadu.law.provisions import (
    LIFETIME,
    ORGAN_GROUPS,
    Ban,
    Basis,
    FineRange,
    FineType,
    Grade,
    Kind,
    Measure,
    Mode,
    Organ,
    Provision,
    Sanction,
    Stage,
    Target,
    Titled,
)


@dataclass(frozen=True)
class SourcedProvision:
    """A provision, where its facts come from, and its sanctions as they stand in the file (kept in the database)."""

    provision: Provision
    source: str
    sanctions: list[dict[str, Any]]
    file: str


def sanction_from(node: Node) -> Sanction:
    """One sanction from its mapping in a file or in the database."""
    node.only(
        *("stage", "target", "measures", "fines", "ban", "detention_days", "grades", "note"),
        *("who", "organs", "if_gains", "optional", "after_order", "refers", "beyond"),
    )
    days = node.optional_number("detention_days")
    if days is not None and not 1 <= days <= 20:
        raise node.fail("detention_days", "拘留天数应在1至20之间")
    return Sanction(
        stage=node.choice("stage", Stage),
        target=node.choice("target", Target),
        measures=tuple(_measures(node, index, value) for index, value in enumerate(node.items("measures"))),
        fines=tuple(_fine(fine) for fine in node.nodes("fines")),
        ban=_ban(node_of(node.file, node.at("ban"), node.values["ban"])) if node.values.get("ban") else None,
        detention_days=int(days) if days is not None else None,
        grades=frozenset(_member(node, f"grades[{i}]", Grade, value) for i, value in enumerate(node.items("grades"))),
        note=node.text("note", ""),
        who=node.text("who", ""),
        organs=_organs(node),
        if_gains=_flag(node, "if_gains"),
        optional=frozenset(
            _member(node, f"optional[{i}]", Measure, value) for i, value in enumerate(node.items("optional"))
        ),
        after_order=_flag(node, "after_order"),
        refers=node.articles("refers"),
        beyond=_flag(node, "beyond"),
    )


def _flag(node: Node, key: str) -> bool:
    value = node.values.get(key, False)
    if not isinstance(value, bool):
        raise node.fail(key, "应为true或者false")
    return value


def _organs(node: Node) -> frozenset[Organ]:
    """Organs by name or by the name of a group of them."""
    found: set[Organ] = set()
    for index, value in enumerate(node.items("organs")):
        found |= ORGAN_GROUPS.get(value) or {_member(node, f"organs[{index}]", Organ, value)}
    return frozenset(found)


M = TypeVar("M", bound=Titled)


def _member(node: Node, key: str, kind: type[M], value: Any) -> M:
    try:
        return kind(value)
    except ValueError:
        raise node.fail(key, f"“{value}”不在可用值之中（{'、'.join(member.value for member in kind)}）") from None


def _measures(node: Node, index: int, value: Any) -> tuple[Measure, ...]:
    return tuple(_member(node, f"measures[{index}]", Measure, part) for part in str(value).split("|"))


def _ban(node: Node) -> Ban:
    node.only("years", "scope", "since")
    years = node.values.get("years")
    if years != LIFETIME and (isinstance(years, bool) or not isinstance(years, int) or years < 1):
        raise node.fail("years", f"应为年数或者{LIFETIME}")
    return Ban(None if years == LIFETIME else years, node.text("scope"), node.text("since", ""))


def _fine(node: Node) -> FineRange:
    node.only(
        *("type", "of", "min", "max", "mode", "gains_from", "gains_below", "goods_from", "goods_below", "at_least")
    )
    kind = node.choice("type", FineType, FineType.YUAN)
    basis = node.choice("of", Basis) if node.values.get("of") is not None else None
    if (basis is None) != (kind is FineType.YUAN):
        raise node.fail("of", "以元计的幅度不写基数，其他的应当写明基数")
    lower = node.optional_number("min")
    upper = node.number("max") if kind is not FineType.DAILY else Decimal(0)
    if lower is not None and lower > upper:
        raise node.fail("min", "下限高于上限")
    if kind is FineType.YUAN and upper <= 0:
        raise node.fail("max", "上限应大于零")
    return FineRange(
        kind,
        upper,
        lower,
        basis,
        node.choice("mode", Mode, Mode.MUST),
        node.optional_number("gains_from"),
        node.optional_number("gains_below"),
        node.optional_number("goods_from"),
        node.optional_number("goods_below"),
        node.optional_number("at_least"),
    )


def _with_organs(value: Any, node: Node, root: Node) -> Any:
    """The sanction with the organs that its provision or its file names for all."""
    organs = node.values.get("organs") or root.values.get("organs")
    return {**value, "organs": organs} if isinstance(value, dict) and organs and "organs" not in value else value


def _provisions(root: Node) -> list[SourcedProvision]:
    root.only("statute", "from", "until", "source", "confidence", "organs", "outline", "provisions")
    statute = root.statute("statute")
    found = []
    for node in root.nodes("provisions", required=True):
        node.only(
            *("id", "article", "kind", "violation", "obligations", "authority", "offences", "note", "sanctions"),
            *("from", "until", "confidence", "organs"),
        )
        since = node.day("from") if "from" in node.values else root.day("from")
        # An empty until of its own: it outlives the rest of the file.
        until = (node if "until" in node.values else root).optional_day("until")
        if until and until <= since:
            raise node.fail("until", "失效日应晚于施行日")
        sanctions = [_with_organs(value, node, root) for value in node.items("sanctions", required=True)]
        provision = Provision(
            id=node.text("id"),
            article=node.article("article", statute),
            kind=node.choice("kind", Kind),
            violation=node.text("violation"),
            sanctions=tuple(
                sanction_from(node_of(node.file, f"{node.at('sanctions')}[{index}]", sanction))
                for index, sanction in enumerate(sanctions)
            ),
            since=since,
            until=until,
            obligations=node.articles("obligations", statute),
            authority=node.text("authority", ""),
            offences=tuple(map(str, node.items("offences"))),
            note=node.text("note", ""),
            confidence=node.confidence(root.confidence()),
        )
        found.append(SourcedProvision(provision, root.text("source"), sanctions, root.file))
    return found


def provisions(folder: Path = DATA) -> list[SourcedProvision]:
    """All penalty provisions of ``provisions/*.yaml``."""
    found = read_all(folder / "provisions", _provisions)
    return once(found, lambda p: (p.provision.id, p.provision.since), lambda p: p.file)
