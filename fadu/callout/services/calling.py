"""Starting, approving, cancelling and ending callouts, and the answers that people enter."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from fadu.callout import policy, queries
from fadu.callout.engine import statements
from fadu.callout.engine.loop import SET
from fadu.callout.engine.writing import receive
from fadu.callout.models import (
    Call,
    CalledPost,
    Callout,
    CalloutRung,
    DrillApproval,
    DutyPost,
    Receipt,
)
from fadu.callout.providers.interface import DRILL_MARK, Said
from fadu.callout.services.routes import route
from fadu.callout.states import Channel, Post, State, Who
from fadu.kernel import clock
from fadu.kernel.errors import Invalid, NotCompetent, OutOfOrder
from fadu.law.statutes import WEATHER, WEATHER_DISASTER
from fadu.org import queries as org
from fadu.org.models import Division, Officer, Organ
from fadu.record import privacy
from fadu.record import services as record
from fadu.warning.models import Warning

log = structlog.get_logger("fadu.callout")
BASIS = (WEATHER[22], WEATHER_DISASTER[30])
UNSENT = (State.QUEUED, State.CLAIMED, State.UNCERTAIN)  # of such calls an engine has yet to write an event
CHANGED = "callout"  # the channel of NOTIFY: once a commit, never a row
TITLES = {kind: f" {title}" for kind, title in DutyPost.Kind.choices}


def raw() -> Any:
    """Django's own connection, for the engine's statements inside the request's transaction."""
    connection.ensure_connection()
    return connection.connection


def run(statement: str, **given: Any) -> int:
    """One of the engine's statements; how many rows it wrote."""
    with raw().cursor() as cursor:
        cursor.execute(statement, given)
        return int(cursor.rowcount)


def words_of(warning: Warning) -> str:
    """The warning as it is relayed: station and time, then its own headline, word for word (气象灾害防御条例 30)."""
    sent = warning.sent.astimezone(clock.BEIJING)
    station = warning.sender_name or warning.sender
    said = warning.headline or warning.description[:200] or warning.event
    return f"{station}{sent.month}月{sent.day}日{sent:%H:%M}发布：{said}"


@transaction.atomic
def open_(
    warning: Warning,
    *,
    by: Officer | None,
    organ: Organ | None = None,
    colour: str = "",
    areas: Sequence[str] = (),
    real_channels: bool = False,
) -> Callout:
    """Start the callout of a warning: freeze policy, people and numbers, and queue the first call of every post.

    ``colour`` is asked for where the warning names none that we know, ``areas`` (division codes) where its area cannot be told.
    A drill that is to use real channels waits for two approvals. A warning that updates another ends that one's callout; who
    answered there and whose colour did not rise is not called again. Raises OutOfOrder, Invalid, NotCompetent.
    """
    _demand_callable(warning)
    found = {area.code: area.colour or colour for area in warning.areas.all()}
    for code in areas:
        if not Division.objects.filter(code=code).exists():
            raise Invalid({"areas": f"没有区划代码 {code}。"})
        found.setdefault(code, warning.colour or colour)
    if not found:
        raise Invalid({"areas": "预警没有写明能够识别的区划，请选择叫应哪些县（区）。"})
    if "" in found.values():
        raise Invalid({"colour": "预警没有写明颜色，请选择按哪一级叫应。"})
    organ = organ or _competent(by, found)
    drill = warning.kind == Warning.Kind.DRILL
    if real_channels and not drill:
        raise Invalid({"real_channels": "只有演练需要选择是否走真实通道。"})
    now = clock.now()
    frozen = policy.on(clock.today()).frozen(warning.signal, now, set(found.values()))
    frozen["areas"] = sorted(found.items())
    earlier = Callout.objects.filter(warning__in=warning.replaces.all(), kind=warning.kind, state="open").first()
    words = words_of(warning)
    callout = Callout.objects.create(
        warning=warning,
        organ=organ,
        kind=warning.kind,
        state=Callout.State.PENDING if real_channels else Callout.State.OPEN,
        title=(DRILL_MARK if drill else "") + (warning.headline or warning.event)[:180],
        message=words,
        policy=frozen,
        real_channels=real_channels,
        supersedes=earlier,
        opened_at=now,
        opened_by=by,
    )
    _write(callout, by, "callout.open", "发起叫应", {
        "kind": callout.kind, "policy": policy.digest(frozen), "warning": warning.sha256, "areas": frozen["areas"],
        "real_channels": real_channels,
    })  # fmt: skip
    if callout.state == Callout.State.OPEN:
        start(callout)
    return callout


