"""The forms of the hearing and of preserved evidence (行政处罚法 56, 63–65)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.penalty import queries
from fadu.penalty.forms import CODE, PartyForm, ServeForm, TalkForm, case_of
from fadu.penalty.models import PreservedItem
from fadu.procedure.forms import StepForm, day, moment, text
from fadu.procedure.registry import form_for

PROOF = "当事人明确表示的书面材料或者音像记录。"
DISPOSALS = (
    "返还",
    "采取复制、拍照等措施后返还",
    "送交检测、检验、鉴定",
    "移送有关部门",
    "查封、扣押",
    "随案保存，依处罚决定没收",
)


class ItemRow(forms.Form):
    """One thing that is preserved."""

    name = text("名称", most=120)
    spec = text("规格型号", required=False, most=120)
    quantity = text("数量", most=40, help_text="写明单位，如“3册”。")
    condition = text("品级、形态", required=False, most=120)


@form_for(f"{CODE}.preserve")
class PreserveForm(StepForm):
    """先行登记保存证据"""

    party = forms.TypedChoiceField(label="当事人", coerce=int)  # type: ignore[assignment]
    reason = text("先行登记保存的理由", long=True, help_text="证据为什么可能灭失，或者为什么以后难以取得。")
    manner = forms.ChoiceField(label="保存方式", choices=[(v, v) for v in ("就地保存", "异地保存")])
    place = text("保存地点", most=120)
    custodian = text("保管人", most=60)
    rows: ClassVar = {"items": ("证据物品", ItemRow, 1, 2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(p.ordinal, p.name) for p in case_of(self).parties.all()]  # type: ignore[attr-defined]


class DisposalRow(forms.Form):
    """The decision on one item."""

    item = forms.ModelChoiceField(PreservedItem.objects.none(), label="证据物品")
    disposal = forms.ChoiceField(label="处理决定", choices=[("", "请选择"), *((v, v) for v in DISPOSALS)])
    note = text("说明", required=False)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


@form_for(f"{CODE}.dispose_preserved")
class DisposeForm(StepForm):
    """处理先行登记保存的证据"""

    rows: ClassVar = {"disposals": ("逐件处理", DisposalRow, 1, 1)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.open_items = queries.undisposed(kwargs["matter"]).order_by("id")
        initial = dict(kwargs.get("initial") or {})
        initial.setdefault("disposals", [{"item": item.pk} for item in self.open_items])
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """The rows offer what is still undecided."""
        return {"items": self.open_items}


@form_for(f"{CODE}.waive_hearing")
class WaiveHearingForm(PartyForm):
    """当事人放弃听证"""

    waived_on = day("放弃日期")
    proof = forms.FileField(label="书面或者音像材料", help_text=PROOF)


@form_for(f"{CODE}.withdraw_hearing")
class WithdrawHearingForm(PartyForm):
    """当事人撤回听证要求"""

    reason = text("说明", required=False, long=True)
    proof = forms.FileField(label="书面或者音像材料", help_text=PROOF)


@form_for(f"{CODE}.appoint_host")
class HostForm(StepForm):
    """指定听证主持人"""

    host = forms.ModelChoiceField(Officer.objects.none(), label="听证主持人", help_text="不能是本案调查人员。")
    recorder = forms.ModelChoiceField(Officer.objects.none(), label="记录员")
    members = text("听证员", required=False, most=120, help_text="没有的空着；两人以上用顿号隔开。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handling = self.matter.assignments.values("officer")
        people = Officer.objects.filter(appointments__post__organ=self.matter.organ).exclude(pk__in=handling).distinct()
        for name in ("host", "recorder"):
            self.fields[name].queryset = people.order_by("name")  # type: ignore[attr-defined]


@form_for(f"{CODE}.notify_hearing")
class HearingNoticeForm(StepForm):
    """通知举行听证"""

    held_at = moment("举行听证的时间", help_text="通知送达后至少相隔七个工作日。")
    place = text("举行听证的地点", most=120)
    manner = forms.ChoiceField(label="听证方式", choices=[(v, v) for v in ("公开", "不公开")])
    closed_reason = text(
        "不公开的理由", required=False, help_text="涉及国家秘密、商业秘密或者个人隐私的，写明是哪一种。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_reason"].widget.attrs["data-fd-when"] = "manner=不公开"

    def clean(self) -> dict[str, Any]:
        """The hearing lies ahead; a closed one says why."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("held_at") and found["held_at"] <= clock.now():
            self.add_error("held_at", "举行听证的时间应当在今天以后。")
        if found.get("manner") == "不公开" and not found.get("closed_reason"):
            self.add_error("closed_reason", "听证不公开举行的，须写明理由（《行政处罚法》第六十四条第三项）。")
        return found


@form_for(f"{CODE}.serve_hearing_notice")
class ServeHearingNoticeForm(ServeForm):
    """送达听证会通知书"""


class AttendanceRow(forms.Form):
    """Whether one party came, and who spoke for it."""

    party = forms.TypedChoiceField(label="当事人", coerce=int)
    status = forms.ChoiceField(
        label="到场情况", choices=[(v, v) for v in (queries.PRESENT, "无正当理由不出席", "未经许可中途退出")]
    )
    speaker = text("本人或者法定代表人、负责人", required=False, most=60)
    agents = text("委托代理人", required=False, long=True, help_text="一行一人，不超过二人。")

    def __init__(self, *args: Any, parties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = parties  # type: ignore[attr-defined]


@form_for(f"{CODE}.hold_hearing")
class HoldHearingForm(TalkForm):
    """举行听证"""

    accusation = text("调查人员提出的违法事实、证据和处罚建议", required=False, long=True)
    defence = text("当事人的申辩和质证", required=False, long=True)
    debate = text("辩论情况", required=False, long=True)
    last_words = text("当事人的最后陈述", required=False, long=True)
    confirmation = text(
        "笔录的核对和签名", long=True, help_text="由谁核对无误并签名或者盖章；拒绝签名的，写明主持人注明的情况。"
    )
    rows: ClassVar = {"attendance": ("当事人到场情况", AttendanceRow, 1, 0)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        asked = kwargs["matter"].parties.exclude(hearing_asked_on=None)
        self.asked = [(p.ordinal, p.name) for p in asked]
        initial = dict(kwargs.get("initial") or {})
        initial.setdefault("attendance", [{"party": number} for number, _ in self.asked])
        row = queries.hearing_of(kwargs["matter"])
        if row is not None and row.held_at is not None:
            initial |= {"place": row.place, "started_at": row.held_at} | initial
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """The rows offer the parties that asked for the hearing."""
        return {"parties": self.asked}


@form_for(f"{CODE}.report_hearing")
class ReportHearingForm(StepForm):
    """提出听证报告"""

    summary = text("听证会基本情况", long=True)
    opinion = text("听证意见", long=True, help_text="根据听证笔录，写明事实、证据、程序和处罚建议是否成立。")
