"""How the benchmark was applied to one party: version, tier with its trace, ranges, the amount chosen and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fadu.discretion.benchmarks.declare import Direction, Payer, Range
from fadu.discretion.models import Benchmark
from fadu.law.provisions import Stage
from fadu.penalty.models.case import CaseParty


class CaseDiscretion(models.Model):
    """裁量: computed from the circumstances entered and the party's history; kept as it was computed."""

    party = models.OneToOneField(CaseParty, models.CASCADE, related_name="discretion", verbose_name="当事人")
    benchmark = models.ForeignKey(Benchmark, models.PROTECT, related_name="uses", verbose_name="裁量基准表")
    payer = models.CharField("对象", max_length=10, choices=[(p.value, p.title_zh) for p in Payer])
    stage = models.CharField("情形", max_length=24, choices=[(s.value, s.title_zh) for s in Stage])
    values = models.JSONField("认定的情形")
    level = models.CharField("阶次", max_length=40)
    condition = models.TextField("适用条件")
    trace = models.JSONField("适用和不适用各档的理由")
    direction = models.CharField("裁量方向", max_length=10, choices=[(d.value, d.title_zh) for d in Direction])
    facts = models.JSONField("计入的情节", default=list)
    dropped = models.JSONField("不重复计入的情节", default=list)
    history = models.JSONField("十二个月内的处罚", default=list)
    statutory = models.CharField("法定幅度", max_length=80, blank=True)
    tier = models.CharField("本档幅度", max_length=80)
    lower = models.DecimalField("幅度下限（元）", max_digits=16, decimal_places=2)
    upper = models.DecimalField("幅度上限（元）", max_digits=16, decimal_places=2)
    upper_in = models.BooleanField("含上限", default=True)
    chosen = models.DecimalField("确定的罚款（元）", max_digits=16, decimal_places=2)
    reason = models.TextField("确定数额的理由")
    departed = models.BooleanField("偏离裁量基准", default=False)
    departure = models.TextField("偏离的理由", blank=True)
    on = models.DateField("裁量日期")

    class Meta:
        verbose_name = "裁量"
        verbose_name_plural = "裁量"
        constraints: ClassVar = [
            models.CheckConstraint(name="departed_with_its_reason", condition=Q(departed=False) | ~Q(departure="")),
            models.CheckConstraint(
                name="discretion_range_in_order", condition=Q(lower__gte=0) & Q(upper__gte=models.F("lower"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benchmark_id} {self.level}"

    @property
    def open(self) -> Range:
        """The fines that the benchmark leaves open."""
        return Range(self.lower, self.upper, self.upper_in)
