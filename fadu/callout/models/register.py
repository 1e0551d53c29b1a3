"""The register of duty posts: which posts there are in each division, who holds them, and by what number they are reached."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fadu.kernel import masking
from fadu.org.models import PHONE, Division
from fadu.subject.models import SentList


class DutyPerson(models.Model):
    """值班责任人: a person who holds duty posts; counted once however many posts there are."""

    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, validators=[PHONE])
    mail = models.EmailField("邮箱", max_length=120, blank=True, default="")
    verified_on = models.DateField("号码核实日期", null=True, blank=True)
    verified_by = models.CharField("核实人", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "值班责任人"
        default_permissions = ()
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "phone"], name="callout_person_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """The number as those see it who need not telephone."""
        return masking.phone(self.phone)


class DutyPost(models.Model):
    """值班岗位: a post that has to be reached; its A and B holders are ``Holding`` rows with dates."""

    class Level(models.TextChoices):
        """The level of the division it belongs to."""

        COUNTY = "county", "县（区）"
        TOWNSHIP = "township", "乡镇（街道）"
        VILLAGE = "village", "村（居）"

    class Kind(models.TextChoices):
        """What the post is, for the policy to choose by."""

        DUTY = "duty", "值班室"
        BUREAU = "bureau", "应急管理局值班领导"
        DEPUTY = "deputy", "分管领导"
        HEAD = "head", "主要负责人"
        VILLAGE = "village", "村级责任人"

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="行政区划")
    county = models.CharField("县（区）代码", max_length=6, editable=False)
    level = models.CharField("层级", max_length=8, choices=Level)
    kind = models.CharField("岗位", max_length=8, choices=Kind)
    above = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name="上级岗位"
    )
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "值班岗位"
        default_permissions = ()
        ordering: ClassVar = ["division_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division", "kind"], condition=Q(valid_to=None), name="callout_post_once_a_division"
            ),
            models.CheckConstraint(
                name="callout_post_dates_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="callout_post_not_above_itself", condition=~Q(above=F("id"))),
        ]
        indexes: ClassVar = [models.Index(fields=["county", "level"], name="callout_post_county")]

    def __str__(self) -> str:
        return f"{self.division.local_name}{self.get_kind_display()}"


class HoldingSet(models.QuerySet["Holding"]):
    """Holdings by day."""

    def on(self, day: date) -> HoldingSet:
        """Those that hold on ``day``, both ends included."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day)))


class Holding(models.Model):
    """任岗: a person is the A or the B of a post from one day to another; never overwritten, so old callouts stay explained."""

    class Slot(models.TextChoices):
        """A 岗 or B 岗."""

        A = "A", "A岗"
        B = "B", "B岗"

    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="holdings", verbose_name="岗位")
    slot = models.CharField("A/B岗", max_length=1, choices=Slot)
    person = models.ForeignKey(DutyPerson, models.PROTECT, related_name="holdings", verbose_name="责任人")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    objects = HoldingSet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任岗"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "slot"], condition=Q(ends_on=None), name="callout_one_holder"),
            models.UniqueConstraint(
                fields=["post", "person"], condition=Q(ends_on=None), name="callout_a_and_b_are_two_persons"
            ),
            models.CheckConstraint(
                name="callout_holding_dates_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.get_slot_display()}）"


class RegisterImport(SentList):
    """名册导入: one line a post."""

    class Meta(SentList.Meta):
        verbose_name = verbose_name_plural = "名册导入"
