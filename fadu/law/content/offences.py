"""Crimes that an administrative case may turn out to be, with the figures that call for a transfer, from ``offences.yaml``. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from fadu.law.citations import Article
from fadu.law.content.reading import DATA, Node, once, read

# What a figure counts: its name in a sentence and its unit.
FIGURES = {
    "deaths": ("死亡", "人"),
    "serious_injuries": ("重伤", "人"),
    "direct_loss": ("直接经济损失", "元"),
    "gains": ("违法所得", "元"),
}


@dataclass(frozen=True)
class Offence:
    """One crime: its article, who commits it by what, the figures of which any suffices, and what people must judge.

    figures: (what is counted, least), persons or yuan, the figure included. linked: administrative provisions beside
    which the crime is to be thought of.
    """

    id: str
    title: str
    article: Article
    since: date
    who: str
    conduct: str
    figures: tuple[tuple[str, Decimal], ...] = ()
    judged: tuple[str, ...] = ()
    basis: tuple[Article, ...] = ()
    linked: tuple[Article, ...] = ()
    confidence: str = "text"
    source: str = ""

    @property
    def unchecked(self) -> bool:
        """Whether it was written from memory or as a model, and must be shown so."""
        return self.confidence in {"memory", "model"}


def _figures(node: Node) -> tuple[tuple[str, Decimal], ...]:
    found: list[tuple[str, Decimal]] = []
    for row in node.nodes("figures"):
        row.only(*FIGURES)
        found += [(name, row.number(name)) for name in row.values]
    return tuple(found)


def _offence(node: Node, source: str, confidence: str) -> Offence:
    node.only(
        *("id", "title", "article", "from", "who", "conduct", "figures", "judged", "basis", "linked", "confidence")
    )
    return Offence(
        id=node.text("id"),
        title=node.text("title"),
        article=node.article("article"),
        since=node.day("from"),
        who=node.text("who"),
        conduct=node.text("conduct"),
        figures=_figures(node),
        judged=tuple(map(str, node.items("judged"))),
        basis=node.articles("basis"),
        linked=node.articles("linked"),
        confidence=node.confidence(confidence),
        source=source,
    )


def offences(folder: Path = DATA) -> list[Offence]:
    """The crimes of ``offences.yaml``; ContentError, with the place, where the file cannot be used."""
    root = read(folder / "offences.yaml")
    root.only("source", "confidence", "offences")
    rows = [_offence(node, root.text("source"), root.confidence()) for node in root.nodes("offences", required=True)]
    return once(rows, lambda row: row.id, lambda row: root.file)


@cache
def shipped() -> tuple[Offence, ...]:
    """The crimes that come with the software; read once."""
    return tuple(offences())
