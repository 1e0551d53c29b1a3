"""The acts on site: certificates shown, items checked, findings noted, the record signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from fadu.inspection import hazards
from fadu.inspection.models import Check, Checklist, ChecklistItem, Finding, Level, Presence, Signature, Visit
from fadu.inspection.procedures.routine.facts import Occasion, Result
from fadu.inspection.queries import CODE, as_of, power_of
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, OutOfOrder
from fadu.law import queries as law
from fadu.law.citations import CitationError, parse
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.procedure.models import Matter
from fadu.procedure.registry import Taking, effect
from fadu.procedure.services.matters import appoint
from fadu.record import privacy
from fadu.record.models import EvidenceFile

FINDING_FIELDS = {"text", "standard", "obligation", "provision", "level", "photos", "on_the_spot"}


def visit_of(taking: Taking) -> Visit:
    """The matter as a visit."""
    assert isinstance(taking.matter, Visit)
    return taking.matter


@effect(f"{CODE}.arrange")
def arrange(taking: Taking) -> None:
    """安排检查: the visit stands on the item in force on the day of its approval (安全生产法 17)."""
    visit = visit_of(taking)
    power = power_of(visit, taking.on)
    if power is not None and power.pk != visit.power_id:
        visit.power_id = power.pk
        Matter.objects.filter(pk=visit.pk).update(power=power.pk)
        taking.after["power"] = power.item.code


def moment_of(value: str | datetime, field: str) -> datetime:
    """A moment from the payload, aware, not in the future; Invalid at ``field`` otherwise."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    found = found if found.tzinfo else found.replace(tzinfo=clock.BEIJING)
    if found > clock.now():
        raise Invalid({field: "这个时间还没有到，请核对。"})
    return found


def refresh_counts(visit: Visit) -> None:
    """Renew the numbers that the ledger sorts by; the caller's transaction saves the row."""
    rows = list(visit.findings.all())
    visit.findings_count = len(rows)
    visit.major_count = sum(row.level == Level.MAJOR for row in rows)
    visit.open_count = sum(row.is_open for row in rows)
    visit.save(update_fields=["findings_count", "major_count", "open_count"])


def charged(visit: Visit) -> dict[int, Officer]:
    """The officers charged with the visit, by key."""
    rows = visit.assignments.filter(until=None).select_related("officer").order_by("id")
    return {row.officer_id: row.officer for row in rows}


def present(visit: Visit, officers: Iterable[int], occasion: Occasion, number: int, on: date) -> list[Presence]:
    """Note who came, with the certificate of that day; Invalid for anybody who is not charged with the visit."""
    known = charged(visit)
    wanted = list(dict.fromkeys(int(key) for key in officers))
    if strangers := [key for key in wanted if key not in known]:
        names = "、".join(Officer.objects.filter(pk__in=strangers).values_list("name", flat=True))
        raise Invalid({"officers": f"{names or '所选人员'}不是这次检查的检查人员，请先变更检查人员。"})
    if len(wanted) < 2:
        raise Invalid({"officers": "到场的检查人员不得少于两人（《行政处罚法》第四十二条第一款）。"})
    certificates = org.valid_certificates([known[key] for key in wanted], on)
    for key in wanted:
        if key not in certificates:
            raise Invalid(
                {"officers": f"{known[key].name}没有在当日有效的执法证件（《安全生产法》第六十七条第二款）。"}
            )
    return Presence.objects.bulk_create(
        [
            Presence(visit=visit, occasion=occasion.value, round=number, officer=known[key], certificate=certificates[key].number, on=on)
            for key in wanted
        ]
    )  # fmt: skip


def kept(visit: Visit, hashes: Iterable[str], field: str) -> list[str]:
    """The pictures, each of which must lie in the visit's evidence; Invalid at ``field`` otherwise."""
    wanted = [key for key in dict.fromkeys(hashes) if key]
    found = set(EvidenceFile.objects.filter(chain=visit.chain, sha256__in=wanted).values_list("sha256", flat=True))
    if missing := [key for key in wanted if key not in found]:
        raise Invalid({field: f"图片 {missing[0][:8]}… 不在这次检查的证据中，请重新上传。"})
    return wanted


