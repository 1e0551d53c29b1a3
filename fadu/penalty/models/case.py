"""A penalty case and its parts: parties with their own sanctions, evidence, notices, defences, review, discussion, money."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fadu.document.models import Paper
from fadu.inspection.models import Visit
from fadu.law.provisions import Party as PartyKind
from fadu.org.models import Division, Officer
from fadu.penalty.procedures.exemption import Exemption
from fadu.penalty.procedures.sanctions import Sanctions
from fadu.procedure.models import Matter
from fadu.procedure.registry import matter_of
from fadu.subject.models import Subject

PARTY_KINDS = [(p.value, p.title_zh) for p in PartyKind if p not in (PartyKind.OFFICIAL, PartyKind.REGULATOR)]


@matter_of("penalty.ordinary")
class PenaltyCase(Matter):
    """行政处罚案件: begins as a clue (线索), whatever its source, and ends archived or not filed."""

    class Source(models.TextChoices):
        VISIT = "visit", "监督检查发现"
        COMPLAINT = "complaint", "投诉举报"
        TRANSFER = "transfer", "其他机关移送"
        ACCIDENT = "accident", "生产安全事故"
        ASSIGNED = "assigned", "上级交办"

    source = models.CharField("来源", max_length=10, choices=Source)
    source_detail = models.CharField("来源说明", max_length=200, blank=True)
    informant = models.CharField("举报人", max_length=80, blank=True, help_text="只有承办人可见，不进入记录和文书。")
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="来自检查"
    )
    cause = models.CharField("案由", max_length=120)
    clue = models.TextField("线索内容")
    received_on = models.DateField("线索取得日期")
    found_on = models.DateField("违法行为发现之日")
    acted_on = models.DateField("违法行为发生之日", null=True, blank=True)
    act_ended_on = models.DateField("违法行为终了之日", null=True, blank=True)
    ongoing = models.BooleanField("违法行为仍在继续", default=False)
    harm = models.TextField("危害公民生命健康安全且有危害后果的认定", blank=True)
    deaths = models.PositiveSmallIntegerField("死亡（人）", null=True, blank=True)
    serious_injuries = models.PositiveSmallIntegerField("重伤（人）", null=True, blank=True)
    direct_loss = models.DecimalField("直接经济损失（元）", max_digits=16, decimal_places=2, null=True, blank=True)
    harm_ordinal = models.PositiveIntegerField("后果最近一次登记的次序", default=0)
    follows = models.ForeignKey(
        "CaseParty",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="daily_cases",
        verbose_name="按日连续处罚所依据的罚款",
    )
    place = models.CharField("违法行为发生地", max_length=200, blank=True)
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, verbose_name="发生地所在区域")
    facts_found = models.TextField("查明的事实", blank=True)
    course = models.TextField("调查经过", blank=True)
    violated = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name="违反的规定")
    discretion = models.TextField("裁量情节及理由", blank=True)
    nature = models.TextField("案件性质和责任认定", blank=True)
    public_interest = models.TextField("涉及重大公共利益的理由", blank=True)
    complexity = models.TextField("案情疑难复杂的理由", blank=True)
    grave = models.TextField("情节复杂或者重大违法的理由", blank=True)
    correction = models.TextField("责令改正的内容", blank=True)

    class Meta:
        verbose_name = "行政处罚案件"
        verbose_name_plural = "行政处罚案件"


class CaseParty(models.Model):
    """案件当事人: name and particulars as they were; sanctions proposed, then decided."""

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="parties", verbose_name="案件")
    ordinal = models.PositiveSmallIntegerField("序号")
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="监管对象"
    )
    kind = models.CharField("当事人类别", max_length=20, choices=PARTY_KINDS)
    name = models.CharField("名称（姓名）", max_length=120)
    identity = models.CharField("统一社会信用代码（身份证号）", max_length=18, blank=True)
    representative = models.CharField("法定代表人（负责人）", max_length=40, blank=True)
    representative_post = models.CharField("职务", max_length=40, blank=True)
    sex = models.CharField("性别", max_length=2, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    employer = models.CharField("所在单位", max_length=120, blank=True)
    address = models.CharField("地址（住址）", max_length=200)
    phone = models.CharField("电话", max_length=30, blank=True)
    provision = models.CharField("处罚条款", max_length=40, blank=True)
    stages = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="认定的情形")
    order_due = models.DateField("责令改正期限", null=True, blank=True)
    order_obeyed = models.BooleanField("已按期改正", null=True, blank=True)
    income = models.DecimalField("上一年年收入（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    gains = models.DecimalField("违法所得（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    mitigation = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="从轻减轻情形")
    mitigation_reason = models.TextField("从轻减轻的理由", blank=True)
    proposed = models.JSONField("拟处罚", default=dict, blank=True)
    exemption = models.CharField(
        "不予处罚的情形", max_length=12, blank=True, choices=[(e.name, e.title) for e in Exemption]
    )
    exemption_reason = models.TextField("不予处罚的理由", blank=True)
    education = models.TextField("教育措施", blank=True)
    leniency = models.JSONField("适用的不予处罚清单事项", default=dict, blank=True)
    decided = models.JSONField("决定的处罚", null=True, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decision = models.OneToOneField(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定书"
    )
    waived_on = models.DateField("放弃陈述申辩日期", null=True, blank=True)
    hearing_asked_on = models.DateField("要求听证日期", null=True, blank=True)
    hearing_waived_on = models.DateField("放弃听证日期", null=True, blank=True)
    kept = models.BooleanField("原决定继续有效", default=False)
    surcharge_from = models.DateField("加处罚款起算日", null=True, blank=True)
    execution_ended_on = models.DateField("终结执行日期", null=True, blank=True)

    class Meta:
        verbose_name = "当事人"
        verbose_name_plural = "当事人"
        ordering = ["case", "ordinal"]
        indexes = [models.Index(fields=["identity"], name="parties_by_identity")]
        constraints = [
            models.UniqueConstraint(fields=["case", "ordinal"], name="parties_in_order"),
            models.CheckConstraint(
                name="decided_with_its_day",
                condition=Q(decided=None, decided_on=None) | Q(decided__isnull=False, decided_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> PartyKind:
        """What the party is in the words of the provisions."""
        return PartyKind(self.kind)

    @property
    def is_person(self) -> bool:
        """A natural person?"""
        return self.party.is_person

    @property
    def sanctions(self) -> Sanctions:
        """What is proposed."""
        return Sanctions.from_json(self.proposed)

    @property
    def decision_sanctions(self) -> Sanctions:
        """What was decided."""
        return Sanctions.from_json(self.decided)


class Evidence(models.Model):
    """证据: one piece, its kind (46), what it proves, who took it when and where, and who verified it how."""

    class Kind(models.TextChoices):
        DOCUMENTARY = "documentary", "书证"
        PHYSICAL = "physical", "物证"
        AUDIOVISUAL = "audiovisual", "视听资料"
        ELECTRONIC = "electronic", "电子数据"
        WITNESS = "witness", "证人证言"
        PARTY = "party", "当事人的陈述"
        EXPERT = "expert", "鉴定意见"
        RECORD = "record", "勘验笔录、现场笔录"

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="evidence", verbose_name="案件")
    kind = models.CharField("种类", max_length=12, choices=Kind)
    name = models.CharField("名称", max_length=120)
    proves = models.TextField("证明内容")
    obtained_on = models.DateField("取得日期")
    obtained_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="取证人")
    place = models.CharField("取得地点", max_length=200, blank=True)
    by_party = models.BooleanField("由当事人提供", default=False)
    sha256 = models.CharField("文件校验值", max_length=64, blank=True)
    media_type = models.CharField("文件类型", max_length=80, blank=True)
    verified_on = models.DateField("查证日期", null=True, blank=True)
    verified_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="查证人"
    )
    verified_how = models.TextField("查证情况", blank=True)

    class Meta:
        verbose_name = "证据"
        verbose_name_plural = "证据"
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                name="verified_by_and_on_together",
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
            )
        ]


class Notice(models.Model):
    """告知: what one party was told it would get; the measure of 行政处罚法 45 II."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="notices", verbose_name="当事人")
    act_ordinal = models.PositiveIntegerField("次序")
    on = models.DateField("日期")
    sanctions = models.JSONField("告知的处罚")
    hearing = models.BooleanField("告知听证权利")

    class Meta:
        verbose_name = "告知"
        verbose_name_plural = "告知"
        ordering = ["party", "id"]


