"""Warnings as they came in, word for word, with their bytes and how they stand among the others; and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q

from fadu.kernel import clock
from fadu.org.models import Officer


class Warning(models.Model):
    """预警: one message. It is relayed, never edited (气象法 22); only its standing among the others ever changes."""

    class Kind(models.TextChoices):
        """What it may set going; follows from the message's status alone."""

        REAL = "real", "实战"
        DRILL = "drill", "演练"
        TECHNICAL = "technical", "技术"

    class Standing(models.TextChoices):
        """How it stands among the others."""

        CURRENT = "current", "有效"
        SUPERSEDED = "superseded", "已被更新"
        CANCELLED = "cancelled", "已解除"
        NOTICE = "notice", "解除或者回执"
        QUARANTINED = "quarantined", "已隔离"

    identifier = models.CharField("标识", max_length=200)
    sender = models.CharField("发布者", max_length=200)
    sent = models.DateTimeField("发布时间")
    form = models.CharField("报文格式", max_length=40)
    status = models.CharField("状态", max_length=10)
    msg_type = models.CharField("报文类型", max_length=10)
    kind = models.CharField("性质", max_length=10, choices=Kind)
    sender_name = models.CharField("发布单位", max_length=200, blank=True)
    event = models.CharField("事件", max_length=200, blank=True)
    signal = models.CharField("信号种类", max_length=40, blank=True)
    colour = models.CharField("最高颜色", max_length=1, blank=True)
    headline = models.TextField("标题", blank=True)
    description = models.TextField("内容", blank=True)
    instruction = models.TextField("防御指南", blank=True)
    effective = models.DateTimeField("生效时间", null=True, blank=True)
    expires = models.DateTimeField("失效时间", null=True, blank=True)
    problems = models.JSONField("需由人核对", default=list, blank=True)
    signature = models.CharField("签名", max_length=12)
    standing = models.CharField("效力", max_length=12, choices=Standing)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="更新或者解除它的报文"
    )
    quarantine = models.TextField("隔离原因", blank=True)
    raw = models.BinaryField("原报文")
    sha256 = models.CharField("原报文 SHA-256", max_length=64)
    received_at = models.DateTimeField("收到时间", default=clock.now)
    received_by = models.CharField("录入", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预警"
        default_permissions = ()
        ordering: ClassVar = ["-sent", "-id"]
        constraints: ClassVar = [
            # a message in quarantine does not keep the right one out
            models.UniqueConstraint(
                fields=["sender", "identifier", "sent"], condition=~Q(standing="quarantined"), name="warning_once"
            ),
            models.UniqueConstraint(fields=["sha256"], name="warning_bytes_once"),
            models.CheckConstraint(
                name="warning_quarantined_with_reason",
                condition=(Q(standing="quarantined") & ~Q(quarantine="")) | ~Q(standing="quarantined"),
            ),
            models.CheckConstraint(name="warning_colour", condition=Q(colour__in=["", "蓝", "黄", "橙", "红"])),
        ]

    def __str__(self) -> str:
        return self.headline or f"{self.event}（{self.identifier}）"

    @property
    def signature_said(self) -> str:
        """What came of the signature, for people."""
        said = {"none": "没有签名", "good": "签名无误", "bad": "签名有误", "unverifiable": "签名无法核验"}
        return said.get(self.signature, self.signature)

    @property
    def is_drill(self) -> bool:
        """Whether it was sent as an exercise."""
        return self.kind == self.Kind.DRILL


class WarningArea(models.Model):
    """覆盖范围: a division the warning is for, the highest ones only, with the colour for it."""

    class How(models.TextChoices):
        """How it was recognised."""

        EXACT = "exact", "区划代码"
        NEAR = "near", "图形内的代表点"

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="areas", verbose_name="预警")
    code = models.CharField("区划代码", max_length=12)
    colour = models.CharField("颜色", max_length=1, blank=True)
    how = models.CharField("认定方式", max_length=5, choices=How)

    class Meta:
        verbose_name = verbose_name_plural = "覆盖范围"
        default_permissions = ()
        ordering: ClassVar = ["warning", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["warning", "code"], name="warning_area_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.colour}"


class WarningReference(models.Model):
    """引用: a message that this one names; ``target`` once we have it."""

    warning = models.ForeignKey(Warning, models.CASCADE, related_name="references", verbose_name="预警")
    sender = models.CharField("发布者", max_length=200)
    identifier = models.CharField("标识", max_length=200)
    sent = models.DateTimeField("发布时间")
    target = models.ForeignKey(
        Warning, models.PROTECT, null=True, blank=True, related_name="named_by", verbose_name="所指报文"
    )

    class Meta:
        verbose_name = verbose_name_plural = "引用"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning", "sender", "identifier", "sent"], name="warning_reference_once")
        ]

    def __str__(self) -> str:
        return self.identifier


