"""The tables of the library: the text of a version, its passages with their search index, and uploads to be confirmed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fadu.kernel import clock
from fadu.law.library.tree import Heading, Level, Paragraph, from_json


class StatuteText(models.Model):
    """The text of one version of a statute as it was imported."""

    version = models.OneToOneField("law.StatuteVersion", models.PROTECT, related_name="text", verbose_name="版本")
    title = models.CharField("名称", max_length=120)
    notes = models.JSONField("题注", default=list)
    outline = models.JSONField("编章节", default=list)
    footnotes = models.JSONField("脚注", default=list)
    listed = models.BooleanField("以一、二、编号", default=False)
    clause_count = models.PositiveIntegerField("条数")
    digest = models.CharField("校验值", max_length=64)
    file_name = models.CharField("文件名", max_length=255)
    imported_at = models.DateTimeField("导入时间", default=clock.now)
    imported_by = models.CharField("导入人", max_length=100)

    class Meta:
        verbose_name = "法律文本"
        verbose_name_plural = "法律文本"

    def __str__(self) -> str:
        return f"《{self.title}》文本（{self.clause_count}条）"

    @property
    def headings(self) -> list[Heading]:
        """The headings, in the order to which the paths of the passages point."""
        return [Heading(Level[level], number, title) for level, number, title in self.outline]


class PassageKind(models.TextChoices):
    """What a passage is."""

    CLAUSE = "clause", "条"
    PREAMBLE = "preamble", "序言"
    ANNEX = "annex", "附件"


class Passage(models.Model):
    """One article of a text (or its preamble, or an annex), which is what search finds and a page shows."""

    Kind = PassageKind

    text = models.ForeignKey(StatuteText, models.CASCADE, related_name="passages", verbose_name="文本")
    order = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=10, choices=PassageKind.choices)
    number = models.PositiveSmallIntegerField("条", default=0)
    bis = models.PositiveSmallIntegerField("之", default=0)
    label = models.CharField("标号", max_length=120)
    path = models.JSONField("所在编章节", default=list)
    body = models.JSONField("款项目", default=list)
    search_text = models.TextField("检索文字", editable=False)
    grams = ArrayField(models.CharField(max_length=2), editable=False, verbose_name="检索用字")

    class Meta:
        verbose_name = "条文"
        verbose_name_plural = "条文"
        ordering = ("text", "order")
        constraints = [
            models.UniqueConstraint(fields=("text", "order"), name="passage_once"),
            models.UniqueConstraint(
                fields=("text", "number", "bis"), condition=models.Q(kind="clause"), name="passage_article_once"
            ),
        ]
        indexes = [GinIndex(fields=["grams"], name="passage_grams", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.text.title}{self.label}"

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """款, 项, 目."""
        return from_json(self.body)

    @property
    def key(self) -> str:
        """As in ``Article.key``: 57, 134-1."""
        return f"{self.number}-{self.bis}" if self.bis else str(self.number)


class PendingText(models.Model):
    """A file that an administrator has uploaded and not yet confirmed; nothing of it is in the library."""

    user_id = models.BigIntegerField("上传账号")
    name = models.CharField("文件名", max_length=255)
    content = models.BinaryField("内容")
    since = models.DateField("指定的施行日期", null=True, blank=True)
    uploaded_at = models.DateTimeField("上传时间", default=clock.now)

    class Meta:
        verbose_name = "待导入文本"
        verbose_name_plural = "待导入文本"
        ordering = ("name", "pk")
        indexes = [models.Index(fields=("user_id",), name="pending_text_of")]

    def __str__(self) -> str:
        return self.name
