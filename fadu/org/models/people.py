"""Divisions, organs, posts, officers with their dated papers, and the accounts behind which they stand."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from fadu.kernel import clock
from fadu.org.roles import ADMINISTRATORS, Role

REFERENCE_APPS = frozenset({"org", "law"})
ROLE_CHOICES = [(role.value, role.title) for role in Role]
PHONE = RegexValidator(
    r"^(1[3-9]\d{9}|0\d{2,3}-\d{7,8}(-\d{1,6})?|\d{7,8})$", "请填写11位手机号，或者带区号的座机号，如 0355-2012345。"
)


class Level(models.TextChoices):
    """The five levels of the statistical division code, from 2 to 12 digits."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（区）"
    TOWNSHIP = "township", "乡镇（街道）"
    VILLAGE = "village", "村（居）"


CODE_LENGTHS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


class Division(models.Model):
    """行政区划. The code is the key and starts with the parent's code, so that "within" is a prefix match."""

    code = models.CharField("代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=200)
    local_name = models.CharField("县以下名称", max_length=120, help_text="从县（区）写起，市内的列表里用。")
    level = models.CharField("层级", max_length=8, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="org_division_code_fits_level",
                condition=Q(
                    *(Q(level=level, code__regex=rf"^\d{{{length}}}$") for level, length in CODE_LENGTHS.items()),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="org_division_only_a_province_has_no_parent",
                condition=Q(level=Level.PROVINCE, parent=None) | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.name


class Organ(models.Model):
    """机关: an emergency-management bureau, with everything about it that its papers print."""

    class Level(models.TextChoices):
        """The level of government the organ belongs to."""

        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"

    name = models.CharField("名称", max_length=80, unique=True, help_text="全称，印在文书上，如“示例市应急管理局”。")
    short = models.CharField("简称", max_length=20, unique=True, help_text="列表里用，如“市局”。")
    prefix = models.CharField(
        "机关代字", max_length=10, unique=True, help_text="文号开头括号里的字，如（晋示）中的“晋示”。"
    )
    level = models.CharField("级别", max_length=8, choices=Level)
    division = models.ForeignKey(Division, models.PROTECT, related_name="organs", verbose_name="管辖区域")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级机关"
    )
    address = models.CharField("地址", max_length=200)
    postcode = models.CharField("邮编", max_length=6, validators=[RegexValidator(r"^\d{6}$", "邮编是6位数字。")])
    phone = models.CharField("电话", max_length=30, validators=[PHONE])
    reconsideration_body = models.CharField(
        "行政复议机关", max_length=80, help_text="对本机关的决定不服时受理复议的机关，一般是本级人民政府。"
    )
    court = models.CharField("管辖法院", max_length=80, help_text="受理行政诉讼的人民法院，印在告知救济途径的段落里。")
    bank_name = models.CharField("罚款代收银行", max_length=80, blank=True)
    bank_account_name = models.CharField("收款户名", max_length=80, blank=True)
    bank_account = models.CharField("收款账号", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机关"
        ordering: ClassVar = ["division_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="org_organ_is_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """内设机构: a section of an organ, such as 执法一科 or 政策法规科."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="departments", verbose_name="机关")
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "内设机构"
        ordering: ClassVar = ["organ_id", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "name"], name="org_department_name_once_per_organ")
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: what a person is appointed to; the roles of the law come from here and nowhere else."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="posts", verbose_name="机关")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="内设机构"
    )
    title = models.CharField("职务", max_length=40, help_text="如“局长”“执法一科科长”。")
    roles = ArrayField(
        models.CharField(max_length=20, choices=ROLE_CHOICES), default=list, blank=True, verbose_name="岗位职责"
    )
    is_principal = models.BooleanField(
        "正职",
        default=False,
        help_text="机关的正职负责人岗位。任此岗的人自动具有“主要负责人（正职）”和“行政机关负责人”。",
    )
    order = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering: ClassVar = ["organ_id", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organ"], condition=Q(is_principal=True), name="org_post_one_principal_per_organ"
            ),
            models.CheckConstraint(
                name="org_post_roles_are_known",
                condition=Q(roles__contained_by=[role.value for role in Role]),
            ),
            models.CheckConstraint(
                name="org_post_of_an_administrator_is_nothing_else",
                condition=~Q(roles__overlap=[role.value for role in Role if role in ADMINISTRATORS])
                | Q(roles__len=1, is_principal=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organ.name}{self.title}"

    @property
    def role_set(self) -> frozenset[Role]:
        """The roles that go with the post itself; the principal post carries both head roles without being told."""
        roles = {Role(value) for value in self.roles}
        return frozenset(roles | {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD}) if self.is_principal else frozenset(roles)

    @property
    def roles_in_order(self) -> list[Role]:
        """The same in the order of the enum, for pages."""
        return [role for role in Role if role in self.role_set]

    def clean(self) -> None:
        """A department of another organ, or an administrator's post with other roles, is refused at the field."""
        if self.role_set & ADMINISTRATORS and len(self.role_set) > 1:
            raise ValidationError(
                {"roles": "系统管理员、安全管理员、审计管理员三员分立，管理员的岗位不能再有别的职责，请分设岗位。"}
            )
        if self.department and self.department.organ_id != self.organ_id:
            raise ValidationError({"department": "这个内设机构不属于所选的机关，请重新选择。"})


class UserManager(BaseUserManager["User"]):
    """Creates accounts; user names are compared without regard to case or full-width letters."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account of that name in any case or width; raises User.DoesNotExist."""
        return self.get(username__iexact=self.model.normalize_username(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """An account; without a password it cannot log in."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """The account of the machine room: reference data only, no post and so no matter."""
        return self.create_user(username, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """账号. It only says who logs in; what they may do comes from the posts of the officer behind it."""

    username = models.CharField(
        "用户名",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator(message="用户名只能用汉字、字母、数字和 @ . + - _ 。")],
        error_messages={"unique": "这个用户名已经有人用了，请换一个。"},
    )
    is_active = models.BooleanField("启用", default=True, help_text="停用后不能登录。请停用，不要删除。")
    must_change_password = models.BooleanField(
        "须改密码", default=False, help_text="管理员设的初始密码，登录后必须先改。"
    )
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True, editable=False)
    session_epoch = models.PositiveIntegerField("会话批次", default=0, editable=False)
    oidc_subject = models.CharField("统一身份标识", max_length=255, null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField("建立时间", default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            models.UniqueConstraint(models.functions.Lower("username"), name="org_user_name_once_in_any_case")
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: the password and the batch of sessions, so that raising the batch ends them all."""
        return salted_hmac(
            "fadu.org.User.session", f"{self.password}|{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def is_administrator(self) -> bool:
        """Whether the person looks after reference data today: a superuser, or an officer whose post says 系统管理员."""
        if not self.is_active:
            return False
        if self.is_superuser:
            return True
        today = clock.today()
        appointments = Appointment.objects.on(today).filter(officer__user=self).select_related("post")
        return any(Role.ADMIN in appointment.roles for appointment in appointments)

    @property
    def is_staff(self) -> bool:
        """Whether the reference-data pages (Django's admin) open."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """An administrator may view, add and change reference data; deleting would tear holes in the history."""
        app, _, action = perm.partition(".")
        if not self.is_administrator or app not in REFERENCE_APPS:
            return False
        return not action.startswith("delete_") or self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        """Which sections the reference-data pages show."""
        return self.is_administrator and app_label in REFERENCE_APPS


class Officer(models.Model):
    """执法人员及其他工作人员: a person of the bureau; the organ follows from the appointments of the day."""

    class Sex(models.TextChoices):
        """As printed in records of questioning."""

        MALE = "male", "男"
        FEMALE = "female", "女"

    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="officer", verbose_name="账号"
    )
    phone = models.CharField("办公电话", max_length=30, blank=True, validators=[PHONE])
    legal_review_since = models.DateField(
        "开始从事法制审核",
        null=True,
        blank=True,
        help_text="第一次从事处罚决定法制审核的日期。2018年1月1日以前已经从事的，不要求法律职业资格。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


def _holds_on(day: date, starts: str, ends: str) -> Q:
    """The dated rows that hold on `day`; both ends are included."""
    return Q(**{f"{starts}__lte": day}) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": day}))


class AppointmentSet(models.QuerySet["Appointment"]):
    """Appointments by day."""

    def on(self, day: date) -> AppointmentSet:
        """Those that hold on `day` and that the security administrator has confirmed."""
        return self.filter(_holds_on(day, "starts_on", "ends_on"), confirmed=True)


class Appointment(models.Model):
    """任职: an officer holds a post from one day to another, both included."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="appointments", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="岗位")
    starts_on = models.DateField("任职之日")
    ends_on = models.DateField("任职至", null=True, blank=True, help_text="最后一天；仍在任的空着。")
    acting = models.BooleanField(
        "主持工作", default=False, help_text="正职空缺期间，由这位负责人主持全面工作，行使正职的职责。"
    )
    confirmed = models.BooleanField(
        "已确认", default=False, editable=False, help_text="系统管理员登记的任职，安全管理员确认以后才有效。"
    )

    objects = AppointmentSet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering: ClassVar = ["starts_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="org_appointment_dates_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer.name}，{self.post}"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of this appointment: those of the post, and the head's when the officer is in charge for the time."""
        roles = self.post.role_set
        return roles | {Role.PRINCIPAL_HEAD, Role.AGENCY_HEAD} if self.acting else roles

    @property
    def title(self) -> str:
        """The title as printed, with 主持工作 where it applies."""
        return f"{self.post.title}（主持工作）" if self.acting else self.post.title

    def clean(self) -> None:
        """The same post twice at a time, two heads of one organ, or dates in the wrong order are refused at the field."""
        if not self.starts_on or self.officer_id is None or self.post_id is None:
            return
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "最后一天早于任职之日，请核对。"})
        others = Appointment.objects.exclude(pk=self.pk).filter(Q(ends_on=None) | Q(ends_on__gte=self.starts_on))
        if self.ends_on:
            others = others.filter(starts_on__lte=self.ends_on)
        if others.filter(officer=self.officer_id, post=self.post_id).exists():
            raise ValidationError({"starts_on": "这位同志在这段时间已经任这个岗位，请先结束原来的任职。"})
        self._administrators_apart(others.filter(officer=self.officer_id))
        if self.post.is_principal or self.acting:
            heads = others.filter(Q(post__is_principal=True) | Q(acting=True), post__organ=self.post.organ_id)
            if head := heads.select_related("officer", "post__organ").first():
                raise ValidationError(
                    {
                        "post": f"这段时间{head.officer.name}已经是{head.post.organ.name}的正职或者主持工作，请先结束其任职。"
                    }
                )
        if self.acting and Role.AGENCY_HEAD not in self.post.role_set:
            raise ValidationError({"acting": "主持工作的应当是行政机关负责人，所选岗位没有这项职责。"})

    def _administrators_apart(self, others: models.QuerySet[Appointment]) -> None:
        """Refuse to make one person two of the three administrators, or an administrator who handles matters."""
        mine = self.post.role_set
        for other in others.select_related("post__organ"):
            roles = mine | other.post.role_set
            if roles & ADMINISTRATORS and len(roles) > 1 and mine and other.post.role_set:
                raise ValidationError(
                    {
                        "post": f"这位同志在这段时间还任{other.post}。系统管理员、安全管理员、审计管理员三员分立，"
                        "一人不能兼任两员，也不能兼办业务，请另选人员。"
                    }
                )


class CertificateSet(models.QuerySet["Certificate"]):
    """Certificates by day."""

    def on(self, day: date) -> CertificateSet:
        """Those that are valid on `day` (行政处罚法 42: 执法人员应当持证)."""
        return self.filter(Q(revoked_on=None) | Q(revoked_on__gt=day), valid_from__lte=day, valid_to__gte=day)


class Certificate(models.Model):
    """行政执法证件: without one valid on the day, nobody enforces."""

    class State(models.TextChoices):
        """What a reader wants to know about a certificate on a day."""

        VALID = "valid", "有效"
        EXPIRING = "expiring", "快到期"
        EXPIRED = "expired", "已过期"
        REVOKED = "revoked", "已收回"
        FUTURE = "future", "尚未生效"

    WARNING_DAYS = 60

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="certificates", verbose_name="人员")
    number = models.CharField("证号", max_length=30, unique=True)
    issuer = models.CharField("发证机关", max_length=60)
    valid_from = models.DateField("有效期自")
    valid_to = models.DateField("有效期至", help_text="最后一天，当天仍有效。")
    revoked_on = models.DateField("收回日期", null=True, blank=True, help_text="自这一天起不能再用。")
    revoked_reason = models.CharField("收回原因", max_length=200, blank=True)

    objects = CertificateSet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "执法证件"
        ordering: ClassVar = ["-valid_to", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="org_certificate_dates_in_order", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="org_certificate_revoked_with_reason",
                condition=Q(revoked_on=None, revoked_reason="")
                | (Q(revoked_on__isnull=False) & Q(revoked_on__gte=F("valid_from")) & ~Q(revoked_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_valid(self, on: date) -> bool:
        """Whether the certificate may be shown and relied on that day."""
        return self.valid_from <= on <= self.valid_to and (self.revoked_on is None or on < self.revoked_on)

    def state(self, on: date) -> Certificate.State:
        """The state on a day; within 60 days of its end a certificate is 快到期."""
        if self.revoked_on and self.revoked_on <= on:
            return self.State.REVOKED
        if on > self.valid_to:
            return self.State.EXPIRED
        if on < self.valid_from:
            return self.State.FUTURE
        return self.State.EXPIRING if (self.valid_to - on).days < self.WARNING_DAYS else self.State.VALID

    def clean(self) -> None:
        """Dates in the wrong order, or half a revocation, are refused at the field."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "有效期的最后一天早于第一天，请核对。"})
        if self.revoked_on and self.valid_from and self.revoked_on < self.valid_from:
            raise ValidationError({"revoked_on": "收回日期早于证件生效日期，请核对。"})
        if self.revoked_on and not self.revoked_reason:
            raise ValidationError({"revoked_reason": "收回证件要写明原因。"})
        if self.revoked_reason and not self.revoked_on:
            raise ValidationError({"revoked_on": "写了收回原因，请同时填写收回日期。"})


class LegalQualification(models.Model):
    """国家统一法律职业资格, asked of those who begin legal review (行政处罚法 58 II)."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="qualifications", verbose_name="人员")
    number = models.CharField("证书编号", max_length=30, unique=True)
    obtained_on = models.DateField("取得日期")

    class Meta:
        verbose_name = verbose_name_plural = "法律职业资格"
        ordering: ClassVar = ["obtained_on", "id"]

    def __str__(self) -> str:
        return self.number
