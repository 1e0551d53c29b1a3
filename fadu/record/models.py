"""The tables of the record: entries, heads, evidence files and notes of access, all append-only."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Now

CHAIN = r"^[a-z][a-z0-9_.]*(/[0-9A-Za-z][0-9A-Za-z._-]*)*$"
HEX64 = r"^[0-9a-f]{64}$"


def _from_body(path: str, output_field: models.Field[Any, Any], template: str = "(%s)") -> Any:
    """A stored column computed by the database from the entry's body; ``path`` is a JSON path such as {actor,name}."""
    value = f"((%(expressions)s)::jsonb #>> '{path}')"
    expression = models.Func(models.F("body"), template=template.replace("%s", value), output_field=output_field)
    return models.GeneratedField(expression=expression, output_field=output_field, db_persist=True)


DATE = "make_date(substr(%s, 1, 4)::int, substr(%s, 6, 2)::int, substr(%s, 9, 2)::int)"


class AppendOnly(models.Model):
    """A row that is written once; the database refuses anything else, this says so earlier."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert a new row; raises TypeError for one that exists."""
        if not self._state.adding:
            raise TypeError("过程记录只能追加")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises TypeError."""
        raise TypeError("过程记录不得删除")


class Entry(AppendOnly):
    """One act in the journal. ``body`` is canonical JSON text; every other fact is derived from it by the database."""

    chain = models.CharField("链", max_length=120)
    seq = models.BigIntegerField("序号")
    prev_hash = models.CharField("前一条散列值", max_length=64)
    hash = models.CharField("散列值", max_length=64)
    recorded_at = models.DateTimeField("入记录时间")
    body = models.TextField("内容")

    act = _from_body("{act}", models.TextField("行为"))
    title = _from_body("{title}", models.TextField("名称"))
    on = _from_body("{on}", models.DateField("日期"), DATE)
    acted_at = _from_body("{acted_at}", models.TextField("行为时间"))
    officer_id = _from_body("{actor,officer_id}", models.BigIntegerField("人员编号", null=True), "(%s)::bigint")
    late = _from_body("{flags,late}", models.BooleanField("逾期"), "(%s IS NOT NULL)")

    class Meta:
        verbose_name = "过程记录"
        verbose_name_plural = "过程记录"
        default_permissions = ()
        ordering = ("chain", "seq")
        constraints = [
            models.UniqueConstraint(fields=("chain", "seq"), name="entry_once_in_chain"),
            models.CheckConstraint(name="entry_chain_well_formed", condition=models.Q(chain__regex=CHAIN)),
            models.CheckConstraint(name="entry_seq_from_one", condition=models.Q(seq__gte=1)),
            models.CheckConstraint(
                name="entry_hashes_well_formed", condition=models.Q(hash__regex=HEX64, prev_hash__regex=HEX64)
            ),
            models.CheckConstraint(
                name="entry_names_act_and_actor",
                condition=models.Q(act__isnull=False, title__isnull=False, on__isnull=False, acted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=("act", "on"), name="entry_act_on"),
            models.Index(fields=("officer_id", "on"), name="entry_officer_on"),
            models.Index(fields=("on",), name="entry_late", condition=models.Q(late=True)),
        ]

    def __str__(self) -> str:
        return f"{self.chain} 第{self.seq}号 {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises TypeError: entries come from ``services.write`` alone."""
        raise TypeError("写过程记录请用 fadu.record.services.write")

    @cached_property
    def data(self) -> dict[str, Any]:
        """The body as Python values: actor, acted_at, on, act, title, matter, articles, papers, before, after, note, flags."""
        return json.loads(self.body)  # type: ignore[no-any-return]

    @property
    def actor(self) -> dict[str, Any]:
        """Who acted, as that person stood that day: officer_id, name, post, organ, certificate."""
        return self.data["actor"]  # type: ignore[no-any-return]

    @property
    def matter(self) -> dict[str, Any]:
        """The matter: key and title."""
        return self.data["matter"]  # type: ignore[no-any-return]

    @property
    def articles(self) -> list[str]:
        """The articles on which the act rests, in Chinese."""
        return self.data["articles"]  # type: ignore[no-any-return]

    @property
    def papers(self) -> list[dict[str, Any]]:
        """The papers of the act: kind, number, sha256."""
        return self.data["papers"]  # type: ignore[no-any-return]

    @property
    def note(self) -> str:
        """What the actor wrote."""
        return self.data["note"]  # type: ignore[no-any-return]

    @property
    def flags(self) -> dict[str, Any]:
        """What is marked for ever, such as ``late``."""
        return self.data["flags"]  # type: ignore[no-any-return]


