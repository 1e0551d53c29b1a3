"""PDF of a paper: neutral blocks drawn by typst, with fonts of our own folder, a QR code and a watermark where due."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from fadu.document import fonts, layouts
from fadu.document.kinds import Document, Series
from fadu.document.layouts.blocks import Sheet
from fadu.kernel import clock

TEMPLATES = Path(__file__).parent / "templates_typst"
HEAD = "安全生产行政执法文书"
# forms of a file's binding carry no head of their own
WITHOUT_HEAD = (Document.CASE_FILE_CATALOGUE,)
BODY_SIZES = {Document.RECTIFICATION_ORDER: 12, Document.PHOTO_EVIDENCE: 11}
DRAFT = "草稿"
DEMO = "演示"


_lock = threading.Lock()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """The one compiler of this process; it keeps fonts and templates in memory (a fresh one costs 0.1 s and more)."""
    # The root is "/": evidence pictures lie in the vault, templates in the package. Paths come from us, never from a
    # context, and a context is data that typst does not evaluate.
    # Typst's own fonts are left out: what is drawn is what `fonts.undrawable` knows, and nothing else.
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
    return typst.Compiler(input=TEMPLATES / "main.typ", root="/", font_paths=faces)


def qr_svg(url: str) -> str:
    """A QR code of ``url`` as SVG; empty for no url."""
    if not url:
        return ""
    out = BytesIO()
    # never a micro code, which many telephones cannot read; with the mask given, making one costs a third of the time
    segno.make(url, error="m", micro=False, mask=4).save(out, kind="svg", border=1, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def payload(sheet: Sheet, *, url: str = "", watermark: str = "", demo: bool = False) -> dict[str, Any]:
    """What typst is given: everything as data."""
    document = sheet.document
    blank = "（　　　）" + (document.word or "") + "〔　　　　〕　　号"
    return {
        "fonts": dict(fonts.roles()),
        # a response enforces nothing, and its papers are no papers of enforcement
        "head": "" if document in WITHOUT_HEAD or document.kind.series is Series.RESPONSE else HEAD,
        "title": layouts.title(sheet),
        "title-size": 20 if len(layouts.title(sheet)) > 14 else 22,
        "body-size": BODY_SIZES.get(document, 12),
        "document-title": f"{document.title} {sheet.number}".strip(),
        "organ": sheet.organ,
        "numbered": document.numbered,
        "number": sheet.number or blank,
        "blocks": layouts.blocks(sheet),
        "page-signatures": list(document.kind.page_signatures),
        "qr": qr_svg(url),
        "watermark": watermark,
        "demo": demo,
    }


def compile_pdf(data: Mapping[str, Any], template: str = "main.typ") -> bytes:
    """Run typst on ``data``; PDF/A-2u, so that an archive can keep it and its text can be read back."""
    with _lock:  # the compiler is one object with one set of inputs
        result = _compiler().compile(
            input=TEMPLATES / template,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards="a-2u",
            timestamp=clock.now().replace(microsecond=0),
        )
    if not isinstance(result, bytes):
        raise RuntimeError("typst returned no PDF")
    return result


def render(sheet: Sheet, *, url: str = "", watermark: str = "", demo: bool | None = None) -> bytes:
    """The PDF of a paper. ``url``: the public verification page; ``watermark``: 草稿 or 演示, none on a real paper."""
    if demo is None:
        demo = bool(getattr(settings, "DEMO", False))
    return compile_pdf(payload(sheet, url=url, watermark=watermark or (DEMO if demo else ""), demo=demo))


def overlay(pages: Sequence[Mapping[str, Any]]) -> bytes:
    """Pages to be laid over others: each with w and h in points, number and void (empty for none)."""
    return compile_pdf({"fonts": dict(fonts.roles()), "pages": [dict(page) for page in pages]}, "overlay.typ")