class Defence(models.Model):
    """陈述申辩: what the party said, and what was found on it."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="defences", verbose_name="当事人")
    made_on = models.DateField("日期")
    speaker = models.CharField("陈述申辩人", max_length=60)
    statement = models.TextField("内容")
    finding = models.TextField("复核情况", blank=True)
    adopted = models.CharField("是否采纳", max_length=4, blank=True)
    considered_on = models.DateField("复核日期", null=True, blank=True)

    class Meta:
        verbose_name = "陈述申辩"
        verbose_name_plural = "陈述申辩"
        ordering = ["party", "id"]


class LegalReview(models.Model):
    """法制审核 (58): a qualified reviewer's opinion with its items."""

    class Verdict(models.TextChoices):
        PASSED = "同意", "同意"
        CORRECT = "纠正", "纠正"
        SUPPLEMENT = "补充调查", "补充调查"
        TRANSFER = "移送", "移送"

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="reviews", verbose_name="案件")
    act_ordinal = models.PositiveIntegerField("次序")
    on = models.DateField("日期")
    reviewer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="审核人员")
    verdict = models.CharField("审核意见", max_length=8, choices=Verdict)
    reason = models.TextField("理由")
    items = models.JSONField("审核事项", default=list)

    class Meta:
        verbose_name = "法制审核"
        verbose_name_plural = "法制审核"
        ordering = ["case", "id"]


