"""A town with rules, places and a warning; names and numbers are plainly invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fadu.kernel import clock
from fadu.org.models import Division, Officer
from fadu.org.roles import Role
from fadu.org.tests import universe as people
from fadu.procedure.models import Act
from fadu.procedure.services import take
from fadu.response.models import Response, SafePlace
from fadu.response.services import load_content
from fadu.warning import services as warnings
from fadu.warning.models import Warning

SEVERITY = {"红": "Extreme", "橙": "Severe", "黄": "Moderate", "蓝": "Minor"}


def message(
    code: str = "140403", colour: str = "橙", kind: str = "暴雨", status: str = "Actual", number: int = 1,
    msg_type: str = "Alert", references: str = "",
) -> bytes:  # fmt: skip
    """A CAP message for a division; those with higher numbers were sent later."""
    sent = (clock.now() - timedelta(minutes=10 - number)).astimezone(clock.BEIJING)
    named = f"<references>{references}</references>" if references else ""
    note = "<note>演练</note>" if status == "Exercise" else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>RE-{number}</identifier><sender>office@example.org</sender><sent>{sent.isoformat(timespec="seconds")}</sent>
  <status>{status}</status><msgType>{msg_type}</msgType><scope>Public</scope>{note}{named}
  <info><language>zh-CN</language><category>Met</category><event>{kind}</event><urgency>Expected</urgency>
    <severity>{SEVERITY[colour]}</severity><certainty>Likely</certainty><senderName>示例市气象台</senderName>
    <headline>示例市气象台发布{kind}{colour}色预警信号</headline>
    <area><areaDesc>示例区</areaDesc><geocode><valueName>行政区划代码</valueName><value>{code}</value></geocode></area>
  </info>
</alert>""".encode()


def reference(warning: Warning) -> str:
    """How another message names this one."""
    sent = warning.sent.astimezone(clock.BEIJING).isoformat(timespec="seconds")
    return f"{warning.sender},{warning.identifier},{sent}"


def received(by: Officer | None = None, **given: Any) -> Warning:
    """A warning just taken in."""
    return warnings.take_in(message(**given), by=by)


def town() -> people.Town:
    """The town of the organs, with the rules loaded."""
    made = people.build()
    load_content()
    return made


def opened(town: people.Town, **given: Any) -> Response:
    """The response of a warning just taken in."""
    return Response.objects.get(warning=received(town.officers["东区局"][Role.CLERK], **given))


def place(kind: str = "risk", people: int = 80, name: str = "示例沟口") -> SafePlace:
    """A place in the eastern county."""
    division = Division.objects.filter(code__startswith="140403", level="village").first()
    assert division is not None
    return SafePlace.objects.create(
        division=division, county="140403", kind=kind, name=name, people=people, warden="王示甲", phone="19900010001",
        route="沿示例路向东到示例中学",
    )  # fmt: skip


def level(at: datetime, number: int, **given: Any) -> dict[str, Any]:
    """What a decision on the level says."""
    return {
        "level": number, "expected_until": (at + timedelta(hours=6)).isoformat(), "measures": ["组织人员转移"],
        "decided_by": "赵示（指挥部副指挥长）", "reasons": "雨势加大。", **given,
    }  # fmt: skip


def answer_all(response: Response, by: Officer) -> None:
    """Every waiting task is done."""
    for task in response.tasks.filter(state="open"):
        answer(response, task.number, by)


def answer(response: Response, number: int, by: Officer | None, **given: Any) -> Act:
    """One task is answered."""
    return take(response, "answer", by=by, data={"number": number, "state": "done", "note": "", "at": None, **given})
