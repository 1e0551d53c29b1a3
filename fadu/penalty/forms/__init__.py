"""The forms of the steps of a penalty case; each asks only for what the act needs and no record already holds."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.urls import reverse

from fadu.kernel import clock
from fadu.law import queries as law
from fadu.law.lawfulness import Mitigation
from fadu.law.provisions import Measure, Stage
from fadu.law.statutes import WSL
from fadu.org import queries as org
from fadu.org.models import Division, Officer
from fadu.org.roles import Role
from fadu.penalty.forms.discretion import DiscretionPart
from fadu.penalty.forms.leniency import LeniencyPart, leniency_initial
from fadu.penalty.forms.norms import OpenNorms
from fadu.penalty.models import PARTY_KINDS, CaseParty, CrimeReport, Defence, Evidence, LegalReview, PenaltyCase
from fadu.penalty.procedures.exemption import Exemption
from fadu.power import queries as powers
from fadu.power.classes import PowerClass
from fadu.procedure.forms import Nothing, ServingForm, StepForm, as_json, asks_anew, day, moment, money, text
from fadu.procedure.registry import form_for
from fadu.subject.idnumber import problem as id_problem
from fadu.subject.models import Subject

CODE = "penalty.ordinary"
SEX = [("", "请选择"), ("男", "男"), ("女", "女")]


def case_of(form: StepForm) -> PenaltyCase:
    """The form's matter as a penalty case."""
    assert isinstance(form.matter, PenaltyCase)
    return form.matter


class ClueForm(forms.Form):
    """登记线索"""

    source = forms.ChoiceField(label="线索来源", choices=[c for c in PenaltyCase.Source.choices if c[0] != "visit"])
    source_detail = text("来源说明", required=False, help_text="如移送机关和文号、举报件编号。")
    informant = text("举报人", required=False, most=80, help_text="只有承办人可见，不进入记录和文书。")
    subject = forms.ModelChoiceField(
        Subject.objects.none(), label="涉及的监管对象", required=False, empty_label="尚不明确"
    )
    cause = text("案由", most=120, help_text="违法行为的名称，如“未如实记录安全生产教育和培训情况”。")
    clue = text("线索内容", long=True)
    received_on = day("线索取得日期")
    found_on = day("违法行为发现之日")

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = org.scope(officer).filter(Subject.objects.all()).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was found later than it was received cannot be."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("received_on") and found.get("found_on") and found["found_on"] > found["received_on"]:
            self.add_error("found_on", "发现之日不能晚于线索取得日期。")
        return found


class PersonRow(forms.Form):
    """A natural person as a party."""

    name = text("姓名", most=40)
    kind = forms.ChoiceField(
        label="身份",
        choices=[("", "请选择")]
        + [c for c in PARTY_KINDS if c[0] not in ("unit", "individual_business", "builder", "agency")],
    )
    sex = forms.ChoiceField(label="性别", choices=SEX)
    identity = forms.CharField(label="身份证号", max_length=18)
    post = text("职务", required=False, most=40)
    employer = text("所在单位", required=False, most=120)
    address = text("住址")
    phone = text("联系电话", required=False, most=30)

    def clean_identity(self) -> str:
        """18 digits with the right check digit (GB 11643)."""
        number: str = self.cleaned_data["identity"].strip().upper()
        if fault := id_problem(number, clock.today()):
            raise forms.ValidationError(fault)
        return number


