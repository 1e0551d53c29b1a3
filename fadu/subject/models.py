"""Enterprises, individual businesses and persons under supervision, with contacts and history."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from fadu.kernel import clock, masking
from fadu.kernel.grams import folded, grams
from fadu.org.models import PHONE, Division, Officer, Organ
from fadu.subject import idnumber, uscc


class Industry(models.Model):
    """行业: a class of GB/T 4754, keyed by its code (B, B06, B061)."""

    code = models.CharField("代码", max_length=4, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    confidence = models.CharField("可信程度", max_length=10)

    class Meta:
        verbose_name = verbose_name_plural = "行业"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Subject(models.Model):
    """监管对象: whoever the bureau supervises and may be a party; one row a subject, whatever happens to it."""

    class Kind(models.TextChoices):
        """What the party is before the law; a decision names 单位 or 个人 accordingly."""

        UNIT = "unit", "单位"
        INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
        PERSON = "person", "个人"

    class Sector(models.TextChoices):
        """The bureau's own division of its field, by which checklists and powers are chosen."""

        COAL = "coal", "煤矿"
        MINE = "mine", "非煤矿山"
        OIL_GAS = "oil_gas", "石油天然气开采"
        HAZCHEM = "hazchem", "危险化学品"
        FIREWORKS = "fireworks", "烟花爆竹"
        INDUSTRY = "industry", "冶金工贸"
        OTHER = "other", "其他"

    class Scale(models.TextChoices):
        """大中小微, by the statistical division of enterprises."""

        LARGE = "large", "大型"
        MEDIUM = "medium", "中型"
        SMALL = "small", "小型"
        MICRO = "micro", "微型"

    class Risk(models.TextChoices):
        """The four colours of graded risk control; the value sorts from grave to slight."""

        RED = "1", "红（重大风险）"
        ORANGE = "2", "橙（较大风险）"
        YELLOW = "3", "黄（一般风险）"
        BLUE = "4", "蓝（低风险）"

    class Status(models.TextChoices):
        """Whether it is in business."""

        ACTIVE = "active", "在业"
        SUSPENDED = "suspended", "停产停业"
        DISSOLVED = "dissolved", "注销"

    class IdKind(models.TextChoices):
        """The paper a person is identified by; only the first two carry a check digit."""

        RESIDENT = "resident", "居民身份证"
        FOREIGN_RESIDENT = "foreign_resident", "外国人永久居留身份证"
        PASSPORT = "passport", "护照"
        TRAVEL_PERMIT = "travel_permit", "港澳台居民来往内地（大陆）通行证"
        OTHER = "other", "其他证件"

    class Sex(models.TextChoices):
        """As printed on papers."""

        MALE = "male", "男"
        FEMALE = "female", "女"

    kind = models.CharField("类别", max_length=20, choices=Kind, default=Kind.UNIT)
    name = models.CharField("名称（姓名）", max_length=100)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    id_kind = models.CharField("证件类型", max_length=20, choices=IdKind, blank=True)
    id_number = models.CharField("证件号码", max_length=30, blank=True)
    no_code_reason = models.CharField(
        "没有代码（证件号）的原因", max_length=200, blank=True, help_text="例如：未办理营业执照；当事人拒不提供证件。"
    )
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True, help_text="居民身份证号里有的，不必填写。")
    employer = models.CharField("所在单位", max_length=100, blank=True)
    job_title = models.CharField("职务", max_length=60, blank=True)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="subjects", verbose_name="国民经济行业"
    )
    sector = models.CharField("监管行业", max_length=10, choices=Sector, default=Sector.OTHER)
    scale = models.CharField("规模", max_length=8, choices=Scale, blank=True)
    risk = models.CharField("风险等级", max_length=1, choices=Risk, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.ACTIVE)
    division = models.ForeignKey(Division, models.PROTECT, related_name="subjects", verbose_name="所在地区")
    organ = models.ForeignKey(
        Organ, models.PROTECT, related_name="subjects", verbose_name="监管机关", help_text="负责日常监管的应急管理局。"
    )
    address = models.CharField("住所（住址）", max_length=200)
    site_address = models.CharField("生产经营场所", max_length=200, blank=True, help_text="和住所不一致时填写。")
    postcode = models.CharField("邮编", max_length=6, blank=True)
    longitude = models.DecimalField(
        "经度", max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(73, "经度应当在73到136之间。"), MaxValueValidator(136, "经度应当在73到136之间。")],
    )  # fmt: skip
    latitude = models.DecimalField(
        "纬度", max_digits=8, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(3, "纬度应当在3到54之间。"), MaxValueValidator(54, "纬度应当在3到54之间。")],
    )  # fmt: skip
    legal_representative = models.CharField("法定代表人（负责人、经营者）", max_length=60, blank=True)
    principal = models.CharField("主要负责人", max_length=60, blank=True, help_text="对安全生产工作全面负责的人。")
    safety_officer = models.CharField("安全管理人员", max_length=60, blank=True)
    workforce = models.PositiveIntegerField(
        "从业人员数", null=True, blank=True, validators=[MaxValueValidator(9_999_999, "人数不合常理，请核对。")]
    )
    established_on = models.DateField("成立日期", null=True, blank=True)
    business_until = models.DateField(
        "营业期限至", null=True, blank=True, help_text="没有期限（长期）的，填写9999年12月31日。"
    )
    permit_number = models.CharField("许可证编号", max_length=60, blank=True)
    permit_from = models.DateField("许可证有效期起", null=True, blank=True)
    permit_until = models.DateField(
        "许可证有效期至", null=True, blank=True, help_text="没有期限（长期）的，填写9999年12月31日。"
    )
    registered_on = models.DateField("登记日期", default=clock.today, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    search_text = models.TextField("检索文字", default="", editable=False)
    grams = ArrayField(models.CharField(max_length=2), default=list, editable=False, verbose_name="检索用字")

    class Meta:
        verbose_name = verbose_name_plural = "监管对象"
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [
            GinIndex(fields=["grams"], name="subject_grams"),
            models.Index(fields=["organ", "name", "id"], name="subject_by_organ"),
            models.Index(fields=["name", "id"], name="subject_by_name"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="subject_uscc_once"),
            models.UniqueConstraint(
                fields=["id_kind", "id_number"], condition=~Q(id_number=""), name="subject_id_number_once"
            ),
            models.CheckConstraint(
                name="subject_code_or_reason",
                condition=Q(~Q(kind="person"), ~Q(uscc="") | ~Q(no_code_reason=""), id_number="")
                | Q(Q(kind="person"), ~Q(id_number="") | ~Q(no_code_reason=""), uscc=""),
            ),
            models.CheckConstraint(
                name="subject_id_number_with_its_kind",
                condition=Q(id_kind="", id_number="") | (~Q(id_kind="") & ~Q(id_number="")),
            ),
            models.CheckConstraint(
                name="subject_coordinates_in_pairs",
                condition=Q(longitude=None, latitude=None) | Q(longitude__isnull=False, latitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search pieces in step with name and code."""
        self.refresh_search()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text", "grams"}
        super().save(*args, **kwargs)

    def refresh_search(self) -> None:
        """Make the search pieces anew from name and code; `save` does so itself, writing in bulk must."""
        self.search_text, self.grams = f"{folded(self.name)} {folded(self.uscc)}", grams(self.name, self.uscc)

    @property
    def is_person(self) -> bool:
        """Whether the subject is a natural person; everything else is penalised as 单位 or 个体工商户."""
        return self.kind == self.Kind.PERSON

    @property
    def masked_id_number(self) -> str:
        """The number as shown on pages; in full it appears on papers only."""
        return masking.id_number(self.id_number)

    @property
    def place(self) -> str:
        """Where it works: the site, or the address when they are the same."""
        return self.site_address or self.address

    @property
    def risk_colour(self) -> str:
        """红, 橙, 黄 or 蓝; empty when not graded."""
        return self.get_risk_display()[:1]

    def age(self, on: date) -> int | None:
        """The person's age in full years on a day (行政处罚法 30 asks for 14 and 18); None when the birth is unknown."""
        born = self.born_on
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born else None

    def clean_fields(self, exclude: Any = None) -> None:
        """Put into the form of the standards what people paste, before lengths are looked at."""
        self.name = self.name.strip()
        self.uscc = uscc.normalised(self.uscc)
        self.id_number = idnumber.normalised(self.id_number)
        super().clean_fields(exclude=exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Nothing here: `clean` and the services say the same at the field and in words; the database has the last word."""

    def clean(self) -> None:
        """All rules that one row alone can break, each told at its field."""
        problems: dict[str, str] = {}
        (self._clean_person if self.is_person else self._clean_business)(problems)
        if (self.longitude is None) != (self.latitude is None):
            problems["latitude" if self.latitude is None else "longitude"] = "经度和纬度要么都填，要么都不填。"
        if self.postcode and not (self.postcode.isascii() and self.postcode.isdigit() and len(self.postcode) == 6):
            problems["postcode"] = "邮编是6位数字。"
        if self.permit_from and self.permit_until and self.permit_until < self.permit_from:
            problems["permit_until"] = "许可证有效期止早于有效期起，请核对。"
        if problems:
            raise ValidationError(problems)

    def _clean_business(self, problems: dict[str, str]) -> None:
        """A unit or individual business: a right code, or the reason why there is none."""
        self.id_kind = self.id_number = self.sex = ""
        self.born_on = None
        if self.uscc and (wrong := uscc.problem(self.uscc)):
            problems["uscc"] = wrong
        elif self.uscc and self.kind == self.Kind.INDIVIDUAL_BUSINESS and not self.uscc.startswith("92"):
            problems["uscc"] = "个体工商户的代码以92开头；如果是公司或者其他单位，请把类别改为“单位”。"
        elif self.uscc and self.kind == self.Kind.UNIT and self.uscc.startswith("92"):
            problems["uscc"] = "以92开头的是个体工商户的代码，请把类别改为“个体工商户”。"
        elif not self.uscc and not self.no_code_reason:
            problems["uscc"] = "请填写统一社会信用代码；确实没有的，请在“没有代码的原因”里写明。"
        if self.uscc:
            self.no_code_reason = ""
        if not self.legal_representative:
            problems["legal_representative"] = "请填写法定代表人（负责人、经营者）的姓名。"

    def _clean_person(self, problems: dict[str, str]) -> None:
        """A person: a right number of the paper shown, or the reason why there is none; sex and birth follow from it."""
        self.uscc = ""
        self.industry, self.scale, self.risk, self.permit_number = None, "", "", ""
        self.established_on = self.business_until = self.permit_from = self.permit_until = None
        if not self.id_number:
            self.id_kind = ""
            if not self.no_code_reason:
                problems["id_number"] = "请填写证件号码；确实没有的，请在“没有证件号的原因”里写明。"
            if not self.sex:
                problems["sex"] = "请选择性别。"
            return
        self.no_code_reason = ""
        self.id_kind = self.id_kind or self.IdKind.RESIDENT
        if self.id_kind in (self.IdKind.RESIDENT, self.IdKind.FOREIGN_RESIDENT):
            if wrong := idnumber.problem(self.id_number, clock.today()):
                problems["id_number"] = wrong
                return
            self.born_on = idnumber.born_on(self.id_number)
            self.sex = self.Sex.FEMALE if idnumber.is_female(self.id_number) else self.Sex.MALE
        elif not self.sex:
            problems["sex"] = "请选择性别。"


class Contact(models.Model):
    """联系人: whom to telephone; the number is shown in full only to those who work on the subject."""

    class Role(models.TextChoices):
        """Whose number it is."""

        LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人（负责人）"
        PRINCIPAL = "principal", "主要负责人"
        SAFETY = "safety", "安全管理人员"
        DUTY = "duty", "值班电话"
        SELF = "self", "本人"
        OTHER = "other", "其他联系人"

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="contacts", verbose_name="监管对象")
    role = models.CharField("身份", max_length=20, choices=Role)
    name = models.CharField("姓名", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=30, validators=[PHONE])

    class Meta:
        verbose_name = verbose_name_plural = "联系人"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name or self.get_role_display()

    @property
    def masked_phone(self) -> str:
        """The number as others see it."""
        return masking.phone(self.phone)


class SubjectChange(models.Model):
    """变更记录: what was changed, from what to what, by whom, when and why."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="changes", verbose_name="监管对象")
    on = models.DateField("日期", default=clock.today)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人")
    by_name = models.CharField("经办人姓名", max_length=40)
    reason = models.CharField("原因", max_length=200, blank=True)
    before = models.JSONField("变更前", default=dict)
    after = models.JSONField("变更后", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "变更记录"
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.by_name}"

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(what, before, after) for the page, in the order in which the fields stand."""
        return [(title, self.before.get(title, ""), value) for title, value in self.after.items()]


class SentList(models.Model):
    """导入的名单: a sent list with what would become of each row; written only when confirmed, then emptied of its rows."""

    file_name = models.CharField("文件名", max_length=200)
    rows = models.JSONField("逐行", default=list)
    counts = models.JSONField("统计", default=dict)
    sent_at = models.DateTimeField("上传时间", default=clock.now)
    sent_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="上传人")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        abstract = True
        default_permissions = ()
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class LedgerImport(models.Model):
    """台账导入: a file that was sent, its check and what came of it; the file itself lies under its hash."""

    class State(models.TextChoices):
        """How far it is; a job of the worker moves it from 正在… to the next."""

        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "等待确认"
        IMPORTING = "importing", "正在导入"
        DONE = "done", "已导入"
        FAILED = "failed", "没有成功"

    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="经办人")
    by_name = models.CharField("经办人姓名", max_length=40)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机关")
    sent_at = models.DateTimeField("上传时间", default=clock.now)
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("散列值", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State, default=State.CHECKING)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    reason = models.TextField("没有成功的原因", blank=True)
    remarks = models.JSONField("说明", default=list)
    counts = models.JSONField("件数", default=dict)
    titles = models.JSONField("列名", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["organ", "-id"], name="ledger_import_by_organ")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def running(self) -> bool:
        """Whether a job is at work on it, so that the page asks again."""
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class LedgerRow(models.Model):
    """台账的一行: how it was judged. ``told``: its fixes, errors and warnings; ``cells``: what a rejected row held."""

    class Outcome(models.TextChoices):
        """What becomes of the row."""

        ACCEPT = "accept", "直接采用"
        FIX = "fix", "更正后采用"
        REJECT = "reject", "不能采用"

    class Result(models.TextChoices):
        """What the row does to the register."""

        CREATED = "created", "新登记"
        UPDATED = "updated", "变更"
        UNCHANGED = "unchanged", "没有变化"

    batch = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rows", verbose_name="台账导入")
    place = models.PositiveIntegerField("次序")
    sheet = models.CharField("工作表", max_length=60)
    row = models.PositiveIntegerField("行号")
    name = models.CharField("名称", max_length=100, blank=True)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    outcome = models.CharField("判定", max_length=6, choices=Outcome)
    result = models.CharField("结果", max_length=10, choices=Result, blank=True)
    warned = models.BooleanField("有提醒", default=False)
    told = models.JSONField("更正、错误和提醒", default=dict)
    cells = models.JSONField("原来的内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "台账的行"
        ordering: ClassVar = ["batch", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "place"], name="ledger_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
