"""Measures on site: people withdrawn, work suspended or equipment stopped for a major hazard, and work taken up again."""

from __future__ import annotations

from fadu.inspection.models import Level, OnsiteMeasure
from fadu.inspection.queries import CODE
from fadu.inspection.services.onsite import visit_of
from fadu.kernel.errors import Invalid
from fadu.procedure.registry import Taking, effect
from fadu.record import privacy


def _words(taking: Taking, **sentences: str) -> dict[str, str]:
    """The texts that must be given, by field; Invalid with the sentence of each that is missing."""
    found = {name: str(taking.data.get(name) or "").strip() for name in sentences}
    if missing := {name: sentences[name] for name, text in found.items() if not text}:
        raise Invalid(missing)
    return found


@effect(f"{CODE}.measure")
def measure(taking: Taking) -> None:
    """责令现场处理: what is ordered, where, for which major hazards, and why nothing less keeps people safe (安全生产法 65 I 3)."""
    visit, data = visit_of(taking), taking.data
    told = _words(
        taking,
        extent="请写明撤出的区域、停产停业的范围或者停止使用的设施、设备。",
        reason="请写明为什么在隐患排除前或者排除过程中无法保证安全。",
    )
    kinds = [kind for kind in OnsiteMeasure.Kind.values if kind in (data.get("kinds") or [])]
    if not kinds:
        raise Invalid({"kinds": "请选择措施。"})
    numbers = [int(key) for key in data.get("findings") or []]
    rows = {row.ordinal: row for row in visit.findings.exclude(corrected=True).filter(level=Level.MAJOR)}
    if not numbers:
        raise Invalid({"findings": "请选择措施所针对的重大事故隐患。"})
    if strangers := [number for number in numbers if number not in rows]:
        raise Invalid({"findings": f"第{strangers[0]}项不是没有排除的重大事故隐患，请重新选择。"})
    made = OnsiteMeasure.objects.create(
        visit=visit, ordinal=visit.measures.count() + 1, kinds=kinds, ordered_on=taking.on, **told
    )
    made.findings.set([rows[number] for number in numbers])
    taking.after |= {"measure": made.ordinal, "kinds": made.words, "extent": made.extent, "findings": numbers}


@effect(f"{CODE}.resume")
def resume(taking: Taking) -> None:
    """同意恢复: the head lifts measures whose hazards were found removed at re-inspection, with an opinion (65 I 3)."""
    visit, data = visit_of(taking), taking.data
    told = _words(taking, opinion="请写明审查意见。")
    standing = {row.ordinal: row for row in visit.measures.filter(lifted_on=None)}
    numbers = [int(key) for key in data.get("measures") or []]
    if not numbers or any(number not in standing for number in numbers):
        raise Invalid({"measures": "请选择没有解除的现场处理措施。"})
    round_ = visit.acts.filter(step="resume").count() + 1
    for number in numbers:
        row = standing[number]
        row.lifted_on, row.lift_opinion, row.lift_round = taking.on, told["opinion"], round_
        row.save(update_fields=["lifted_on", "lift_opinion", "lift_round"])
    taking.after["lifted"] = numbers
    taking.note = privacy.redacted(told["opinion"])
