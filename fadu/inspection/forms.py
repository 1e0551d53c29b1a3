"""The forms of a visit: planning it, the acts on site, the order and its service, re-inspection and reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms

from fadu.inspection import hazards
from fadu.inspection.models import Checklist, ChecklistItem, Finding, Level, OnsiteMeasure, Visit
from fadu.inspection.procedures.routine.facts import Occasion, Result
from fadu.inspection.queries import CODE, checklists_on, findings_to_order, findings_to_reinspect
from fadu.inspection.services.onsite import charged, obligation_problem
from fadu.inspection.services.planning import METHOD
from fadu.inspection.services.rectifying import papers_to_serve
from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.judging.concurrence import by_statute
from fadu.law.provisions import Party
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.procedure.forms import Nothing, ServingForm, StepForm, day, moment
from fadu.procedure.forms import text as words
from fadu.procedure.registry import form_for
from fadu.record import services as record
from fadu.subject.models import Subject
from fadu.ui.forms import Photo, PhotosField, SignatureField
from fadu.ui.wording import in_full

MARKS = [(Result.OK.value, "符合"), (Result.BAD.value, "不符合"), (Result.NOT_APPLICABLE.value, "不适用")]
CAPACITIES = [(c, c) for c in ("法定代表人", "主要负责人", "负责收件的人")]


class MarksField(forms.ChoiceField):
    """符合、不符合、不适用, in one tap."""

    widget = forms.RadioSelect


def visit_of(form: StepForm) -> Visit:
    """The form's matter as a visit."""
    assert isinstance(form.matter, Visit)
    return form.matter


def numbered(label: str, rows: Iterable[tuple[int, str]]) -> forms.Field:
    """A choice of at least one among things that are known by their numbers."""
    choices = [(number, f"{number}．{text[:80]}") for number, text in rows]
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def people(label: str, chosen: Iterable[Officer], *, help_text: str = "") -> forms.Field:
    """A choice among officers, all of them ticked at first."""
    rows = list(chosen)
    return forms.TypedMultipleChoiceField(
        label=label, choices=[(o.pk, o.name) for o in rows], coerce=int, initial=[o.pk for o in rows],
        widget=forms.CheckboxSelectMultiple, help_text=help_text,
        error_messages={"required": "请选择人员。", "invalid_choice": "所选人员不在名单中，请刷新页面。"},
    )  # fmt: skip


def keep_photo(form: StepForm, photo: Photo, by: Officer, shows: str) -> str:
    """Put a photograph into the vault with what the phone said of time and place; returns its sha256."""
    visit = visit_of(form)
    taken = min(photo.taken_at or clock.now(), clock.now())
    kept = record.keep_evidence(
        photo.file, chain=visit.chain, name=photo.file.name or "现场照片", made_by=by.name, made_at=taken,
        place=photo.place or visit.place, media="image", note=shows, actor=org.actor(by, clock.today(), visit.organ), matter_title=visit.title,
    )  # fmt: skip
    return kept.sha256


def keep_signature(form: StepForm, file: Any, name: str, by: Officer) -> str:
    """Put a signature drawn on the screen into the vault; returns its sha256."""
    visit = visit_of(form)
    kept = record.keep_evidence(
        file, chain=visit.chain, name=f"{name}签名.png", made_by=name, made_at=clock.now(), place=visit.place, media="image",
        note=f"{name}的签名", actor=org.actor(by, clock.today(), visit.organ), matter_title=visit.title,
    )  # fmt: skip
    return kept.sha256


# --- planning -------------------------------------------------------------------------------------------------------


