"""The law floor's part of the API: whether the sanctions of a case are lawful."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fadu.law import queries
from fadu.law.judging.answering import answer

router = Router(tags=["法律"])


class Case(Schema, extra="allow"):
    """One case; what is absent is not given. Written as people write it: names, numerals, dates, amounts in any form."""

    id: Any = Field(None, description="原样返回")
    law: Any = Field(None, description="法律名称，简称或者全称", examples=["安全生产法"])
    article: Any = Field(None, description="条", examples=["97"])
    paragraph: Any = Field(None, description="款")
    item: Any = Field(None, description="项")
    act_date: Any = Field(None, description="违法行为发生之日", examples=["2026-03-02"])
    decision_date: Any = Field(None, description="决定之日", examples=["2026-04-10"])
    party: Any = Field(None, description="company、individual_business、person、other")
    prior_order: Any = Field(None, description="责令改正的期限届满未改正：true或者false")
    mitigating: Any = Field(None, description="减轻情形的条文", examples=[["行政处罚法32(1)"]])
    sanctions: Any = Field(
        None, description="全部处罚", examples=[{"fine_entity": 50000, "fines_persons": [], "confiscation": 0}]
    )
    facts: Any = Field(None, description="案件事实", examples=[{"authority": "emergency", "notice_given": True}])


class Reason(Schema):
    """Why not, or why it cannot be told."""

    code: str
    text: str
    citation: str


class Answer(Schema):
    """lawful: true, false, or null where it cannot be told; reasons: none when lawful."""

    id: Any = None
    lawful: bool | None
    reasons: list[Reason]


class Problem(Schema):
    """Why there is no answer: a sentence, or where in the input what is wrong stands."""

    detail: str | list[dict[str, Any]]


# What the program says before or instead of the operation: unreadable, not logged in, without the token, wrong in form.
REFUSALS = {400: Problem, 401: Problem, 403: Problem, 422: Problem}
# The same where everybody may ask: unreadable, without the token, not there, wrong in form.
OPEN_REFUSALS = {400: Problem, 403: Problem, 404: Problem, 422: Problem}


@router.post("/check-penalty", response={200: Answer, **REFUSALS}, summary="处罚是否合法")
def check_penalty(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Judge one case by the provisions held and the numbers of law as the bureau has set them.

    The whole of the input and every code of the answer: docs/check-penalty.md. A case that cannot be read is answered
    with `lawful` null and the code `bad_input`, which names the field. Nothing is stored.
    """
    return answer(case.model_dump(), numbers=queries.check_numbers())
