"""The forms of a response: what a member says, tasks, consultation, level, who goes where; places and liaisons."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from fadu.kernel import clock
from fadu.org.queries import Scope
from fadu.procedure.forms import StepForm, moment
from fadu.procedure.forms import text as words
from fadu.procedure.registry import form_for
from fadu.response import queries
from fadu.response.levels import Level
from fadu.response.models import Member, Response, ResponseTask, SafePlace
from fadu.response.queries import CODE
from fadu.ui.forms import MomentField
from fadu.ui.listing import Filters

IMAGES = ".jpg,.jpeg,.png,.pdf"
ANSWERS = [("done", "已完成"), ("waived", "不适用")]
LEVELS = [(int(level), f"{level.title}响应") for level in Level]


def response_of(form: StepForm) -> Response:
    """The form's matter as a response."""
    assert isinstance(form.matter, Response)
    return form.matter


class AnswerFields(forms.Form):
    """What is said of one task, at the desk and by a liaison alike."""

    state = forms.ChoiceField(label="结果", choices=ANSWERS, widget=forms.RadioSelect, initial="done")
    at = MomentField(label="完成时间", required=False, help_text="不填就是现在。")
    note = forms.CharField(
        label="情况",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不适用的写明理由。",
    )
    evidence = forms.FileField(
        label="照片或者文件",
        required=False,
        help_text="可以不传。",
        widget=forms.ClearableFileInput(attrs={"accept": IMAGES}),
    )


class LiaisonForm(AnswerFields):
    """What a member's liaison says by the link."""

    said_by = forms.CharField(label="反馈人", max_length=30, error_messages={"required": "请填写您的姓名。"})