def sign(visit: Visit, data: Mapping[str, Any], occasion: Occasion, number: int) -> None:
    """Write the signatures of an occasion: ``signatures`` {officer: sha256}, ``met`` {name, post, image | refusal, witnesses}."""
    known = charged(visit)
    at = clock.now()
    rows = []
    for key, image in (data.get("signatures") or {}).items():
        if int(key) not in known:
            raise Invalid({"signatures": "签名人不是这次检查的检查人员。"})
        (one,) = kept(visit, [image], "signatures") or ("",)
        rows.append(
            Signature(
                visit=visit,
                occasion=occasion.value,
                round=number,
                officer=known[int(key)],
                name=known[int(key)].name,
                image=one,
                at=at,
            )
        )
    party = data.get("met") or {}
    image, refusal = str(party.get("image") or ""), str(party.get("refusal") or "").strip()
    if image or refusal:
        kept(visit, [image], "met")
        witnesses = [str(name).strip() for name in party.get("witnesses") or [] if str(name).strip()]
        rows.append(
            Signature(
                visit=visit, occasion=occasion.value, round=number, name=party.get("name") or visit.met_name or "被检查单位负责人",
                post=party.get("post") or visit.met_post, image="" if refusal else image, refusal=refusal, witnesses=witnesses, at=at,
            )
        )  # fmt: skip
    Signature.objects.bulk_create(rows)


def signature_note(visit: Visit, occasion: Occasion, number: int) -> dict[str, Any]:
    """What the journal keeps of the signatures of an occasion."""
    rows = visit.signatures.filter(occasion=occasion.value, round=number)
    return {"signatures": {row.name: row.image or "拒绝签名" for row in rows}}


# --- before the visit -----------------------------------------------------------------------------------------------


@effect(f"{CODE}.reassign")
def reassign(taking: Taking) -> None:
    """变更检查人员: the new ones from that day, with the reason (行政处罚法 42 I, 43)."""
    visit, data = visit_of(taking), taking.data
    if not str(data.get("reason") or "").strip():
        raise Invalid({"reason": "请写明变更的原因。"})
    before = [officer.name for officer in charged(visit).values()]
    wanted = org.certified_officers(visit.organ, taking.on).filter(pk__in=data["officers"])
    if wanted.count() != len(set(data["officers"])):
        raise Invalid({"officers": "所选人员中有的没有本机关的承办岗位或者当日有效的执法证件。"})
    appoint(visit, wanted, on=taking.on, reason=data["reason"][:200])
    taking.before["officers"] = before
    taking.after["officers"] = [officer.name for officer in charged(visit).values()]
    taking.note = privacy.redacted(data["reason"])


@effect(f"{CODE}.drop", f"{CODE}.cancel")
def give_up(taking: Taking) -> None:
    """放弃方案、取消检查: with the reason."""
    if not str(taking.data.get("reason") or "").strip():
        raise Invalid({"reason": "请写明原因。"})
    taking.note = privacy.redacted(taking.data["reason"])


# --- the visit ------------------------------------------------------------------------------------------------------


@effect(f"{CODE}.begin")
def begin(taking: Taking) -> None:
    """亮证检查: who came, when the certificates were shown, where, and whom they met (行政处罚法 55 I)."""
    visit, data = visit_of(taking), taking.data
    visit.started_at = moment_of(data["started_at"], "started_at")
    visit.certificates_shown_at = moment_of(data["shown_at"], "shown_at")
    if visit.started_at.astimezone(clock.BEIJING).date() != taking.on:
        raise Invalid({"started_at": f"检查开始时间应当在{taking.on}当日。"})
    if taking.on < visit.planned_on:
        raise Invalid({"started_at": f"批准的检查日期是{visit.planned_on}至{visit.planned_until}，还没有到。"})
    if visit.certificates_shown_at > visit.started_at:
        raise Invalid({"shown_at": "应当先出示执法证件，再开始检查（《行政处罚法》第五十五条第一款）。"})
    if visit.certificates_shown_at.astimezone(clock.BEIJING).date() != taking.on:
        raise Invalid({"shown_at": f"出示执法证件的时间应当在{taking.on}当日。"})
    if not str(data.get("met_name") or "").strip():
        raise Invalid({"met_name": "请填写现场负责人的姓名。"})
    visit.met_name, visit.met_post = data["met_name"].strip(), (data.get("met_post") or "").strip()
    visit.accompanied_by = (data.get("accompanied_by") or "").strip()
    visit.place = (data.get("place") or "").strip() or visit.place
    visit.save()
    lists = _lists_of_the_day(visit, taking.on)
    rows = present(visit, data["officers"], Occasion.VISIT, 1, taking.on)
    taking.after |= {
        "shown_at": visit.certificates_shown_at, "started_at": visit.started_at, "met": visit.met_name,
        "present": {row.officer.name: row.certificate for row in rows}, "checklists": [str(one) for one in lists],
    }  # fmt: skip
    if taking.on > visit.planned_until:
        taking.note = f"晚于批准的检查日期（{visit.planned_on}至{visit.planned_until}）"