def _demand_callable(warning: Warning) -> None:
    """Refuse warnings that set nothing going; raises OutOfOrder."""
    if warning.kind == Warning.Kind.TECHNICAL:
        raise OutOfOrder(f"这份报文的状态是{warning.status}，是技术报文，不发起叫应。")
    if warning.standing != Warning.Standing.CURRENT:
        raise OutOfOrder(f"这份预警{warning.get_standing_display()}，不能据以发起叫应。")
    if warning.expires is not None and warning.expires <= clock.now():
        raise OutOfOrder("这份预警已经过了失效时间，不能据以发起叫应。")
    if Callout.objects.filter(warning=warning).exists():
        raise OutOfOrder("这份预警已经发起过叫应。")


def _competent(by: Officer | None, areas: dict[str, str]) -> Organ:
    """The organ in which the officer may call out all of the areas; raises NotCompetent."""
    if by is None:
        raise NotCompetent("须由在岗的人员发起叫应。")
    found = [
        organ
        for organ in org.organs_of(by, clock.today())
        if org.roles_of(by, clock.today(), organ) & queries.OPERATORS
        and all(code.startswith(str(organ.division_id)) for code in areas)
    ]
    if not found:
        raise NotCompetent("您的岗位不能对这些地方发起叫应：县局只叫应本县（区），跨县（区）的由市局发起。")
    return found[0]


def start(callout: Callout) -> int:
    """Fan out: end the superseded callout, freeze the posts, queue the first rungs, wake the engine; how many posts."""
    run(statements.HOLD)
    drill = callout.is_drill
    CalloutRung.objects.bulk_create(
        CalloutRung(
            callout=callout,
            rule=rule["no"],
            no=no,
            who=Who[rung["who"]],
            channel=Channel[rung["channel"]],
            seconds=rung["seconds"],
            provider=route(Channel[rung["channel"]], drill=drill, real_channels=callout.real_channels),
        )
        for rule in callout.policy["rules"]
        for no, rung in enumerate(rule["rungs"], start=1)
    )
    if callout.supersedes is not None:
        end(callout.supersedes, Callout.State.SUPERSEDED, Post.CANCELLED)
    rules = Jsonb(callout.policy["rules"])
    codes, colours = zip(*callout.policy["areas"], strict=True)
    run(statements.BY_HASH)
    posts = run(
        statements.FAN_OUT, callout=callout.pk, rules=rules, codes=list(codes), colours=list(colours),
        day=callout.opened_at.astimezone(clock.BEIJING).date(), superseded=callout.supersedes_id, titles=Jsonb(TITLES),
    )  # fmt: skip
    run(statements.AS_USUAL)
    run(statements.FIRST, callout=callout.pk, rules=rules, now=clock.now())
    wake()
    return posts


def wake() -> None:
    """Tell the engines once, at the commit."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANGED}")


@transaction.atomic
def approve(callout: Callout, *, by: Officer) -> Callout:
    """One of two approvals that let a drill out to real channels; the second starts it. Raises OutOfOrder, NotCompetent."""
    callout = lock(callout)
    if callout.state != Callout.State.PENDING:
        raise OutOfOrder("这次演练不在等待批准。")
    if not org.roles_of(by, clock.today(), callout.organ) & queries.APPROVERS:
        raise NotCompetent("演练走真实通道，由发起机关的两名负责人批准。")
    if DrillApproval.objects.filter(callout=callout, officer=by).exists():
        raise OutOfOrder("您已经批准过，还需要另一名负责人批准。")
    DrillApproval.objects.create(callout=callout, officer=by, at=clock.now())
    _write(callout, by, "callout.approve", "批准演练走真实通道", {})
    if callout.approvals.count() >= 2:
        callout.state = Callout.State.OPEN
        callout.opened_at = clock.now()
        callout.save(update_fields=["state", "opened_at"])
        start(callout)
    return callout


def lock(callout: Callout) -> Callout:
    """The callout's row, locked."""
    return Callout.objects.select_for_update(of=("self",)).select_related("organ", "warning").get(pk=callout.pk)


