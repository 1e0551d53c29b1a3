"""告知、陈述申辩和复核 (行政处罚法 44, 45, 62): a chapter of the ordinary procedure [pure]."""

from __future__ import annotations

from fadu.document.kinds import Document
from fadu.law.statutes import APL, CPL
from fadu.org.roles import Role
from fadu.penalty.procedures.ordinary import rules
from fadu.penalty.procedures.ordinary.states import State
from fadu.procedure.declare import Bound, Chapter, Duty, If, Step, workdays


class Notice(Chapter):
    """告知、陈述申辩和复核 (行政处罚法 44, 45, 62)"""

    notify = Step(
        "告知",
        (State.CONCLUDED,),
        State.NOTIFIED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.two_certified_officers,
            rules.every_party_disposed,
            rules.within_the_law,
            rules.within_benchmark,
            rules.no_transfer_pending,
        ),
        documents=(Document.ADVANCE_NOTICE, If(rules.hearing_right, Document.HEARING_RIGHT_NOTICE)),
        basis=(APL[44], APL[45, 1], APL[63, 1]),
    )

    serve_notice = Step(
        "送达告知书",
        (State.NOTIFIED,),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        documents=(Document.SERVICE_RECEIPT,),
        starts=(
            workdays("陈述申辩", 5, APL[45, 1], APL[62], bound=Bound.RIGHT, runs_from="service", parameter="defence"),
            If(rules.hearing_right, workdays("要求听证", 5, APL[64, None, 1], bound=Bound.RIGHT, runs_from="service")),
        ),
        basis=(APL[44], APL[62], CPL[87]),
    )

    record_defence = Step(
        "听取陈述申辩",
        (State.NOTIFIED, State.HEARING),
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        per_party=True,
        documents=(Document.DEFENCE_RECORD,),
        fulfils=("陈述申辩",),
        basis=(APL[45, 1],),
    )

    waive = Step(
        "当事人放弃陈述申辩",
        (State.NOTIFIED,),
        by=(Role.CASE_OFFICER,),
        duty=Duty.INVESTIGATE,
        per_party=True,
        requires=(rules.notices_served,),
        fulfils=("陈述申辩",),
        basis=(APL[62], APL[45, 1]),
        hint="须有当事人书面或者音像的明确表示。",
    )

    consider = Step(
        "复核陈述申辩",
        (State.NOTIFIED, State.HEARING),
        State.CONSIDERED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.notices_served,
            rules.defence_closed,
            rules.hearing_window_closed,
            rules.no_hearing_pending,
            If(rules.was_heard, rules.rests_on_the_record),
            rules.defences_considered,
            rules.not_heavier_than_noticed,
            rules.within_the_law,
            rules.within_benchmark,
        ),
        documents=(Document.DEFENCE_CONSIDERATION,),
        basis=(APL[45, 1], APL[45, 2]),
    )

    reinvestigate = Step(
        "补充调查",
        (State.CONCLUDED, State.NOTIFIED, State.CONSIDERED),
        State.INVESTIGATING,
        by=(Role.CASE_OFFICER, Role.LEGAL_REVIEWER, Role.AGENCY_HEAD),
        cancels=("陈述申辩", "要求听证"),
        basis=(APL[57, 1], APL[58, 1], APL[54, 1]),
    )

    repropose = Step(
        "变更处罚建议",
        (State.CONSIDERED,),
        State.CONCLUDED,
        by=(Role.CASE_OFFICER,),
        officers=2,
        duty=Duty.INVESTIGATE,
        requires=(
            rules.every_party_disposed,
            rules.within_the_law,
            rules.provisions_within_powers,
            rules.within_benchmark,
        ),
        basis=(APL[44], APL[45, 2]),
        hint="因新的事实需要加重的，变更后重新告知；不得因申辩而加重。",
    )
