"""Whether the act was found before the period in which it may still be penalised had passed. Pure."""

from datetime import date

from fadu.law.judging.numbers import Numbers
from fadu.law.judging.question import Question
from fadu.law.judging.reasons import Code, Finding
from fadu.law.statutes import APL


def years_after(start: date, years: int) -> date:
    """The last day of a period of years: the corresponding day, or the last day of its month."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def limitation(asked: Question, numbers: Numbers, *, accident: bool) -> list[Finding]:
    """行政处罚法第三十六条: two years from the act, or from its end when it went on; five where life and health or
    financial safety are concerned and harm was done. Where harm is not given, an accident is harm.
    """
    start, found = asked.facts.act_ended_on or asked.acted_on, asked.facts.found_on
    if start is None or found is None:
        return []
    harm = asked.facts.harm if asked.facts.harm is not None else accident
    years = int(numbers.get("limitation_life_and_health" if harm else "limitation", asked.decided_on))
    if found <= years_after(start, years):
        return []
    text = f"行为{start.isoformat()}{'终了' if asked.facts.act_ended_on else '发生'}，{found.isoformat()}才发现，已过{years}年"
    return [Finding(Code.LIMITATION, text, APL[36, 1])]
