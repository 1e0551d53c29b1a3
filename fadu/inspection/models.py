"""Checklists, visits to enterprises, what was checked and found there, who signed, and what re-inspection showed."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, QuerySet

from fadu.document import queries as documents
from fadu.document.kinds import Document
from fadu.document.models import Paper
from fadu.inspection.checklists import FIELDS, Item
from fadu.inspection.gate import provided
from fadu.inspection.hazards import Judged, judged
from fadu.inspection.procedures.routine.facts import Occasion, Result
from fadu.kernel import clock
from fadu.law.models import CONFIDENCE_CHOICES, Sourced
from fadu.org.constraints import three_persons
from fadu.org.models import Officer, Organ
from fadu.procedure.models import Matter
from fadu.procedure.registry import matter_of
from fadu.subject.models import Subject

RESULTS = [(result.value, result.title) for result in Result]
OCCASIONS = [(occasion.value, occasion.title) for occasion in Occasion]


class Level(models.TextChoices):
    """How grave a hazard is; the major ones are those of the national standards of determination."""

    GENERAL = "general", "一般"
    MAJOR = "major", "重大"


def in_force_on(on: date) -> Q:
    """Dated rows in force on a day; the day of expiry no longer counts."""
    return Q(from_date__lte=on) & (Q(until=None) | Q(until__gt=on))


class Checklist(Sourced):
    """检查表, one version: for an organ and the organs below it (for all where no organ is named); published, it stays as it is."""

    class State(models.TextChoices):
        """Drafted, examined, published; published for good."""

        DRAFT = "draft", "拟定中"
        REVIEWED = "reviewed", "已审核"
        PUBLISHED = "published", "已公布"

    code = models.SlugField("代码", max_length=40)
    edition = models.CharField("版本", max_length=20)
    title = models.CharField("名称", max_length=80)
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="checklists", verbose_name="机关"
    )
    sector = models.CharField(
        "监管行业", max_length=10, blank=True, choices=Subject.Sector, help_text="空着的，各行业通用。"
    )
    order = models.PositiveSmallIntegerField("排序", default=100)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    from_date = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    drafted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="拟定人")
    drafted_on = models.DateField("拟定日期", null=True, blank=True)
    reviewed_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="公布人")
    published_on = models.DateField("公布日期", null=True, blank=True)
    digest = models.CharField("内容校验值", max_length=64, blank=True)
    shipped = models.BooleanField("随软件发布", default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "检查表"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "edition", "organ"], name="checklist_edition_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["code", "organ", "from_date"], condition=Q(state="published"),
                name="checklist_one_from_a_day", nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="checklist_until_after_from", condition=Q(until=None) | Q(until__gt=F("from_date"))
            ),
            models.CheckConstraint(
                name="checklist_published_with_its_day",
                condition=~Q(state="published") | (Q(published_on__isnull=False) & ~Q(digest="")),
            ),
            *three_persons("checklist"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}版）"

    @property
    def chain(self) -> str:
        """The key of the version's own chain in the record."""
        return f"inspection.checklist/{self.pk}"

    @property
    def is_open(self) -> bool:
        """May its items still be changed?"""
        return self.state == self.State.DRAFT

    def in_force(self, on: date) -> bool:
        """Whether it is published and its days hold that day; a nearer organ's list may still go before it."""
        return self.state == self.State.PUBLISHED and self.from_date <= on and (self.until is None or on < self.until)

    def items_on(self, on: date) -> QuerySet[ChecklistItem]:
        """The items in force on a day, in the order in which they are walked."""
        return self.items.filter(in_force_on(on)).order_by("ordinal", "id")


