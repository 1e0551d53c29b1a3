"""The tables of the discretion floor: versions of benchmark sets, their tables, and files waiting to be confirmed."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from fadu.discretion.benchmarks import reading
from fadu.discretion.benchmarks.declare import Bands, Fact, Leniency
from fadu.discretion.benchmarks.declare import Benchmark as Table
from fadu.law.content.reading import node_of
from fadu.law.models import CONFIDENCE_CHOICES
from fadu.org.models import Officer, Organ


class BenchmarkSet(models.Model):
    """裁量基准（一个版本）: drafted, reviewed and published by three people; published, it is never edited again."""

    class Status(models.TextChoices):
        DRAFT = "draft", "起草"
        REVIEWED = "reviewed", "已审核"
        PUBLISHED = "published", "已公布"

    title = models.CharField("名称", max_length=120)
    issuer = models.CharField("制定机关", max_length=80)
    number = models.CharField("文号", max_length=60, blank=True)
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="benchmark_sets", verbose_name="适用机关",
        help_text="本机关和没有自己基准的下级机关适用。",
    )  # fmt: skip
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    bands = models.JSONField("从轻、从重的比例", default=dict)
    facts = models.JSONField("从轻、从重情节", default=list)
    leniencies = models.JSONField("不予处罚清单", default=list)
    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=10, choices=CONFIDENCE_CHOICES)
    note = models.CharField("说明", max_length=500, blank=True)
    digest = models.CharField("内容校验值", max_length=64, blank=True)
    drafted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_on = models.DateField("起草日期")
    reviewed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    reviewed_on = models.DateField("审核日期", null=True, blank=True)
    published_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人"
    )
    published_on = models.DateField("公布日期", null=True, blank=True)
    ended_on = models.DateField("停止适用日期", null=True, blank=True)
    ended_reason = models.CharField("停止适用的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "裁量基准"
        verbose_name_plural = "裁量基准"
        ordering: ClassVar = ["-since", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="benchmark_set_until_after_since", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="benchmark_set_by_three_people",
                condition=Q(status="draft")
                | Q(status="reviewed", reviewed_by__isnull=False, reviewed_on__isnull=False)
                & ~Q(reviewed_by=F("drafted_by"))
                | Q(
                    status="published",
                    reviewed_by__isnull=False,
                    published_by__isnull=False,
                    published_on__isnull=False,
                )
                & ~Q(reviewed_by=F("drafted_by"))
                & ~Q(published_by=F("drafted_by"))
                & ~Q(published_by=F("reviewed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title

    @property
    def chain(self) -> str:
        """The chain of the record in which its making is written."""
        return f"discretion.set/{self.pk}"

    @property
    def unchecked(self) -> bool:
        """Whether it must be shown as not a published norm."""
        return self.confidence in {"memory", "model"}

    @cached_property
    def band_values(self) -> Bands:
        """The shares as the judging takes them."""
        return reading.read_bands(node_of(self.title, "bands", self.bands))

    @cached_property
    def fact_values(self) -> tuple[Fact, ...]:
        """The facts as the weighing takes them."""
        return tuple(reading.read_fact(node_of(self.title, f"facts[{i}]", one)) for i, one in enumerate(self.facts))

    @cached_property
    def leniency_values(self) -> tuple[Leniency, ...]:
        """The lists of no penalty."""
        return tuple(
            reading.read_leniency(node_of(self.title, f"leniencies[{i}]", one)) for i, one in enumerate(self.leniencies)
        )

    def in_force(self, on: date) -> bool:
        """Whether it is published and applies on that day (a later version apart)."""
        ends = [day for day in (self.until, self.ended_on) if day]
        return self.status == self.Status.PUBLISHED and self.since <= on and all(on < day for day in ends)


class Benchmark(models.Model):
    """裁量基准表: the table of one violation, as a mapping that files, xlsx and the judging share."""

    set = models.ForeignKey(BenchmarkSet, models.CASCADE, related_name="benchmarks", verbose_name="裁量基准")
    code = models.CharField("编号", max_length=20)
    position = models.PositiveSmallIntegerField("次序", default=0)
    violation = models.CharField("违法行为", max_length=200, blank=True)
    basis = models.CharField("处罚依据", max_length=120, blank=True)
    provisions = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="处罚规定")
    body = models.JSONField("内容")
    confidence = models.CharField("可信程度", max_length=10)
    since = models.DateField("施行日期", null=True, blank=True)
    until = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "裁量基准表"
        verbose_name_plural = "裁量基准表"
        ordering: ClassVar = ["set", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["set", "code"], name="benchmark_once_in_set")]
        indexes: ClassVar = [GinIndex(fields=["provisions"], name="benchmark_by_provision")]

    def __str__(self) -> str:
        return f"{self.code} {self.violation}"

    @cached_property
    def value(self) -> Table:
        """The table as the judging takes it."""
        return reading.read_benchmark(node_of(str(self.set_id), self.code, self.body))

    @property
    def unchecked(self) -> bool:
        """Whether it must be shown as not confirmed."""
        return self.confidence in {"memory", "model"}


class PendingFile(models.Model):
    """待确认的基准文件: what an xlsx was read as, until somebody confirms or discards it."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机关")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")
    name = models.CharField("文件名", max_length=200)
    content = models.JSONField("读出的内容", default=dict)
    errors = models.JSONField("错误", default=list)

    class Meta:
        verbose_name = "待确认的基准文件"
        verbose_name_plural = "待确认的基准文件"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def tables(self) -> list[dict[str, Any]]:
        """The tables that were read."""
        return list(self.content.get("benchmarks", ()))
