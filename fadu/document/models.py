"""Case files, their serials, papers, service of papers and scans of what was signed by hand."""

from __future__ import annotations

import secrets
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from fadu.document.delivery import Method, in_effect
from fadu.document.kinds import Document, Series
from fadu.kernel import clock

# without 0, 1, I, L, O, U: it may have to be read aloud or typed
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
SERIES = [(series.key, series.title) for series in Series]
KINDS = [(document.code, document.title) for document in Document]
METHODS = [(method.code, method.title) for method in Method]


def new_code() -> str:
    """A code nobody can guess, by which the public checks a paper."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def known_kind(value: str) -> None:
    """Refuse a kind that is not declared; no choices on the column, or every new kind would be a migration."""
    if value not in Document.__members__:
        raise ValidationError("没有这种文书")


class Counter(models.Model):
    """The last serial drawn by an organ in a year, one row per series."""

    organ = models.ForeignKey("org.Organ", models.PROTECT, related_name="+", verbose_name="机关")
    year = models.PositiveSmallIntegerField("年度")
    series = models.CharField("系列", max_length=20, choices=SERIES)
    last = models.PositiveIntegerField("最后的序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "文号序列"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "year", "series"], name="document_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.year} {self.get_series_display()}：{self.last}"


class CaseFile(models.Model):
    """案卷: the papers of one matter; its serial is drawn when the matter is filed (or the visit approved)."""

    organ = models.ForeignKey("org.Organ", models.PROTECT, related_name="case_files", verbose_name="机关")
    year = models.PositiveSmallIntegerField("年度")
    series = models.CharField("系列", max_length=20, choices=SERIES)
    serial = models.PositiveIntegerField("序号", null=True, blank=True)
    chain = models.CharField("记录链", max_length=120, unique=True)
    title = models.CharField("案卷名称", max_length=300)
    created = models.DateTimeField("建卷时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "案卷"
        ordering: ClassVar = ["-created", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "year", "series", "serial"], name="document_serial_once"),
            models.CheckConstraint(name="document_serial_from_one", condition=Q(serial=None) | Q(serial__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class PaperSet(models.QuerySet["Paper"]):
    """Papers by what became of them."""

    def issued(self) -> PaperSet:
        """Issued and not void."""
        return self.filter(status=Paper.Status.ISSUED)

    def of_kind(self, document: Document) -> PaperSet:
        """Of one kind."""
        return self.filter(kind=document.code)


class Paper(models.Model):
    """文书: a draft until it is issued; from then on the database refuses every change but its being voided."""

    class Status(models.TextChoices):
        """What became of the paper."""

        DRAFT = "draft", "草稿"
        ISSUED = "issued", "有效"
        VOID = "void", "作废"

    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="papers", verbose_name="案卷")
    kind = models.CharField("文书种类", max_length=40, validators=[known_kind])
    party_no = models.PositiveSmallIntegerField("第几当事人", null=True, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    word = models.CharField("文书字", max_length=20, blank=True)
    ordinal = models.PositiveSmallIntegerField("同案同字第几份", null=True, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    context = models.JSONField("内容", default=dict)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="更正的文书"
    )
    drafted_by = models.CharField("起草人", max_length=100)
    updated_at = models.DateTimeField("修改时间", default=clock.now, editable=False)

    verify_code = models.CharField("核验码", max_length=CODE_LENGTH, default=new_code, unique=True, editable=False)
    pdf_sha256 = models.CharField("文件散列值", max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField("文件大小", default=0)
    issued_on = models.DateField("制作日期", null=True, blank=True)
    issued_at = models.DateTimeField("制作时间", null=True, blank=True)
    issued_by = models.CharField("制作人", max_length=100, blank=True)

    voided_on = models.DateField("作废日期", null=True, blank=True)
    voided_by = models.CharField("作废人", max_length=100, blank=True)
    void_reason = models.CharField("作废理由", max_length=500, blank=True)

    objects = PaperSet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        ordering: ClassVar = ["issued_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_file", "word", "ordinal"], condition=~Q(word=""), name="document_ordinal_once"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="document_number_once"),
            models.CheckConstraint(
                name="document_issued_whole",
                condition=Q(status="draft", pdf_sha256="", number="", issued_on=None, issued_at=None)
                | (
                    ~Q(status="draft")
                    & Q(pdf_sha256__regex=r"^[0-9a-f]{64}$", issued_on__isnull=False, issued_at__isnull=False)
                    & ~Q(issued_by="")
                ),
            ),
            models.CheckConstraint(
                name="document_void_with_reason",
                condition=(~Q(status="void") & Q(voided_on=None, voided_by="", void_reason=""))
                | (Q(status="void", voided_on__gte=F("issued_on")) & ~Q(voided_by="") & ~Q(void_reason="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case_file", "kind", "party_no"], name="document_paper_find")]

    def __str__(self) -> str:
        return f"《{self.title}》{self.number}"

    @property
    def document(self) -> Document:
        """Its kind."""
        return Document[self.kind]

    @property
    def title(self) -> str:
        """Chinese title of its kind."""
        return self.document.title

    @property
    def is_issued(self) -> bool:
        """Issued and not void."""
        return self.status == self.Status.ISSUED

    @property
    def sha256_groups(self) -> str:
        """The hash in groups of eight, which a narrow screen can break."""
        return " ".join(self.pdf_sha256[start : start + 8] for start in range(0, len(self.pdf_sha256), 8))

    def as_record(self) -> dict[str, str]:
        """How the journal names it: kind, number, sha256."""
        return {"kind": self.title, "number": self.number, "sha256": self.pdf_sha256}


class Service(models.Model):
    """送达: how, to whom, with what proof, and from which day it counts."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="services", verbose_name="文书")
    method = models.CharField("送达方式", max_length=20, choices=METHODS)
    addressee = models.CharField("受送达人", max_length=200)
    receiver = models.CharField("签收人", max_length=100, blank=True)
    details = models.JSONField("送达情况", default=dict)
    proof = models.ForeignKey("record.EvidenceFile", models.PROTECT, related_name="+", verbose_name="送达证明")
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="电子送达确认书"
    )
    served_on = models.DateField("送达（发出、公告）日期")
    effective_on = models.DateField("生效日期")
    served_by = models.JSONField("送达人", default=list)
    recorded_at = models.DateTimeField("登记时间", default=clock.now, editable=False)

    withdrawn_on = models.DateField("撤销登记日期", null=True, blank=True)
    withdrawn_by = models.CharField("撤销登记人", max_length=100, blank=True)
    withdrawn_reason = models.CharField("撤销登记理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送达"
        ordering: ClassVar = ["served_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_effect_not_before_service", condition=Q(effective_on__gte=F("served_on"))
            ),
            models.CheckConstraint(
                name="document_withdrawn_with_reason",
                condition=Q(withdrawn_on=None, withdrawn_by="", withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.get_method_display()}"

    @property
    def way(self) -> Method:
        """The method with its rule."""
        return Method.of(self.method)

    def in_effect(self, on: date) -> bool:
        """Whether the paper counts as served on that day; a withdrawn entry never does."""
        return self.withdrawn_on is None and in_effect(self.way, self.effective_on, on)

    def pending(self, on: date) -> bool:
        """Whether an announcement is still running."""
        return self.withdrawn_on is None and not self.in_effect(on)


class Scan(models.Model):
    """扫描件: a paper signed by hand, scanned in and kept by its hash."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="scans", verbose_name="文书")
    evidence = models.ForeignKey("record.EvidenceFile", models.PROTECT, related_name="+", verbose_name="扫描件")
    note = models.CharField("说明", max_length=200, blank=True)
    kept_by = models.CharField("归入人", max_length=100)
    kept_at = models.DateTimeField("归入时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "扫描件"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["paper", "evidence"], name="document_scan_once")]

    def __str__(self) -> str:
        return f"{self.paper}扫描件"
