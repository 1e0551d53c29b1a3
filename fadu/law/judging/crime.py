"""Whether the figures of a case reach those from which a crime is prosecuted (行政处罚法 27; 移送规定 3). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fadu.law.citations import Article
from fadu.law.content.offences import FIGURES, Offence
from fadu.law.wording import amount


@dataclass(frozen=True)
class Suspicion:
    """A crime of which a case may be suspected, with the figures that are reached."""

    offence: Offence
    reached: tuple[tuple[str, Decimal, Decimal], ...]  # what is counted, the case's figure, the threshold

    @property
    def sentence(self) -> str:
        """The figures against the thresholds, in one sentence."""
        return "、".join(
            f"{FIGURES[name][0]}{_figure(name, found)}（{_figure(name, least)}以上的应当追诉）"
            for name, found, least in self.reached
        )


def _figure(name: str, value: Decimal) -> str:
    return amount(value) if FIGURES[name][1] == "元" else f"{value.normalize():f}{FIGURES[name][1]}"


def suspicions(
    offences: Iterable[Offence], figures: Mapping[str, Decimal], provisions: Collection[Article], on: date
) -> list[Suspicion]:
    """The crimes whose figures the case reaches; ``on`` is the day of the act, ``provisions`` those to be applied.

    figures: by the names of ``FIGURES``, persons or yuan; one that is not established is left out. Where the provisions
    point to crimes, those alone are weighed; else every crime of that harm is a candidate. Gains are no harm, and speak
    of a crime only beside a provision that points to it.
    """
    known = [one for one in offences if one.figures and one.since <= on]
    pointed = [one for one in known if points_to(one, provisions)]
    found = [Suspicion(one, _reached(one, figures, gains=bool(pointed))) for one in pointed or known]
    return [one for one in found if one.reached]


def _reached(
    offence: Offence, figures: Mapping[str, Decimal], *, gains: bool
) -> tuple[tuple[str, Decimal, Decimal], ...]:
    return tuple(
        (name, figures[name], least)
        for name, least in offence.figures
        if name in figures and figures[name] >= least and (gains or name != "gains")
    )


NAMED = 3  # crimes named in one sentence; the rest are counted


def in_words(found: Iterable[Suspicion]) -> list[str]:
    """The suspicions in sentences, one for each set of figures: which are reached, and which crimes they may be."""
    grouped: dict[str, list[str]] = {}
    for one in found:
        grouped.setdefault(one.sentence, []).append(one.offence.title)
    return [
        f"{figures}，可能涉嫌{'、'.join(titles[:NAMED])}{f'等{len(titles)}个罪名' if len(titles) > NAMED else ''}"
        for figures, titles in grouped.items()
    ]


def points_to(offence: Offence, provisions: Collection[Article]) -> bool:
    """Whether one of the administrative provisions is among those beside which the crime is to be thought of."""
    return any(link.touches(article) for link in offence.linked for article in provisions)


def to_be_judged(offences: Iterable[Offence], provisions: Collection[Article], on: date) -> list[Offence]:
    """The crimes without a figure that the provisions point to: only people can say whether the case is one."""
    return [o for o in offences if not o.figures and o.since <= on and points_to(o, provisions)]
