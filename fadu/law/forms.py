"""What can be asked of the law pages; a bad answer is told at its field and what was typed is kept."""

import re
from datetime import date
from typing import Any

from django import forms

from fadu.kernel import clock
from fadu.law import queries
from fadu.law.citations import statute_named
from fadu.law.content.versions import STATUTE_KINDS
from fadu.law.judging.question import PartyKind, Role
from fadu.law.provisions import Grade, Organ, Target


class OnForm(forms.Form):
    """A day on which to look at the law."""

    on = forms.DateField(
        label="日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写日期，如2026-05-01"},
    )

    @property
    def day(self) -> date:
        """The day asked for, today when none or a bad one was given."""
        chosen: date | None = self.cleaned_data.get("on") if self.is_valid() else None
        return chosen or clock.today()


class StatutesForm(OnForm):
    """Which statutes to list."""

    kind = forms.ChoiceField(label="效力层级", required=False, choices=[("", "全部"), *STATUTE_KINDS.items()])
    q = forms.CharField(label="名称", required=False, max_length=60)


class ProvisionsForm(OnForm):
    """Which provisions to list."""

    law = forms.ChoiceField(label="法律", required=False)
    article = forms.IntegerField(
        label="条",
        required=False,
        min_value=1,
        max_value=999,
        error_messages={"invalid": "请填写条的序号，如97", "min_value": "请填写1至999", "max_value": "请填写1至999"},
    )
    target = forms.ChoiceField(
        label="处罚对象",
        required=False,
        choices=[("", "全部"), *((target.value, target.title_zh) for target in Target)],
    )
    q = forms.CharField(label="违法行为", required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = queries.provision_rows().order_by("statute").values_list("statute", flat=True).distinct()
        self.fields["law"].choices = [("", "全部"), *((code, statute_named(code).short) for code in codes)]  # type: ignore[attr-defined]


# --- the check of a penalty -----------------------------------------------------------------------------------------

YES_NO = [("", "没有写明"), ("true", "是"), ("false", "否")]
PERSONS = 3


def _choice(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices, help_text=help_text)


def _text(label: str, help_text: str = "", most: int = 60) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=help_text)


def _day(label: str, help_text: str = "") -> forms.CharField:
    # The check reads dates itself, however they are written.
    return forms.CharField(label=label, required=False, max_length=20, help_text=help_text)


