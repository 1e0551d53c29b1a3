"""What keeps accounts safe: the log of log-ins, used passwords, second factors, and counts for the limits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fadu.kernel import clock
from fadu.org.models.people import User


class LoginRecord(models.Model):
    """登录记录: each attempt and the end of each session; appended only, the database refuses anything else.

    The name as typed is kept only as a keyed hash: people type passwords into the wrong field.
    """

    class Outcome(models.TextChoices):
        """How the attempt ended."""

        SUCCESS = "success", "登录成功"
        FAILURE = "failure", "登录失败"
        LOCKED = "locked", "锁定期内被拒"
        CODE = "code", "密码正确，待验证码"
        LOGOUT = "logout", "退出"
        ENDED = "ended", "会话被结束"
        PASSWORD = "password", "修改密码"
        UNLOCK = "unlock", "解除锁定"
        FACTOR = "factor", "双因素验证变更"

    class Reason(models.TextChoices):
        """Why, for the auditor only: the person who tries is never told which."""

        NONE = "", ""
        UNKNOWN = "unknown", "没有这个用户名"
        WRONG_PASSWORD = "wrong_password", "密码不对"
        DISABLED = "disabled", "账号已停用"
        WRONG_CODE = "wrong_code", "验证码不对"
        OIDC_UNKNOWN = "oidc_unknown", "统一身份没有对应的账号"
        OIDC_REFUSED = "oidc_refused", "统一身份认证未通过"
        IDLE = "idle", "长时间没有操作"
        EXPIRED = "expired", "登录时间已满"
        POST_ENDED = "post_ended", "岗位变动"
        FORCED = "forced", "安全管理员强制退出"
        ENROLLED = "enrolled", "启用验证器"
        RENEWED = "renewed", "换发恢复码"
        REMOVED = "removed", "停用验证器"
        RECOVERY = "recovery", "使用恢复码"
        BY_ADMINISTRATOR = "by_administrator", "由管理员设置"

    class Way(models.TextChoices):
        """Through which door."""

        PASSWORD = "password", "用户名密码"
        OIDC = "oidc", "统一身份认证"

    at = models.DateTimeField("时间", default=clock.now)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    reason = models.CharField("原因", max_length=20, choices=Reason, blank=True)
    way = models.CharField("方式", max_length=8, choices=Way, default=Way.PASSWORD)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="login_records", verbose_name="账号"
    )
    name_hash = models.CharField("用户名校验值", max_length=64)
    address = models.GenericIPAddressField("来自", null=True, blank=True)
    browser = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering: ClassVar = ["-at", "-id"]
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["name_hash", "-at"], name="org_login_by_name"),
            models.Index(fields=["address", "-at"], name="org_login_by_address"),
            models.Index(fields=["user", "-at"], name="org_login_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at:%Y-%m-%d %H:%M}"


class PasswordRecord(models.Model):
    """用过的密码, as hashes, so that the last ones are not taken again."""

    user = models.ForeignKey(User, models.PROTECT, related_name="used_passwords", verbose_name="账号")
    password = models.CharField("密码散列", max_length=128)
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        default_permissions = ()
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.at:%Y-%m-%d}"


class SecondFactor(models.Model):
    """验证器: the secret shared with the person's phone (RFC 6238), encrypted; of no effect until once proved."""

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor", verbose_name="账号")
    secret = models.CharField("密钥（加密）", max_length=255)
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField("最近用过的时间步", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "验证器"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """恢复码: each opens the door once when the phone is lost; kept as a keyed hash."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="codes", verbose_name="验证器")
    digest = models.CharField("校验值", max_length=64)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"
        default_permissions = ()

    def __str__(self) -> str:
        return "已用" if self.used_at else "未用"


class RateCount(models.Model):
    """频次: how often one caller asked for one kind of page within one window, shared by all hosts; not logged (WAL)."""

    key = models.CharField("对象", max_length=80)
    window = models.BigIntegerField("时段")
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "频次"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "window"], name="org_rate_count_once"),
            models.CheckConstraint(name="org_rate_count_counts", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