def end(callout: Callout, state: Callout.State, posts: Post) -> None:
    """Nothing more goes out; what waits becomes ``posts``."""
    run(statements.HOLD)
    run(statements.END, callout=callout.pk, post=int(posts), now=clock.now())
    Callout.objects.filter(pk=callout.pk).update(state=state)


@transaction.atomic
def cancel(callout: Callout, *, by: Officer | None, note: str = "") -> Callout:
    """The warning is cancelled: open calls end, and everybody who may have been reached gets the all-clear. (2024 应对法 70)"""
    run(statements.HOLD)
    callout = lock(callout)
    if callout.state not in (Callout.State.OPEN, Callout.State.PENDING):
        raise OutOfOrder(f"这次叫应{callout.get_state_display()}，不能解除。")
    end(callout, Callout.State.CANCELLED, Post.CANCELLED)
    sms, broadcast = (
        route(channel, drill=callout.is_drill, real_channels=callout.real_channels)
        for channel in (Channel.SMS, Channel.BROADCAST)
    )
    sent = run(statements.ALL_CLEAR, callout=callout.pk, provider=sms, broadcast=broadcast, now=clock.now())
    _write(callout, by, "callout.cancel", "解除叫应", {"clear": sent}, note)
    wake()
    callout.refresh_from_db()
    return callout


def figures_of(callout: Callout) -> dict[str, Any]:
    """The figures of the report, counted from the rows."""
    counts = queries.recounted(callout.pk)
    rows = counts["rows"]
    keys = [key for key in (rows[0] if rows else {}) if key not in ("county", "level")]
    total = {key: sum(row[key] for row in rows) for key in keys}
    seconds = queries.seconds(callout.pk)
    return {
        "total": total,
        **counts,
        **seconds,
        "counters_agree": _counters_agree(callout.pk, counts),
    }


def _counters_agree(callout: int, counts: dict[str, Any]) -> bool:
    """Whether the counters of the board say what the recount says; an alarm in the log if not, and the recount stands."""
    if (shown := queries.counted(callout)) == counts:
        return True
    log.error("counters differ from the recount", callout=callout, shown=shown["calls"], counted=counts["calls"])
    return False


def events_hash(callout: int) -> tuple[str, int]:
    """sha256 over the events of a callout, as PostgreSQL's COPY writes them in the order of their numbers, and how many."""
    digest, count = hashlib.sha256(), 0
    order = (
        "COPY (SELECT id, called_id, call_id, what, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') AS at, detail "
        f"FROM callout_callevent WHERE callout_id = {int(callout)} ORDER BY id) TO STDOUT"
    )
    with raw().cursor() as cursor, cursor.copy(order) as copy:
        for row in copy:
            block = bytes(row)
            digest.update(block)
            count += block.count(b"\n")
    return digest.hexdigest(), count


@transaction.atomic
def close(callout: Callout, *, by: Officer | None, note: str = "") -> Callout:
    """End a callout for good: who did not answer is unreached; figures and the hash of all events enter the record."""
    run(statements.HOLD_ALONE)
    callout = lock(callout)
    if callout.closed_at is not None or callout.state == Callout.State.PENDING:
        raise OutOfOrder(f"这次叫应{callout.get_state_display()}，不能结束。")
    if Call.objects.filter(callout=callout, clear=True, state__in=UNSENT).exists():
        raise OutOfOrder("解除通知还没有发完，请稍后再结束。")
    if callout.state == Callout.State.OPEN:
        end(callout, Callout.State.CLOSED, Post.UNREACHED)
        callout.refresh_from_db()
    callout.closed_at = clock.now()
    digest, count = events_hash(callout.pk)
    callout.events_hash = digest
    callout.report = {**figures_of(callout), "events": count}
    callout.save(update_fields=["closed_at", "events_hash", "report"])
    total = dict(callout.report["total"])
    _write(callout, by, "callout.close", "结束叫应", {
        "kind": callout.kind, "events": count, "events_sha256": digest,
        "counters_agree": callout.report["counters_agree"], **total,
    }, note)  # fmt: skip
    return callout