class ChecklistItem(models.Model):
    """检查项: one thing to look at, how, against which standard, resting on which article, and where its penalty stands."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items", verbose_name="检查表")
    code = models.CharField("代码", max_length=20)
    ordinal = models.PositiveSmallIntegerField("次序")
    area = models.CharField("部位", max_length=40)
    content = models.CharField("检查内容", max_length=200)
    how = models.CharField("检查方法", max_length=200)
    standard = models.TextField("标准")
    obligations = ArrayField(models.CharField(max_length=100), default=list, verbose_name="义务条款")
    references = ArrayField(models.CharField(max_length=120), default=list, verbose_name="标准规范")
    provisions = ArrayField(models.CharField(max_length=40), default=list, verbose_name="处罚条款")
    penalties = ArrayField(models.CharField(max_length=100), default=list, verbose_name="罚则")
    hazards = ArrayField(models.CharField(max_length=20), default=list, verbose_name="重大隐患判定")
    level = models.CharField("隐患等级", max_length=10, choices=Level, default=Level.GENERAL)
    from_date = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=10, choices=CONFIDENCE_CHOICES)

    class Meta:
        verbose_name = verbose_name_plural = "检查项"
        ordering: ClassVar = ["checklist", "ordinal", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checklist", "code", "from_date"], name="inspection_item_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.content

    @property
    def basis(self) -> str:
        """What the finding rests on, as one line: articles first, then standards."""
        return "、".join([*self.obligations, *self.references])

    @property
    def value(self) -> Item:
        """The item as the pure parts take it."""
        columns: dict[str, Any] = {}
        for name in FIELDS:
            held = getattr(self, name)
            columns[name] = tuple(held) if isinstance(held, list) else held
        return Item(**columns)

    @property
    def provided(self) -> list[tuple[str, str]]:
        """Its penalty provisions, each by its key and as it is cited; no citation of one that nobody knows."""
        known = provided()
        return [(key, str(known[key][0].article) if key in known else "") for key in self.provisions]

    @property
    def judged(self) -> list[Judged]:
        """The situations of the standards of determination that make its hazard a major one."""
        return judged(self.hazards)


class PendingChecklist(models.Model):
    """待确认的检查表文件: what an xlsx was read as, until somebody confirms or discards it."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机关")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")
    name = models.CharField("文件名", max_length=200)
    content = models.JSONField("读出的内容", default=dict)
    errors = models.JSONField("错误", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "待确认的检查表文件"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


@matter_of("inspection.routine")
class Visit(Matter):
    """现场检查: one visit to one enterprise, from its plan to the end of the rectification it led to."""

    class Reason(models.TextChoices):
        """Where the visit comes from (安全生产法 62 II: the annual plan is the rule)."""

        ANNUAL_PLAN = "plan", "年度监督检查计划"
        DOUBLE_RANDOM = "random", "双随机抽查"
        REPORT = "report", "举报核查"
        CAMPAIGN = "campaign", "专项检查"
        FOLLOW_UP = "follow_up", "“回头看”"

    # the link to the common row must not take the name `visit`, by which a penalty case points here
    matter_ptr = models.OneToOneField(
        Matter, models.CASCADE, parent_link=True, primary_key=True, related_name="as_visit", verbose_name="事项"
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="visits", verbose_name="被检查单位")
    reason = models.CharField("任务来源", max_length=10, choices=Reason)
    reason_detail = models.CharField("来源说明", max_length=200, blank=True)
    planned_on = models.DateField("检查开始日期")
    planned_until = models.DateField("检查结束日期")
    method = models.CharField("检查方式", max_length=200)
    remarks = models.CharField("备注", max_length=500, blank=True)
    checklists = models.ManyToManyField(Checklist, related_name="visits", verbose_name="检查表")
    place = models.CharField("检查场所", max_length=200, blank=True)
    met_name = models.CharField("现场负责人", max_length=60, blank=True)
    met_post = models.CharField("现场负责人职务", max_length=60, blank=True)
    accompanied_by = models.CharField("陪同人员", max_length=200, blank=True)
    certificates_shown_at = models.DateTimeField("出示执法证件时间", null=True, blank=True)
    started_at = models.DateTimeField("检查开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("检查结束时间", null=True, blank=True)
    site_opinion = models.CharField("现场负责人意见", max_length=500, blank=True)
    findings_count = models.PositiveSmallIntegerField("问题数", default=0)
    major_count = models.PositiveSmallIntegerField("重大隐患数", default=0)
    open_count = models.PositiveSmallIntegerField("未整改数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "现场检查"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="inspection_planned_days_in_order", condition=Q(planned_until__gte=F("planned_on"))
            ),
            models.CheckConstraint(
                name="inspection_started_with_certificates_shown",
                condition=Q(started_at=None, certificates_shown_at=None)
                | Q(started_at__isnull=False, certificates_shown_at__isnull=False),
            ),
            models.CheckConstraint(
                name="inspection_ended_after_start",
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["planned_on"], name="inspection_planned_on")]

    @property
    def order(self) -> Paper | None:
        """The latest valid 责令限期整改指令书, None when there is none."""
        return documents.latest(self.case_file, Document.RECTIFICATION_ORDER)

    @property
    def inspected_on(self) -> date | None:
        """The day of the visit."""
        return self.started_at.astimezone(clock.BEIJING).date() if self.started_at else None

    def item_rows(self, on: date | None = None) -> QuerySet[ChecklistItem]:
        """The items to check as they are in force on the day of the visit (or of its plan), in no order."""
        day = on or self.inspected_on or self.planned_on
        return ChecklistItem.objects.filter(in_force_on(day), checklist__in=self.checklists.all())

    def items(self, on: date | None = None) -> list[ChecklistItem]:
        """The same, list by list."""
        rows = self.item_rows(on).select_related("checklist")
        return list(rows.order_by("checklist__order", "checklist_id", "ordinal", "id"))


class Presence(models.Model):
    """到场: an officer who came and showed the certificate, as it was that day."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="presences", verbose_name="检查")
    occasion = models.CharField("场合", max_length=12, choices=OCCASIONS)
    round = models.PositiveSmallIntegerField("第几次", default=1)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="presences", verbose_name="执法人员")
    certificate = models.CharField("执法证号", max_length=30)
    on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "到场人员"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "occasion", "round", "officer"], name="inspection_presence_once"),
            models.CheckConstraint(name="inspection_presence_with_certificate", condition=~Q(certificate="")),
        ]

    def __str__(self) -> str:
        return self.officer.name


class Check(models.Model):
    """逐项检查结果: one item of the checklist on one visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="checks", verbose_name="检查")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="checks", verbose_name="检查项")
    result = models.CharField("结果", max_length=12, choices=RESULTS)
    note = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="检查人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["visit", "item"], name="inspection_check_once")]

    def __str__(self) -> str:
        return f"{self.item}：{self.get_result_display()}"


