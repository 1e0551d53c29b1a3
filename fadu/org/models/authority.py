"""Authority that somebody gives: grants that wait for the security administrator, and delegations with dates."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fadu.kernel import clock
from fadu.org.models.people import Appointment, Officer, Organ, Post, User


class Grant(models.Model):
    """授权申请: what the system administrator has entered and the security administrator has to confirm."""

    class Kind(models.TextChoices):
        """What is to be given."""

        APPOINT = "appoint", "任职"
        ROLES = "roles", "岗位职责"
        ACCOUNT = "account", "人员与账号对应"
        PASSWORD = "password", "重设密码"
        ACTIVATE = "activate", "启用账号"

    class Status(models.TextChoices):
        """What became of it."""

        PENDING = "pending", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未确认"
        WITHDRAWN = "withdrawn", "已被取代"

    kind = models.CharField("种类", max_length=10, choices=Kind)
    subject = models.CharField("内容", max_length=300)
    appointment = models.ForeignKey(Appointment, models.SET_NULL, null=True, related_name="+", verbose_name="任职")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="账号")
    values = models.JSONField("授予的内容", default=dict)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PENDING)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    proposed_at = models.DateTimeField("登记时间", default=clock.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间", null=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "授权申请"
        default_permissions = ()
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="org_grant_confirmed_by_another", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="org_grant_confirmed_by_somebody",
                condition=~Q(status__in=["confirmed", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DelegationSet(models.QuerySet["Delegation"]):
    """Delegations by day."""

    def on(self, day: date) -> DelegationSet:
        """Those that run on `day` and are not revoked."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, revoked_at=None)


class Delegation(models.Model):
    """授权代行: a head who is absent lets another person of the organ act for a time, for named approvals or in charge."""

    class Kind(models.TextChoices):
        """How much is given."""

        APPROVALS = "approvals", "代行审批"
        ACTING = "acting", "主持工作"

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="delegations", verbose_name="机关")
    giver = models.ForeignKey(Officer, models.PROTECT, related_name="delegations_given", verbose_name="授权人")
    delegate = models.ForeignKey(Officer, models.PROTECT, related_name="delegations_held", verbose_name="代行人")
    kind = models.CharField("范围", max_length=10, choices=Kind)
    approvals = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="代行的审批")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    reason = models.CharField("事由", max_length=200)
    given_at = models.DateTimeField("授权时间", default=clock.now)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收回人"
    )

    objects = DelegationSet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权代行"
        default_permissions = ()
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="org_delegation_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="org_delegation_to_another", condition=~Q(giver=F("delegate"))),
            models.CheckConstraint(
                name="org_delegation_says_what",
                condition=Q(kind="acting", approvals=[]) | Q(kind="approvals", approvals__len__gt=0),
            ),
            models.CheckConstraint(
                name="org_delegation_revoked_by_somebody",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver.name}授权{self.delegate.name}{self.get_kind_display()}"

    def state(self, on: date) -> str:
        """What a reader wants to know on a day: 已收回, 尚未开始, 代行中, 已到期."""
        if self.revoked_at:
            return "已收回"
        if on < self.starts_on:
            return "尚未开始"
        return "代行中" if on <= self.ends_on else "已到期"
