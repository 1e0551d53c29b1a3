"""The grounds on which no penalty is given, each modelled apart, with what the file must show for it [pure]."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from fadu.law.citations import Article
from fadu.law.statutes import APL


@dataclass(frozen=True)
class _Ground:
    title: str
    article: Article
    mandatory: bool
    needs: tuple[str, ...]


class Exemption(Enum):
    """不予处罚的情形; ``needs`` names the records that must be there (read by ``rules.exemption_grounded``)."""

    MINOR = _Ground("违法行为轻微并及时改正，没有造成危害后果", APL[33, 1], True, ("corrected", "no_harm"))
    FIRST = _Ground("初次违法且危害后果轻微并及时改正", APL[33, 1], False, ("first", "corrected", "slight_harm"))
    NO_FAULT = _Ground("当事人有证据足以证明没有主观过错", APL[33, 2], True, ("party_evidence",))
    NOT_PROVED = _Ground("违法事实不能成立", APL[57, 1, 3], True, ())
    UNDER_14 = _Ground("不满十四周岁的未成年人有违法行为", APL[30], True, ("under_14",))
    NO_CAPACITY = _Ground(
        "精神病人、智力残疾人在不能辨认或者不能控制自己行为时有违法行为", APL[31], True, ("appraisal",)
    )
    TIME_BARRED = _Ground("违法行为超过追溯期限", APL[36, 1], True, ("time_barred",))

    @property
    def title(self) -> str:
        """The ground in words."""
        return self.value.title

    @property
    def article(self) -> Article:
        """The article that gives it."""
        return self.value.article

    @property
    def mandatory(self) -> bool:
        """``True``: 应当（不予处罚）; ``False``: 可以不予处罚."""
        return self.value.mandatory

    @property
    def needs(self) -> tuple[str, ...]:
        """The records that must be in the file."""
        return self.value.needs
