"""The states of a call and of a called post, and the only moves between them; the engine's SQL is made from this table [pure]."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, IntEnum


class State(IntEnum):
    """One call: one rung of one post's ladder."""

    QUEUED = 0
    CLAIMED = 1
    SENT = 2
    DELIVERED = 3
    ACKED = 4
    FAILED = 5
    EXPIRED = 6
    UNCERTAIN = 7
    CANCELLED = 8

    @property
    def title(self) -> str:
        """In Chinese, for pages."""
        return ("待发", "发送中", "已发出", "已送达", "已应答", "发送失败", "逾时未应", "待核实", "已取消")[self]


class Post(IntEnum):
    """One called post."""

    WAITING = 0
    ANSWERED = 1
    UNREACHED = 2
    CANCELLED = 3

    @property
    def title(self) -> str:
        """In Chinese, for pages."""
        return ("待应答", "已应答", "未叫通", "已取消")[self]


class Event(Enum):
    """What can happen to a call."""

    CLAIM = "claim"  # the leading engine takes it for sending, under a lease
    ACCEPT = "accept"  # the provider has it; the minutes to answer begin
    RETRY = "retry"  # the provider would not take it now, or does not know it: back into the queue
    REJECT = "reject"  # the provider will not take it: the next rung at once
    LOSE = "lose"  # nobody knows whether it went out: lease over, answer lost
    DELIVER = "deliver"  # the provider says it reached the telephone
    ANSWER = "answer"  # a person answered, by whatever way
    EXPIRE = "expire"  # nobody answered in time: the next rung
    CANCEL = "cancel"  # the post was answered otherwise, or the callout ended


S, E = State, Event
LIVE = frozenset({S.QUEUED, S.CLAIMED, S.SENT, S.DELIVERED, S.UNCERTAIN})
SPENT = frozenset({S.FAILED, S.EXPIRED})  # the ladder goes on from here
# a person of such a call may have been reached, so an all-clear is owed
OUT = frozenset({S.CLAIMED, S.UNCERTAIN, S.SENT, S.DELIVERED, S.ACKED, S.EXPIRED})
MOVES: dict[Event, tuple[frozenset[State], State]] = {
    E.CLAIM: (frozenset({S.QUEUED}), S.CLAIMED),
    E.ACCEPT: (frozenset({S.CLAIMED, S.UNCERTAIN}), S.SENT),
    E.RETRY: (frozenset({S.CLAIMED, S.UNCERTAIN}), S.QUEUED),
    E.REJECT: (frozenset({S.CLAIMED, S.UNCERTAIN, S.SENT, S.DELIVERED}), S.FAILED),
    E.LOSE: (frozenset({S.CLAIMED}), S.UNCERTAIN),
    E.DELIVER: (frozenset({S.CLAIMED, S.UNCERTAIN, S.SENT}), S.DELIVERED),
    E.ANSWER: (frozenset(S) - {S.ACKED, S.CANCELLED}, S.ACKED),
    E.EXPIRE: (frozenset({S.SENT, S.DELIVERED}), S.EXPIRED),
    E.CANCEL: (LIVE, S.CANCELLED),
}


def sources(event: Event) -> list[int]:
    """The states in which an event may happen, as the engine's SQL takes them."""
    return sorted(int(state) for state in MOVES[event][0])


def moved(state: State, event: Event) -> State:
    """The state after an event; the same state when the event means nothing there."""
    allowed, after = MOVES[event]
    return after if state in allowed else state


class Who(IntEnum):
    """Whom a rung calls."""

    A = 1
    B = 2
    ABOVE = 3
    DOOR = 4  # nobody by telephone: somebody goes there
    BROADCAST = 5  # nobody by name: the loudspeakers of the place

    @property
    def title(self) -> str:
        """In Chinese, for pages."""
        return ("", "A岗", "B岗", "上级岗位", "上门", "当地广播")[self]

    @property
    def is_person(self) -> bool:
        """Whether a rung of it calls somebody by name, so that it is passed over where nobody is."""
        return self not in (Who.DOOR, Who.BROADCAST)

    @property
    def turn(self) -> int:
        """The order in which a ladder calls them: people first, then the loudspeakers, the door last."""
        return (0, 1, 2, 3, 5, 4)[self]


class Channel(IntEnum):
    """By what a rung calls."""

    SMS = 1
    VOICE = 2
    APP = 3
    DOOR = 4
    MAIL = 5
    BROADCAST = 6

    @property
    def title(self) -> str:
        """In Chinese, for pages."""
        return ("", "短信", "语音电话", "应用内消息", "派人上门", "邮件", "广播终端")[self]


@dataclass(frozen=True)
class Rung:
    """One rung of a ladder: whom, by what, and how many seconds until the next rung."""

    who: Who
    channel: Channel
    seconds: int


@dataclass(frozen=True)
class Course:
    """One called post on its ladder, as the engine moves it: the reference against which the SQL is tested.

    ``at``: the rung called last, -1 before the first; ``due``: until when an answer to it is in time (None while it is not
    out); ``climbed``: every rung called so far. ``held``: which holders there are; rungs of others are passed over.
    """

    rungs: tuple[Rung, ...]
    held: frozenset[Who]
    state: Post = Post.WAITING
    at: int = -1
    call: State = State.QUEUED
    due: float | None = None
    climbed: tuple[int, ...] = ()

    def climb(self) -> Course:
        """On to the next rung that calls somebody there is; without one the post is unreached."""
        following = next((n for n in range(self.at + 1, len(self.rungs)) if self._calls(self.rungs[n].who)), None)
        if following is None:
            return replace(self, state=Post.UNREACHED, due=None)
        return replace(self, at=following, call=State.QUEUED, due=None, climbed=(*self.climbed, following))

    def _calls(self, who: Who) -> bool:
        """Whether a rung of ``who`` reaches anybody here."""
        return who in self.held or not who.is_person

    def happen(self, event: Event, now: float) -> Course:
        """The course after an event at ``now``. What means nothing in the present state changes nothing."""
        if self.at < 0 or self.state is Post.CANCELLED:
            return self
        if self.state is Post.ANSWERED:  # by an earlier rung, perhaps: the last call may be answered too
            return replace(self, call=moved(self.call, event)) if event is Event.ANSWER else self
        if event is Event.EXPIRE and (self.due is None or now <= self.due):
            return self
        after = moved(self.call, event)
        if event is Event.ANSWER:
            return replace(self, state=Post.ANSWERED, call=after, due=None)
        if event is Event.CANCEL:
            return replace(self, state=Post.CANCELLED, call=after, due=None)
        if after is self.call:
            return self
        course = replace(self, call=after)
        if event is Event.ACCEPT or (event is Event.DELIVER and self.due is None):
            course = replace(course, due=now + self.rungs[self.at].seconds)
        if after in SPENT:
            return course.climb()
        return replace(course, due=None) if after is State.QUEUED else course
