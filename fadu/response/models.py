"""Rules of a response, its tasks, the members asked, the places people leave and go to, and who was moved."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from fadu.kernel import clock, masking
from fadu.org.models import PHONE, Division, Organ
from fadu.procedure.models import Matter
from fadu.procedure.registry import matter_of
from fadu.record import privacy
from fadu.response.levels import COLOURS, Level
from fadu.subject.models import SentList
from fadu.warning.models import Warning

CONFIDENCE = 10


def in_force(on: date) -> Q:
    """Dated rows in force on a day; the day of expiry no longer counts."""
    return Q(from_date__lte=on) & (Q(until=None) | Q(until__gt=on))


class ResponsePlan(models.Model):
    """响应规则: what one hazard asks of the members, and which level its colours suggest; dated content with its source."""

    hazard = models.CharField("灾种", max_length=40)
    title = models.CharField("名称", max_length=100)
    levels = models.JSONField("响应级别")
    from_date = models.DateField("施行日期")
    until = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=CONFIDENCE)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "响应规则"
        default_permissions = ()
        ordering: ClassVar = ["hazard", "-from_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hazard", "from_date"], name="response_plan_once_a_day"),
            models.CheckConstraint(
                name="response_plan_days_in_order", condition=Q(until=None) | Q(until__gt=F("from_date"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def said(self) -> str:
        """Which level each colour suggests, and what raises it, in a sentence."""
        given = self.levels["base"]
        base = "，".join(f"{colour}色{Level(given[colour]).title}" for colour in COLOURS if colour in given)
        more = "".join(f"；{one['text']}（达到{one['at_least']}）提高一级" for one in self.levels["raise"])
        return base + more


class ResponseRule(models.Model):
    """响应任务规则: what one member does, within how many minutes for each colour."""

    plan = models.ForeignKey(ResponsePlan, models.CASCADE, related_name="rules", verbose_name="响应规则")
    code = models.CharField("代码", max_length=10)
    ordinal = models.PositiveSmallIntegerField("次序")
    member = models.CharField("成员单位", max_length=40)
    action = models.CharField("任务", max_length=300)
    minutes = models.JSONField("时限（分钟，按颜色）")
    basis = ArrayField(models.CharField(max_length=80), default=list, verbose_name="依据")
    source = models.CharField("来源", max_length=300)
    confidence = models.CharField("可信程度", max_length=CONFIDENCE)

    class Meta:
        verbose_name = verbose_name_plural = "响应任务规则"
        default_permissions = ()
        ordering: ClassVar = ["plan", "ordinal"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="response_rule_once")]

    def __str__(self) -> str:
        return f"{self.member}：{self.action}"

    @property
    def minutes_said(self) -> str:
        """The minutes by colour, the lowest colour first."""
        return "　".join(f"{colour}{self.minutes[colour]}" for colour in COLOURS if colour in self.minutes)


class Member(models.Model):
    """成员单位: whom an organ asks, and by what number its liaison is reached."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机关")
    name = models.CharField("成员单位", max_length=40)
    contact = models.CharField("联络员", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True, validators=[PHONE])

    class Meta:
        verbose_name = verbose_name_plural = "成员单位"
        default_permissions = ()
        ordering: ClassVar = ["organ", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "name"], name="response_member_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """The liaison's number, masked."""
        return masking.phone(self.phone) if self.phone else ""