class ActForm(StepForm):
    """The days of the act, on which limitation turns (36), and the harm it did, on which the question of a crime turns (27)."""

    acted_on = day("违法行为发生之日")
    act_ended_on = day("违法行为终了之日", required=False, help_text="有连续或者继续状态、已经终了的填写。")
    ongoing = forms.BooleanField(label="违法行为有连续或者继续状态，现在仍在继续", required=False)
    harm = text(
        "危害公民生命健康安全且有危害后果的认定",
        required=False,
        long=True,
        help_text="有此情形的写明理由，追溯期限为五年；没有的空着，为二年。",
    )
    deaths = forms.IntegerField(label="死亡（人）", required=False, min_value=0, max_value=9999)
    serious_injuries = forms.IntegerField(label="重伤（人）", required=False, min_value=0, max_value=9999)
    direct_loss = money(
        "直接经济损失（元）",
        required=False,
        above_zero=False,
        help_text="没有的空着。三项达到刑事追诉标准的，先要回答是否移送公安机关。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = case_of(self)
        if case.follows_id is not None:  # the act is the refusal: its days are those of the records
            for name in ActForm.base_fields:
                del self.fields[name]
            return
        kept = {name: getattr(case, name) for name in ActForm.base_fields if getattr(case, name) is not None}
        self.initial = kept | {**self.initial}

    def clean(self) -> dict[str, Any]:
        """An act that goes on has no last day."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("ongoing") and found.get("act_ended_on"):
            self.add_error("act_ended_on", "仍在继续的，没有终了之日；已经终了的，请不要勾选“仍在继续”。")
        return found


@form_for(f"{CODE}.file")
class FileForm(ActForm):
    """立案"""

    cause = text("案由", most=120)
    power = forms.ChoiceField(
        label="职权事项",
        help_text="本机关当日施行的权责清单中的行政处罚事项；清单中没有的，不能立案。",
        error_messages={
            "required": "请选择本案所依据的职权事项。",
            "invalid_choice": "这一事项不在本机关当日施行的权责清单中。",
        },
    )
    place = text("违法行为发生地")
    division = forms.ModelChoiceField(Division.objects.none(), label="发生地所在县区", required=False)
    facts = text("案件基本情况", long=True)
    field_order = (
        "cause", "power", "acted_on", "act_ended_on", "ongoing", "place", "division", "facts", "harm", "deaths",
        "serious_injuries", "direct_loss",
    )  # fmt: skip
    rows: ClassVar = {"persons": ("同案的个人（主要负责人、直接责任人员等）", PersonRow, 0, 2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = case_of(self)
        self.fields["division"].queryset = Division.objects.filter(level="county").order_by("code")  # type: ignore[attr-defined]
        held = powers.held_by(case.organ, clock.today(), PowerClass.PENALTY)
        self.fields["power"].choices = [("", "请选择"), *((h.item.code, f"{h.item.code} {h.item.name}") for h in held)]  # type: ignore[attr-defined]
        self.initial = {
            "acted_on": case.found_on, "cause": case.cause, "place": case.place, "facts": case.clue,
            "division": (case.division.code[:6] if case.division and len(case.division.code) >= 6 else None),
            "power": power_found(case),
        } | {**self.initial}  # fmt: skip


def power_found(case: PenaltyCase) -> str:
    """The item of the one penalty provision that the visit behind the case noted; nothing where it noted several."""
    if case.follows_id is not None:
        held = powers.for_penalty(case.organ, clock.today(), WSL[112])
        return held.item.code if held else ""
    keys = set(case.visit.findings.exclude(provision="").values_list("provision", flat=True)) if case.visit else set()
    provision = law.provision(keys.pop(), case.found_on) if len(keys) == 1 else None
    held = powers.for_penalty(case.organ, clock.today(), provision.article) if provision else None
    return held.item.code if held else ""


class ReasonForm(StepForm):
    """A step that asks for reasons only."""

    reason = text("理由", long=True)


@form_for(f"{CODE}.refuse_filing")
class RefuseFilingForm(ReasonForm):
    """不予立案"""

    facts = text("核查情况", long=True)
    reason = text("不予立案的理由", long=True)
    basis = text("依据", long=True, help_text="一行一条，如：《行政处罚法》第三十六条第一款")
    informing = text("告知举报人或者移送机关的情况", required=False, long=True)


@form_for(f"{CODE}.summon")
class SummonForm(StepForm):
    """通知询问"""

    asked = text("被询问人（单位）")
    appear_at = moment("接受询问时间")
    place = text("接受询问地点")
    bring = text("应携带的材料", required=False, long=True, help_text="一行一项。")


class AnswerRow(forms.Form):
    """One question with its answer."""

    q = text("问", long=True)
    a = text("答", long=True)


class TalkForm(StepForm):
    """A talk that begins and ends somewhere."""

    started_at = moment("开始时间")
    ended_at = moment("结束时间")
    place = text("地点")

    def clean(self) -> dict[str, Any]:
        """It ends after it began, and it has ended."""
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("started_at"), found.get("ended_at")
        if start and end and end <= start:
            self.add_error("ended_at", "结束时间应当晚于开始时间。")
        if end and end > clock.now():
            self.add_error("ended_at", "结束时间还没有到。")
        return found


@form_for(f"{CODE}.question")
class QuestionForm(TalkForm):
    """询问笔录"""

    asked_name = text("被询问人", most=40)
    asked_sex = forms.ChoiceField(label="性别", choices=SEX)
    asked_id_no = text("身份证号", most=18)
    asked_home_address = text("家庭住址", required=False)
    asked_employer = text("所在单位", required=False)
    asked_post = text("职务", required=False)
    asked_phone = text("联系电话", required=False, most=30)
    recorder = text("记录人", most=40)
    others_present = text("在场人", required=False)
    identity_answer = text(
        "对出示执法证件、告知权利义务的答复", help_text="询问开始时须表明身份、出示证件并告知权利义务。"
    )
    recusal_answer = text("是否申请回避的答复")
    rows: ClassVar = {"qa": ("问答", AnswerRow, 1, 3)}

    def clean_asked_id_no(self) -> str:
        """18 digits with the right check digit."""
        number = self.cleaned_data["asked_id_no"].strip().upper()
        if fault := id_problem(number, clock.today()):
            raise forms.ValidationError(fault)
        return str(number)


@form_for(f"{CODE}.take_evidence")
class EvidenceForm(StepForm):
    """取证"""

    kind = forms.ChoiceField(label="证据种类", choices=Evidence.Kind.choices)
    name = text("证据名称", most=120)
    proves = text("证明内容", long=True)
    obtained_on = day("取得日期")
    place = text("取得地点", required=False)
    by_party = forms.BooleanField(label="由当事人提供", required=False)
    file = forms.FileField(
        label="证据文件", required=False, help_text="照片、扫描件、录音录像等；系统计算校验值并原样保存。物证可只拍照。"
    )

    def clean(self) -> dict[str, Any]:
        """A document or recording is its file."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("kind") in ("documentary", "audiovisual", "electronic", "expert") and not found.get("file"):
            self.add_error("file", "这一种类的证据须有文件，请上传原件的扫描件或者照片。")
        return found


@form_for(f"{CODE}.verify_evidence")
class VerifyForm(StepForm):
    """查证"""

    evidence = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), label="查证的证据", widget=forms.CheckboxSelectMultiple
    )
    how = text("查证情况", long=True, help_text="如何核对原件、来源、制作过程，是否属实。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        field.queryset = case_of(self).evidence.filter(verified_on=None)  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.name}（{row.get_kind_display()}）"  # type: ignore[attr-defined]


@form_for(f"{CODE}.reassign")
class ReassignForm(ReasonForm):
    """变更承办人"""

    officers = forms.ModelMultipleChoiceField(
        Officer.objects.none(), label="承办人", widget=forms.CheckboxSelectMultiple, help_text="不少于两人。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = org.officers_with(Role.CASE_OFFICER, self.matter.organ, clock.today())  # type: ignore[attr-defined]


@form_for(f"{CODE}.request_recusal")
class RequestRecusalForm(ReasonForm):
    """提出回避"""

    officer = forms.ModelChoiceField(Officer.objects.none(), label="应当回避的人员")  # type: ignore[assignment]
    asked_by = text("提出人", most=80, help_text="当事人的名称，或者自行回避的人员姓名。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = Officer.objects.filter(appointments__post__organ=self.matter.organ).distinct()  # type: ignore[attr-defined]


@form_for(f"{CODE}.decide_recusal")
class DecideRecusalForm(ReasonForm):
    """决定回避"""

    officer = forms.ModelChoiceField(Officer.objects.none(), label="被申请回避的人员")  # type: ignore[assignment]
    granted = forms.ChoiceField(
        label="决定", choices=[("yes", "予以回避"), ("no", "驳回申请")], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pending = self.matter.recusals.filter(granted=None).values("officer")
        self.fields["officer"].queryset = Officer.objects.filter(pk__in=pending)  # type: ignore[attr-defined]


class ProposalRow(forms.Form):
    """What is proposed for one party."""

    party = forms.TypedChoiceField(label="当事人", coerce=int)
    exemption = forms.ChoiceField(
        label="不予处罚的情形",
        required=False,
        choices=[("", "给予处罚"), *((e.name, f"{e.title}（{e.article}）") for e in Exemption)],
    )
    exemption_reason = text("不予处罚的理由", required=False, long=True)
    education = text("教育措施", required=False, long=True)
    provision = forms.ChoiceField(
        label="处罚条款",
        required=False,
        help_text="一个行为违反几个规定的，按罚款数额高的规定处罚（《行政处罚法》第二十九条）；有裁量基准的，选定后列出要认定的情形。",
    )
    stages = forms.MultipleChoiceField(
        label="另行认定的情形", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(s.value, s.title_zh) for s in Stage if s not in (Stage.IMMEDIATE, Stage.UNCORRECTED)],
    )  # fmt: skip
    order_due = day(
        "责令改正的期限届满日", required=False, past=False, help_text="来自检查的，自动取整改指令书的期限。"
    )
    order_obeyed = forms.ChoiceField(
        label="是否按期改正", required=False, choices=[("", "按复查结果"), ("yes", "已改正"), ("no", "逾期未改正")]
    )
    fine = money("罚款（元）", required=False)
    measures = forms.MultipleChoiceField(
        label="其他处罚", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(m.value, m.title_zh) for m in Measure if m.is_penalty and m not in (Measure.CLOSURE, Measure.DAILY_FINE, Measure.DETENTION, Measure.BAN)],
    )  # fmt: skip
    confiscation = money("没收违法所得（元）", required=False)
    gains = money("违法所得（元）", required=False, above_zero=False)
    income = money("上一年年收入（元）", required=False)
    suspension_days = forms.IntegerField(
        label="停产停业、暂扣的期限（日）", required=False, min_value=1, max_value=3650
    )
    ban_years = forms.IntegerField(label="限制从业（年）", required=False, min_value=1, max_value=20)
    ban_for_life = forms.BooleanField(label="终身限制从业", required=False)
    mitigation = forms.MultipleChoiceField(
        label="从轻、减轻情形",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(m.value, f"{m.title_zh}（{m.article}）") for m in Mitigation],
    )
    mitigation_reason = text("从轻、减轻的理由", required=False, long=True)

    def __init__(self, *args: Any, case: PenaltyCase, norms: OpenNorms, url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(p.ordinal, p.name) for p in case.parties.all()]  # type: ignore[attr-defined]
        self.fields["provision"].choices = norms.choices(self.party_of(case))  # type: ignore[attr-defined]
        self.leniency = LeniencyPart(self, case)
        self.discretion = DiscretionPart(self, case)
        for name in ("provision", "exemption", "leniency"):
            if name in self.fields and self.prefix:
                asks_anew(self.fields[name], url, self.prefix)

    def chosen(self, name: str) -> str:
        """What stands in a field now: as it was sent, or as the form is first shown."""
        found = self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)
        return str(found or "")

    def party_of(self, case: PenaltyCase) -> CaseParty | None:
        """The party whose row this is, None where none is chosen."""
        number = self.chosen("party")
        rows = case.parties.select_related("discretion")
        return rows.filter(ordinal=int(number)).first() if number.isdecimal() else None

    def clean(self) -> dict[str, Any]:
        """Either an exemption with its reasons, or a provision with sanctions."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("exemption"):
            for name, label in (("exemption_reason", "理由"), ("education", "教育措施")):
                if not found.get(name):
                    self.add_error(name, f"不予处罚的，请写明{label}。")
        elif found.get("party"):
            if not found.get("provision"):
                self.add_error("provision", "请选择处罚条款，或者选择不予处罚的情形。")
            if "fine" not in self.errors and not (
                found.get("fine") or found.get("measures") or found.get("ban_years") or found.get("ban_for_life")
            ):
                self.add_error("fine", "请填写罚款或者选择其他处罚。")
        timed = {"suspension", "licence_suspension"} & set(found.get("measures", []))
        if timed and not found.get("suspension_days"):
            self.add_error("suspension_days", "责令停产停业、暂扣许可证件的，请填写期限。")
        elif found.get("suspension_days") and not timed:
            self.add_error("suspension_days", "填写期限的，请同时勾选停产停业或者暂扣许可证件。")
        if found.get("confiscation") and "confiscation" not in found.get("measures", []):
            self.add_error("confiscation", "填写没收数额的，请同时勾选“没收违法所得”。")
        self.leniency.clean(found)
        self.discretion.clean(found)
        return found


class Proposing(StepForm):
    """What steps share that propose for each party."""

    rows: ClassVar = {"proposals": ("对每一当事人的处理建议", ProposalRow, 0, 0)}
    step: ClassVar = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        case = kwargs["matter"]
        self.norms = OpenNorms(case)
        initial = dict(kwargs.get("initial") or {})
        initial.setdefault("proposals", [self._row(p) for p in case.parties.all()])
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """The row forms know the case, what it may fall under, and where they are asked anew."""
        url = reverse("procedure:act", args=[self.matter.pk, self.step])
        return {"case": self.matter, "norms": self.norms, "url": url}

    def _row(self, party: CaseParty) -> dict[str, Any]:
        """One party's proposal as it stands; a party without one is offered the heaviest norm that the records name."""
        sanctions = party.proposed or {}
        if not sanctions and not party.exemption:
            return {"party": party.ordinal, **self.norms.first(party)}
        return {
            "party": party.ordinal, "exemption": party.exemption, "exemption_reason": party.exemption_reason, "education": party.education,
            "provision": party.provision, "stages": party.stages, "order_due": party.order_due,
            "order_obeyed": {True: "yes", False: "no", None: ""}[party.order_obeyed], "income": party.income, "gains": party.gains,
            "mitigation": party.mitigation, "mitigation_reason": party.mitigation_reason, **leniency_initial(party), **{k: v for k, v in sanctions.items() if v},
        }  # fmt: skip

    def payload(self, by: Officer) -> dict[str, Any]:
        """Every party's row counts, also where the clerk left it as it was."""
        found = super().payload(by)
        found["proposals"] = [
            {k: as_json(v) for k, v in row.cleaned_data.items()}
            for row in self.rowsets["proposals"]
            if row.cleaned_data.get("party")
        ]
        return found