class PlanForm(forms.Form):
    """拟定检查方案"""

    subject = forms.ModelChoiceField(Subject.objects.none(), label="被检查单位", empty_label="请选择")
    reason = forms.ChoiceField(label="任务来源", choices=[("", "请选择"), *Visit.Reason.choices])
    reason_detail = words("来源说明", required=False, help_text="如计划名称、抽查批次、举报件编号。")
    planned_on = day("检查开始日期", past=False)
    planned_until = day("检查结束日期", past=False, required=False, help_text="一天查完的不必填写。")
    officers = forms.ModelMultipleChoiceField(
        Officer.objects.none(), label="检查人员", widget=forms.CheckboxSelectMultiple, help_text="不少于两人，执法证件在检查当日有效。",
    )  # fmt: skip
    checklists = forms.ModelMultipleChoiceField(
        Checklist.objects.none(), label="检查表", widget=forms.CheckboxSelectMultiple
    )
    method = words("检查方式")
    remarks = words("备注", required=False, long=True, most=500)

    def __init__(self, data: Any = None, *, officer: Officer, initial: Any = None) -> None:
        super().__init__(data, initial={"method": METHOD, "planned_on": clock.today(), **(initial or {})})
        on = clock.today()
        organ = org.home_organ(officer, on)
        subjects = Subject.objects.exclude(kind=Subject.Kind.PERSON).exclude(status=Subject.Status.DISSOLVED)
        self.fields["subject"].queryset = subjects.filter(organ=organ).order_by("name") if organ else subjects.none()  # type: ignore[attr-defined]
        self.fields["officers"].queryset = org.certified_officers(organ, on) if organ else Officer.objects.none()  # type: ignore[attr-defined]
        self.fields["checklists"].queryset = checklists_on(on, organ=organ)  # type: ignore[attr-defined]

    def clean_officers(self) -> Any:
        """At least two, with certificates that are valid on the planned day (行政处罚法 42 I)."""
        chosen = list(self.cleaned_data["officers"])
        if len(chosen) < 2:
            raise forms.ValidationError("检查人员不得少于两人，请再选一名（《行政处罚法》第四十二条第一款）。")
        planned = self.cleaned_data.get("planned_on")
        valid = org.valid_certificates(chosen, planned) if planned else {}
        if planned and (lapsed := [o.name for o in chosen if o.pk not in valid]):
            raise forms.ValidationError(f"{'、'.join(lapsed)}的执法证件在检查当日已经过期，请换人或者换证。")
        return chosen


@form_for(f"{CODE}.arrange")
class ArrangeForm(Nothing):
    """安排检查: everything stands in the plan."""


