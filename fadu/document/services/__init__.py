"""What is done with papers: number, draft, issue, void, serve, bind."""

from fadu.document.services.binding import case_file_pdf, voided_pdf
from fadu.document.services.numbering import draw_serial, number_of, open_case_file
from fadu.document.services.papers import (
    discard,
    draft,
    issue,
    keep_scan,
    make,
    preview,
    sheet_of,
    verification_url,
    void,
)
from fadu.document.services.serving import receipt_context, serve, withdraw_service
from fadu.document.services.word import docx

__all__ = [
    "case_file_pdf",
    "discard",
    "docx",
    "draft",
    "draw_serial",
    "issue",
    "keep_scan",
    "make",
    "number_of",
    "open_case_file",
    "preview",
    "receipt_context",
    "serve",
    "sheet_of",
    "verification_url",
    "void",
    "voided_pdf",
    "withdraw_service",
]