class CheckForm(forms.Form):
    """A case to be judged; every field may stay empty but the law and the article. What it cannot read, the check says."""

    law = forms.ChoiceField(label="法律")
    article = forms.CharField(label="条", max_length=20)
    paragraph = _text("款", most=10)
    item = _text("项", most=10)
    act_date = _day("行为发生日")
    act_end_date = _day("行为终了日", "连续、继续的行为")
    decision_date = _day("决定日")
    party = _choice("当事人", [("", "没有写明"), *((kind.value, kind.title_zh) for kind in PartyKind)])
    prior_order = _choice("责令改正后逾期未改正", YES_NO)
    authority = _choice("决定机关", [("", "没有写明"), *((organ.value, organ.title_zh) for organ in Organ)])
    fine_entity = _text("对当事人罚款（元）")
    warning = forms.BooleanField(label="警告", required=False)
    confiscation = _text("没收", "写数额，或者写没收了什么")
    suspension = forms.BooleanField(label="责令停产停业", required=False)
    revocation = forms.BooleanField(label="吊销许可证件", required=False)
    closure = forms.BooleanField(label="责令关闭", required=False)
    detention_days = _text("拘留（日）", most=10)
    additional_fine = _text("加处罚款（元）")
    daily_fine = _text("按日连续处罚，每日（元）")
    mitigating = _text("减轻的情形", "写条文，如行政处罚法32(1)；几项用顿号隔开", 200)
    unlawful_gains = _text("违法所得（元）", "没有的填0")
    annual_income = _text("上一年年收入（元）")
    goods_value = _text("货值金额（元）")
    accident_grade = _choice("事故等级", [("", "没有写明"), *((grade.value, grade.title_zh) for grade in Grade)])
    aggravated = _choice("情节严重、特别严重", YES_NO)
    harm = _choice("有危害后果", YES_NO)
    procedure = _choice("程序", [("", "没有写明"), ("summary", "简易程序"), ("ordinary", "普通程序")])
    officers = _text("执法人员人数", most=10)
    notice_given = _choice("已告知", YES_NO)
    hearing_offered = _choice("已告知听证权", YES_NO)
    noticed_fine = _text("告知的罚款（元）")
    filed_date = _day("立案日")
    found_date = _day("发现日")
    same_act_fined_by = _text("同一行为已由谁罚款")
    base_fine = _text("原罚款数额（元）", "加处、按日处罚用")
    days_late = _text("逾期缴纳天数", most=10)
    remedy_pending = _choice("复议、诉讼期间", YES_NO)
    refused = _choice("拒不改正", YES_NO, "按日处罚用")
    order_date = _day("责令改正日", "按日处罚用")
    daily_from = _day("按日处罚自", "按日处罚用")

    TOP = ("id", "law", "article", "paragraph", "item", "act_date", "decision_date", "party", "prior_order")
    SANCTIONS = (
        "fine_entity", "confiscation", "detention_days", "warning", "suspension", "revocation", "closure",
        "additional_fine", "daily_fine",
    )  # fmt: skip
    # How the page groups the fields; what stands in the last two groups is folded away until it is used.
    CITED = ("law", "article", "paragraph", "item", "act_date", "decision_date", "party", "prior_order", "authority")
    CIRCUMSTANCES = (
        "mitigating", "unlawful_gains", "annual_income", "goods_value", "accident_grade", "aggravated", "harm",
        "act_end_date",
    )  # fmt: skip
    PROCEDURE = (
        "procedure", "officers", "notice_given", "hearing_offered", "noticed_fine", "filed_date", "found_date",
        "same_act_fined_by",
    )  # fmt: skip
    ENFORCING = ("base_fine", "days_late", "remedy_pending", "refused", "order_date", "daily_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        short = [held.statute.short for held in queries.held(clock.today())]
        self.fields["law"].choices = [(name, name) for name in short]  # type: ignore[attr-defined]
        for number in range(1, PERSONS + 1):
            roles = [("", "—"), *((role.value, role.title_zh) for role in Role)]
            self.fields[f"role_{number}"] = _choice(f"个人{number}的身份", roles)
            self.fields[f"amount_{number}"] = _text(f"个人{number}罚款（元）")

    def group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        """The fields of a group as they stand on the page."""
        return [self[name] for name in names]

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """Title, fields, and whether the group starts folded: it does unless something is filled in there."""
        persons = tuple(f"{part}_{n}" for n in range(1, PERSONS + 1) for part in ("role", "amount"))
        return [
            ("依据和行为", self.group(self.CITED), False),
            ("处罚", self.group(self.SANCTIONS[:7]), False),
            ("对个人的罚款", self.group(persons), False),
            ("情节和数额", self.group(self.CIRCUMSTANCES), False),
            ("程序和时限", self.group(self.PROCEDURE), not self._used(self.PROCEDURE)),
            (
                "加处罚款、按日连续处罚",
                self.group(self.SANCTIONS[7:] + self.ENFORCING),
                not self._used(self.SANCTIONS[7:] + self.ENFORCING),
            ),
        ]

    def _used(self, names: tuple[str, ...]) -> bool:
        return any(self[name].value() for name in names)

    @property
    def asked(self) -> dict[str, Any]:
        """The case as the check takes it; what was left empty is not given."""
        filled = {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}
        persons = [
            {"role": filled.pop(f"role_{n}", None), "amount": filled.pop(f"amount_{n}", None)}
            for n in range(1, PERSONS + 1)
        ]
        grounds = filled.pop("mitigating", "")
        sanctions = {name: filled.pop(name) for name in self.SANCTIONS if name in filled}
        top = {name: filled.pop(name) for name in self.TOP if name in filled}
        fined = [person for person in persons if person["amount"]]
        return {
            **top,
            "mitigating": [part for part in re.split(r"[、，,；;]", grounds) if part.strip()],
            "sanctions": {**sanctions, **({"fines_persons": fined} if fined else {})},
            "facts": filled,
        }
