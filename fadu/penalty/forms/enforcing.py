"""The forms of what follows the decision, and of what ends or suspends a case."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from fadu.document.kinds import Document
from fadu.penalty import queries
from fadu.penalty.forms import CODE, PartyForm, ReasonForm, ServeForm, TalkForm, case_of
from fadu.penalty.models import CourtRuling, Remedy
from fadu.penalty.procedures.ordinary.facts import CHANGED, UPHELD
from fadu.procedure.forms import StepForm, day, money, text
from fadu.procedure.registry import form_for


@form_for(f"{CODE}.serve_paper")
class ServePaperForm(ServeForm):
    """送达其他文书"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind.name for kind in queries.SERVED_APART]
        rows = self.matter.case_file.papers.filter(kind__in=kinds, status="issued").order_by("id")
        waiting = [row for row in rows if not row.services.filter(withdrawn_on=None).exists()]
        names = dict(case_of(self).parties.values_list("ordinal", "name"))
        choices = [
            (row.pk, f"{Document[row.kind].title} {row.number}（{names.get(row.party_no or 0, '')}）")
            for row in waiting
        ]
        self.fields = {"paper": forms.TypedChoiceField(label="文书", coerce=int, choices=choices)} | self.fields


class InstalmentRow(forms.Form):
    """One instalment."""

    due = day("缴纳期限", past=False)
    amount = money("金额（元）")


@form_for(f"{CODE}.defer")
class DeferForm(PartyForm):
    """批准暂缓、分期缴纳罚款"""

    reason = text("当事人申请的理由", long=True, help_text="经济困难的具体情况。")
    file = forms.FileField(label="当事人的书面申请")
    rows: ClassVar = {"instalments": ("缴纳安排（一期即为延期）", InstalmentRow, 1, 2)}


@form_for(f"{CODE}.surcharge")
class SurchargeForm(PartyForm):
    """决定加处罚款"""

    reason = text("理由", long=True)


@form_for(f"{CODE}.demand")
class DemandForm(PartyForm):
    """催告履行"""


@form_for(f"{CODE}.answer_demand")
class AnswerDemandForm(PartyForm, TalkForm):
    """听取对催告的陈述申辩"""

    speaker_name = text("陈述申辩人", most=40)
    speaker_capacity = text("与当事人的关系（职务）", most=40)
    recorder = text("记录人", most=40)
    statement = text("陈述申辩内容", long=True)
    materials = text("提交的证据材料", required=False, long=True, help_text="一行一项。")
    finding = text("复核情况", long=True, help_text="成立的应当采纳；不采纳的写明理由。")


