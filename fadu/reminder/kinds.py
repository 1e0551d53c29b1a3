"""What a person is reminded of: the sentence that may leave the house, and whether it may disturb the night [pure]."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """One kind of event; the value is the key kept in the database."""

    APPROVAL = "approval"
    RETURNED = "returned"
    GRANTED = "granted"
    ASSIGNED = "assigned"
    MENTION = "mention"
    NEAR = "near"
    MISSED = "missed"
    DELEGATION = "delegation"
    GRANT = "grant"
    SILENCE = "silence"
    REFUSED = "refused"

    @property
    def title(self) -> str:
        """The name of the kind, as people choose it in their preferences."""
        return _TITLES[self]

    @property
    def sentence(self) -> str:
        """What mail and SMS say: no name, no party, no number; whoever has to know more logs in."""
        return _SENTENCES[self]

    @property
    def urgent(self) -> bool:
        """Whether quiet hours do not hold it back: a period that has run out, a lost source, a warning that was refused."""
        return self in (Kind.MISSED, Kind.SILENCE, Kind.REFUSED)


_TITLES = {
    Kind.APPROVAL: "审批待签署",
    Kind.RETURNED: "审批被退回",
    Kind.GRANTED: "审批已批准",
    Kind.ASSIGNED: "事项分派",
    Kind.MENTION: "日志中提到我",
    Kind.NEAR: "期限将届满",
    Kind.MISSED: "期限已过",
    Kind.DELEGATION: "授权代行",
    Kind.GRANT: "授权待确认",
    Kind.SILENCE: "预警来源中断",
    Kind.REFUSED: "预警没有收下",
}
_SENTENCES = {
    Kind.APPROVAL: "您有一项审批待签署。",
    Kind.RETURNED: "您提出的一项审批被退回，请修改。",
    Kind.GRANTED: "您提出的一项审批已经批准。",
    Kind.ASSIGNED: "有一个事项分派给您承办。",
    Kind.MENTION: "有一条办案日志提到您。",
    Kind.NEAR: "您承办的事项有期限将要届满。",
    Kind.MISSED: "您承办的事项有期限已过，请尽快处理。",
    Kind.DELEGATION: "您有一项授权代行的变动。",
    Kind.GRANT: "有一项授权等待您确认。",
    Kind.SILENCE: "有一个预警来源中断，请尽快核查。",
    Kind.REFUSED: "有一份收到的预警报文没有收下，请尽快核对。",
}
