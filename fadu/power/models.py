"""Lists of powers and responsibilities, and their items; what is published no longer changes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fadu.law.models import CONFIDENCE_CHOICES, Sourced
from fadu.org.constraints import three_persons
from fadu.org.models import Officer, Organ
from fadu.power.classes import PowerClass, Risk
from fadu.power.content import Item


class PowerList(Sourced):
    """权责清单: one edition for an organ and the organs below it (for all where no organ is named)."""

    class State(models.TextChoices):
        """Drafted, examined, published; published for good."""

        DRAFT = "draft", "拟定中"
        REVIEWED = "reviewed", "已审核"
        PUBLISHED = "published", "已公布"

    code = models.CharField("编号", max_length=40)
    title = models.CharField("名称", max_length=100)
    organ = models.ForeignKey(
        Organ, models.PROTECT, null=True, blank=True, related_name="power_lists", verbose_name="机关"
    )
    issuer = models.CharField("发布机关", max_length=80)
    document = models.CharField("文号", max_length=100)
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
        verbose_name = verbose_name_plural = "权责清单"
        ordering: ClassVar = ["-from_date", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "organ"], name="power_list_code_once", nulls_distinct=False),
            models.UniqueConstraint(
                fields=["organ", "from_date"], condition=Q(state="published"), name="power_list_one_from_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="power_list_until_after_from", condition=Q(until=None) | Q(until__gt=F("from_date"))
            ),
            models.CheckConstraint(
                name="power_list_published_with_its_day",
                condition=~Q(state="published") | (Q(published_on__isnull=False) & ~Q(digest="")),
            ),
            *three_persons("power_list"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def chain(self) -> str:
        """The key of the list's own chain in the record."""
        return f"power.list/{self.pk}"

    @property
    def is_open(self) -> bool:
        """May its items still be changed?"""
        return self.state == self.State.DRAFT


class PowerItem(models.Model):
    """职权事项: one power with its basis, who holds it, and the days on which it is in force."""

    listed = models.ForeignKey(PowerList, models.CASCADE, related_name="items", verbose_name="清单")
    ordinal = models.PositiveSmallIntegerField("次序")
    code = models.CharField("编码", max_length=20)
    cls = models.CharField("类别", max_length=8, choices=[(c.value, c.value) for c in PowerClass])
    name = models.CharField("职权名称", max_length=200)
    group = models.CharField("主项", max_length=200, blank=True)
    bases = ArrayField(models.CharField(max_length=150), default=list, verbose_name="依据")
    levels = ArrayField(models.CharField(max_length=4), default=list, verbose_name="行使层级")
    office = models.CharField("承办机构", max_length=60)
    posts = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="责任岗位")
    risk = models.CharField("风险等级", max_length=2, choices=[(r.value, r.value) for r in Risk])
    procedure = models.CharField("办理程序", max_length=40, blank=True)
    flow = models.CharField("流程样式", max_length=40, blank=True)
    sectors = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name="监管行业")
    reasons = ArrayField(models.CharField(max_length=10), default=list, blank=True, verbose_name="检查来源")
    general = models.BooleanField("各行业通用", default=False)
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=10, choices=CONFIDENCE_CHOICES)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "职权事项"
        ordering: ClassVar = ["listed", "ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listed", "code", "since"], name="power_item_once"),
            models.CheckConstraint(
                name="power_item_until_after_since", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["code"], name="power_item_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def unchecked(self) -> bool:
        """Whether it must be shown as not yet checked."""
        return self.confidence in {"memory", "model"}

    @property
    def value(self) -> Item:
        """The item as the pure parts take it."""
        return Item(
            code=self.code, cls=PowerClass(self.cls), name=self.name, bases=tuple(self.bases), levels=tuple(self.levels),
            office=self.office, risk=Risk(self.risk), since=self.since, until=self.until, source=self.source,
            confidence=self.confidence, group=self.group, note=self.note, procedure=self.procedure, flow=self.flow,
            posts=tuple(self.posts), sectors=tuple(self.sectors), reasons=tuple(self.reasons), general=self.general,
        )  # fmt: skip