def _lists_of_the_day(visit: Visit, on: date) -> list[Checklist]:
    """The visit is made by the versions in force on its day; a version that began since it was planned takes the place."""
    lists = as_of(visit.checklists.all(), visit.organ, on)
    if not lists:
        raise OutOfOrder(f"这次检查的检查表在{on}都没有施行的版本，请取消这次检查，重新安排。")
    visit.checklists.set(lists)
    return lists


@effect(f"{CODE}.check")
def check(taking: Taking) -> None:
    """逐项检查: a result for each item; one that fails carries its finding with it (安全生产法 68)."""
    visit, by = visit_of(taking), taking.by
    assert by is not None
    items = {item.pk: item for item in visit.items()}
    done = {row.item_id: row for row in visit.checks.all()}
    findings = {row.item_id: row for row in visit.findings.all()}
    written: dict[int, Check] = {}
    for row in taking.data["results"]:
        item = items.get(int(row["item"]))
        if item is None:
            raise Invalid({"results": "有的检查项不在这次检查的检查表中，请刷新页面。"})
        try:
            result = Result(row["result"])
        except ValueError:
            raise Invalid({"results": f"“{item.content}”的结果请选择：符合、不符合、不适用或者未查。"}) from None
        before = done.get(item.pk)
        if before and before.result != result.value:
            taking.before.setdefault("results", {})[item.code] = Result(before.result).title
        note = str(row.get("note") or "").strip()[:500]
        written[item.pk] = Check(visit=visit, item=item, result=result.value, note=note, by=by, at=clock.now())
        taking.after.setdefault("results", {})[item.code] = result.title
        _finding_of_item(taking, visit, item, result, row, findings.get(item.pk))
    # one statement for the whole checklist: a phone sends forty items at once
    Check.objects.bulk_create(
        written.values(),
        update_conflicts=True,
        unique_fields=["visit", "item"],
        update_fields=["result", "note", "by", "at"],
    )
    refresh_counts(visit)


def _finding_of_item(
    taking: Taking, visit: Visit, item: ChecklistItem, result: Result, row: Mapping[str, Any], found: Finding | None
) -> None:
    """Keep the item's finding in step with its result."""
    if result is not Result.BAD:
        if found is not None:
            _remove(taking, visit, found)
        return
    text = str(row.get("text") or "").strip()
    if not text:
        return
    values = {name: row[name] for name in FINDING_FIELDS & row.keys()}
    _write_finding(taking, visit, found, item, {**values, "text": text})


@effect(f"{CODE}.find")
def find(taking: Taking) -> None:
    """记录问题: a new one, a change of one, or its removal, before the record is signed (安全生产法 68)."""
    visit, data = visit_of(taking), taking.data
    found = None
    if data.get("finding"):
        found = visit.findings.filter(ordinal=data["finding"]).first()
        if found is None:
            raise Invalid({"finding": "没有这一项问题，请刷新页面。"})
        if data.get("remove"):
            if found.item is not None and found.item.checks.filter(visit=visit, result=Result.BAD.value).exists():
                raise Invalid({"finding": "这一问题来自不符合的检查项，请先把检查项改为符合或者不适用。"})
            _remove(taking, visit, found)
            refresh_counts(visit)
            return
    item = found.item if found else None
    if data.get("item"):
        item = next((one for one in visit.items() if one.pk == int(data["item"])), None)
        if item is None:
            raise Invalid({"item": "这一检查项不在这次检查的检查表中。"})
        found = found or visit.findings.filter(item=item).first()
    _write_finding(taking, visit, found, item, data)
    refresh_counts(visit)


