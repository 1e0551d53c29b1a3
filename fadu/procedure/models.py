"""The rows of a running procedure: the matter, its officers, acts, periods, applications and comments."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from fadu.document.models import CaseFile, Paper
from fadu.kernel.grams import folded, grams
from fadu.law.citations import Article
from fadu.org.models import Officer, Organ
from fadu.power.models import PowerItem
from fadu.procedure.declare import Bound, Duty, Procedure, Step


class Matter(models.Model):
    """一件事项: runs under one version of one procedure and keeps it, whatever versions come later."""

    procedure_key = models.CharField("程序版本", max_length=80)
    state = models.CharField("状态", max_length=40)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="matters", verbose_name="办理机关")
    case_file = models.OneToOneField(CaseFile, models.PROTECT, related_name="matter", verbose_name="案卷")
    power = models.ForeignKey(
        PowerItem, models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="职权事项"
    )
    title = models.CharField("名称", max_length=200)
    party_names = models.CharField("当事人", max_length=400, blank=True)
    opened_on = models.DateField("发起日期")
    filed_on = models.DateField("立案（批准）日期", null=True, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    revision = models.PositiveIntegerField("版次", default=0)
    awaiting = ArrayField(models.CharField(max_length=20), default=list, verbose_name="等待的岗位")
    next_day = models.DateField("最近的届满日", null=True, blank=True)
    late_count = models.PositiveSmallIntegerField("逾期次数", default=0)
    search_text = models.CharField("检索用文", max_length=620, default="", editable=False)
    grams = ArrayField(models.CharField(max_length=2), default=list, editable=False, verbose_name="检索用字")

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        indexes = [
            models.Index(fields=["organ", "procedure_key", "state"]),
            models.Index(fields=["organ", "-id"]),
            GinIndex(fields=["awaiting"]),
            GinIndex(fields=["grams"], name="matter_grams"),
            # the ledger's own order, read from either end
            models.Index(F("organ"), F("filed_on").desc(nulls_last=True), F("id").desc(), name="matter_by_filing"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search pieces in step with title and parties."""
        named = kwargs.get("update_fields")
        if named is None or {"title", "party_names"} & set(named):
            self.search_text = f"{folded(self.title)} {folded(self.party_names)}"
            self.grams = grams(self.title, self.party_names)
            if named is not None:
                kwargs["update_fields"] = {*named, "search_text", "grams"}
        super().save(*args, **kwargs)

    @property
    def procedure(self) -> type[Procedure]:
        """The declaration that the matter runs under."""
        return Procedure.registry[self.procedure_key]

    @property
    def code(self) -> str:
        """The procedure's code without its version."""
        return self.procedure_key.partition("@")[0]

    @property
    def chain(self) -> str:
        """The key of the matter's chain in the record."""
        return f"{self.code}/{self.pk}"

    @property
    def stage(self) -> Enum:
        """The present state as a member of the declaration's enum."""
        return self.procedure.State[self.state]

    @property
    def is_open(self) -> bool:
        """Is the matter still to be acted on?"""
        return self.stage not in self.procedure.final


class Assignment(models.Model):
    """承办: an officer handles a matter from a day on, until taken off it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments", verbose_name="事项")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="assignments", verbose_name="承办人")
    from_date = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    reason = models.CharField("变更原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "承办"
        verbose_name_plural = "承办"
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "officer"], condition=Q(until=None), name="one_running_assignment"
            ),
            models.CheckConstraint(
                name="assignment_days_in_order", condition=Q(until=None) | Q(until__gte=F("from_date"))
            ),
        ]


class Act(models.Model):
    """一个已经作出的行为: what the one door has let through; its proof is the journal entry of the same hash."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="acts", verbose_name="事项")
    step = models.CharField("步骤", max_length=60)
    title = models.CharField("名称", max_length=60)
    ordinal = models.PositiveIntegerField("次序")
    on = models.DateField("日期")
    at = models.DateTimeField("时间")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="acts", verbose_name="作出人")
    duty = models.CharField("职责", max_length=20, choices=[(d.name, d.value) for d in Duty], default=Duty.OTHER.name)
    party = models.PositiveSmallIntegerField("当事人序号", null=True, blank=True)
    from_state = models.CharField("原状态", max_length=40)
    to_state = models.CharField("现状态", max_length=40)
    data = models.JSONField("填写内容", default=dict)
    late = models.JSONField("逾期", default=dict, blank=True)
    entry_hash = models.CharField("记录校验值", max_length=64)

    class Meta:
        verbose_name = "行为"
        verbose_name_plural = "行为"
        ordering = ["matter", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["matter", "ordinal"], name="acts_in_order")]


