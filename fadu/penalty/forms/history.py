"""The forms of fines by other organs, of telling acts and crimes apart, of daily fines and closure."""

from __future__ import annotations

from typing import Any

from django import forms

from fadu.kernel import clock
from fadu.law.citations import CitationError, parse
from fadu.penalty.forms import CODE, PartyForm, ReasonForm, case_of
from fadu.penalty.history import closure_of, daily_of, fined_for
from fadu.penalty.models import CaseParty, ClosureProposal
from fadu.penalty.procedures.closure import Closure
from fadu.penalty.procedures.daily import DailyFine
from fadu.procedure.forms import StepForm, day, money, text
from fadu.procedure.registry import form_for


@form_for(f"{CODE}.record_fine")
class FineElsewhereForm(PartyForm):
    """登记其他机关的罚款"""

    organ = text("处罚机关", most=80)
    document = text("决定书文号", most=120)
    decided_on = day("决定日期")
    amount = money("罚款（元）")
    cause = text("违法行为", most=120)
    basis = text("处罚依据", most=120, help_text="如：《消防法》第六十条第一款第一项")
    acted_on = day("违法行为发生之日")
    act_ended_on = day("违法行为终了之日", required=False)
    file = forms.FileField(label="处罚决定书")

    def clean_basis(self) -> str:
        """A citation that can be read, so that it can be compared."""
        value: str = self.cleaned_data["basis"].strip()
        try:
            parse(value)
        except CitationError as error:
            raise forms.ValidationError(f"不能识别为条文：{error}") from error
        return value


@form_for(f"{CODE}.distinguish")
class DistinguishForm(PartyForm):
    """说明不是同一违法行为"""

    reason = text(
        "不是同一违法行为的理由",
        long=True,
        help_text="从时间、地点、行为、侵害的对象写明与已受罚款的行为有什么不同；将记入案卷。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fines = [str(fined) for party in case_of(self).parties.all() for fined in fined_for(party)]
        self.fields["reason"].help_text += "".join(f"<br>已受的罚款：{fined}" for fined in fines)


@form_for(f"{CODE}.deny_crime")
class DenyCrimeForm(ReasonForm):
    """认定不涉嫌犯罪"""

    reason = text(
        "不涉嫌犯罪的理由", long=True, help_text="后果与违法行为有无因果关系、由谁负责、有无其他法定理由；将记入案卷。"
    )


def _of_parties(form: StepForm, found: Any) -> list[tuple[CaseParty, Any]]:
    """For each party of the case what ``found`` answers today."""
    return [(party, found(party, clock.today())) for party in case_of(form).parties.all()]


@form_for(f"{CODE}.continue_fine")
class ContinueFineForm(PartyForm):
    """提出按日连续处罚"""

    reason = text("拒不改正的情况", long=True, help_text="复查发现了什么，当事人为什么没有改正。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [
            f"{party.name}：自{one.since}至{one.until}，共{one.days}日，每日{one.each:,.2f}元，合计{one.total:,.2f}元"
            for party, one in _of_parties(self, daily_of) if isinstance(one, DailyFine)
        ]  # fmt: skip
        self.fields["party"].help_text = "；".join(told)


@form_for(f"{CODE}.propose_closure")
class ClosureForm(PartyForm):
    """提请人民政府关闭"""

    government = text("人民政府", most=80)
    reason = text("提请关闭的理由", long=True, help_text="将印在请示上；隐患和处罚由系统列出。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.matter.organ.division
        self.initial.setdefault("government", f"{division.name}人民政府" if division else "")
        told = [
            f"{party.name}：{one.window}受到处罚，尚有重大事故隐患{len(one.hazards)}项"
            for party, one in _of_parties(self, closure_of) if isinstance(one, Closure)
        ]  # fmt: skip
        self.fields["party"].help_text = "；".join(told)


@form_for(f"{CODE}.record_closure")
class RecordClosureForm(PartyForm):
    """登记人民政府的决定"""

    outcome = forms.ChoiceField(label="决定", choices=ClosureProposal.Outcome.choices, widget=forms.RadioSelect)
    decided_on = day("决定日期")
    decided_by = text("签发人", most=60, help_text="作出决定的负责人的姓名、职务。")
    document = text("决定文号", most=120)
    file = forms.FileField(label="决定文件")