class Discussion(models.Model):
    """集体讨论 (57 II): who was there, what each said in which order, and the conclusion."""

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="discussions", verbose_name="案件")
    act_ordinal = models.PositiveIntegerField("次序")
    held_on = models.DateField("日期")
    minutes = models.JSONField("记录")
    conclusion = models.TextField("结论性意见")

    class Meta:
        verbose_name = "集体讨论"
        verbose_name_plural = "集体讨论"
        ordering = ["case", "id"]


class Payment(models.Model):
    """缴款: entered from the bank's or the treasury's voucher by somebody who did not handle the case (67)."""

    party = models.ForeignKey(CaseParty, models.PROTECT, related_name="payments", verbose_name="当事人")
    voucher = models.CharField("票据号码", max_length=60, unique=True)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2)
    paid_on = models.DateField("缴款日期")
    entered_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="登记人")
    sha256 = models.CharField("票据文件校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "缴款"
        verbose_name_plural = "缴款"
        ordering = ["party", "id"]
        constraints = [models.CheckConstraint(name="payment_above_zero", condition=Q(amount__gt=0))]


class CrimeReport(models.Model):
    """涉嫌犯罪报告与移送 (移送规定): report, decision, delivery, reply, return."""

    class Reply(models.TextChoices):
        ACCEPTED = "accepted", "立案"
        DECLINED = "declined", "不予立案"
        RETURNED = "returned", "移回处理"

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="crime_reports", verbose_name="案件")
    reported_on = models.DateField("报告日期")
    offence = models.CharField("涉嫌罪名", max_length=60)
    reason = models.TextField("涉嫌犯罪的事实和理由")
    receiving_body = models.CharField("受移送机关", max_length=80)
    approved = models.BooleanField("批准移送", null=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    refusal_reason = models.TextField("不批准的理由", blank=True)
    sent_at = models.DateTimeField("送交时间", null=True, blank=True)
    received_by = models.CharField("接收人", max_length=60, blank=True)
    reply = models.CharField("答复", max_length=10, choices=Reply, blank=True)
    reply_on = models.DateField("答复日期", null=True, blank=True)
    reply_document = models.CharField("答复文书", max_length=120, blank=True)
    reply_sha256 = models.CharField("答复文书校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "涉嫌犯罪报告"
        verbose_name_plural = "涉嫌犯罪报告"
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(approved=None), name="one_undecided_crime_report"),
        ]


class DecisionChange(models.Model):
    """决定被变更、撤销、确认违法或者无效: by whom, with which paper (48 II, 75 II)."""

    case = models.ForeignKey(PenaltyCase, models.PROTECT, related_name="changes", verbose_name="案件")
    party = models.ForeignKey(
        CaseParty, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name="当事人"
    )
    act_ordinal = models.PositiveIntegerField("次序", default=0)
    on = models.DateField("文书生效日期")
    body = models.CharField("作出机关", max_length=80)
    effect = models.CharField("结果", max_length=10, choices=[(v, v) for v in ("变更", "撤销", "确认违法", "确认无效")])
    document = models.CharField("文书名称、文号", max_length=120)
    reason = models.TextField("说明")
    former = models.JSONField("原来的处罚", null=True, blank=True)
    remand = models.BooleanField("责令重新作出决定", default=False)
    for_procedure = models.BooleanField("因违反法定程序", default=False)

    class Meta:
        verbose_name = "决定的变更"
        verbose_name_plural = "决定的变更"
        ordering = ["case", "id"]


class Disclosure(models.Model):
    """公开: the masked text that the public sees, and its withdrawal with the reason."""

    party = models.OneToOneField(CaseParty, models.PROTECT, related_name="disclosure", verbose_name="当事人")
    number = models.CharField("决定书文号", max_length=60)
    organ_name = models.CharField("处罚机关", max_length=80)
    party_name = models.CharField("当事人", max_length=120)
    party_uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    cause = models.CharField("案由", max_length=120)
    facts = models.TextField("违法事实")
    basis = models.TextField("处罚依据")
    penalty = models.TextField("处罚内容")
    fine = models.DecimalField("罚款（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    decided_on = models.DateField("决定日期")
    published_on = models.DateField("公开日期")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)

    class Meta:
        verbose_name = "公开的处罚决定"
        verbose_name_plural = "公开的处罚决定"
        ordering = ["-decided_on", "-id"]
        indexes = [models.Index(fields=["-decided_on"], condition=Q(withdrawn_on=None), name="disclosed_now")]
        constraints = [
            models.CheckConstraint(
                name="withdrawn_with_reason", condition=Q(withdrawn_on=None) | ~Q(withdrawal_reason="")
            ),
        ]
