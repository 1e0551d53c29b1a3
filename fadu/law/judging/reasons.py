"""Why sanctions are unlawful, or why that cannot be told: a code for programs, a sentence, the article. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from fadu.law.citations import Article


class Code(StrEnum):
    """Every reason there is; docs/check-penalty.md explains each."""

    BAD_INPUT = "bad_input"
    LAW_NOT_HELD = "law_not_held"
    VERSION_NOT_HELD = "version_not_held"
    REFERRED_LAW_NOT_HELD = "referred_law_not_held"
    GAINS_UNKNOWN = "gains_unknown"
    INCOME_UNKNOWN = "income_unknown"
    GOODS_UNKNOWN = "goods_unknown"
    BASE_FINE_UNKNOWN = "base_fine_unknown"

    NOT_IN_FORCE = "not_in_force"
    REPEALED = "repealed"
    SUPERSEDED = "superseded"
    NEWER_IS_LIGHTER = "newer_is_lighter"
    NO_SUCH_ARTICLE = "no_such_article"
    NO_SUCH_PARAGRAPH = "no_such_paragraph"
    NO_SUCH_ITEM = "no_such_item"
    NOT_A_PENALTY = "not_a_penalty"

    WRONG_SUBJECT = "wrong_subject"
    WRONG_AUTHORITY = "wrong_authority"
    NOT_PROVIDED = "not_provided"
    MISSING_PRIOR_ORDER = "missing_prior_order"
    NOT_AGGRAVATED = "not_aggravated"
    WRONG_GRADE = "wrong_grade"
    ABOVE_MAXIMUM = "above_maximum"
    BELOW_MINIMUM = "below_minimum"
    NO_GAINS = "no_gains"
    DETENTION_TOO_LONG = "detention_too_long"
    CONFISCATION_OMITTED = "confiscation_omitted"
    FINE_OMITTED = "fine_omitted"
    PERSONAL_FINE_OMITTED = "personal_fine_omitted"

    NO_NOTICE = "no_notice"
    NO_HEARING = "no_hearing"
    TOO_FEW_OFFICERS = "too_few_officers"
    ABOVE_NOTICED_FINE = "above_noticed_fine"
    SUMMARY_LIMIT = "summary_limit"
    OVER_TIME = "over_time"
    LIMITATION = "limitation"
    FINED_TWICE = "fined_twice"
    ADDITIONAL_FINE = "additional_fine"
    DAILY_FINE = "daily_fine"


@dataclass(frozen=True)
class Finding:
    """One reason. undecided: it makes the answer unknown instead of unlawful."""

    code: Code
    text: str
    article: Article | None = None
    undecided: bool = False

    @property
    def as_reason(self) -> dict[str, str]:
        """As it is answered."""
        return {"code": self.code.value, "text": self.text, "citation": str(self.article) if self.article else ""}


@dataclass(frozen=True)
class Judgment:
    """The answer: lawful, unlawful, or None where it cannot be told; with the reasons, none when lawful."""

    lawful: bool | None
    findings: tuple[Finding, ...] = ()

    @property
    def as_answer(self) -> dict[str, object]:
        """As it is answered, without the id."""
        return {"lawful": self.lawful, "reasons": [finding.as_reason for finding in self.findings]}
