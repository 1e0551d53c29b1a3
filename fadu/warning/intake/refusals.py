"""What was refused: filed with its bytes whichever way it came, told to those on duty, and done with when a named person has looked."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.urls import reverse

from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder, Refused
from fadu.kernel.hashing import sha256_bytes
from fadu.org import queries as org
from fadu.org.models import Officer
from fadu.org.roles import Role
from fadu.record import privacy
from fadu.record import services as record
from fadu.reminder.kinds import Kind
from fadu.reminder.services import settle, tell
from fadu.warning.cap.reading import MAX_BYTES
from fadu.warning.intake import sources
from fadu.warning.models import Refusal, Source
from fadu.warning.services import NotAWarning

BASIS = ("《气象灾害防御条例》第三十条",)  # who may issue a warning, and that it is passed on in time
LOOKERS = frozenset({*sources.HEARERS, Role.PRINCIPAL_HEAD})
UNPROVEN = "没有核实发送者的推送"  # the one name of all of them: nobody's rain of pushes may rain reminders
KEPT_UNPROVEN = 64 * 1024  # bytes kept of such a push: enough to see what it is
MOST_UNPROVEN = 200  # of them wait to be looked at at most; those beyond are counted
SHORTEST = 4  # characters of a note that gives a reason
MOST_TOLD = 100  # things a minute of which people are reminded anew
# what no text of the database can hold: NUL and halves of surrogate pairs, as in names of files that are not UTF-8
_UNWRITABLE = {0: "�"} | dict.fromkeys(range(0xD800, 0xE000), "�")


def unlooked() -> QuerySet[Refusal]:
    """What nobody has looked at yet, without the bytes."""
    return Refusal.objects.filter(looked_at=None).defer("raw")


# --- filing ---------------------------------------------------------------------------------------------------------


def file(source: Source, data: bytes, refused: Refused, *, name: str = "") -> Refusal:
    """File what came from ``source`` and was refused; the same bytes again are the same row, counted.

    name: what the source calls it (the entry, the file); without one its own identifier stands for it. At most
    ``MAX_BYTES`` of it are kept, which is all that a way in reads. Those on duty at the city are reminded, once for what
    bears one name, and the record gets an entry, in the same transaction (突发事件应对法 64: what is a warning must be passed on).
    """
    level, identifier = Refusal.Level.OTHER, ""
    if isinstance(refused, NotAWarning):
        level, identifier = Refusal.Level(refused.level.value), refused.identifier
    return _file(
        source, data, refused.reasons, level=level, name=name or identifier, identifier=identifier, most=MAX_BYTES
    )


def file_unproven(data: bytes, reason: str, level: Refusal.Level, *, size: int) -> Refusal:
    """File a push whose sender is not proven: whoever finds the door may fill it, so little is kept, and not without end.

    ``data``: the body as far as it was read, ``size``: how long it is said to be. It is not parsed. While
    ``MOST_UNPROVEN`` wait, what comes beyond them is counted on one row.
    """
    source = sources.push()
    full = unlooked().filter(source=source, name=UNPROVEN).count() >= MOST_UNPROVEN
    if full and not Refusal.objects.filter(source=source, sha256=sha256_bytes(data)).exists():
        data, size = b"", 0
        reason = f"没有核实发送者的推送已有 {MOST_UNPROVEN} 份等待查看，其余的不再逐份保存，只计次数"
    return _file(source, data, (reason,), level=level, name=UNPROVEN, size=size, most=KEPT_UNPROVEN)


@transaction.atomic
def _file(
    source: Source,
    data: bytes,
    reasons: Iterable[str],
    *,
    level: Refusal.Level,
    name: str,
    identifier: str = "",
    size: int | None = None,
    most: int,
) -> Refusal:
    """The row, new or counted; a new one is told and recorded."""
    now, digest = clock.now(), sha256_bytes(data)
    given = {
        "name": _plain(name)[:500],
        "identifier": _plain(identifier)[:200],
        "level": level,
        "reasons": [_plain(reason) for reason in reasons],
        "raw": data[:most],
        "size": len(data) if size is None else size,
        "first_at": now,
        "last_at": now,
    }
    row, new = Refusal.objects.defer("raw").get_or_create(source=source, sha256=digest, defaults=given)
    if not new:
        count_again([row.pk])
        return row
    _remind(source, row.name)
    record.write(
        _chain(row),
        actor=org.actor(None, clock.today()),
        act="warning.refuse",
        title="不收报文",
        on=clock.today(),
        articles=BASIS,
        after={
            "source": privacy.redacted(source.title),
            "name": privacy.redacted(row.name),
            "identifier": privacy.redacted(row.identifier),
            "level": row.level,
            "sha256": digest,
        },
        matter_title=privacy.redacted(str(row)[:200]),
    )
    return row


def count_again(keys: Iterable[int]) -> None:
    """These came again: counted, and nobody is reminded of them anew."""
    Refusal.objects.filter(pk__in=list(keys)).update(seen=F("seen") + 1, last_at=Greatest("last_at", clock.now()))


def count_standing(source: Source) -> None:
    """The list of a feed is the one it was: what was refused of it when it was last read stands in it still."""
    if source.heard_at is not None:
        rows = Refusal.objects.filter(source=source, last_at__gte=source.heard_at)
        count_again(rows.values_list("pk", flat=True))


def _plain(text: str) -> str:
    """A text of a stranger as the database can hold it."""
    return text.translate(_UNWRITABLE)


# --- telling --------------------------------------------------------------------------------------------------------


def watch() -> int:
    """Remind whoever is on duty by now of what was not looked at; of how many names there is something. For the job of each minute."""
    firsts = list(unlooked().order_by("source_id", "name", "pk").distinct("source_id", "name").select_related("source"))
    people = list(sources.hearers()) if firsts else []
    for first in sorted(firsts, key=lambda row: row.pk)[-MOST_TOLD:]:
        _tell(first, people)
    return len(firsts)


def _remind(source: Source, name: str) -> None:
    """Remind of the oldest of this name that waits: it is told once, however many follow it."""
    first = unlooked().filter(source=source, name=name).order_by("pk").select_related("source").first()
    if first is not None:
        _tell(first, sources.hearers())


def _tell(first: Refusal, people: Iterable[Officer]) -> None:
    """One reminder each."""
    called = str(first) if len(str(first)) <= 80 else f"{str(first)[:80]}…"
    text = (
        f"有报文没有收下：{first.source.title}，{called}（{first.get_level_display()}）。"
        "请核对原文；确是预警的，请与发布单位联系，并用其他渠道接收。"
    )
    tell(Kind.REFUSED, people, key=_key(first), url=reverse("warning:refusal", args=[first.pk]), text=text)


def _key(row: Refusal) -> str:
    return f"warning.refused/{row.pk}"


def _chain(row: Refusal) -> str:
    return f"warning.refusal/{row.pk}"


# --- looking --------------------------------------------------------------------------------------------------------


def may_look(officer: Officer) -> bool:
    """Whether it is this person's to look at what was refused: of those who are reminded, and of the city's principal head."""
    today = clock.today()
    return any(
        organ.level == "city" and org.roles_of(officer, today, organ) & LOOKERS
        for organ in org.organs_of(officer, today)
    )


def alike(refusal: Refusal) -> QuerySet[Refusal]:
    """The others that wait, of the same source, name and reasons: a source that repeats one fault in ever new bytes."""
    same = unlooked().filter(source=refusal.source_id, name=refusal.name, level=refusal.level, reasons=refusal.reasons)
    return same.exclude(pk=refusal.pk)


@transaction.atomic
def look_at(refusal: Refusal, *, by: Officer, note: str, until: int | None = None) -> int:
    """A named person has looked at it and says what came of it; how many rows are done with. The reminders of them end.

    until: with it, those that are ``alike`` up to this key are done with too, by the same note. Raises NotCompetent,
    Invalid at ``note``, OutOfOrder when somebody was faster, SensitiveInRecord for a personal number in the note.
    """
    if not may_look(by):
        raise NotCompetent(
            f"没有收下的报文由市局的{'、'.join(role.title for role in (*sources.HEARERS, Role.PRINCIPAL_HEAD))}查看并写明结果。"
        )
    note = note.strip()
    if len(note) < SHORTEST:
        raise Invalid({"note": "请写明核对的结果，例如：已电话核实，是测试报文；或者：确是暴雨预警，已请气象台重发。"})
    keys = [
        refusal.pk,
        *(alike(refusal).filter(pk__lte=until).values_list("pk", flat=True) if until is not None else ()),
    ]
    rows = list(Refusal.objects.filter(pk__in=keys).defer("raw").order_by("pk").select_for_update())
    if any(row.pk == refusal.pk and row.looked_at is not None for row in rows):
        raise OutOfOrder("这份报文刚刚已由他人看过，请刷新页面。")
    now = clock.now()
    waiting = [row for row in rows if row.looked_at is None]
    Refusal.objects.filter(pk__in=[row.pk for row in waiting]).update(looked_at=now, looked_by=by, note=note)
    for row in waiting:
        settle(_key(row))
    _remind(refusal.source, refusal.name)
    actor = org.actor(by, clock.today())
    for row in waiting:
        record.write(
            _chain(row),
            actor=actor,
            act="warning.look_at",
            title="查看不收的报文",
            on=clock.today(),
            articles=BASIS,
            after={"sha256": row.sha256, "seen": row.seen},
            note=note,
            matter_title=privacy.redacted(str(row)[:200]),
        )
    return len(waiting)
