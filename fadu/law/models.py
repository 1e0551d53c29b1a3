"""The tables of the law floor: versions of statutes, penalty provisions, dated numbers, holiday notices."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q

from fadu.law.citations import Article, CitationError, Statute, parse, statute_named
from fadu.law.content.numbers import UNITS, Number
from fadu.law.content.penalties import sanction_from
from fadu.law.content.reading import Node
from fadu.law.content.versions import STATUTE_KINDS
from fadu.law.provisions import Kind
from fadu.law.provisions import Provision as ProvisionValue

CONFIDENCE_CHOICES = [
    ("source", "有公开来源"),
    ("text", "依法律文本"),
    ("analysis", "分析所得"),
    ("memory", "待核：凭记忆"),
    ("model", "样例"),
]


class Sourced(models.Model):
    """A fact, where it comes from and how far it is known."""

    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=10, choices=CONFIDENCE_CHOICES)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def unchecked(self) -> bool:
        """Whether it must be shown as not yet checked."""
        return self.confidence in {"memory", "model"}


def _dated(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{prefix}_until_after_since", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
    )


class StatuteVersion(Sourced):
    """One version of a statute and the days on which it is in force."""

    code = models.CharField("代号", max_length=40)
    title = models.CharField("名称", max_length=120)
    short = models.CharField("简称", max_length=80)
    kind = models.CharField("效力层级", max_length=20, choices=list(STATUTE_KINDS.items()))
    issuer = models.CharField("制定机关", max_length=80)
    event = models.CharField("版本", max_length=40)
    number = models.CharField("文号", max_length=60, blank=True)
    adopted = models.DateField("通过、公布日期", null=True, blank=True)
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    shipped = models.BooleanField("随软件发布", default=True, editable=False)

    class Meta:
        verbose_name = "法律版本"
        verbose_name_plural = "法律版本"
        ordering = ("code", "since")
        constraints = [
            models.UniqueConstraint(fields=("code", "since"), name="statute_version_once"),
            _dated("statute_version"),
        ]

    def __str__(self) -> str:
        return f"《{self.short}》（{self.event}，{self.since}）"

    @property
    def statute(self) -> Statute:
        """The statute as code cites it."""
        try:
            return statute_named(self.code)
        except CitationError:
            # A statute that came in through the importer and that no code cites.
            return Statute(self.code, self.short, self.title, self.since)


class Provision(Sourced):
    """A penalty provision in force from ``since`` until the day before ``until``; sanctions as in the content file."""

    key = models.CharField("编号", max_length=40)
    statute = models.CharField("法律代号", max_length=40)
    citation = models.CharField("条文", max_length=120)
    number = models.PositiveSmallIntegerField("条")
    paragraph = models.PositiveSmallIntegerField("款", null=True, blank=True)
    item = models.PositiveSmallIntegerField("项", null=True, blank=True)
    kind = models.CharField("性质", max_length=20, choices=[(kind.value, kind.title_zh) for kind in Kind])
    violation = models.CharField("违法行为", max_length=200)
    obligations = models.JSONField("义务条文", default=list, blank=True)
    sanctions = models.JSONField("处罚", default=list)
    authority = models.CharField("决定机关", max_length=200, blank=True)
    offences = models.JSONField("可能涉及的罪名", default=list, blank=True)
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "处罚规定"
        verbose_name_plural = "处罚规定"
        ordering = ("statute", "number", "paragraph", "item", "key")
        constraints = [
            models.UniqueConstraint(fields=("key", "since"), name="provision_once"),
            _dated("provision"),
        ]
        indexes = [models.Index(fields=("statute", "number"), name="provision_by_article")]

    def __str__(self) -> str:
        return f"{self.violation}（{self.citation}）"

    @property
    def article(self) -> Article:
        """Its place in the statute."""
        return parse(self.citation)

    @cached_property
    def value(self) -> ProvisionValue:
        """The provision as the pure checks take it."""
        return ProvisionValue(
            id=self.key,
            article=self.article,
            kind=Kind(self.kind),
            violation=self.violation,
            sanctions=tuple(
                sanction_from(Node("处罚规定", f"{self.key}[{index}]", sanction))
                for index, sanction in enumerate(self.sanctions)
            ),
            since=self.since,
            until=self.until,
            obligations=tuple(parse(text) for text in self.obligations),
            authority=self.authority,
            offences=tuple(self.offences),
            note=self.note,
            confidence=self.confidence,
        )


class Parameter(Sourced):
    """A number of law from a day on. A row is never edited: a newer row takes its place from the newer day.

    ``organ_id`` restricts it to one organ (and is no foreign key, since organs live on a floor above).
    """

    name = models.CharField("名称", max_length=60)
    title = models.CharField("事项", max_length=120)
    value = models.DecimalField("数值", max_digits=16, decimal_places=4)
    unit = models.CharField("单位", max_length=10, choices=list(UNITS.items()))
    organ_id = models.BigIntegerField("适用机关", null=True, blank=True)
    basis = models.JSONField("依据", default=list, blank=True)
    since = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    shipped = models.BooleanField("随软件发布", default=False, editable=False)

    class Meta:
        verbose_name = "法定数字"
        verbose_name_plural = "法定数字"
        ordering = ("name", "organ_id", "since")
        constraints = [
            # What the bureau enters stands beside what was shipped for the same day, and goes before it.
            models.UniqueConstraint(
                fields=("name", "organ_id", "since", "shipped"), name="parameter_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="parameter_not_negative", condition=Q(value__gte=0)),
            _dated("parameter"),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new row; TypeError for one that exists."""
        if not self._state.adding:
            raise TypeError("法定数字不修改：请新增一行，自新的施行日期起取代")
        super().save(*args, **kwargs)

    @property
    def number(self) -> Number:
        """The number as code takes it."""
        return Number(
            self.name,
            self.title,
            self.value,
            self.unit,
            self.since,
            self.until,
            tuple(parse(text) for text in self.basis),
            self.source,
            self.confidence,
            self.note,
            self.organ_id,
        )


class HolidayNotice(Sourced):
    """A notice of the State Council or its General Office on days of rest; ``order``: later ones of a year go before."""

    year = models.PositiveSmallIntegerField("年份")
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField("标题", max_length=120)
    issued = models.DateField("印发日期", null=True, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "放假通知"
        verbose_name_plural = "放假通知"
        ordering = ("year", "order")

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）"


class Holiday(models.Model):
    """One day that a notice makes a day of rest or of work."""

    notice = models.ForeignKey(HolidayNotice, models.CASCADE, related_name="days", verbose_name="通知")
    day = models.DateField("日期")
    rest = models.BooleanField("放假")
    name = models.CharField("节日", max_length=40)

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ("day",)
        constraints = [models.UniqueConstraint(fields=("notice", "day"), name="holiday_once_in_notice")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}{'放假' if self.rest else '上班'}"


class Edition(models.Model):
    """The state of a kind of content, so that what was reckoned from it knows when to be reckoned anew."""

    name = models.CharField("内容", max_length=20, primary_key=True)
    digest = models.CharField("版本", max_length=64)

    class Meta:
        verbose_name = "内容版本"
        verbose_name_plural = "内容版本"

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"


# The tables of the library have a module of their own; Django looks for them here.
from fadu.law.library.models import Passage, PendingText, StatuteText  # noqa: E402

__all__ = ["Passage", "PendingText", "StatuteText"]
