"""A drill played in a moment: a real message, the real engine, the simulator, under a clock that jumps from event to event."""

from __future__ import annotations

from datetime import datetime, timedelta

from fadu.callout.engine import statements
from fadu.callout.engine.beside import Inline
from fadu.callout.engine.loop import Engine
from fadu.callout.engine.moments import Simulated as Moments
from fadu.callout.models import Callout
from fadu.callout.providers.simulated import Simulated
from fadu.callout.services import calling
from fadu.callout.services.routes import providers
from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.warning import services as warnings

LONGEST = timedelta(hours=6)
STEP = timedelta(seconds=3)  # longer than the grace of a sweep; a real engine's tick is far shorter
MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>DRILL-{code}-{stamp}</identifier><sender>drill@example.org</sender><sent>{sent}</sent>
  <status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><note>叫应演练</note>
  <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
    <severity>{severity}</severity><certainty>Likely</certainty><senderName>示例市气象台（演练）</senderName>
    <headline>示例市气象台发布暴雨{colour}色预警信号</headline>
    <description>演练：预计未来3小时内降雨量将达到{colour}色预警的标准。</description>
    <area><areaDesc>演练区域</areaDesc><geocode><valueName>行政区划代码</valueName><value>{code}</value></geocode></area>
  </info>
</alert>
"""
SEVERITIES = {"红": "Extreme", "橙": "Severe", "黄": "Moderate", "蓝": "Minor"}


def message(code: str, colour: str, moment: datetime) -> bytes:
    """An exercise message for a division and a colour."""
    return MESSAGE.format(
        code=code, colour=colour, severity=SEVERITIES[colour], sent=moment.isoformat(timespec="seconds"),
        stamp=f"{moment:%Y%m%d%H%M%S%f}",  # two drills may begin in one second
    ).encode()  # fmt: skip


def play(
    *,
    code: str,
    colour: str,
    by: Officer,
    at: datetime,
    simulator: Simulated | None = None,
    close: bool = True,
    step: timedelta = STEP,
) -> Callout:
    """Run a whole drill that begins at ``at``, and end it when nothing more is to come. Raises as ``open_`` does.

    ``step``: how late the engine looks after something has happened; answers keep their own times.
    """
    simulator = simulator or Simulated()
    with clock.at(at):
        warning = warnings.take_in(message(code, colour, clock.now()), by=by)
        callout = calling.open_(warning, by=by)
    moments = Moments(at)
    engine = Engine(calling.raw(), providers(simulator), Inline(), clock=moments, name="drill")
    until = at + LONGEST
    calling.run(statements.STEADY)
    while moments.moment < until:
        with clock.at(moments.moment):
            if engine.step():
                continue
        following = _following(engine, simulator)
        if following is None:
            break
        moments.moment = max(following, moments.moment) + step
    calling.run(statements.UNSTEADY)
    if close:
        with clock.at(moments.moment):
            callout = calling.close(callout, by=by, note="演练结束。")
    return callout


def _following(engine: Engine, simulator: Simulated) -> datetime | None:
    """When the next thing happens: a receipt comes, a deadline runs out."""
    row = engine._one(statements.WAITING_UNTIL)
    times = [moment for moment in (row[0] if row else None, simulator.coming()) if moment is not None]
    return min(times, default=None)