@form_for(f"{CODE}.apply_court")
class CourtForm(PartyForm):
    """申请人民法院强制执行"""

    court = text(
        "人民法院", most=80, help_text="本机关所在地有管辖权的人民法院；标的是不动产的，为不动产所在地的人民法院。"
    )
    subject_matter = text("申请强制执行标的情况", long=True, help_text="可供执行的财产、银行账户等。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("court", case_of(self).organ.court)


@form_for(f"{CODE}.record_court")
class RulingForm(PartyForm):
    """登记法院裁定和执行情况"""

    ruled_on = day("文书日期")
    court = text("人民法院", most=80)
    ruling = forms.ChoiceField(label="内容", choices=[("", "请选择"), *((v, v) for v in CourtRuling.RULINGS)])
    document = text("文书名称、文号", most=120)
    file = forms.FileField(label="法院文书")


@form_for(f"{CODE}.ask_again")
class AskAgainForm(PartyForm):
    """向上一级人民法院申请复议"""

    reason = text("理由", long=True)


EXECUTION_ENDS = (
    "公民死亡，无遗产可供执行，又无义务承受人",
    "法人或者其他组织终止，无财产可供执行，又无义务承受人",
    "执行标的灭失",
    "据以执行的行政决定被撤销",
    "行政机关认为需要终结执行的其他情形",
)


@form_for(f"{CODE}.end_execution")
class EndExecutionForm(PartyForm):
    """终结执行"""

    ground = forms.ChoiceField(label="情形", choices=[("", "请选择"), *((v, v) for v in EXECUTION_ENDS)])
    reason = text("事实和理由", long=True)
    file = forms.FileField(label="证明材料")


@form_for(f"{CODE}.record_remedy")
class RemedyForm(PartyForm):
    """登记行政复议、行政诉讼"""

    kind = forms.ChoiceField(label="种类", choices=Remedy.Kind.choices)
    body = text("受理机关", most=80)
    filed_on = day("提起日期")
    document = text("受理（应诉）文书名称、文号", most=120)
    file = forms.FileField(label="受理（应诉）文书")


@form_for(f"{CODE}.end_remedy")
class RemedyResultForm(PartyForm):
    """登记复议、诉讼结果"""

    effective_on = day("生效日期")
    result = forms.ChoiceField(label="结果", choices=[("", "请选择"), *((v, v) for v in (*UPHELD, *CHANGED))])
    ground = forms.ChoiceField(
        label="主要理由", required=False,
        choices=[("", "不适用"), *((v, v) for v in ("主要事实不清、证据不足", "违反法定程序", "适用的依据不合法", "超越或者滥用职权", "明显不当"))],
    )  # fmt: skip
    fine = money("变更后的罚款（元）", required=False, above_zero=False, help_text="结果为变更的填写；不再罚款的填0。")
    document = text("复议决定书（裁判文书）名称、文号", most=120)
    reason = text("说明", long=True)
    file = forms.FileField(label="复议决定书（裁判文书）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fine"].widget.attrs["data-fd-when"] = "result=变更"

    def clean(self) -> dict[str, Any]:
        """A changed decision says what is left of it; one that was annulled says why."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("result") == "变更" and found.get("fine") is None:
            self.add_error("fine", "请填写变更后的罚款数额；不再罚款的填0。")
        if found.get("result") in ("撤销", "撤销并责令重作") and not found.get("ground"):
            self.add_error("ground", "决定被撤销的，请选择主要理由。")
        return found


@form_for(f"{CODE}.correct")
class CorrectForm(PartyForm):
    """自行纠正处罚决定"""

    effect = forms.ChoiceField(label="处理", choices=[(v, v) for v in ("变更", "撤销")])
    fine = money("变更后的罚款（元）", required=False, above_zero=False, help_text="只能减轻；不再罚款的填0。")
    reason = text("理由", long=True, help_text="原决定错在哪里，依据什么纠正。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fine"].widget.attrs["data-fd-when"] = "effect=变更"

    def clean(self) -> dict[str, Any]:
        """A change names the new amount."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("effect") == "变更" and found.get("fine") is None:
            self.add_error("fine", "请填写变更后的罚款数额；不再罚款的填0。")
        return found


@form_for(f"{CODE}.redecide", f"{CODE}.extend")
class WhyForm(ReasonForm):
    """A step that asks for reasons only."""


class GroundForm(ReasonForm):
    """A step on one of several grounds, with reasons and proof."""

    grounds: ClassVar[tuple[str, ...]] = ()
    ground = forms.ChoiceField(label="情形")
    reason = text("事实和理由", long=True)
    file = forms.FileField(label="证明材料", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "请选择"), *((v, v) for v in self.grounds)]  # type: ignore[attr-defined]
        self.fields = {"ground": self.fields.pop("ground")} | self.fields


@form_for(f"{CODE}.suspend")
class SuspendForm(GroundForm):
    """中止办理"""

    grounds = (
        "须以相关案件的裁判结果或者其他行政决定为依据，而其尚未作出",
        "适用法律、法规、规章的问题需要送请有权机关解释或者确认",
        "因不可抗力不能办理",
        "当事人下落不明，或者作为当事人的组织终止尚未确定承受人",
        "需要等待检验、检测、鉴定的结论",
    )


@form_for(f"{CODE}.go_on")
class GoOnForm(ReasonForm):
    """恢复办理"""

    reason = text("中止的原因已经消除的说明", long=True)


@form_for(f"{CODE}.dismiss")
class DismissForm(GroundForm):
    """撤销案件"""

    grounds = ("不属于本机关管辖，已经移送有管辖权的机关", "重复立案", "当事人确定有误", "立案的前提不存在")


@form_for(f"{CODE}.terminate")
class TerminateForm(GroundForm):
    """终结案件"""

    grounds = ("作为当事人的自然人死亡", "作为当事人的法人或者其他组织终止，没有承受其权利义务的组织")
    file = forms.FileField(label="证明材料")


@form_for(f"{CODE}.hand_over")
class HandOverForm(StepForm):
    """移交涉案物品和材料"""

    ground = text("接收机关和接收人", most=120)
    reason = text("移交的物品和材料", long=True, help_text="一行一项，写明数量；没有涉案物品的，写明移交的材料。")
    file = forms.FileField(label="交接清单")
