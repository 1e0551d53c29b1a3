"""The invented responses: places and liaisons, a rainstorm answered to its end, and a gale that is still being answered."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from fadu.demo.people import Staff
from fadu.kernel import clock
from fadu.org.models import Division
from fadu.procedure.services import take
from fadu.response.models import Member, Response, ResponseRule, SafePlace
from fadu.warning import services as warnings

MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>SHILI-{stamp}</identifier><sender>shili@example.org</sender><sent>{sent}</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>zh-CN</language><category>Met</category><event>{kind}</event><urgency>Expected</urgency>
    <severity>{severity}</severity><certainty>Likely</certainty><senderName>示例市气象台</senderName>
    <headline>示例市气象台发布{kind}{colour}色预警信号</headline><description>示例：{words}</description>
    <area><areaDesc>示例市</areaDesc><geocode><valueName>行政区划代码</valueName><value>1404</value></geocode></area>
  </info>
</alert>
"""
PLACES = (  # what, how many people, where they go, how many it holds
    ("示例沟口", 86, "示例中学操场", 400),
    ("示例河滩住户", 42, "示例村委会广场", 150),
    ("示例地质灾害隐患点", 31, "示例小学", 260),
)
COUNTIES = 4
LATE = 3  # of so many members one is late


def places() -> int:
    """In the first counties three places each that people leave, and where they go; returns how many."""
    rows = []
    for county in Division.objects.filter(level="county").order_by("code")[:COUNTIES]:
        villages = Division.objects.filter(code__startswith=county.code, level="village").order_by("code")[
            : len(PLACES)
        ]
        for n, (village, (risk, people, shelter, room)) in enumerate(zip(villages, PLACES, strict=True)):
            common = {
                "division": village,
                "county": county.code,
                "warden": f"示例责任人{n + 1}",
                "phone": f"1990002{n:04}",
            }
            route = f"由{village.name}沿示例路步行约{600 + 200 * n}米到{shelter}"
            rows.append(SafePlace(kind="risk", name=risk, people=people, route=route, **common))
            rows.append(
                SafePlace(
                    kind="shelter",
                    name=shelter,
                    people=room,
                    deputy="示例副责任人",
                    deputy_phone="19900030000",
                    **common,
                )
            )
    return len(SafePlace.objects.bulk_create(rows))


def liaisons(city: Staff) -> None:
    """An invented liaison for each member that the rules ask."""
    names = dict.fromkeys(ResponseRule.objects.values_list("member", flat=True))
    Member.objects.bulk_create(
        Member(organ=city.organ, name=name, contact=f"示例联络员{n:02}", phone=f"1990004{n:04}")
        for n, name in enumerate(names, 1)
    )


def received(city: Staff, at: datetime, kind: str, colour: str, severity: str, words: str) -> Response:
    """A warning for the whole city, and the response it opens."""
    data = MESSAGE.format(
        stamp=f"{at:%Y%m%d%H%M}", sent=(at - timedelta(minutes=3)).isoformat(timespec="seconds"), kind=kind, colour=colour,
        severity=severity, words=words,
    )  # fmt: skip
    with clock.at(at):
        warning = warnings.take_in(data.encode(), by=city.clerk)
    return Response.objects.get(warning=warning)


def answer(response: Response, city: Staff, at: datetime, number: int, note: str, state: str = "done") -> None:
    """One task is answered, at that moment."""
    with clock.at(at):
        take(response, "answer", by=city.clerk, data={"number": number, "state": state, "note": note, "at": None})


def build(city: Staff, on: date) -> None:
    """Places and liaisons, the rainstorm on the evening of a day, and the gale a quarter of an hour ago."""
    places()
    liaisons(city)
    rainstorm(city, datetime.combine(on, time(17, 5), clock.BEIJING))
    now = clock.now().astimezone(clock.BEIJING)
    gale = received(
        city, now - timedelta(minutes=25), "大风", "橙", "Severe", "未来6小时平均风力可达10级，请注意防范。"
    )
    for task in gale.tasks.order_by("number")[:6]:
        answer(gale, city, now - timedelta(minutes=20 - task.number), task.number, "已经通知到位。")


