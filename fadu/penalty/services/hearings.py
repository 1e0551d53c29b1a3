"""The hearing: its host, the notice, who came, the report; and what a party gives up (行政处罚法 63–65)."""

from __future__ import annotations

from datetime import datetime

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.org.models import Officer
from fadu.penalty import queries
from fadu.penalty.models import Hearing, PenaltyCase
from fadu.penalty.services.investigating import CODE, iso, party_of
from fadu.penalty.services.noticing import serve_paper, unserved
from fadu.procedure.registry import Taking, effect


def hearing_in(taking: Taking) -> Hearing:
    """The hearing on the latest notice; OutOfOrder when no host was appointed."""
    case = taking.matter
    assert isinstance(case, PenaltyCase)
    row = queries.hearing_of(case)
    if row is None:
        raise OutOfOrder("还没有指定听证主持人（《行政处罚法》第六十四条第四项）。")
    return row


def moment_of(text: str) -> datetime:
    """A moment as a form gives it, in Beijing time where it names no zone."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=clock.BEIJING)


def manner_of(row: Hearing) -> str:
    """How the hearing is held, as papers say it."""
    return "公开" if row.public else "不公开"


@effect(f"{CODE}.waive_hearing")
def waive_hearing(taking: Taking) -> None:
    """放弃听证: only on an explicit statement, kept as a file."""
    party = party_of(taking)
    if not taking.data.get("proof"):
        raise Invalid({"proof": "放弃听证须有当事人书面或者音像的明确表示，请上传。"})
    party.hearing_waived_on = iso(taking.data["waived_on"]) or taking.on
    party.save(update_fields=["hearing_waived_on"])
    taking.after |= {"party": party.name, "proof": taking.data["proof"]}


@effect(f"{CODE}.appoint_host")
def appoint_host(taking: Taking) -> None:
    """指定听证主持人: an officer of the organ who did not investigate; appointed anew where the first was recused (64 四)."""
    case, data = taking.matter, taking.data
    assert isinstance(case, PenaltyCase)
    if data["host"] == data["recorder"]:
        raise Invalid({"recorder": "主持人与记录员不能是同一人。"})
    host, recorder = (Officer.objects.get(pk=data[name]) for name in ("host", "recorder"))
    row = queries.hearing_of(case)
    if row is not None and row.held_on is not None:
        raise OutOfOrder("听证已经举行，不能再变更主持人。")
    if row is None:
        row = Hearing(case=case, act_ordinal=case.revision + 1)
    else:
        taking.before["host"] = row.host.name
    row.host, row.recorder, row.members = host, recorder, data.get("members") or ""
    row.save()
    taking.after |= {"host": host.name, "recorder": recorder.name}


@effect(f"{CODE}.notify_hearing")
def notify_hearing(taking: Taking) -> None:
    """通知举行听证: day, place, open or closed; a new notice replaces the one before (64 二、三)."""
    row, data = hearing_in(taking), taking.data
    if data["manner"] == "不公开" and not str(data.get("closed_reason") or "").strip():
        raise Invalid({"closed_reason": "听证不公开举行的，须写明涉及国家秘密、商业秘密或者个人隐私的理由。"})
    row.held_at, row.place, row.public = moment_of(data["held_at"]), data["place"], data["manner"] == "公开"
    row.closed_reason = data.get("closed_reason") or "" if not row.public else ""
    row.save()
    taking.after |= {"held_at": row.held_at.isoformat(), "place": row.place, "manner": data["manner"]}


@effect(f"{CODE}.serve_hearing_notice")
def serve_hearing_notice(taking: Taking) -> None:
    """送达听证会通知书 on one party."""
    party = party_of(taking)
    serve_paper(taking, unserved(party.case, party, "HEARING_NOTICE"), party)


@effect(f"{CODE}.withdraw_hearing")
def withdraw_hearing(taking: Taking) -> None:
    """撤回听证要求: the party's explicit statement is kept."""
    party = party_of(taking)
    if not taking.data.get("proof"):
        raise Invalid({"proof": "撤回听证要求须有当事人书面或者音像的明确表示，请上传。"})
    party.hearing_asked_on = None
    party.save(update_fields=["hearing_asked_on"])
    taking.after |= {"party": party.name, "proof": taking.data["proof"]}
    taking.note = taking.data.get("reason") or ""


@effect(f"{CODE}.hold_hearing")
def hold_hearing(taking: Taking) -> None:
    """举行听证: entered by its host or recorder; who stayed away or left without leave has given it up (64 六)."""
    row, data, case = hearing_in(taking), taking.data, taking.matter
    assert isinstance(case, PenaltyCase)
    if taking.officer.pk not in (row.host_id, row.recorder_id):
        raise NotCompetent(f"听证由主持人{row.host.name}主持，笔录由记录员{row.recorder.name}制作，须由其登记。")
    if row.held_on is not None:
        raise OutOfOrder("本次听证已经登记。")
    asked = set(case.parties.exclude(hearing_asked_on=None).values_list("ordinal", flat=True))
    came = {int(r["party"]): r["status"] for r in data["attendance"]}
    if missing := asked - set(came):
        names = "、".join(case.parties.filter(ordinal__in=missing).values_list("name", flat=True))
        raise Invalid({"": f"请登记{names}的到场情况。"})
    if queries.PRESENT in came.values():
        for name, label in (("accusation", "调查人员提出的事实、证据和处罚建议"), ("defence", "当事人的申辩和质证")):
            if not str(data.get(name) or "").strip():
                raise Invalid({name: f"当事人出席的，请记录{label}（《行政处罚法》第六十四条第七项）。"})
    row.attendance = {str(number): status for number, status in came.items()}
    row.held_on = moment_of(data["started_at"]).date()
    row.save()
    taking.after |= {"held_on": row.held_on, "attendance": row.attendance}


@effect(f"{CODE}.report_hearing")
def report_hearing(taking: Taking) -> None:
    """提出听证报告: the host's opinion from the record (65)."""
    row, data = hearing_in(taking), taking.data
    if taking.officer.pk != row.host_id:
        raise NotCompetent(f"听证报告由主持人{row.host.name}提出。")
    row.reported_on, row.opinion = taking.on, data["opinion"]
    row.save()
    taking.note = data["opinion"]
