"""Callouts, called posts, calls, receipts and events: written by the engine in sets, read by the board."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fadu.callout.models.register import DutyPerson, DutyPost
from fadu.callout.states import Channel, Post, State, Who
from fadu.kernel import clock
from fadu.org.models import Officer, Organ
from fadu.warning.models import Warning


def choices(enum: Any) -> list[tuple[int, str]]:
    """The members of one of the pure enums, for a field."""
    return [(int(member), member.title) for member in enum]


class Callout(models.Model):
    """叫应: one warning called to every post it concerns; the policy is frozen when it starts."""

    class Kind(models.TextChoices):
        """Real or a drill: fixed by the warning, never mixed in any figure."""

        REAL = "real", "实战"
        DRILL = "drill", "演练"

    class State(models.TextChoices):
        """How far it is."""

        PENDING = "pending", "待批准"
        OPEN = "open", "叫应中"
        CLOSED = "closed", "已结束"
        CANCELLED = "cancelled", "已解除"
        SUPERSEDED = "superseded", "已被更新"

    warning = models.ForeignKey(Warning, models.PROTECT, related_name="callouts", verbose_name="预警")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="发起机关")
    kind = models.CharField("性质", max_length=5, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State)
    title = models.CharField("名称", max_length=200)
    message = models.TextField("发出的内容")
    policy = models.JSONField("叫应规则")
    real_channels = models.BooleanField("演练走真实通道", default=False)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name="所更新的叫应"
    )
    opened_at = models.DateTimeField("发起时间", default=clock.now)
    opened_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="发起人")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    report = models.JSONField("结果", default=dict, blank=True)
    events_hash = models.CharField("逐条记录散列值", max_length=64, blank=True)
    reduced_at = models.DateTimeField("压缩时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "叫应"
        default_permissions = ()
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning", "kind"], name="callout_once_a_warning"),
            models.CheckConstraint(
                name="callout_only_drills_ask_for_real_channels", condition=Q(kind="drill") | Q(real_channels=False)
            ),
            models.CheckConstraint(
                name="callout_pending_only_for_approval", condition=~Q(state="pending") | Q(real_channels=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_drill(self) -> bool:
        """Whether every word of it has to say 演练."""
        return self.kind == self.Kind.DRILL


class DrillApproval(models.Model):
    """批准: one of the two people without whom a drill never reaches a real channel."""

    callout = models.ForeignKey(Callout, models.PROTECT, related_name="approvals", verbose_name="叫应")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="批准人")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "演练真实通道批准"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["callout", "officer"], name="callout_approved_once_by_each")
        ]

    def __str__(self) -> str:
        return self.officer.name


class CalloutRung(models.Model):
    """叫应次序: the frozen ladders as rows, for the engine to join with."""

    callout = models.ForeignKey(Callout, models.CASCADE, related_name="rungs", verbose_name="叫应")
    rule = models.PositiveSmallIntegerField("规则")
    no = models.PositiveSmallIntegerField("次序")
    who = models.PositiveSmallIntegerField("叫谁", choices=choices(Who))
    channel = models.PositiveSmallIntegerField("通道", choices=choices(Channel))
    seconds = models.PositiveIntegerField("等候秒数")
    provider = models.CharField("通道服务", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "叫应次序"
        default_permissions = ()
        ordering: ClassVar = ["rule", "no"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["callout", "rule", "no"], name="callout_rung_once")]

    def __str__(self) -> str:
        return f"{self.get_who_display()}{self.get_channel_display()}"


class CalledPost(models.Model):
    """被叫岗位: a post of one callout with its people and numbers as they were when it started; the board counts these rows."""

    # as with calls: made in one set from these very rows
    callout = models.ForeignKey(
        Callout, models.PROTECT, related_name="posts", db_index=False, db_constraint=False, verbose_name="叫应"
    )
    post = models.ForeignKey(
        DutyPost, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="岗位"
    )
    county = models.CharField("县（区）代码", max_length=6)
    level = models.CharField("层级", max_length=8, choices=DutyPost.Level)
    title = models.CharField("岗位名称", max_length=160)
    colour = models.CharField("颜色", max_length=1)
    rule = models.PositiveSmallIntegerField("规则")
    # A, B and the post above, in this order; 0 and "" where nobody is
    persons = ArrayField(models.BigIntegerField(), size=3, verbose_name="责任人")
    names = ArrayField(models.CharField(max_length=40), size=3, verbose_name="姓名")
    phones = ArrayField(models.CharField(max_length=20), size=3, verbose_name="号码")
    mails = ArrayField(models.CharField(max_length=120), size=3, null=True, blank=True, verbose_name="邮箱")
    rung = models.PositiveSmallIntegerField("已到第几步", default=0)
    state = models.PositiveSmallIntegerField("状态", choices=choices(Post), default=Post.WAITING)
    answered_at = models.DateTimeField("应答时间", null=True, blank=True)
    answered_who = models.PositiveSmallIntegerField("应答的是", null=True, blank=True, choices=choices(Who))
    answered_how = models.CharField("应答方式", max_length=20, blank=True)
    carried = models.BooleanField("沿用上一次的应答", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "被叫岗位"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["callout", "post"], name="callout_post_called_once"),
            models.CheckConstraint(
                name="callout_answered_with_time", condition=~Q(state=Post.ANSWERED) | Q(answered_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["callout", "county"], name="callout_called_county"),
            models.Index(
                fields=["callout", "id"],
                name="callout_called_waiting",
                condition=Q(state__in=[Post.WAITING, Post.UNREACHED]),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Call(models.Model):
    """呼叫: one rung of one post. Its key is what the provider gets as our own reference."""

    # these rows come by INSERT … SELECT from the very rows they point to; a check of each would double the time
    callout = models.ForeignKey(
        Callout, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="叫应"
    )
    called = models.ForeignKey(
        CalledPost, models.PROTECT, related_name="calls", db_index=False, db_constraint=False, verbose_name="被叫岗位"
    )
    rung = models.PositiveSmallIntegerField("次序")
    who = models.PositiveSmallIntegerField("叫谁", choices=choices(Who))
    channel = models.PositiveSmallIntegerField("通道", choices=choices(Channel))
    clear = models.BooleanField("解除通知", default=False)
    person = models.ForeignKey(
        DutyPerson,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name="责任人",
    )
    phone = models.CharField("号码", max_length=120, blank=True)  # a mail address, or the division of a broadcast
    seconds = models.PositiveIntegerField("等候秒数")
    state = models.PositiveSmallIntegerField("状态", choices=choices(State), default=State.QUEUED)
    not_before = models.DateTimeField("不早于", default=clock.now)
    queued_at = models.DateTimeField("列入时间", default=clock.now)
    lease_until = models.DateTimeField("租约至", null=True, blank=True)
    owner = models.CharField("引擎", max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    repeats = models.PositiveSmallIntegerField("可能重复", default=0)
    provider = models.CharField("通道服务", max_length=20)
    provider_ref = models.CharField("服务方编号", max_length=80, blank=True)
    # one person on several posts gets one message; the others name the call in whose message they went out
    sent_with = models.BigIntegerField("并入", null=True, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    due_at = models.DateTimeField("应答期限", null=True, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    answered_at = models.DateTimeField("应答时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "呼叫"
        default_permissions = ()
        constraints: ClassVar = [
            # the guarantee that a rung is called at most once stands here, not in the engine
            models.UniqueConstraint(fields=["called", "rung"], name="callout_rung_called_once"),
        ]
        indexes: ClassVar = [
            models.Index("provider", models.F("rung").desc(), "id", name="callout_call_queued", condition=Q(state=0)),
            models.Index(fields=["sent_with"], name="callout_call_sent_with", condition=Q(sent_with__isnull=False)),
            models.Index(fields=["due_at"], name="callout_call_due", condition=Q(state__in=[2, 3])),
            models.Index(fields=["lease_until"], name="callout_call_leased", condition=Q(state=1)),
            models.Index(fields=["id"], name="callout_call_uncertain", condition=Q(state=7)),
        ]

    def __str__(self) -> str:
        return f"{self.get_who_display()}{self.get_channel_display()}"


class Receipt(models.Model):
    """回执: what a provider, a person or an operator said of a call, judged by its own time; the inbox of the engine."""

    class Kind(models.TextChoices):
        """What was said."""

        DELIVERED = "delivered", "送达"
        ANSWERED = "answered", "应答"
        FAILED = "failed", "失败"

    call = models.ForeignKey(
        Call, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="呼叫"
    )
    provider = models.CharField("来源", max_length=20)
    kind = models.CharField("内容", max_length=10, choices=Kind)
    how = models.CharField("方式", max_length=20, blank=True)
    at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("收到时间", default=clock.now)
    applied_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回执"
        default_permissions = ()
        constraints: ClassVar = [
            # a provider that says the same thing twice has said it once
            models.UniqueConstraint(fields=["provider", "call", "kind"], name="callout_receipt_once")
        ]
        indexes: ClassVar = [
            # "id > 0", which the sweep does not ask: else it might walk this one for each call, where nothing was unread of late
            models.Index(fields=["id"], name="callout_receipt_unread", condition=Q(applied_at=None, id__gt=0)),
            models.Index(fields=["call"], name="callout_receipt_unread_call", condition=Q(applied_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%H:%M:%S}"


class CallEvent(models.Model):
    """逐条记录: every move of every call, appended only (the database refuses the rest); its hash enters the record at the end."""

    callout = models.ForeignKey(
        Callout, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name="叫应"
    )
    called_id = models.BigIntegerField("被叫岗位", null=True)
    call_id = models.BigIntegerField("呼叫", null=True)
    what = models.CharField("事", max_length=12)
    at = models.DateTimeField("时间")
    detail = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "逐条记录"
        default_permissions = ()
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["callout", "id"], name="callout_event_callout")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.what}"


class Stat(models.Model):
    """看板计数: what each statement added to the counts of a callout, written by triggers of posts and calls in the same transaction.

    Rows are only added, so that no two transactions wait for each other; the sum counts. The engine joins them now and then.
    """

    callout = models.ForeignKey(Callout, models.CASCADE, related_name="+", db_constraint=False, verbose_name="叫应")
    what = models.CharField("计的是", max_length=6)  # post, call, or repeat: messages that may have gone out twice
    county = models.CharField("县（区）代码", max_length=6, blank=True)
    level = models.CharField("层级", max_length=8, blank=True)
    state = models.PositiveSmallIntegerField("状态")
    who = models.PositiveSmallIntegerField("谁", null=True)
    carried = models.BooleanField("沿用", default=False)
    climbed = models.BooleanField("过了第一步", default=False)
    minute = models.IntegerField("第几分钟应答", null=True)
    n = models.BigIntegerField("增减")

    class Meta:
        verbose_name = verbose_name_plural = "看板计数"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.what} {self.n}"


class Leader(models.Model):
    """引擎: which process leads, and since when it has been silent; one row, whose lock decides."""

    holder = models.CharField("引擎", max_length=60, blank=True)
    beat_at = models.DateTimeField("心跳")
    term = models.BigIntegerField("任期", default=0)
    state = models.JSONField("情况", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "叫应引擎"
        default_permissions = ()

    def __str__(self) -> str:
        return self.holder