class Source(models.Model):
    """预警来源: a feed that is asked, a folder that is watched or the door for pushes, and when it was last heard."""

    class Kind(models.TextChoices):
        """How messages come from it."""

        FEED = "feed", "预警列表"
        FOLDER = "folder", "文件夹"
        PUSH = "push", "推送"

    kind = models.CharField("种类", max_length=6, choices=Kind)
    address = models.CharField("地址", max_length=500, unique=True)
    since = models.DateTimeField("启用时间")
    tried_at = models.DateTimeField("最近查看", null=True, blank=True)
    heard_at = models.DateTimeField("最近回应", null=True, blank=True)
    renewed_at = models.DateTimeField("列表更新时间", null=True, blank=True)
    silent_since = models.DateTimeField("中断自", null=True, blank=True)
    error = models.CharField("问题", max_length=300, blank=True)
    etag = models.CharField("实体标签（ETag）", max_length=200, blank=True)
    modified = models.CharField("修改时间（Last-Modified）", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预警来源"
        default_permissions = ()
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """For people: of a feed its host only, since an address may carry a password; there is one door for pushes."""
        if self.kind == self.Kind.PUSH:
            return self.get_kind_display()
        place = urlsplit(self.address).hostname if self.kind == self.Kind.FEED else Path(self.address).name
        return f"{self.get_kind_display()}（{place}）"


class Refusal(models.Model):
    """不收的报文: what came and was refused, with its bytes. It never becomes a warning, and is only counted and looked at.

    The database itself lets nothing of it be changed but the count, and a look once (migration 0003).
    """

    class Level(models.TextChoices):
        """Where it failed: the levels of the standard's judgement (ADR 40), the signature of a push, or anything else."""

        SECURITY = "security", "安全"
        VERSION = "version", "版本"
        SCHEMA = "schema", "结构"
        SPEC = "spec", "标准条文"
        SIGNATURE = "signature", "签名"
        OTHER = "other", "其他"

    source = models.ForeignKey(Source, models.PROTECT, related_name="refusals", verbose_name="来源")
    name = models.CharField("名称", max_length=500, blank=True, help_text="条目标识、文件名，或者推送的报文标识。")
    identifier = models.CharField("报文标识", max_length=200, blank=True, help_text="读得出来的才有。")
    level = models.CharField("不合格之处", max_length=10, choices=Level)
    reasons = models.JSONField("不收的原因", default=list)
    raw = models.BinaryField("收到的内容")
    size = models.PositiveBigIntegerField("字节数", help_text="大于所存内容的，只存了开头一段。")
    sha256 = models.CharField("收到内容的 SHA-256", max_length=64)
    first_at = models.DateTimeField("首次收到", default=clock.now)
    last_at = models.DateTimeField("最近收到", default=clock.now)
    seen = models.PositiveIntegerField("次数", default=1)
    looked_at = models.DateTimeField("看过的时间", null=True, blank=True)
    looked_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="看过的人"
    )
    note = models.TextField("看过的说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "不收的报文"
        default_permissions = ()
        ordering: ClassVar = ["-first_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "sha256"], name="warning_refusal_once"),
            models.CheckConstraint(
                name="warning_refusal_looked_at_with_note",
                condition=Q(looked_at=None, looked_by=None, note="")
                | (Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(note="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "name"], name="warning_refusal_open", condition=Q(looked_at=None))
        ]

    def __str__(self) -> str:
        return self.identifier or self.name or f"没有名称（{self.sha256[:12]}…）"

    @property
    def is_whole(self) -> bool:
        """Whether all that came is kept."""
        return self.size == len(self.raw)


class SeenEntry(models.Model):
    """已处理条目: an entry of a feed that was taken in or refused; it is looked at again when the feed renews it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="entries", verbose_name="来源")
    entry = models.CharField("条目标识", max_length=500)
    updated = models.CharField("条目更新时间", max_length=60, blank=True)
    warning = models.ForeignKey(Warning, models.PROTECT, null=True, related_name="+", verbose_name="预警")
    refusal = models.ForeignKey(Refusal, models.PROTECT, null=True, related_name="+", verbose_name="不收的报文")
    reason = models.CharField("不收的原因", max_length=500, blank=True)
    at = models.DateTimeField("处理时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "已处理条目"
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "entry"], name="warning_entry_once")]

    def __str__(self) -> str:
        return self.entry
