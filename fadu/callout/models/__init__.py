"""The tables of the register, of callouts and of the engine."""

from fadu.callout.models.calling import (
    Call,
    CalledPost,
    CallEvent,
    Callout,
    CalloutRung,
    DrillApproval,
    Leader,
    Receipt,
    Stat,
)
from fadu.callout.models.channels import AppLine, ChannelShare, Terminal, TerminalReceipt
from fadu.callout.models.register import DutyPerson, DutyPost, Holding, RegisterImport

__all__ = [
    "AppLine",
    "Call",
    "CallEvent",
    "CalledPost",
    "Callout",
    "CalloutRung",
    "ChannelShare",
    "DrillApproval",
    "DutyPerson",
    "DutyPost",
    "Holding",
    "Leader",
    "Receipt",
    "RegisterImport",
    "Stat",
    "Terminal",
    "TerminalReceipt",
]
