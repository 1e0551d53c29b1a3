"""Reminders, what became of each on its way out of the house, and how a person wants to be reached."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from fadu.kernel import clock
from fadu.org.models import Officer
from fadu.reminder.kinds import Kind

KINDS = [(kind.value, kind.title) for kind in Kind]
MOBILE = RegexValidator(r"^1[3-9]\d{9}$", "请填写11位手机号。")


class Channel(models.TextChoices):
    """A way out of the house."""

    MAIL = "mail", "邮件"
    SMS = "sms", "短信"


class Reminder(models.Model):
    """提醒: one event for one person. ``subject`` names what it is about, and whoever may not see that is not told of it."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="reminders", verbose_name="收件人")
    kind = models.CharField("种类", max_length=12, choices=KINDS)
    subject = models.CharField("关于", max_length=120, blank=True, help_text="记录链的名称；空为只关于本人。")
    key = models.CharField("事由标识", max_length=120, help_text="同一件事只提醒一次；办完以后一并了结。")
    text = models.CharField("内容", max_length=300, help_text="只给看得到所关于事项的人看。")
    url = models.CharField("页面", max_length=200)
    at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("读过的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        default_permissions = ()
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "kind", "key"], name="reminder_once_for_one_thing")
        ]
        indexes: ClassVar = [
            models.Index(fields=["officer"], name="reminder_unread", condition=Q(read_at=None)),
            models.Index(fields=["officer", "-at"], name="reminder_of_officer"),
            models.Index(fields=["key"], name="reminder_key"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def of(self) -> Kind:
        """The kind as a value."""
        return Kind(self.kind)


class Delivery(models.Model):
    """发送: one reminder on its way by one channel."""

    class Status(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", "待发送"
        HELD = "held", "免打扰时段暂缓"
        RETRYING = "retrying", "失败，将重试"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"
        DROPPED = "dropped", "不再发送"

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries", verbose_name="提醒")
    channel = models.CharField("渠道", max_length=4, choices=Channel)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    address = models.CharField("发往（隐去中段）", max_length=80, blank=True)
    error = models.CharField("失败原因", max_length=300, blank=True)
    queued_at = models.DateTimeField("提出时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发送"
        default_permissions = ()
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reminder", "channel"], name="reminder_delivery_once_a_channel")
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_status_display()}"


class Preference(models.Model):
    """提醒设置: where a person is reached outside, by which channel for which kinds, and when not."""

    officer = models.OneToOneField(Officer, models.PROTECT, related_name="preference", verbose_name="人员")
    mail = models.EmailField("邮箱", blank=True)
    mobile = models.CharField("手机", max_length=11, blank=True, validators=[MOBILE])
    mail_kinds = ArrayField(models.CharField(max_length=12, choices=KINDS), default=list, verbose_name="发邮件的提醒")
    sms_kinds = ArrayField(models.CharField(max_length=12, choices=KINDS), default=list, verbose_name="发短信的提醒")
    quiet_from = models.TimeField("免打扰自", null=True, blank=True)
    quiet_until = models.TimeField("免打扰至", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒设置"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reminder_quiet_both_or_neither",
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.officer)