def rainstorm(city: Staff, at: datetime) -> Response:
    """From the warning over consultation, level and evacuation to the report."""
    response = received(city, at, "暴雨", "橙", "Severe", "预计未来3小时内降雨量将达50毫米以上，请注意防范。")
    assert city.head is not None
    assert city.principal is not None
    with clock.at(at + timedelta(minutes=15)):
        take(response, "consult", by=city.clerk, data=_consultation(at, city))
    with clock.at(at + timedelta(minutes=18)):
        take(
            response,
            "start",
            by=city.head,
            data=_decision(at, 3, f"{city.head.name}（示例指挥部副总指挥）", "三个县（区）降雨强度大。"),
        )
        for n, (risk, shelter) in enumerate(_pairs()):
            data = {"place": risk.pk, "shelter": shelter.pk, "people": risk.people, "leader": f"示例带队人{n + 1}"}
            take(response, "evacuate", by=city.clerk, data=data)
    answers = []
    for n, task in enumerate(response.tasks.all()):
        minutes = int((task.due_at - task.opened_at).total_seconds() // 60)
        late = n % LATE == LATE - 1
        waived = task.member == "矿山安全监管部门"
        note = "本时段没有井工煤矿作业。" if waived else "道路积水，到达较晚。" if late else "已经落实。"
        said = at + timedelta(minutes=max(19, minutes + (9 if late else -2)))
        answers.append((said, task.number, note, "waived" if waived else "done"))
    for moment, number, note, state in sorted(answers):
        answer(response, city, moment, number, note, state)
    with clock.at(at + timedelta(minutes=70)):
        for move in response.evacuations.all():
            short = move.number == 1
            data = {
                "number": move.number,
                "arrived": move.people - 2 * short,
                "note": "两人已投亲靠友，已核实。" if short else "",
            }
            take(response, "arrive", by=city.clerk, data=data)
        take(response, "end", by=city.principal, data={
            "decided_by": f"{city.principal.name}（示例指挥部总指挥）", "reasons": "降雨结束，气象台不再发布更高预警。",
            "summary": "示例：任务全部反馈，转移人员全部核实，没有伤亡。个别单位因道路积水逾期，今后提前布置。",
        })  # fmt: skip
    return response


def _pairs() -> list[tuple[SafePlace, SafePlace]]:
    """The places of the first county, each with where its people go."""
    county = SafePlace.objects.order_by("county").values_list("county", flat=True).first()
    rows = SafePlace.objects.filter(county=county).order_by("division_id")
    return list(zip(rows.filter(kind="risk"), rows.filter(kind="shelter"), strict=True))


def _consultation(at: datetime, city: Staff) -> dict[str, Any]:
    """Minutes of who met and what they said."""
    people = [
        ("赵示例", "示例市气象台"),
        ("钱示例", "示例市水利局"),
        (city.head.name if city.head else "", "示例市应急管理局副局长"),
    ]
    return {
        "started_at": (at + timedelta(minutes=5)).isoformat(), "ended_at": (at + timedelta(minutes=14)).isoformat(),
        "place": "示例市应急指挥中心", "chair": people[2][0], "recorder": city.clerk.name if city.clerk else "",
        "present": [{"name": name, "post": post} for name, post in people],
        "situation": "示例：三个县（区）一小时降雨量超过30毫米，回波仍在发展。",
        "opinions": [
            {"name": "赵示例", "opinion": "预计强降雨持续到19时"},
            {"name": "钱示例", "opinion": "两条支流水位上涨，建议转移沟口、河滩住户"},
        ],
        "conclusion": "建议启动Ⅲ级响应，转移三处重点部位的人员。",
    }  # fmt: skip


def _decision(at: datetime, level: int, who: str, reasons: str) -> dict[str, Any]:
    """A decision on the level."""
    return {
        "level": level, "expected_until": (at + timedelta(hours=6)).isoformat(),
        "measures": ["转移受威胁的人员并妥善安置", "救援队伍进入待命状态", "下穿通道、易涝点派人值守"], "decided_by": who, "reasons": reasons,
    }  # fmt: skip