@form_for(f"{CODE}.reassign")
class ReassignForm(StepForm):
    """变更检查人员"""

    reason = words("变更的原因", most=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        self.fields["officers"] = people(
            "检查人员", org.certified_officers(visit.organ, clock.today()), help_text="不少于两人。"
        )
        self.fields["officers"].initial = list(charged(visit))


@form_for(f"{CODE}.drop", f"{CODE}.cancel")
class ReasonForm(StepForm):
    """放弃方案、取消检查"""

    reason = words("原因", long=True)


# --- on site --------------------------------------------------------------------------------------------------------


@form_for(f"{CODE}.begin")
class BeginForm(StepForm):
    """亮证检查"""

    shown_at = moment("出示执法证件时间")
    started_at = moment("检查开始时间")
    met_name = words("现场负责人", most=60, help_text="向其出示证件并由其签名的人。")
    met_post = words("职务", required=False, most=60)
    accompanied_by = words("陪同人员", required=False)
    place = words("检查场所")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        self.fields["officers"] = people(
            "到场的检查人员", charged(visit).values(), help_text="都已出示执法证件，不少于两人。"
        )
        self.order_fields(["officers", "shown_at", "started_at", "met_name", "met_post", "accompanied_by", "place"])
        now = clock.now().replace(second=0, microsecond=0)
        self.initial = {
            "shown_at": now,
            "started_at": now,
            "place": visit.place,
            "met_name": visit.subject.principal,
            **self.initial,
        }


@dataclass
class ItemPart:
    """The fields of one item of the checklist, for the page."""

    item: ChecklistItem
    number: int
    mark: forms.BoundField
    text: forms.BoundField
    level: forms.BoundField
    spot: forms.BoundField
    photos: forms.BoundField
    kept: list[str]

    @property
    def bad(self) -> bool:
        """Is the item marked as failed, or wrongly filled in?"""
        return self.mark.value() == Result.BAD.value or bool(self.text.errors or self.photos.errors)


@form_for(f"{CODE}.check")
class CheckForm(StepForm):
    """逐项检查: result, and for what fails its problem, level and photographs."""

    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        self.items = visit.items()
        self.done = {row.item_id: row for row in visit.checks.all()}
        self.found = {row.item_id: row for row in visit.findings.all()}
        for item in self.items:
            self._add(item)

    def _add(self, item: ChecklistItem) -> None:
        """The fields of one item."""
        done, found = self.done.get(item.pk), self.found.get(item.pk)
        mark = MarksField(
            label=item.content,
            required=False,
            choices=MARKS,
            help_text=f"{item.how}。{item.standard}依据：{item.basis}",
        )
        mark.initial = done.result if done and done.result != Result.UNCHECKED.value else None
        problem = words("问题", required=False, long=True, most=1000, help_text="写明地点和具体情况。")
        problem.initial = found.text if found else f"经查，不符合“{item.content}”的要求。"
        level = forms.ChoiceField(label="隐患等级", choices=Level.choices, widget=forms.RadioSelect, required=False)
        level.initial = found.level if found else item.level
        spot = forms.BooleanField(label="已当场改正", required=False)
        spot.initial = bool(found and found.on_the_spot)
        photos = PhotosField(label="照片", required=False)
        for name, field in {"result": mark, "text": problem, "level": level, "spot": spot, "photos": photos}.items():
            self.fields[f"{name}_{item.pk}"] = field

    def areas(self) -> Iterator[tuple[str, list[ItemPart]]]:
        """The items part by part, for the page."""
        grouped: dict[str, list[ItemPart]] = {}
        for number, item in enumerate(self.items, 1):
            name = f"{item.checklist.title}·{item.area}"
            found = self.found.get(item.pk)
            mark, problem, level, spot, photos = (
                self[f"{part}_{item.pk}"] for part in ("result", "text", "level", "spot", "photos")
            )
            kept = found.photos if found else []
            grouped.setdefault(name, []).append(ItemPart(item, number, mark, problem, level, spot, photos, kept))
        yield from grouped.items()

    @property
    def answered(self) -> int:
        """How many items have a result already."""
        return sum(row.result != Result.UNCHECKED.value for row in self.done.values())

    def clean(self) -> dict[str, Any]:
        """What fails says what is wrong; something must have changed."""
        found: dict[str, Any] = super().clean() or {}
        for item in self.items:
            if found.get(f"result_{item.pk}") == Result.BAD.value and not found.get(f"text_{item.pk}"):
                self.add_error(f"text_{item.pk}", "不符合的，请写明问题：什么地方、什么情况。")
        if not any(found.get(f"result_{item.pk}") for item in self.items):
            self.add_error(None, "还没有一项有结果，请至少检查一项再保存。")
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """Only what has a result that is new or differs; photographs are kept, and stand as their sha256."""
        rows = []
        for item in self.items:
            values = {
                part: self.cleaned_data.get(f"{part}_{item.pk}")
                for part in ("result", "text", "level", "spot", "photos")
            }
            if values["result"] and (row := self._row(item, values, by)):
                rows.append(row)
        return {"results": rows}

    def _row(self, item: ChecklistItem, values: dict[str, Any], by: Officer) -> dict[str, Any] | None:
        done, found = self.done.get(item.pk), self.found.get(item.pk)
        row: dict[str, Any] = {"item": item.pk, "result": values["result"]}
        if values["result"] != Result.BAD.value:
            return None if done and done.result == values["result"] else row
        photos = [keep_photo(self, photo, by, item.content) for photo in values["photos"] or []]
        row |= {
            "text": values["text"],
            "level": values["level"] or item.level,
            "on_the_spot": bool(values["spot"]),
            "photos": photos,
        }
        same = found and (found.text, found.level, found.on_the_spot) == (row["text"], row["level"], row["on_the_spot"])
        return None if same and not photos and done and done.result == row["result"] else row


@form_for(f"{CODE}.measure")
class MeasureForm(StepForm):
    """责令现场处理"""

    kinds = forms.MultipleChoiceField(
        label="措施", choices=OnsiteMeasure.Kind.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择措施。"},
    )  # fmt: skip
    extent = words("区域、设施和设备", help_text="如：2号熔炼炉区域；3号天车。")
    reason = words("无法保证安全的情况", long=True)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visit_of(self).findings.exclude(corrected=True).filter(level=Level.MAJOR)
        self.fields["findings"] = numbered("重大事故隐患", [(row.ordinal, row.text) for row in rows])
        self.order_fields(["findings", "kinds", "extent", "reason"])


@form_for(f"{CODE}.resume")
class ResumeForm(StepForm):
    """同意恢复"""

    opinion = words("审查意见", long=True, help_text="复查的情况，恢复后应当注意的事项。")
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visit_of(self).measures.filter(lifted_on=None)
        self.fields["measures"] = numbered("解除的措施", [(row.ordinal, str(row)) for row in rows])
        self.order_fields(["measures", "opinion"])


def situations(on: date, sector: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The situations of the standards in force on a day for a sector, grouped for a choice (安全生产法 118 II)."""
    return [
        (f"{one.cited}{group}", [(hazard.code, f"{hazard.number}. {hazard.text[:60]}") for hazard in rows])
        for one in hazards.in_force(on, sector)
        for group, rows in one.groups
    ]


@form_for(f"{CODE}.find")
class FindForm(StepForm):
    """记录问题: one that the checklist has no item for, or a correction of one."""

    finding = forms.TypedChoiceField(label="记录还是修改", required=False, coerce=int, empty_value=None)
    text = words("问题", required=False, long=True, most=1000, help_text="写明地点和具体情况。")
    obligation = words("违反的规定", required=False, most=300, help_text="例如：《安全生产法》第三十五条")
    provision = forms.ChoiceField(label="处罚条款", required=False)
    level = forms.ChoiceField(label="隐患等级", choices=Level.choices, widget=forms.RadioSelect, required=False)
    hazard = forms.ChoiceField(
        label="判定标准的情形", required=False, help_text="检查当日施行的判定标准；选了情形的，等级即为重大。"
    )
    on_the_spot = forms.BooleanField(label="已当场改正", required=False)
    photos = PhotosField(label="照片", required=False)
    remove = forms.BooleanField(label="删去这一问题", required=False)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        numbered = [(str(f.ordinal), f"修改第{f.ordinal}项：{f.text[:30]}") for f in visit.findings.all()]
        self.fields["finding"].choices = [("", "记录新的问题"), *numbered]  # type: ignore[attr-defined]
        groups = by_statute(law.provisions(clock.today()), {Party.UNIT})
        provisions = [
            (name, [(p.id, f"{p.violation[:40]}（{p.article}）") for p in rows]) for name, rows in groups.items()
        ]
        self.fields["provision"].choices = [("", "检查人员提出，立案后再定"), *provisions]  # type: ignore[attr-defined]
        listed = situations(visit.inspected_on or clock.today(), visit.subject.sector)
        self.fields["hazard"].choices = [("", "没有列举"), *listed]  # type: ignore[attr-defined]
        self.initial = {"level": Level.GENERAL.value, **self.initial}

    def clean(self) -> dict[str, Any]:
        """A new problem needs its words and its rule; a change what it changes."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("remove"):
            if not found.get("finding"):
                self.add_error("finding", "请选择要删去的问题。")
            return found
        changed = ("text", "obligation", "photos", "provision", "hazard")
        if found.get("finding") and not any(found.get(name) for name in changed):
            self.add_error("text", "请写明修改成什么。")
        if not found.get("finding") and not found.get("text"):
            self.add_error("text", "请写明问题：什么地方、什么情况。")
        if (not found.get("finding") or found.get("obligation")) and (
            wrong := obligation_problem(found.get("obligation") or "")
        ):
            self.add_error("obligation", wrong)
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """What is entered; empty fields of a change leave what was there."""
        found = {
            name: self.cleaned_data.get(name)
            for name in ("finding", "text", "obligation", "provision", "level", "on_the_spot", "remove")
        }
        photos = [
            keep_photo(self, photo, by, str(found["text"] or "现场照片"))
            for photo in self.cleaned_data.get("photos") or []
        ]
        if hazard := self.cleaned_data.get("hazard"):
            found["hazards"] = [hazard]
        return {name: value for name, value in found.items() if value not in (None, "")} | {"photos": photos}


class SignedForm(StepForm):
    """A form with a pad for each officer and one for the enterprise, or the note that it refuses."""

    required_signatures: ClassVar = True

    def add_pads(self, officers: Iterable[Officer], party_label: str) -> None:
        """Put the pads at the end of the form."""
        self.signers = list(officers)
        for officer in self.signers:
            self.fields[f"sign_{officer.pk}"] = SignatureField(
                label=f"执法人员　{officer.name}", required=self.required_signatures
            )
        self.fields["sign_party"] = SignatureField(label=party_label, required=False)
        self.fields["refused"] = forms.BooleanField(label="拒绝签名，记明情况", required=False)
        self.fields["refusal"] = words("拒绝签名的情况", required=False, most=500, long=True)
        self.fields["witnesses"] = words("见证人", required=False, help_text="写明姓名、所在单位，多人用顿号隔开。")

    @property
    def pads(self) -> list[forms.BoundField]:
        """The officers' pads, for the page."""
        return [self[f"sign_{officer.pk}"] for officer in self.signers]

    def clean(self) -> dict[str, Any]:
        """Signed, or refused with words (安全生产法 68)."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("refused"):
            if not (found.get("refusal") or "").strip():
                self.add_error("refusal", "请写明拒绝签名的情况（《安全生产法》第六十八条）。")
        elif self.required_signatures and not found.get("sign_party"):
            self.add_error(
                "sign_party",
                "请被检查单位负责人签名；拒绝签名的，勾选“拒绝签名”并记明情况（《安全生产法》第六十八条）。",
            )
        return found

    def signatures(self, by: Officer) -> dict[str, Any]:
        """The pads as the payload keeps them."""
        visit, data = visit_of(self), self.cleaned_data
        drawn = {
            str(officer.pk): keep_signature(self, data[f"sign_{officer.pk}"], officer.name, by)
            for officer in self.signers
            if data.get(f"sign_{officer.pk}")
        }
        met: dict[str, Any] = {"name": visit.met_name, "post": visit.met_post}
        if data.get("refused"):
            witnesses = [
                w.strip()
                for w in (data.get("witnesses") or "").replace(",", "、").replace("，", "、").split("、")
                if w.strip()
            ]
            met |= {"refusal": data["refusal"].strip(), "witnesses": witnesses}
        elif data.get("sign_party"):
            met["image"] = keep_signature(self, data["sign_party"], visit.met_name or "被检查单位负责人", by)
        else:
            met = {}
        return {"signatures": drawn, "met": met}


@form_for(f"{CODE}.finish")
class FinishForm(SignedForm):
    """结束检查"""

    ended_at = moment("检查结束时间")
    site_opinion = words("现场负责人意见", required=False, long=True, most=500)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        rows = visit.presences.filter(occasion=Occasion.VISIT.value).select_related("officer")
        self.add_pads([row.officer for row in rows], f"被检查单位现场负责人　{visit.met_name}")
        self.initial = {"ended_at": clock.now().replace(second=0, microsecond=0), **self.initial}

    def payload(self, by: Officer) -> dict[str, Any]:
        """The end, what the enterprise says, and who signed."""
        data = self.cleaned_data
        return {
            "ended_at": data["ended_at"].isoformat(),
            "site_opinion": data.get("site_opinion") or "",
            **self.signatures(by),
        }


class TermsMixin(StepForm):
    """A date for each finding that must be ordered."""

    def add_terms(self, rows: Iterable[Finding]) -> None:
        """One date a finding."""
        self.terms = list(rows)
        for row in self.terms:
            hint = f"{row.text[:60].rstrip('。')}。当日仍在期限内。"
            field = day(f"第{row.ordinal}项整改期限", past=False, help_text=hint, required=True)
            field.error_messages["required"] = "请填写整改期限。"
            self.fields[f"due_{row.ordinal}"] = field

    @property
    def term_parts(self) -> list[tuple[Finding, forms.BoundField]]:
        """The findings with their dates, for the page."""
        return [(row, self[f"due_{row.ordinal}"]) for row in self.terms]

    def clean(self) -> dict[str, Any]:
        """No term before today."""
        found: dict[str, Any] = super().clean() or {}
        for row in self.terms:
            due: date | None = found.get(f"due_{row.ordinal}")
            if due and due < clock.today():
                self.add_error(
                    f"due_{row.ordinal}", f"早于今天，请填{clock.today().month}月{clock.today().day}日或者以后的日期。"
                )
        return found

    def term_rows(self) -> list[dict[str, Any]]:
        """The terms as the payload keeps them."""
        return [
            {"finding": row.ordinal, "due": self.cleaned_data[f"due_{row.ordinal}"].isoformat()} for row in self.terms
        ]


@form_for(f"{CODE}.order")
class OrderForm(TermsMixin):
    """责令限期整改"""

    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_terms(findings_to_order(visit_of(self)))

    def payload(self, by: Officer) -> dict[str, Any]:
        """A date for each item."""
        return {"terms": self.term_rows()}


class SignForm(FinishForm, TermsMixin):
    """签名: ends the visit, orders what must be put right and hands the order over, in one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_terms(findings_to_order(visit_of(self)))
        if self.terms:
            self.fields["capacity"] = forms.ChoiceField(
                label="签收人身份", choices=[("", "请选择"), *CAPACITIES], required=False
            )
            self.fields["left_photo"] = PhotosField(
                label="留置送达的照片", required=False, help_text="拒绝签收的，拍下文书留在其住所的情况。"
            )

    def clean(self) -> dict[str, Any]:
        """Whoever signs for the order must be entitled to (民事诉讼法 88 I)."""
        found: dict[str, Any] = super().clean() or {}
        if self.terms and not found.get("refused") and not found.get("capacity"):
            self.add_error(
                "capacity",
                "请选择签收人身份：法定代表人、主要负责人或者负责收件的人（《民事诉讼法》第八十八条第一款）。",
            )
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """The end of the visit, the terms, and how the order reaches the enterprise at once (if it does)."""
        found = super().payload(by)
        if not self.terms:
            return found
        found["terms"] = self.term_rows()
        visit = visit_of(self)
        common = {"served_on": clock.today().isoformat(), "officers": [officer.pk for officer in self.signers]}
        if found["met"].get("image"):
            found["service"] = common | {
                "method": "in_person", "receiver": visit.met_name, "details": {"capacity": self.cleaned_data["capacity"]},
                "proof": found["met"]["image"],
            }  # fmt: skip
        elif photos := self.cleaned_data.get("left_photo"):
            details = {"refusal": found["met"]["refusal"], "place": visit.place}
            if found["met"]["witnesses"]:
                details["witnesses"] = found["met"]["witnesses"]
            found["service"] = common | {
                "method": "left",
                "details": details,
                "proof": keep_photo(self, photos[0], by, "留置送达责令限期整改指令书"),
            }
        return found


# --- service --------------------------------------------------------------------------------------------------------


@form_for(f"{CODE}.serve")
class ServeForm(ServingForm):
    """送达文书"""

    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.pk, str(row)) for row in papers_to_serve(visit_of(self))]
        self.fields = {"paper": forms.TypedChoiceField(label="文书", coerce=int, choices=choices)} | self.fields

    def addressed_to_person(self) -> bool | None:
        """What is inspected is a unit."""
        return False

    def servers(self) -> int:
        """The officers charged with the visit serve."""
        return len(charged(visit_of(self)))