@form_for(f"{CODE}.conclude")
class ConcludeForm(ActForm, Proposing):
    """调查终结"""

    step = "conclude"
    course = text("调查经过", long=True)
    facts_found = text("查明的事实", long=True)
    violated = text("违反的规定", long=True, help_text="一行一条，如：《安全生产法》第二十八条第四款")
    nature = text("案件性质和责任认定", long=True)
    discretion = text("裁量情节及理由", long=True)
    correction = text(
        "责令改正的内容",
        required=False,
        long=True,
        help_text="与处罚同时责令改正的写明（《行政处罚法》第二十八条第一款）。",
    )
    public_interest = text("涉及重大公共利益的理由", required=False, long=True, help_text="有此情形的须经法制审核。")
    complexity = text(
        "案情疑难复杂、涉及多个法律关系的理由", required=False, long=True, help_text="有此情形的须经法制审核。"
    )
    grave = text(
        "情节复杂或者重大违法的理由",
        required=False,
        long=True,
        help_text="有此情形的须集体讨论；拟处罚达到听证标准的自动计入。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = case_of(self)
        names = (
            "course",
            "facts_found",
            "nature",
            "discretion",
            "correction",
            "public_interest",
            "complexity",
            "grave",
        )
        self.initial = {n: getattr(case, n) for n in names} | {"violated": "\n".join(case.violated)} | {**self.initial}

    def clean_violated(self) -> str:
        """Each line must be a citation that can be read."""
        from fadu.law.citations import CitationError, parse

        value: str = self.cleaned_data["violated"]
        for line in filter(str.strip, value.splitlines()):
            try:
                parse(line.strip())
            except CitationError as error:
                raise forms.ValidationError(f"“{line.strip()}”不能识别为条文：{error}") from error
        return value


@form_for(f"{CODE}.repropose")
class ReproposeForm(Proposing):
    """变更处罚建议"""

    step = "repropose"
    reason = text(
        "变更的理由",
        long=True,
        help_text="加重的，写明新的事实和证据；不得因当事人申辩而加重（《行政处罚法》第四十五条第二款）。",
    )


@form_for(f"{CODE}.reinvestigate", f"{CODE}.refuse_transfer")
class PlainReasonForm(ReasonForm):
    """补充调查、不批准移送"""


@form_for(f"{CODE}.report_crime")
class CrimeForm(StepForm):
    """报告涉嫌犯罪"""

    offence = text("涉嫌罪名", most=60)
    reason = text("涉嫌犯罪的事实和理由", long=True)
    receiving_body = text("受移送机关", most=80, help_text="同级公安机关。")


@form_for(f"{CODE}.transfer")
class TransferForm(StepForm):
    """移送公安机关"""

    copied_to = text("抄送人民检察院", most=80)
    handling = text("已作处理情况", required=False, long=True)


@form_for(f"{CODE}.send_transfer")
class SendForm(StepForm):
    """送交公安机关"""

    sent_at = moment("送交时间")
    received_by = text("接收人", most=60)


@form_for(f"{CODE}.record_reply")
class ReplyForm(StepForm):
    """登记公安机关答复"""

    reply = forms.ChoiceField(label="答复", choices=CrimeReport.Reply.choices)
    reply_on = day("答复日期")
    document = text("答复文书名称、文号", most=120)
    file = forms.FileField(label="答复文书")


@form_for(f"{CODE}.resume")
class ResumeForm(StepForm):
    """移回后恢复办理"""

    reason = text("恢复办理的说明", long=True)


class PartyForm(StepForm):
    """A step for one party at a time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(p.ordinal, p.name) for p in case_of(self).parties.all()]
        self.fields = {"party": forms.TypedChoiceField(label="当事人", coerce=int, choices=choices)} | self.fields
        if self.party:
            self.initial.setdefault("party", self.party)


@form_for(f"{CODE}.record_defence")
class DefenceForm(PartyForm, TalkForm):
    """听取陈述申辩"""

    speaker_name = text("陈述申辩人", most=40)
    speaker_capacity = text("与当事人的关系（职务）", most=40)
    recorder = text("记录人", most=40)
    statement = text("陈述申辩内容", long=True)
    materials = text("提交的证据材料", required=False, long=True, help_text="一行一项。")


@form_for(f"{CODE}.waive")
class WaiveForm(PartyForm):
    """放弃陈述申辩"""

    waived_on = day("放弃日期")
    proof = forms.FileField(label="书面或者音像材料", help_text="当事人明确表示放弃的书面材料或者音像记录。")


@form_for(f"{CODE}.request_hearing")
class HearingForm(PartyForm):
    """当事人要求听证"""

    reason = text("要求听证的方式和理由", long=True)


class PointRow(forms.Form):
    """What was found on one party's defence."""

    party = forms.TypedChoiceField(label="当事人", coerce=int)
    finding = text("复核情况", long=True, help_text="对事实、理由和证据逐条复核；不采纳的写明理由。")
    adopted = forms.ChoiceField(
        label="是否采纳", choices=[("", "请选择")] + [(v, v) for v in ("采纳", "部分采纳", "不予采纳")]
    )

    def __init__(self, *args: Any, case: PenaltyCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", "请选择")] + [(p.ordinal, p.name) for p in case.parties.all()]  # type: ignore[attr-defined]


class RevisedRow(forms.Form):
    """A lighter fine after the defence."""

    party = forms.TypedChoiceField(label="当事人", coerce=int, required=False, empty_value=None)
    fine = money("复核后的罚款（元）", required=False, help_text="只能减，不能加；不变的空着。")
    departure = text(
        "低于裁量基准幅度的理由",
        required=False,
        help_text="低于基准算出的幅度的才填写；须集体讨论，并由主要负责人批准。",
    )

    def __init__(self, *args: Any, case: PenaltyCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", "不变")] + [(p.ordinal, p.name) for p in case.parties.all()]  # type: ignore[attr-defined]


@form_for(f"{CODE}.consider")
class ConsiderForm(StepForm):
    """复核陈述申辩"""

    conclusion = text("复核结论", required=False, long=True)
    hearing_finding = text(
        "依据听证笔录的处理意见",
        required=False,
        long=True,
        help_text="经过听证的，应当根据听证笔录作出决定（《行政处罚法》第六十五条）。",
    )
    rows: ClassVar = {"points": ("逐条复核", PointRow, 0, 1), "revised": ("处罚的减轻", RevisedRow, 0, 1)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        waiting = Defence.objects.filter(party__case=kwargs["matter"].pk, considered_on=None).select_related("party")
        initial = dict(kwargs.get("initial") or {})
        self.waiting = list(waiting)
        heard = kwargs["matter"].hearings.exclude(reported_on=None).exists()
        initial.setdefault("points", [{"party": d.party.ordinal} for d in self.waiting])
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        if not heard:
            del self.fields["hearing_finding"]

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """The row forms know the case."""
        return {"case": self.matter}


REVIEW_ITEMS = ("执法主体是否合法，执法人员是否具备资格", "事实是否清楚，证据是否合法充分", "适用法律、法规、规章是否准确，裁量是否适当",
                "程序是否合法", "文书是否完备、规范", "是否超越职权，是否涉嫌犯罪需要移送")  # fmt: skip


class ReviewRow(forms.Form):
    """One item of the review."""

    item = forms.ChoiceField(label="审核事项", choices=[(i, i) for i in REVIEW_ITEMS])
    conclusion = forms.ChoiceField(label="结论", choices=[("符合", "符合"), ("不符合", "不符合")])
    note = text("说明", required=False, long=True)


@form_for(f"{CODE}.review")
class ReviewForm(StepForm):
    """法制审核"""

    verdict = forms.ChoiceField(label="审核意见", choices=LegalReview.Verdict.choices, widget=forms.RadioSelect)
    reason = text("理由", long=True, help_text="将写入法制审核意见书。")
    rows: ClassVar = {"items": ("审核事项", ReviewRow, len(REVIEW_ITEMS), 0)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = dict(kwargs.get("initial") or {})
        initial.setdefault("items", [{"item": item, "conclusion": "符合"} for item in REVIEW_ITEMS])
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)

    def payload(self, by: Officer) -> dict[str, Any]:
        """All items, whether changed or not."""
        found = super().payload(by)
        found["items"] = [dict(row.cleaned_data) for row in self.rowsets["items"]]
        return found

    def clean(self) -> dict[str, Any]:
        """Passing a case of which an item fails is a contradiction."""
        found: dict[str, Any] = super().clean() or {}
        failing = [
            row for row in self.rowsets["items"] if row.is_valid() and row.cleaned_data.get("conclusion") == "不符合"
        ]
        if found.get("verdict") == "同意" and failing:
            self.add_error(
                "verdict", f"“{failing[0].cleaned_data['item']}”的结论为不符合，不能同意；请改为纠正或者补充调查。"
            )
        return found


class StatementRow(forms.Form):
    """One head's opinion; the order of the rows is the order of speaking."""

    officer = forms.ModelChoiceField(Officer.objects.none(), label="出席人")
    opinion = text("意见", long=True)

    def __init__(self, *args: Any, matter: PenaltyCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = org.officers_with(Role.AGENCY_HEAD, matter.organ, clock.today())  # type: ignore[attr-defined]


@form_for(f"{CODE}.discuss")
class DiscussForm(TalkForm):
    """集体讨论"""

    reporter = text("汇报人", most=40)
    recorder = text("记录人", most=40)
    observers = text("列席人员", required=False, long=True, help_text="一行一人。")
    content = text("案情和处理建议", long=True)
    conclusion = text("结论性意见", long=True)
    rows: ClassVar = {"statements": ("讨论意见（按发言顺序，主要负责人最后）", StatementRow, 2, 2)}

    def row_kwargs(self, name: str) -> dict[str, Any]:
        """The row forms offer the heads of the organ."""
        return {"matter": self.matter}


@form_for(f"{CODE}.serve_notice", f"{CODE}.serve_decision", f"{CODE}.serve_exemption")
class ServeForm(PartyForm, ServingForm):
    """送达 on one party"""

    def addressed_to_person(self) -> bool | None:
        """Is the chosen party a natural person? None while no party is chosen."""
        party = case_of(self).parties.filter(ordinal=self.cleaned_data.get("party") or 0).first()
        return party.is_person if party else None

    def servers(self) -> int:
        """The officers of the case serve."""
        return self.matter.assignments.filter(until=None).count()


@form_for(f"{CODE}.publish")
class PublishForm(StepForm):
    """公开处罚决定"""

    facts = text(
        "公开的违法事实",
        long=True,
        help_text="自然人姓名、证件号码、电话由系统隐去；请再核对有无商业秘密和其他个人信息。",
    )

    checked = text(
        "核对情况", long=True, help_text="公开内容是否与决定书一致，个人信息、商业秘密是否已经隐去；印在公开表上。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("facts", case_of(self).facts_found)


@form_for(f"{CODE}.record_change")
class ChangeForm(StepForm):
    """登记决定被变更"""

    effective_on = day("文书生效日期")
    body = text("作出机关", most=80)
    effect = forms.ChoiceField(label="结果", choices=[(v, v) for v in ("变更", "撤销", "确认违法", "确认无效")])
    document = text("文书名称、文号", most=120)
    reason = text("说明", long=True)


@form_for(f"{CODE}.withdraw")
class WithdrawForm(ReasonForm):
    """撤回公开信息"""

    reason = text("撤回理由", long=True, help_text="将向社会说明。")
    checked = text("核对情况", long=True, help_text="据以撤回的文书和撤回的内容；印在撤回表上。")


@form_for(f"{CODE}.record_payment")
class PaymentForm(PartyForm):
    """登记缴款"""

    voucher = text("票据号码", most=60)
    amount = money("金额（元）")
    paid_on = day("缴款日期")
    file = forms.FileField(label="票据", required=False, help_text="财政票据或者银行回单。")


@form_for(f"{CODE}.record_performance")
class PerformanceForm(PartyForm):
    """登记其他处罚的履行"""

    statement = text("履行情况", long=True)
    file = forms.FileField(label="证明材料")


@form_for(f"{CODE}.close")
class CloseForm(StepForm):
    """结案"""

    result = text("处理结果", long=True)
    execution = text("执行情况", long=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"result": self._result(), "execution": self._execution()} | {**self.initial}

    def _result(self) -> str:
        """What was decided, from the records."""
        rows = [p for p in case_of(self).parties.all() if p.decided is not None]
        return "\n".join(f"{p.name}：{p.decision_sanctions if p.decided else '不予处罚'}" for p in rows)

    def _execution(self) -> str:
        """What was paid, from the vouchers."""
        rows = [
            f"{p.party.name}于{p.paid_on:%Y-%m-%d}缴款{p.amount}元（票据{p.voucher}）"
            for q in case_of(self).parties.all()
            for p in q.payments.all()
        ]
        return "\n".join(rows)


@form_for(f"{CODE}.archive")
class ArchiveForm(StepForm):
    """归档"""

    archive_number = text("归档号", most=40)
    retention = forms.ChoiceField(label="保存期限", choices=[(v, v) for v in ("永久", "30年", "10年")])


@form_for(f"{CODE}.notify", f"{CODE}.perform", f"{CODE}.confirm_service", f"{CODE}.decide", f"{CODE}.exempt")
class BareForm(Nothing):
    """Everything these need is on record."""
