"""What a case keeps of fines by other organs, and of proposals that the government close an undertaking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fadu.penalty.models.case import CaseParty


class FineElsewhere(models.Model):
    """其他机关的罚款 (行政处罚法 29): a fine by an organ that does not keep its cases here, from its decision paper."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="fines_elsewhere", verbose_name="当事人")
    recorded_on = models.DateField("登记日期")
    organ = models.CharField("处罚机关", max_length=80)
    document = models.CharField("决定书文号", max_length=120)
    decided_on = models.DateField("决定日期")
    amount = models.DecimalField("罚款（元）", max_digits=14, decimal_places=2)
    cause = models.CharField("违法行为", max_length=120)
    basis = models.CharField("处罚依据", max_length=120)
    acted_on = models.DateField("违法行为发生之日")
    act_ended_on = models.DateField("违法行为终了之日", null=True, blank=True)
    sha256 = models.CharField("决定书文件校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "其他机关的罚款"
        ordering: ClassVar = ["party", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="fine_elsewhere_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="fine_elsewhere_days_in_order",
                condition=Q(act_ended_on=None) | Q(act_ended_on__gte=models.F("acted_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ}（{self.document}）"


class ClosureProposal(models.Model):
    """提请关闭 (安全生产法 113): what it rests on, to which government, and what that government decided."""

    class Outcome(models.TextChoices):
        CLOSED = "closed", "予以关闭"
        REFUSED = "refused", "不予关闭"

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="closures", verbose_name="当事人")
    proposed_on = models.DateField("提请日期")
    government = models.CharField("人民政府", max_length=80)
    hazards = models.JSONField("重大事故隐患", default=list)
    penalties = models.JSONField("计入的处罚", default=list)
    reason = models.TextField("理由")
    outcome = models.CharField("决定", max_length=10, choices=Outcome, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.CharField("签发人", max_length=60, blank=True)
    document = models.CharField("决定文号", max_length=120, blank=True)
    sha256 = models.CharField("决定文件校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提请关闭"
        ordering: ClassVar = ["party", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party"], condition=Q(outcome=""), name="one_closure_waiting"),
            models.CheckConstraint(
                name="closure_decided_by_name",
                condition=Q(outcome="", decided_on=None)
                | ~Q(outcome="") & Q(decided_on__isnull=False) & ~Q(decided_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}：{self.get_outcome_display() or '等待决定'}"