# --- rectification --------------------------------------------------------------------------------------------------


@form_for(f"{CODE}.apply_extension")
class ExtensionForm(StepForm):
    """申请延长整改期限"""

    reason = words("申请的理由", long=True)
    safeguards = words(
        "整改期间的安全防范措施", required=False, long=True, help_text="申请延长的有重大事故隐患的，应当填写。"
    )
    opinion = words("承办人意见", required=False, long=True)
    paper = forms.FileField(label="申请书", required=False, help_text="书面申请的扫描件或者照片。")
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = findings_to_reinspect(visit_of(self))
        for row in self.asked:
            label = f"第{row.ordinal}项延长至"
            self.fields[f"until_{row.ordinal}"] = day(
                label, past=False, required=False, help_text=f"{row.text[:60]}；原期限{row.due}。不申请的空着。"
            )

    def clean(self) -> dict[str, Any]:
        """At least one item, each later than its term."""
        found: dict[str, Any] = super().clean() or {}
        wanted = {row: found.get(f"until_{row.ordinal}") for row in self.asked}
        for row, until in wanted.items():
            if until and row.due and until <= row.due:
                self.add_error(f"until_{row.ordinal}", f"应当晚于原期限{row.due}。")
        if not any(wanted.values()) and not self.errors:
            self.add_error(None, "请写明哪一项问题申请延长到哪一天。")
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """The items with their days, the reason and the enterprise's paper."""
        found = super().payload(by)
        rows = [
            {"finding": r.ordinal, "until": found[f"until_{r.ordinal}"]}
            for r in self.asked
            if found.get(f"until_{r.ordinal}")
        ]
        told = {name: found.get(name) or "" for name in ("paper", "safeguards", "opinion")}
        return {"requests": rows, "reason": found["reason"], **told}


