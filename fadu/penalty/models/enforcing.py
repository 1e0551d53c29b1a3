"""What follows the decision: deferral, reconsideration and lawsuit, the court's rulings (行政处罚法 66, 72, 73)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fadu.penalty.models.case import CaseParty


class Deferral(models.Model):
    """暂缓、分期缴纳: what was approved on a party's application (66 II)."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="deferrals", verbose_name="当事人")
    approved_on = models.DateField("批准日期")
    manner = models.CharField("方式", max_length=4, choices=[(v, v) for v in ("延期", "分期")])
    reason = models.TextField("申请的理由")
    instalments = models.JSONField("缴纳安排")
    until = models.DateField("最后期限")
    sha256 = models.CharField("申请书校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "暂缓、分期缴纳"
        verbose_name_plural = "暂缓、分期缴纳"
        ordering = ["party", "id"]


class Remedy(models.Model):
    """行政复议、行政诉讼 of one party, and its result; while it runs no surcharge is counted (73 III)."""

    class Kind(models.TextChoices):
        RECONSIDERATION = "行政复议", "行政复议"
        LAWSUIT = "行政诉讼", "行政诉讼"

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="remedies", verbose_name="当事人")
    kind = models.CharField("种类", max_length=8, choices=Kind)
    body = models.CharField("受理机关", max_length=80)
    filed_on = models.DateField("提起日期")
    document = models.CharField("受理文书名称、文号", max_length=120)
    sha256 = models.CharField("受理文书校验值", max_length=64, blank=True)
    ended_on = models.DateField("结果生效日期", null=True, blank=True)
    result = models.CharField("结果", max_length=12, blank=True)
    result_document = models.CharField("结果文书名称、文号", max_length=120, blank=True)
    result_sha256 = models.CharField("结果文书校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "复议、诉讼"
        verbose_name_plural = "复议、诉讼"
        ordering = ["party", "id"]
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=Q(ended_on=None), name="one_open_remedy_a_party"),
            models.CheckConstraint(
                name="result_with_its_day",
                condition=Q(ended_on=None, result="") | (Q(ended_on__isnull=False) & ~Q(result="")),
            ),
        ]


class CourtRuling(models.Model):
    """法院裁定和执行情况 on one application (行政强制法 56–58)."""

    RULINGS = ("受理", "不予受理", "准予执行", "不予执行", "执行中止", "执行完毕", "终结执行")

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="rulings", verbose_name="当事人")
    on = models.DateField("日期")
    court = models.CharField("人民法院", max_length=80)
    ruling = models.CharField("内容", max_length=8, choices=[(v, v) for v in RULINGS])
    document = models.CharField("文书名称、文号", max_length=120)
    sha256 = models.CharField("文书校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "法院裁定和执行情况"
        verbose_name_plural = "法院裁定和执行情况"
        ordering = ["party", "id"]
