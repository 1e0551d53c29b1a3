"""How the statutes of the penalty provisions are built, from the head of each file of ``provisions/*.yaml``. Pure."""

from datetime import date
from pathlib import Path
from typing import Any

from fadu.law.content.reading import DATA, Node, node_of, once, read_all
from fadu.law.provisions import Outline


def _numbers(node: Node, key: str, what: str) -> dict[int, tuple[int, ...]]:
    """For each article a list of whole numbers."""
    rows = node_of(node.file, node.at(key), node.values.get(key, {}))
    found: dict[int, tuple[int, ...]] = {}
    for article, value in rows.values.items():
        counts = value if isinstance(value, list) else []
        if not isinstance(article, int) or article < 1:
            raise rows.fail(str(article), "应为条的序号")
        if not counts or any(isinstance(count, bool) or not isinstance(count, int) or count < 0 for count in counts):
            raise rows.fail(str(article), what)
        found[article] = tuple(counts)
    return found


def _outline(root: Node) -> list[Outline]:
    if "outline" not in root.values:
        return []
    node = node_of(root.file, "outline", root.values["outline"])
    node.only("last", "first_in_force", "until", "articles", "ended_by", "replaced", "replaces", "together")
    statute = root.statute("statute")
    last = int(node.number("last"))
    shapes = _numbers(node, "articles", "应为各款的项数，如[4, 0]")
    if strange := [number for number in shapes if number > last]:
        raise node.fail(f"articles.{strange[0]}", f"应为1至{last}之间的条序号")
    replaces = node_of(root.file, node.at("replaces"), node.values.get("replaces", {}))
    mapping: dict[Any, Any] = replaces.values
    followed: dict[int, int] = {}
    for new, old in mapping.items():
        if new not in shapes or isinstance(old, bool) or not isinstance(old, int):
            raise replaces.fail(str(new), "应为本版本的条序号和所取代的条序号")
        followed[new] = old
    since: date = root.day("from")
    return [
        Outline(
            statute=statute,
            since=since,
            until=node.optional_day("until"),
            last=last,
            first_in_force=node.optional_day("first_in_force") or since,
            articles=shapes,
            ended_by=node.article("ended_by", statute) if node.values.get("ended_by") else None,
            replaced=node.statute("replaced") if node.values.get("replaced") else None,
            replaces=followed,
            together=_numbers(node, "together", "应为款的序号，如[2, 3]"),
        )
    ]


def outlines(folder: Path = DATA) -> list[Outline]:
    """The outlines of all versions of which penalty provisions are held."""
    found = read_all(folder / "provisions", _outline)
    return once(found, lambda outline: (outline.statute.code, outline.since), lambda outline: outline.statute.short)