class Finding(models.Model):
    """发现的问题: what is wrong, against which standard and article, until when it must be put right, and whether it was."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings", verbose_name="检查")
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name="检查项"
    )
    ordinal = models.PositiveSmallIntegerField("序号")
    text = models.TextField("问题")
    standard = models.TextField("标准", blank=True)
    obligation = models.CharField("违反的规定", max_length=300)
    provision = models.CharField("处罚条款", max_length=40, blank=True)
    level = models.CharField("隐患等级", max_length=10, choices=Level, default=Level.GENERAL)
    hazards = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="重大隐患判定")
    photos = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name="照片")
    on_the_spot = models.BooleanField("当场改正", default=False)
    due = models.DateField("整改期限", null=True, blank=True)
    ordered_on = models.DateField("责令日期", null=True, blank=True)
    order_round = models.PositiveSmallIntegerField("第几次责令", default=0)
    reinspected_on = models.DateField("复查日期", null=True, blank=True)
    corrected = models.BooleanField("已整改", null=True, blank=True)
    corrected_on = models.DateField("整改合格日期", null=True, blank=True)
    referred_on = models.DateField("移交立案日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查发现的问题"
        ordering: ClassVar = ["visit", "ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "ordinal"], name="inspection_findings_in_order"),
            models.CheckConstraint(
                name="inspection_due_with_its_order",
                condition=Q(due=None, ordered_on=None)
                | Q(due__isnull=False, ordered_on__isnull=False, due__gte=F("ordered_on")),
            ),
            models.CheckConstraint(
                name="inspection_corrected_with_its_day",
                condition=Q(corrected=True, corrected_on__isnull=False)
                | (Q(corrected_on=None) & (Q(corrected=None) | Q(corrected=False))),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due"], condition=~Q(corrected=True), name="inspection_open_by_due")]

    def __str__(self) -> str:
        return self.text

    @property
    def judged(self) -> list[Judged]:
        """The situations of the standard of its day by which it is a major hazard."""
        return judged(self.hazards)

    @property
    def is_open(self) -> bool:
        """Is it still to be put right?"""
        return self.corrected is not True

    def overdue(self, on: date) -> bool:
        """Has the term run out without the problem having been found put right?"""
        return self.is_open and self.due is not None and self.due < on

    def state(self, on: date) -> str:
        """In Chinese, for lists: 当场改正, 已整改, 复查未整改, 已到期待复查, 整改中, 待责令."""
        if self.corrected:
            return "当场改正" if self.on_the_spot else "已整改"
        if self.corrected is False:
            return "复查未整改"
        if self.due is None:
            return "待责令整改"
        return "期满待复查" if self.due < on else "整改中"


class Signature(models.Model):
    """签名: drawn on the screen, or the note why there is none (安全生产法 68)."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="signatures", verbose_name="检查")
    occasion = models.CharField("场合", max_length=12, choices=OCCASIONS)
    round = models.PositiveSmallIntegerField("第几次", default=1)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="执法人员"
    )
    name = models.CharField("签名人", max_length=60)
    post = models.CharField("职务", max_length=60, blank=True)
    image = models.CharField("签名图片", max_length=64, blank=True)
    refusal = models.CharField("拒绝签名的情况", max_length=500, blank=True)
    witnesses = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name="见证人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "签名"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "occasion", "round", "officer"],
                nulls_distinct=False,
                name="inspection_signature_once",
            ),
            models.CheckConstraint(
                name="inspection_signed_or_refused",
                condition=(~Q(image="") & Q(refusal="")) | (Q(image="", officer=None) & ~Q(refusal="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reinspection(models.Model):
    """复查: one return to the enterprise, with the opinion given."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reinspections", verbose_name="检查")
    ordinal = models.PositiveSmallIntegerField("第几次")
    on = models.DateField("复查日期")
    opinion = models.TextField("复查意见")

    class Meta:
        verbose_name = verbose_name_plural = "复查"
        ordering: ClassVar = ["visit", "ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "ordinal"], name="inspection_reinspections_in_order")
        ]

    def __str__(self) -> str:
        return f"第{self.ordinal}次复查"


class ReinspectionResult(models.Model):
    """复查结果: of one finding at one re-inspection."""

    reinspection = models.ForeignKey(Reinspection, models.PROTECT, related_name="results", verbose_name="复查")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="reinspections", verbose_name="问题")
    corrected = models.BooleanField("已整改")
    note = models.CharField("说明", max_length=500, blank=True)
    photos = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name="照片")

    class Meta:
        verbose_name = verbose_name_plural = "复查结果"
        ordering: ClassVar = ["reinspection", "finding__ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reinspection", "finding"], name="inspection_result_once")
        ]

    def __str__(self) -> str:
        return "已整改" if self.corrected else "未整改"


class Extension(models.Model):
    """延长整改期限: what the enterprise asks for before its term ends, and what the head decides."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="extensions", verbose_name="检查")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="extensions", verbose_name="问题")
    asked_on = models.DateField("申请日期")
    due_before = models.DateField("原期限")
    asked_until = models.DateField("申请延长至")
    reason = models.TextField("申请理由")
    paper = models.CharField("申请书", max_length=64, blank=True)
    safeguards = models.TextField("整改期间的安全防范措施", blank=True)
    opinion = models.TextField("承办人意见", blank=True)
    granted = models.BooleanField("是否同意", null=True, blank=True)
    granted_until = models.DateField("延长至", null=True, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision = models.TextField("决定理由", blank=True)
    round = models.PositiveSmallIntegerField("第几次决定", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding"], condition=Q(granted=None), name="inspection_one_open_extension"
            ),
            models.CheckConstraint(
                name="inspection_extension_decided_whole",
                condition=Q(granted=None, decided_on=None, granted_until=None)
                | Q(granted=True, decided_on__isnull=False, granted_until__isnull=False)
                | Q(granted=False, decided_on__isnull=False, granted_until=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}延期"


class OnsiteMeasure(models.Model):
    """现场处理措施: what was stopped because a major hazard leaves no safety, until its removal was examined (安全生产法 65 I 3)."""

    class Kind(models.TextChoices):
        """What 65 I 3 lets the bureau order."""

        WITHDRAW = "withdraw", "从危险区域内撤出作业人员"
        SUSPEND = "suspend", "暂时停产停业"
        STOP_USE = "stop_use", "停止使用相关设施、设备"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="measures", verbose_name="检查")
    ordinal = models.PositiveSmallIntegerField("第几次")
    findings = models.ManyToManyField(
        Finding, through="MeasuredHazard", related_name="measures", verbose_name="重大事故隐患"
    )
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), verbose_name="措施")
    extent = models.CharField("区域、设施和设备", max_length=200)
    reason = models.TextField("无法保证安全的情况")
    ordered_on = models.DateField("决定日期")
    lifted_on = models.DateField("同意恢复日期", null=True, blank=True)
    lift_opinion = models.TextField("审查意见", blank=True)
    lift_round = models.PositiveSmallIntegerField("第几次同意恢复", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "现场处理措施"
        ordering: ClassVar = ["visit", "ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "ordinal"], name="inspection_measures_in_order"),
            models.CheckConstraint(name="inspection_measure_of_a_kind", condition=Q(kinds__len__gt=0)),
            models.CheckConstraint(
                name="inspection_measure_lifted_whole",
                condition=Q(lifted_on=None, lift_round=0, lift_opinion="")
                | Q(lifted_on__isnull=False, lift_round__gt=0) & ~Q(lift_opinion=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extent}：{'、'.join(self.words)}"

    @property
    def words(self) -> list[str]:
        """What was ordered, as the decision states it."""
        return [self.Kind(kind).label for kind in self.kinds]


class MeasuredHazard(models.Model):
    """措施所针对的隐患: a finding for which a measure was ordered."""

    measure = models.ForeignKey(OnsiteMeasure, models.PROTECT, related_name="hazards", verbose_name="现场处理措施")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+", verbose_name="问题")

    class Meta:
        verbose_name = verbose_name_plural = "措施所针对的隐患"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "finding"], name="inspection_measured_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure}：{self.finding}"


class Submission(models.Model):
    """来自手机的一次提交: its token is made on the device, so that what arrives twice counts once."""

    token = models.UUIDField("提交编号", unique=True)
    digest = models.CharField("内容校验值", max_length=64)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="submissions", verbose_name="检查")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="提交人")
    step = models.CharField("步骤", max_length=40)
    answer = models.JSONField("办理结果", default=dict, blank=True)
    at = models.DateTimeField("到达时间")

    class Meta:
        verbose_name = verbose_name_plural = "手机提交"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.token)
