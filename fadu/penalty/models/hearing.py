"""The hearing (行政处罚法 63–65) and the evidence registered and preserved (56)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fadu.org.models import Officer
from fadu.penalty.models.case import CaseParty, PenaltyCase
from fadu.procedure.models import Deadline


class Hearing(models.Model):
    """听证: who hosts, when and where, who came, and the report; one for each notice on which a party asked for it."""

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="hearings", verbose_name="案件")
    act_ordinal = models.PositiveIntegerField("次序")
    host = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="主持人")
    recorder = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="记录员")
    members = models.CharField("听证员", max_length=120, blank=True)
    held_at = models.DateTimeField("举行时间", null=True, blank=True)
    place = models.CharField("举行地点", max_length=120, blank=True)
    public = models.BooleanField("公开举行", default=True)
    closed_reason = models.CharField("不公开的理由", max_length=200, blank=True)
    held_on = models.DateField("实际举行日期", null=True, blank=True)
    attendance = models.JSONField("到场情况", default=dict)
    reported_on = models.DateField("报告日期", null=True, blank=True)
    opinion = models.TextField("听证意见", blank=True)

    class Meta:
        verbose_name = "听证"
        verbose_name_plural = "听证"
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(name="closed_with_reason", condition=Q(public=True) | ~Q(closed_reason="")),
            models.CheckConstraint(
                name="reported_after_held", condition=Q(reported_on=None) | Q(held_on__isnull=False)
            ),
        ]


class Preservation(models.Model):
    """先行登记保存: one batch of evidence, where it is kept and by whom, and the period in which it is decided on."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="preservations", verbose_name="当事人")
    on = models.DateField("登记保存日期")
    reason = models.TextField("理由")
    manner = models.CharField("保存方式", max_length=20)
    place = models.CharField("保存地点", max_length=120)
    custodian = models.CharField("保管人", max_length=60)
    deadline = models.ForeignKey(
        Deadline, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理期限"
    )

    class Meta:
        verbose_name = "先行登记保存"
        verbose_name_plural = "先行登记保存"
        ordering = ["party", "id"]


class PreservedItem(models.Model):
    """登记保存的证据物品 and the decision on it."""

    batch = models.ForeignKey(Preservation, models.PROTECT, related_name="items", verbose_name="批次")
    name = models.CharField("名称", max_length=120)
    spec = models.CharField("规格型号", max_length=120, blank=True)
    quantity = models.CharField("数量", max_length=40)
    condition = models.CharField("品级、形态", max_length=120, blank=True)
    disposal = models.CharField("处理决定", max_length=40, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    disposed_on = models.DateField("处理日期", null=True, blank=True)

    class Meta:
        verbose_name = "登记保存的证据物品"
        verbose_name_plural = "登记保存的证据物品"
        ordering = ["batch", "id"]
        constraints = [
            models.CheckConstraint(
                name="disposal_with_its_day",
                condition=Q(disposal="", disposed_on=None) | (~Q(disposal="") & Q(disposed_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.quantity}）"