# --- answers that people enter --------------------------------------------------------------------------------------


def apply() -> int:
    """Apply the unread receipts at once, so that the board is right without an engine; how many."""
    run(statements.HOLD)
    with raw().cursor() as cursor:
        count, failed = cursor.execute(statements.DRAIN, {"now": clock.now(), "limit": SET}).fetchone()
        if failed:
            cursor.execute(statements.CLIMB, {"ids": failed, "now": clock.now()})
    return int(count)


@transaction.atomic
def answer_by_hand(called: CalledPost, *, who: Who, how: str, by: Officer, at: datetime | None = None) -> CalledPost:
    """Enter that a post was reached by radio, by telephone or at the door; journaled. Raises OutOfOrder, Invalid."""
    callout = called.callout
    if callout.closed_at is not None:
        raise OutOfOrder("这次叫应已经结束，不能再登记应答。")
    if called.state not in (Post.WAITING, Post.UNREACHED):
        raise OutOfOrder(f"{called.title}{Post(called.state).title}，不用再登记。")
    moment = at or clock.now()
    if moment > clock.now() or moment < callout.opened_at:
        raise Invalid({"at": "应答时间应当在叫应开始以后、现在以前。"})
    calls = Call.objects.filter(called=called, clear=False).order_by("-rung")
    call = calls.filter(who=who).first() or _call_by_hand(called, who)
    receive(raw(), "hand", [Said(call.pk, "answered", moment, how[:20])], clock.now())
    apply()
    _write(
        callout, by, "callout.answer", "登记应答", {"post": called.title, "who": who.title, "how": how, "at": moment}
    )
    called.refresh_from_db()
    return called


def _call_by_hand(called: CalledPost, who: Who) -> Call:
    """The row of a call that the engine never made, for an answer to hang on."""
    return Call.objects.create(
        callout_id=called.callout_id,
        called=called,
        rung=90 + who,
        who=who,
        channel=Channel.DOOR,
        seconds=0,
        state=State.SENT,
        provider="hand",
        sent_at=clock.now(),
        not_before=clock.now(),
        queued_at=clock.now(),
    )


@transaction.atomic
def answer_by_link(callout: Callout, person: int, how: str = "链接") -> int:
    """A person answers on the page of the link, for every post they were called for; how many posts. Raises OutOfOrder."""
    if callout.closed_at is not None:
        raise OutOfOrder("这次叫应已经结束，不用再应答。")
    calls = (
        Call.objects.filter(callout=callout, person=person, clear=False, attempts__gt=0)
        .exclude(state=State.ACKED)
        .order_by("called", "-rung")
        .distinct("called")
    )
    now = clock.now()
    said = [Said(call.pk, "answered", now, how) for call in calls]
    if said:
        receive(raw(), "link", said, now)
        apply()
    return len(said)


def take_receipts(provider: str, said: Sequence[Said]) -> int:
    """Keep what a provider sent; the engine reads it. Receipts of calls that are not that provider's are left out."""
    known = set(Call.objects.filter(pk__in=[one.id for one in said], provider=provider).values_list("pk", flat=True))
    kept = receive(raw(), provider, [one for one in said if one.id in known], clock.now())
    wake()
    return kept


def unread() -> int:
    """How many receipts wait."""
    return Receipt.objects.filter(applied_at=None).count()


def _write(callout: Callout, by: Officer | None, act: str, title: str, after: dict[str, Any], note: str = "") -> None:
    """An entry of the callout's chain."""
    record.write(
        f"callout/{callout.pk}",
        actor=org.actor(by, clock.today(), callout.organ),
        act=act,
        title=title,
        on=clock.today(),
        articles=BASIS,
        after=after,
        note=privacy.redacted(note)[:500],
        matter_title=privacy.redacted(callout.title),
    )