@form_for(f"{CODE}.decide_extension")
class DecideExtensionForm(StepForm):
    """决定是否延长"""

    reason = words("决定的理由", long=True)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pending = list(visit_of(self).extensions.filter(granted=None).select_related("finding"))
        for row in self.pending:
            number = row.finding.ordinal
            hint = f"原期限{row.due_before}，申请延长至{row.asked_until}。理由：{row.reason[:100]}"
            self.fields[f"granted_{number}"] = forms.ChoiceField(
                label=f"第{number}项：{row.finding.text[:60]}", choices=[("1", "同意延长"), ("0", "不同意")], widget=forms.RadioSelect, help_text=hint,
            )  # fmt: skip
            self.fields[f"until_{number}"] = day(
                f"第{number}项延长至", past=False, required=False, initial=row.asked_until
            )

    def payload(self, by: Officer) -> dict[str, Any]:
        """One decision an item."""
        found = super().payload(by)
        rows = [
            {"finding": n, "granted": found[f"granted_{n}"] == "1", "until": found.get(f"until_{n}") or None}
            for n in (row.finding.ordinal for row in self.pending)
        ]
        return {"decisions": rows, "reason": found["reason"]}


@form_for(f"{CODE}.ask_reinspection")
class AskReinspectionForm(StepForm):
    """收到复查申请"""

    note = words("申请的内容", required=False, long=True, most=500)
    paper = forms.FileField(label="申请书、整改报告", required=False)

    def payload(self, by: Officer) -> dict[str, Any]:
        """What came in."""
        found = super().payload(by)
        return {"note": found.get("note") or "", "paper": found.get("paper") or ""}