class SafePlace(models.Model):
    """重点部位、避险点: where people are in danger, and where they go; with wardens, room and the way."""

    class Kind(models.TextChoices):
        """Left in danger, or gone to."""

        RISK = "risk", "重点部位"
        SHELTER = "shelter", "避险点"

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="行政区划")
    county = models.CharField("县（区）代码", max_length=6, editable=False)
    kind = models.CharField("类别", max_length=8, choices=Kind)
    name = models.CharField("名称", max_length=80)
    address = models.CharField("地址", max_length=200, blank=True)
    people = models.PositiveIntegerField("人数", help_text="重点部位为需要转移的人数，避险点为容量。")
    warden = models.CharField("责任人", max_length=40)
    phone = models.CharField("电话", max_length=20, validators=[PHONE])
    deputy = models.CharField("副责任人", max_length=40, blank=True)
    deputy_phone = models.CharField("副责任人电话", max_length=20, blank=True, validators=[PHONE])
    route = models.CharField("转移路线", max_length=300, blank=True)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "重点部位和避险点"
        default_permissions = ()
        ordering: ClassVar = ["division", "kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "kind", "name"], name="response_place_once")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """No personal number where the public reads it or the record keeps it; raises ValidationError by field."""
        wanted = {
            **dict.fromkeys(("name", "address", "route"), "{}会公开，请不要写电话号码、身份证件号码。"),
            **dict.fromkeys(("warden", "deputy"), "{}一栏只写姓名，号码请写在电话一栏。"),
        }
        found = {
            field.name: wanted[field.name].format(field.verbose_name)
            for field in self._meta.concrete_fields
            if field.name in wanted and next(privacy.findings(getattr(self, field.name)), None)
        }
        if found:
            raise ValidationError(found)

    @property
    def masked_warden(self) -> str:
        """The warden's name as the public reads it."""
        return masking.person(self.warden)

    @property
    def masked_phone(self) -> str:
        """The warden's number as those see it who need not telephone."""
        return masking.phone(self.phone)

    @property
    def masked_deputy_phone(self) -> str:
        """The deputy's number, likewise."""
        return masking.phone(self.deputy_phone) if self.deputy_phone else ""


class PlaceImport(SentList):
    """指南导入: one line a place."""

    class Meta(SentList.Meta):
        verbose_name = verbose_name_plural = "指南导入"


@matter_of("response.weather")
class Response(Matter):
    """预警响应: what one warning sets going at one organ, from its receipt to the report."""

    class Kind(models.TextChoices):
        """Real or a drill: fixed by the warning, never mixed in any figure."""

        REAL = "real", "实战"
        DRILL = "drill", "演练"

    matter_ptr = models.OneToOneField(
        Matter, models.CASCADE, parent_link=True, primary_key=True, related_name="as_response", verbose_name="事项"
    )
    warning = models.ForeignKey(Warning, models.PROTECT, related_name="responses", verbose_name="预警")
    kind = models.CharField("性质", max_length=5, choices=Kind)
    hazard = models.CharField("灾种", max_length=40)
    colour = models.CharField("颜色", max_length=1, blank=True)
    plan = models.JSONField("所用规则", default=dict, help_text="开启时的规则：名称、来源、可信程度、级别。")
    level = models.PositiveSmallIntegerField(
        "响应级别", null=True, blank=True, choices=[(int(level), level.title) for level in Level]
    )
    expected_until = models.DateTimeField("预计至", null=True, blank=True)
    lifted_at = models.DateTimeField("预警解除时间", null=True, blank=True)
    begun_at = models.DateTimeField("开始时间", default=clock.now)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    figures = models.JSONField("结果", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预警响应"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warning"], name="response_once_a_warning"),
            models.CheckConstraint(
                name="response_level_one_to_four", condition=Q(level=None) | Q(level__gte=1, level__lte=4)
            ),
        ]

    @property
    def is_drill(self) -> bool:
        """Whether every page and paper has to say 演练."""
        return self.kind == self.Kind.DRILL

    @property
    def level_title(self) -> str:
        """The level in force, in words."""
        return Level(self.level).title if self.level else "未启动"


class ResponseTask(models.Model):
    """响应任务: what one member was asked, until when, and what it said; copied from the rule of that day."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", "待反馈"
        DONE = "done", "已完成"
        WAIVED = "waived", "不适用"

    response = models.ForeignKey(Response, models.PROTECT, related_name="tasks", verbose_name="预警响应")
    number = models.PositiveSmallIntegerField("序号")
    rule = models.CharField("规则代码", max_length=10, blank=True, help_text="空为值班人员增加的任务。")
    member = models.CharField("成员单位", max_length=40)
    action = models.CharField("任务", max_length=300)
    colour = models.CharField("颜色", max_length=1, blank=True)
    basis = ArrayField(models.CharField(max_length=80), default=list, verbose_name="依据")
    source = models.CharField("来源", max_length=300, blank=True)
    confidence = models.CharField("可信程度", max_length=CONFIDENCE, blank=True)
    opened_at = models.DateTimeField("布置时间", default=clock.now)
    due_at = models.DateTimeField("时限")
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField("完成时间", null=True, blank=True)
    answered_by = models.CharField("反馈人", max_length=100, blank=True)
    note = models.CharField("情况", max_length=500, blank=True)
    evidence = models.CharField("证据文件", max_length=64, blank=True)
    reminded_at = models.DateTimeField("催办时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "响应任务"
        default_permissions = ()
        ordering: ClassVar = ["response", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "number"], name="response_task_numbered"),
            models.CheckConstraint(
                name="response_task_answered_with_time", condition=Q(state="open") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(name="response_task_waived_with_reason", condition=~Q(state="waived") | ~Q(note="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="response_task_due", condition=Q(state="open", reminded_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.member}：{self.action}"

    def overdue(self, at: datetime) -> bool:
        """Is it late: open after its time, or answered after it?"""
        return (self.answered_at or at) > self.due_at

    @property
    def is_late(self) -> bool:
        """Late as of now."""
        return self.state != self.State.WAIVED and self.overdue(clock.now())


class Evacuation(models.Model):
    """避险转移: the people of one place told to go to another, and how many were counted there."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="evacuations", verbose_name="预警响应")
    number = models.PositiveSmallIntegerField("序号")
    place = models.ForeignKey(SafePlace, models.PROTECT, related_name="+", verbose_name="重点部位")
    shelter = models.ForeignKey(SafePlace, models.PROTECT, related_name="+", verbose_name="避险点")
    people = models.PositiveIntegerField("应转移人数")
    leader = models.CharField("带队人", max_length=40)
    at = models.DateTimeField("安排时间", default=clock.now)
    arrived = models.PositiveIntegerField("到达人数", null=True, blank=True)
    arrived_at = models.DateTimeField("登记时间", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "避险转移"
        default_permissions = ()
        ordering: ClassVar = ["response", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "number"], name="response_evacuation_numbered"),
            models.CheckConstraint(
                name="response_arrived_with_time",
                condition=Q(arrived=None, arrived_at=None) | Q(arrived_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}→{self.shelter}"

    @property
    def missing(self) -> int:
        """How many of those expected were not counted."""
        return max(0, self.people - (self.arrived or 0)) if self.arrived is not None else 0
