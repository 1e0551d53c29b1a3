"""What stands on each kind of paper, as neutral blocks: one content, two renderers. Pure: no Django."""

from collections.abc import Callable

from fadu.document.kinds import Document
from fadu.document.layouts import approvals, enforcing, hearings, notices, records, responding, sheets
from fadu.document.layouts.blocks import Block, Sheet, para

LAYOUTS: dict[Document, Callable[[Sheet], list[Block]]] = {
    Document.CASE_FILING_APPROVAL: approvals.filing,
    Document.FILING_REFUSAL: approvals.refusal,
    Document.INSPECTION_PLAN: approvals.plan,
    Document.SITE_RECORD: records.site_record,
    Document.RECTIFICATION_ORDER: notices.rectification_order,
    Document.ONSITE_MEASURE_DECISION: notices.onsite_measure,
    Document.EXTENSION_APPROVAL: approvals.extension,
    Document.EXTENSION_REPLY: notices.extension_reply,
    Document.REINSPECTION_OPINION: notices.reinspection_opinion,
    Document.QUESTIONING_NOTICE: notices.questioning_notice,
    Document.QUESTIONING_RECORD: records.questioning_record,
    Document.PHOTO_EVIDENCE: records.photos,
    Document.INVESTIGATION_REPORT: records.report,
    Document.ADVANCE_NOTICE: notices.advance_notice,
    Document.HEARING_RIGHT_NOTICE: notices.hearing_right,
    Document.DEFENCE_RECORD: records.defence_record,
    Document.DEFENCE_CONSIDERATION: records.consideration,
    Document.LEGAL_OPINION: approvals.legal_opinion,
    Document.DISCUSSION_MINUTES: records.minutes,
    Document.DISPOSAL_SUBMISSION: approvals.submission,
    Document.PENALTY_DECISION_UNIT: notices.penalty_decision,
    Document.PENALTY_DECISION_PERSON: notices.penalty_decision,
    Document.NO_PENALTY_DECISION: notices.no_penalty,
    Document.PRESERVATION_APPROVAL: hearings.preservation_approval,
    Document.PRESERVATION_NOTICE: hearings.preservation_notice,
    Document.PRESERVATION_DISPOSAL_APPROVAL: hearings.disposal_approval,
    Document.PRESERVATION_DISPOSAL: hearings.disposal,
    Document.HEARING_NOTICE: hearings.hearing_notice,
    Document.HEARING_RECORD: hearings.hearing_record,
    Document.HEARING_REPORT: hearings.hearing_report,
    Document.DEFERRAL_APPROVAL: enforcing.deferral_approval,
    Document.DEFERRAL_CONSENT: enforcing.deferral_consent,
    Document.SURCHARGE_DECISION: enforcing.surcharge,
    Document.DEMAND: enforcing.demand,
    Document.COURT_APPLICATION: enforcing.court_application,
    Document.TERM_EXTENSION: enforcing.term_extension,
    Document.ENDING_APPROVAL: enforcing.ending_approval,
    Document.CORRECTION_DECISION: enforcing.correction,
    Document.CLOSURE_PROPOSAL: enforcing.closure_proposal,
    Document.SERVICE_RECEIPT: sheets.receipt,
    Document.TRANSFER_APPROVAL: approvals.transfer,
    Document.TRANSFER_LETTER: notices.transfer_letter,
    Document.CLOSING_APPROVAL: approvals.closing,
    Document.CASE_FILE_COVER: sheets.cover,
    Document.CASE_FILE_CATALOGUE: sheets.catalogue,
    Document.RECUSAL_DECISION: notices.recusal_decision,
    Document.DISCLOSURE_SHEET: approvals.disclosure,
    Document.SERVICE_ADDRESS: sheets.service_address,
    Document.CONSULTATION_MINUTES: responding.consultation,
    Document.RESPONSE_DECISION: responding.decision,
    Document.RESPONSE_REPORT: responding.report,
}


def blocks(sheet: Sheet) -> list[Block]:
    """Everything between the title and the foot of the paper."""
    drawn = LAYOUTS[sheet.document](sheet)
    # a correction names the old paper before anything else is said
    return [para(sheet.corrects), *drawn] if sheet.corrects else drawn


def title(sheet: Sheet) -> str:
    """The title as printed: the forms for units and persons share one name."""
    return sheet.document.title.replace("（单位）", "").replace("（个人）", "").replace("（首页）", "")