@form_for(f"{CODE}.answer")
class AnswerForm(AnswerFields, StepForm):
    """反馈任务, entered at the desk."""

    number = forms.TypedChoiceField(label="任务", coerce=int, error_messages={"required": "请选择任务。"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["number"])
        waiting = response_of(self).tasks.filter(state=ResponseTask.State.OPEN)
        field = self.fields["number"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *((task.number, f"{task.number}. {task}"[:90]) for task in waiting)]


@form_for(f"{CODE}.add")
class AddForm(StepForm):
    """增加任务"""

    member = words("成员单位", most=40)
    action = words("任务", long=True, most=300)
    minutes = forms.IntegerField(label="时限（分钟）", min_value=1, max_value=2880)


class PresentRow(forms.Form):
    """Somebody who took part."""

    name = words("姓名", most=40)
    post = words("单位、职务", most=80)


class OpinionRow(forms.Form):
    """What one of them said."""

    name = words("姓名", most=40)
    opinion = words("意见", long=True, most=2000)


@form_for(f"{CODE}.consult")
class ConsultForm(StepForm):
    """会商"""

    rows: ClassVar = {"present": ("参加会商的单位和人员", PresentRow, 2, 2), "opinions": ("意见", OpinionRow, 1, 2)}
    started_at = moment("开始时间")
    ended_at = moment("结束时间")
    place = words("地点", most=100)
    chair = words("主持人", most=40)
    recorder = words("记录人", most=40)
    situation = words("会商时的情况", long=True, most=4000)
    conclusion = words("结论", long=True, most=4000)

    def clean(self) -> dict[str, Any]:
        """The end after the beginning, and neither to come."""
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("started_at"), found.get("ended_at")
        if end and end > clock.now():
            self.add_error("ended_at", "会商还没有结束，请在结束以后登记。")
        elif start and end and end < start:
            self.add_error("ended_at", "结束时间不得早于开始时间。")
        return found


class LevelForm(StepForm):
    """A level, for how long, with which measures, decided by whom and why."""

    level = forms.TypedChoiceField(label="响应级别", coerce=int, choices=[("", "请选择"), *LEVELS])
    expected_until = MomentField(label="预计期限至")
    measures = words("应急处置措施", long=True, most=4000, help_text="一行一项。")
    decided_by = words("决定人及职务", most=100, help_text="作出决定的人，例如“李某（指挥部副指挥长）”。")
    reasons = words("理由", long=True, most=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        response = response_of(self)
        suggested = queries.suggestion(response)
        self.fields["level"].help_text = f"{suggested}由有权决定的人决定，建议不自行生效。"
        decided = (response.plan.get("levels") or {}).get("decided_by") or {}
        if decided:
            said = "；".join(f"{Level(int(n)).title}：{who}" for n, who in sorted(decided.items()))
            self.fields["decided_by"].help_text = f"{self.fields['decided_by'].help_text}规则（样例）：{said}。"

    def clean_measures(self) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in self.cleaned_data["measures"].splitlines() if line.strip()]


@form_for(f"{CODE}.start")
class StartForm(LevelForm):
    """启动应急响应: the level that the rules suggest is chosen at first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggested = queries.suggestion(response_of(self)).level
        self.fields["level"].initial = int(suggested) if suggested else None


@form_for(f"{CODE}.raise_level", f"{CODE}.lower_level")
class ChangeForm(LevelForm):
    """提升、降低响应级别"""


class PlaceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A place with its people."""

    def label_from_instance(self, obj: Any) -> str:
        """Where, what, how many."""
        return f"{obj.division.local_name} {obj.name}（{obj.people}人）"


@form_for(f"{CODE}.evacuate")
class EvacuateForm(StepForm):
    """安排避险转移"""

    place = PlaceChoice(SafePlace.objects.none(), label="重点部位", empty_label="请选择")
    shelter = PlaceChoice(SafePlace.objects.none(), label="避险点", empty_label="请选择")
    people = forms.IntegerField(label="应转移人数", min_value=1, max_value=100_000)
    leader = words("带队人", most=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (("place", SafePlace.Kind.RISK), ("shelter", SafePlace.Kind.SHELTER)):
            field = self.fields[name]
            assert isinstance(field, PlaceChoice)
            field.queryset = queries.places_of(self.matter.organ, kind)


@form_for(f"{CODE}.arrive")
class ArriveForm(StepForm):
    """登记到达人数"""

    number = forms.TypedChoiceField(label="安排", coerce=int)
    arrived = forms.IntegerField(label="到达人数", min_value=0, max_value=100_000)
    note = words("说明", required=False, long=True, most=300, help_text="人数不足的，写明原因和去向。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = response_of(self).evacuations.select_related("place", "shelter")
        field = self.fields["number"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *((r.number, f"{r}，应转移{r.people}人") for r in rows)]


@form_for(f"{CODE}.end")
class EndForm(StepForm):
    """结束响应"""

    decided_by = words("决定人及职务", most=100)
    reasons = words("理由", long=True, most=2000)
    summary = words("小结", long=True, most=4000, help_text="印在情况报告上：做了什么，效果如何，有什么要改进。")


# --- places and liaisons --------------------------------------------------------------------------------------------


class PlaceFilters(Filters):
    """Which places are shown."""

    q = forms.CharField(label="名称或者地名", max_length=40)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *SafePlace.Kind.choices])
    lookups: ClassVar = {"q": ("name__contains", "division__local_name__contains"), "kind": "kind"}
    primary: ClassVar = ("q", "kind")


class DivisionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A division by its name from the county down."""

    def label_from_instance(self, obj: Any) -> str:
        """Its local name."""
        return str(obj.local_name or obj.name)


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place of the evacuation guide."""

    class Meta:
        model = SafePlace
        fields = (
            "kind", "division", "name", "address", "people", "warden", "phone", "deputy", "deputy_phone", "route", "active",
        )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"] = DivisionChoice(queries.divisions(scope), label="行政区划", empty_label="请选择")


class GuideForm(forms.Form):
    """A guide to import."""

    file = forms.FileField(
        label="指南文件",
        help_text="Excel 或者 WPS 的 .xlsx 文件，一行一处；请在下载的指南上改。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择指南文件。", "empty": "文件是空的，请重新选择。"},
    )


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A member's liaison."""

    class Meta:
        model = Member
        fields = ("name", "contact", "phone")