class Deadline(models.Model):
    """期间: a statutory period of a matter, from the day it starts to its last day."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="deadlines", verbose_name="事项")
    name = models.CharField("名称", max_length=60)
    party = models.PositiveSmallIntegerField("当事人序号", null=True, blank=True)
    bound = models.CharField("性质", max_length=12, choices=[(b.name, b.value) for b in Bound])
    n = models.PositiveIntegerField("数")
    unit = models.CharField("单位", max_length=10)
    basis = ArrayField(models.CharField(max_length=80), verbose_name="依据")
    confidence = models.CharField("可信程度", max_length=12, default="text")
    starts_on = models.DateField("起算日")
    starts_at = models.DateTimeField("起算时刻", null=True, blank=True)
    last_day = models.DateField("届满日")
    provisional = models.BooleanField("暂定", default=False)
    pauses = models.JSONField("中止", default=list, blank=True)
    paused_since = models.DateField("中止自", null=True, blank=True)
    extensions = models.JSONField("延长", default=list, blank=True)
    ended_on = models.DateField("办结日", null=True, blank=True)
    cancelled_on = models.DateField("取消日", null=True, blank=True)
    late_reason = models.TextField("逾期的理由", blank=True)
    alarmed_on = models.DateField("已提醒日", null=True, blank=True)

    class Meta:
        verbose_name = "期间"
        verbose_name_plural = "期间"
        ordering = ["last_day", "id"]
        indexes = [
            models.Index(fields=["last_day"], condition=Q(ended_on=None, cancelled_on=None), name="running_deadlines")
        ]
        constraints = [
            models.CheckConstraint(name="deadline_ends_after_start", condition=Q(last_day__gte=F("starts_on"))),
        ]

    @property
    def is_late(self) -> bool:
        """Was it met after its last day? That mark stays for ever."""
        return self.ended_on is not None and self.ended_on > self.last_day and self.bound == Bound.DUTY.name

    def state(self, on: date) -> str:
        """running, paused, met, late (met late), expired or cancelled, as of ``on``."""
        if self.cancelled_on:
            return "cancelled"
        if self.ended_on:
            return "late" if self.is_late else "met"
        if self.paused_since:
            return "paused"
        return "expired" if on > self.last_day else "running"


class Application(models.Model):
    """审批: an act that the law gives to the head, proposed by two officers and decided along a chain."""

    class Status(models.TextChoices):
        COSIGN = "cosign", "待共同承办人签署"
        PENDING = "pending", "审批中"
        RETURNED = "returned", "已退回"
        GRANTED = "granted", "已批准"
        WITHDRAWN = "withdrawn", "已撤回"

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="applications", verbose_name="事项")
    step = models.CharField("步骤", max_length=60)
    title = models.CharField("名称", max_length=60)
    data = models.JSONField("填写内容", default=dict)
    late_reason = models.TextField("逾期的理由", blank=True)
    opinion = models.TextField("承办人意见", blank=True)
    drafts = models.JSONField("文书草稿", default=list)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.COSIGN)
    stages = models.JSONField("审批环节", default=list)
    stage = models.PositiveSmallIntegerField("当前环节", default=0)
    submitted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="承办人")
    submitted_at = models.DateTimeField("提交时间")
    cosigner = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="共同承办人")
    cosigned_at = models.DateTimeField("签署时间", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="修改自"
    )

    class Meta:
        verbose_name = "审批"
        verbose_name_plural = "审批"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "step"],
                condition=Q(status__in=["cosign", "pending"]),
                name="one_open_application_a_step",
            )
        ]

    @property
    def is_open(self) -> bool:
        """Is it still under way?"""
        return self.status in (self.Status.COSIGN, self.Status.PENDING)

    @property
    def declared(self) -> Step:
        """The step that it asks for."""
        return self.matter.procedure.steps[self.step]

    @property
    def role(self) -> str:
        """The key of the role whose turn it is, or empty."""
        return self.stages[self.stage]["role"] if self.status == self.Status.PENDING else ""


class Opinion(models.Model):
    """审批意见: agreed, or returned with reasons, by a named person at one stage."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="opinions", verbose_name="审批")
    stage = models.PositiveSmallIntegerField("环节")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="签署人")
    post = models.CharField("职务", max_length=60)
    agreed = models.BooleanField("同意")
    reason = models.TextField("意见")
    on = models.DateField("日期")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审批意见"
        verbose_name_plural = "审批意见"
        ordering = ["id"]


class Recusal(models.Model):
    """回避: asked for by the officer or a party, decided by the head (行政处罚法 43)."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="recusals", verbose_name="事项")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="recusals", verbose_name="被申请回避的人员")
    asked_by = models.CharField("申请人", max_length=80)
    reason = models.TextField("理由")
    asked_on = models.DateField("申请日期")
    granted = models.BooleanField("是否回避", null=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision = models.TextField("决定理由", blank=True)

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = "回避"
        constraints = [
            models.CheckConstraint(
                name="recusal_decided_together",
                condition=Q(granted=None, decided_on=None) | Q(granted__isnull=False, decided_on__isnull=False),
            )
        ]


class Comment(models.Model):
    """办案日志: a note by a named person on a matter; never changed, never a step."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="comments", verbose_name="事项")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="作者")
    at = models.DateTimeField("时间")
    text = models.TextField("内容")

    class Meta:
        verbose_name = "日志"
        verbose_name_plural = "日志"
        ordering = ["id"]


class ApprovalChain(models.Model):
    """审批链: who agrees before the head decides, dated data per organ and act."""

    name = models.CharField("审批事项", max_length=40)
    title = models.CharField("名称", max_length=60)
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, verbose_name="机关", help_text="空着的，各机关通用。"
    )
    officers = models.PositiveSmallIntegerField("承办人数", default=2)
    stages = models.JSONField("环节", help_text='如 [{"role": "reviewer", "title": "审核意见"}]')
    from_date = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("来源", max_length=200)
    confidence = models.CharField("可信程度", max_length=12)

    class Meta:
        verbose_name = "审批链"
        verbose_name_plural = "审批链"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "organ", "from_date"], name="one_chain_a_day", nulls_distinct=False
            ),
        ]


class MatterPaper(models.Model):
    """Which act made which paper, so that a paper opens to its act."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="papers", verbose_name="行为")
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="made_by", verbose_name="文书")

    class Meta:
        verbose_name = "行为的文书"
        verbose_name_plural = "行为的文书"


def as_text(articles: tuple[Article, ...]) -> list[str]:
    """Articles as the strings that rows keep."""
    return [str(article) for article in articles]