class Head(models.Model):
    """The last entry of each chain, kept apart so that a cut tail shows; only the database's trigger writes it."""

    chain = models.CharField("链", max_length=120, primary_key=True)
    seq = models.BigIntegerField("序号")
    hash = models.CharField("散列值", max_length=64)

    class Meta:
        verbose_name = "链首"
        verbose_name_plural = "链首"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.chain} 共{self.seq}条"


class EvidenceFile(AppendOnly):
    """A file kept as evidence: the row tells what it is, the bytes lie in the vault under their sha256."""

    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.BigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    name = models.CharField("文件名", max_length=120)
    chain = models.CharField("链", max_length=120)
    made_by = models.CharField("制作人", max_length=100)
    made_at = models.DateTimeField("制作时间")
    place = models.CharField("制作地点", max_length=200, blank=True)
    note = models.CharField("证明对象", max_length=500, blank=True)
    kept_at = models.DateTimeField("收存时间", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "证据文件"
        verbose_name_plural = "证据文件"
        default_permissions = ()
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="evidence_sha256_well_formed", condition=models.Q(sha256__regex=HEX64)),
            models.CheckConstraint(name="evidence_not_empty", condition=models.Q(size__gt=0)),
            models.CheckConstraint(name="evidence_chain_well_formed", condition=models.Q(chain__regex=CHAIN)),
        ]
        indexes = [
            models.Index(fields=("chain",), name="evidence_chain"),
            models.Index(fields=("sha256",), name="evidence_sha256"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Is it a picture?"""
        return self.media_type.startswith("image/")

    @property
    def has_thumbnail(self) -> bool:
        """Can a small picture of it be drawn?"""
        return self.media_type in ("image/jpeg", "image/png", "image/webp", "application/pdf")


class Access(AppendOnly):
    """Who read a sensitive matter, when and why; written apart from the matter's own transaction."""

    at = models.DateTimeField("时间", db_default=Now(), editable=False)
    officer_id = models.BigIntegerField("人员编号", null=True, blank=True)
    name = models.CharField("姓名", max_length=100)
    post = models.CharField("职务", max_length=100, blank=True)
    organ = models.CharField("机关", max_length=100, blank=True)
    chain = models.CharField("链", max_length=120)
    what = models.CharField("所阅内容", max_length=200)
    purpose = models.CharField("用途", max_length=200, blank=True)

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        default_permissions = ()
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("chain", "at"), name="access_chain_at"),
            models.Index(fields=("officer_id", "at"), name="access_officer_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name} 查阅 {self.what}"


class Seal(AppendOnly):
    """封存: one day of the record under one hash, which covers the day's entries and the seal before; published."""

    day = models.DateField("日期", unique=True)
    entries = models.BigIntegerField("记录数")
    root = models.CharField("默克尔树根", max_length=64)
    previous = models.CharField("前一日封存值", max_length=64)
    hash = models.CharField("封存值", max_length=64)
    sealed_at = models.DateTimeField("封存时间", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "每日封存"
        verbose_name_plural = "每日封存"
        default_permissions = ()
        ordering = ("day",)
        constraints = [
            models.CheckConstraint(name="seal_entries_not_negative", condition=models.Q(entries__gte=0)),
            models.CheckConstraint(
                name="seal_hashes_well_formed",
                condition=models.Q(root__regex=HEX64, previous__regex=HEX64, hash__regex=HEX64),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hash}"

    def as_published(self) -> dict[str, Any]:
        """The seal as the public page hands it out and as a court's script reads it."""
        return {
            "day": self.day.isoformat(),
            "entries": self.entries,
            "root": self.root,
            "previous": self.previous,
            "seal": self.hash,
        }


class SealedRange(AppendOnly):
    """Which entries a seal covers: of each chain that grew, the numbers from the first to the last."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="ranges", verbose_name="封存")
    chain = models.CharField("链", max_length=120)
    first_seq = models.BigIntegerField("自第几号")
    last_seq = models.BigIntegerField("至第几号")

    class Meta:
        verbose_name = "封存范围"
        verbose_name_plural = "封存范围"
        default_permissions = ()
        ordering = ("seal", "chain")
        constraints = [
            models.UniqueConstraint(fields=("chain", "first_seq"), name="sealed_once"),
            models.UniqueConstraint(fields=("chain", "last_seq"), name="sealed_to_once"),
            models.CheckConstraint(
                name="sealed_range_in_order",
                condition=models.Q(first_seq__gte=1) & models.Q(last_seq__gte=models.F("first_seq")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain} 第{self.first_seq}—{self.last_seq}号"
