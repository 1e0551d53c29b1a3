"""What the channels keep: how two accounts share one, who has the page of calls open, and the terminals of broadcast."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from fadu.callout.models.calling import Call
from fadu.callout.models.register import DutyPerson
from fadu.kernel import clock
from fadu.org.models import Division


class ChannelShare(models.Model):
    """通道份额: how the messages of a channel are shared between its two accounts; a row once it was moved."""

    channel = models.CharField("通道", max_length=20, primary_key=True)
    first = models.CharField("首选账号", max_length=20)
    second = models.CharField("备用账号", max_length=20)
    points = models.PositiveSmallIntegerField("首选账号的份额（百分点）")
    since = models.DateTimeField("自")
    seen = models.JSONField("调整时所见", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "通道份额"
        default_permissions = ()
        ordering: ClassVar = ["channel"]
        constraints: ClassVar = [
            models.CheckConstraint(name="callout_share_of_a_hundred", condition=Q(points__lte=100))
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.points}%，{self.second} {100 - self.points}%"

    @property
    def rest(self) -> int:
        """What the second account gets."""
        return 100 - self.points

    @property
    def tallies(self) -> list[tuple[str, dict[str, int]]]:
        """What was seen of each account, the first one first."""
        return [(name, self.seen[name]) for name in (self.first, self.second) if name in self.seen]


class AppLine(models.Model):
    """应用内接收: a person has a page of calls; its address is signed with ``since``, so that a new one ends the old one."""

    person = models.OneToOneField(
        DutyPerson, models.PROTECT, primary_key=True, related_name="app_line", verbose_name="责任人"
    )
    since = models.DateTimeField("开通时间")
    opened_by = models.CharField("开通人", max_length=100)
    seen_at = models.DateTimeField("页面最近打开", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "应用内接收"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.person)


class Terminal(models.Model):
    """广播终端: loudspeakers of a division, reached over MQTT; its key is derived, so that no key lies in the database."""

    code = models.CharField(
        "终端编号",
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9_-]{1,32}\Z", "终端编号由字母、数字、横线组成，最多32个字符。")],
    )
    name = models.CharField("名称", max_length=60)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="行政区划")
    county = models.CharField("县（区）代码", max_length=6, editable=False)
    place = models.CharField("安装位置", max_length=120, blank=True)
    key_number = models.PositiveSmallIntegerField("第几个密钥", default=1)
    enabled = models.BooleanField("启用", default=True)
    seen_at = models.DateTimeField("最近回执", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "广播终端"
        default_permissions = ()
        ordering: ClassVar = ["division_id", "code"]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class TerminalReceipt(models.Model):
    """终端回执: that a terminal received a message, plays it, has played it."""

    class Kind(models.TextChoices):
        """How far it is."""

        RECEIVED = "received", "已收到"
        PLAYING = "playing", "播放中"
        PLAYED = "played", "已播完"

    terminal = models.ForeignKey(Terminal, models.PROTECT, related_name="receipts", verbose_name="终端")
    call = models.ForeignKey(
        Call, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="呼叫"
    )
    kind = models.CharField("内容", max_length=10, choices=Kind)
    at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "终端回执"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "terminal", "kind"], name="callout_terminal_said_once")
        ]

    def __str__(self) -> str:
        return f"{self.terminal_id} {self.get_kind_display()}"