def _write_finding(
    taking: Taking, visit: Visit, found: Finding | None, item: ChecklistItem | None, data: Mapping[str, Any]
) -> None:
    """Write one finding; what is not given comes from the item, or stays as it was."""
    new = found is None
    row = found or Finding(visit=visit, item=item, ordinal=visit.findings.count() + 1)
    if new and item is not None:
        row.standard, row.obligation, row.level = item.standard, item.basis[:300], item.level
        row.provision = _provision_in_force(item, taking.on)
    for name in ("text", "standard", "obligation", "provision"):
        if name in data and (data[name] or name in ("standard", "provision")):
            setattr(row, name, str(data[name] or "").strip())
    day = visit.inspected_on or taking.on
    row.level = data.get("level") or row.level or Level.GENERAL
    row.hazards = _situations(row, item, data.get("hazards"), day)
    if "on_the_spot" in data:
        row.on_the_spot = bool(data["on_the_spot"])
    row.corrected, row.corrected_on = (True, taking.on) if row.on_the_spot else (None, None)
    row.photos = list(dict.fromkeys([*row.photos, *kept(visit, data.get("photos") or [], "photos")]))
    errors = {}
    if not row.text:
        errors["text"] = "请写明问题：什么地方、什么情况。"
    if problem := obligation_problem(row.obligation, item):
        errors["obligation"] = problem
    if row.provision and law.provision(row.provision, taking.on) is None:
        errors["provision"] = "没有这一处罚条款，请重新选择。"
    if strangers := [code for code in row.hazards if not _judges(code, day)]:
        errors["hazards"] = f"判定情形{strangers[0]}不在检查当日施行的判定标准中，请重新选择。"
    if errors:
        raise Invalid(errors)
    row.save()
    said = {
        "ordinal": row.ordinal,
        "item": item.code if item else "",
        "level": row.get_level_display(),
        "hazards": row.hazards,
        "photos": row.photos,
    }
    taking.after.setdefault("findings", []).append(said)


def _situations(row: Finding, item: ChecklistItem | None, chosen: list[str] | None, on: date) -> list[str]:
    """By which situations a finding is a major hazard: those chosen, else its item's; none where it is not major."""
    if chosen:
        row.level = Level.MAJOR
        return list(chosen)
    if row.level != Level.MAJOR:
        return []
    return row.hazards or [code for code in (item.hazards if item else ()) if _judges(code, on)]


def _judges(code: str, on: date) -> bool:
    """Whether a situation belongs to a standard in force on the day of the visit (安全生产法 118 II)."""
    known = hazards.by_code().get(code)
    return known is not None and known.standard.in_force(on)


def _provision_in_force(item: ChecklistItem, on: date) -> str:
    """The first of the item's provisions that is in force."""
    return next((key for key in item.provisions if law.provision(key, on) is not None), "")


def obligation_problem(text: str, item: ChecklistItem | None = None) -> str:
    """Why ``text`` does not name the rule that is broken; empty when it does.

    The item's own basis stands as it is; what is typed must begin with an article of a statute that is registered.
    """
    if item is not None and text and text in (item.basis, item.basis[:300]):
        return ""
    first = text.replace("；", "、").split("、")[0].strip()
    if not first:
        return "请写明违反的规定，例如：《安全生产法》第三十五条。"
    try:
        parse(first)
    except CitationError as error:
        return f"{error}。请写成：《安全生产法》第三十五条。"
    return ""


def _remove(taking: Taking, visit: Visit, found: Finding) -> None:
    """Take a finding back before the record is signed; the later ones move up, the journal keeps what it was."""
    if found.measures.exists():
        raise Invalid({"finding": f"第{found.ordinal}项已经责令现场处理，不能删去，也不能改为符合。"})
    taking.before.setdefault("removed", []).append({"ordinal": found.ordinal, "photos": found.photos})
    number = found.ordinal
    found.delete()
    for row in visit.findings.filter(ordinal__gt=number).order_by("ordinal"):
        row.ordinal -= 1
        row.save(update_fields=["ordinal"])


@effect(f"{CODE}.finish")
def finish(taking: Taking) -> None:
    """结束检查: the end, what the enterprise says, who signed or how signing was refused (安全生产法 68)."""
    visit, data = visit_of(taking), taking.data
    visit.ended_at = moment_of(data["ended_at"], "ended_at")
    if visit.started_at and visit.ended_at < visit.started_at:
        raise Invalid({"ended_at": "结束时间不能早于开始时间。"})
    if visit.ended_at.astimezone(clock.BEIJING).date() > taking.on:
        raise Invalid({"ended_at": f"结束时间不能晚于{taking.on}。"})
    visit.site_opinion = str(data.get("site_opinion") or "").strip()[:500]
    visit.save()
    sign(visit, data, Occasion.VISIT, 1)
    results = dict.fromkeys((r.title for r in Result), 0)
    for value in visit.checks.values_list("result", flat=True):
        results[Result(value).title] += 1
    results[Result.UNCHECKED.title] += len(visit.items()) - visit.checks.count()
    taking.after |= {
        "ended_at": visit.ended_at,
        "results": results,
        "findings": visit.findings_count,
        **signature_note(visit, Occasion.VISIT, 1),
    }
    party = visit.signatures.filter(Q(officer=None), occasion=Occasion.VISIT.value).first()
    if party is not None and party.refusal:
        taking.note = f"被检查单位负责人拒绝签名，已记录在案并向本机关报告：{privacy.redacted(party.refusal)}"
