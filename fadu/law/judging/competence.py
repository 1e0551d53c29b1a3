"""Whether the organ that decides is one that the provision names for what it imposes. Pure."""

from collections.abc import Iterable

from fadu.law.citations import Article
from fadu.law.judging.question import Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.provisions import Measure, Organ, Provision, Sanction
from fadu.law.statutes import ACCIDENT, APL, COAL, LICENCE, WSL

# Where a statute says in an article of its own who decides.
_WHO_DECIDES: dict[str, Article] = {
    statute.code: article
    for statute, article in ((WSL, WSL[115]), (COAL, COAL[73]), (LICENCE, LICENCE[23]), (ACCIDENT, ACCIDENT[43]))
}


def competence(provision: Provision, asked: Question, used: Iterable[Sanction]) -> list[Finding]:
    """The first clause applied that another organ decides on; an authority that is not given counts as competent."""
    authority = asked.facts.authority
    if authority is None:
        return []
    # With nothing applied the provision as a whole is asked.
    for clause in list(used) or provision.sanctions[:1]:
        if clause.organs and authority not in clause.organs:
            text = f"{_what(clause)}由{_who(clause)}决定，{authority.title_zh}没有这项处罚权"
            statute = provision.article.statute
            article = APL[18, 3] if clause.detention_days and statute != WSL else _WHO_DECIDES.get(statute.code)
            return [Finding(Code.WRONG_AUTHORITY, text, article or provision.article)]
    return []


def _what(clause: Sanction) -> str:
    titles = ((Measure.DETENTION, "行政拘留"), (Measure.CLOSURE, "关闭"), (Measure.REVOCATION, "吊销证照"))
    return next((title for measure, title in titles if measure in clause.all_measures and not clause.fines), "本条处罚")


def _who(clause: Sanction) -> str:
    organs = [organ for organ in Organ if organ in clause.organs]
    names = "、".join(organ.title_zh for organ in organs[:2])
    return names if len(organs) <= 2 else f"{names}等有关部门"