@form_for(f"{CODE}.reinspect")
class ReinspectForm(SignedForm):
    """复查"""

    required_signatures: ClassVar = False
    opinion = words("复查意见", long=True, most=1000)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visit = visit_of(self)
        officers = list(charged(visit).values())
        self.fields["officers"] = people("到场的复查人员", officers, help_text="都已出示执法证件，不少于两人。")
        self.open = findings_to_reinspect(visit)
        for row in self.open:
            choices = [("yes", "已整改"), ("no", "未整改")] + ([("", "这次不复查")] if len(self.open) > 1 else [])
            hint = f"整改期限{in_full(row.due) if row.due else '（没有）'}。违反{row.obligation}"
            self.fields[f"result_{row.ordinal}"] = forms.ChoiceField(
                label=f"{row.ordinal}．{row.text[:80]}", choices=choices, widget=forms.RadioSelect, help_text=hint, required=len(self.open) == 1,
            )  # fmt: skip
            self.fields[f"note_{row.ordinal}"] = words(f"第{row.ordinal}项说明", required=False, most=500)
            self.fields[f"photos_{row.ordinal}"] = PhotosField(label=f"第{row.ordinal}项照片", required=False)
        self.fields["opinion"] = self.fields.pop("opinion")
        self.add_pads(officers, f"被复查单位现场负责人　{visit.met_name}")

    def clean(self) -> dict[str, Any]:
        """At least one item is looked at; what is not put right says what remains."""
        found: dict[str, Any] = super().clean() or {}
        results = {row.ordinal: found.get(f"result_{row.ordinal}") for row in self.open}
        if not any(results.values()) and not self.errors:
            self.add_error(None, "请至少对一项问题写明复查结果。")
        for number, result in results.items():
            if result == "no" and not found.get(f"note_{number}"):
                self.add_error(f"note_{number}", "未整改的，请写明还存在什么问题。")
        return found

    def payload(self, by: Officer) -> dict[str, Any]:
        """Who came, a result for each item looked at, the opinion, and who signed."""
        data = self.cleaned_data
        rows = []
        for row in self.open:
            if not (result := data.get(f"result_{row.ordinal}")):
                continue
            photos = [
                keep_photo(self, photo, by, f"复查第{row.ordinal}项：{row.text}")
                for photo in data.get(f"photos_{row.ordinal}") or []
            ]
            rows.append(
                {
                    "finding": row.ordinal,
                    "corrected": result == "yes",
                    "note": data.get(f"note_{row.ordinal}") or "",
                    "photos": photos,
                }
            )
        return {"officers": data["officers"], "results": rows, "opinion": data["opinion"], **self.signatures(by)}


@form_for(f"{CODE}.refer")
class ReferForm(StepForm):
    """移交立案"""

    cause = words("案由", most=120, help_text="违法行为的名称，例如：未如实记录安全生产教育和培训情况。")
    reason = words("移交立案的理由", long=True)
    inline: ClassVar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visit_of(self).findings.filter(referred_on=None)
        self.fields["findings"] = numbered("移交的问题", [(row.ordinal, row.text) for row in rows])
        self.order_fields(["findings", "cause", "reason"])
        first = rows.exclude(provision="").first()
        provision = law.provision(first.provision, clock.today()) if first else None
        self.initial = {
            "cause": provision.violation[:120] if provision else "",
            "reason": first.text if first else "",
            **self.initial,
        }


@form_for(f"{CODE}.close")
class CloseForm(Nothing):
    """办结: everything it needs is on record."""
