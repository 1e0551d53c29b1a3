"""The export of a matter that a court can verify by itself: record, papers, evidence, catalogue, seals with proofs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from fadu.document import queries as documents
from fadu.document.services import case_file_pdf
from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.procedure.models import Matter
from fadu.record import media, seals, vault
from fadu.record import queries as record
from fadu.record import services as writing
from fadu.record.actor import Actor
from fadu.record.models import Entry

COURT = Path(__file__).resolve().parents[1] / "court"
HEADS = ("文件", "名称", "文号", "日期", "种类", "制作人", "字节数", "散列值（SHA-256）")
KINDS = {"paper": "文书", "evidence": "证据", "record": "过程记录", "derived": "供阅读"}


@dataclass(frozen=True)
class Item:
    """One file of the export, as the manifest and the catalogue name it."""

    path: str
    kind: str
    title: str
    sha256: str
    size: int
    number: str = ""
    on: str = ""
    made_by: str = ""


class _Bundle:
    """A ZIP that is being written, with what has been put into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self.items: list[Item] = []

    def add(self, path: str, content: bytes | IO[bytes], kind: str = "", title: str = "", **more: str) -> None:
        """Put a file in; of a ``kind``, it is listed."""
        told = zipfile.ZipInfo(path, clock.now().timetuple()[:6])
        if path.endswith((".json", ".jsonl", ".csv", ".py", ".txt")):
            told.compress_type = zipfile.ZIP_DEFLATED
        told.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        with self.archive.open(told, "w", force_zip64=True) as target:
            while chunk := source.read(1024 * 1024):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        if kind:
            self.items.append(Item(path, kind, title, digest.hexdigest(), size, **more))


@transaction.atomic
def export_matter(matter: Matter, *, by: Actor, purpose: str) -> IO[bytes]:
    """A ZIP of the whole matter, as an open temporary file at its beginning; the export itself is journaled first.

    ``by`` exports, ``purpose`` says what for; it stands in the record and in the manifest. Raises Invalid without a
    purpose, Damaged when a paper or a piece of evidence is not what was kept, Unsealable when the record has a gap. (行政诉讼法 34, 67; 行政处罚法 47)
    """
    if not purpose.strip():
        raise Invalid({"purpose": "请写明导出的用途，例如“行政诉讼应诉”和案号"})
    # whatever day is over gets its seal now, so that the script may ask for a proof of all but the newest entries
    seals.seal_until(clock.today() - timedelta(days=1))
    writing.write(
        matter.chain,
        actor=by,
        act="procedure.export",
        title="导出案卷",
        on=clock.today(),
        note=purpose.strip()[:200],
        matter_title=matter.title,
    )
    entries = list(record.timeline(matter.chain))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    try:
        bundle = _Bundle(file)
        _papers(bundle, matter)
        _evidence(bundle, matter)
        _record(bundle, entries)
        bundle.add("case-file.pdf", case_file_pdf(matter.case_file), "derived", "全卷装订本")
        bundle.add("catalogue.csv", _catalogue(bundle.items), "derived", "目录")
        bundle.add("manifest.json", _json(_manifest(matter, entries, bundle.items, by, purpose)))
        for name in ("verify.py", "README.txt"):
            bundle.add(name, (COURT / name).read_bytes())
        bundle.archive.close()
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def save_export(matter: Matter, target: Path, *, by: Actor, purpose: str) -> None:
    """Export to a new file that its owner alone may read; FileExistsError when there is one, as ``export_matter`` else."""
    with target.open("xb") as out:
        target.chmod(0o600)
        try:
            with export_matter(matter, by=by, purpose=purpose) as made:
                shutil.copyfileobj(made, out)
        except BaseException:
            target.unlink()
            raise


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _papers(bundle: _Bundle, matter: Matter) -> None:
    """Every issued paper, byte for byte as it was issued; the void ones too."""
    papers = documents.papers_of(matter.case_file).exclude(status="draft")
    for place, paper in enumerate(papers, 1):
        void = "（作废）" if paper.voided_on else ""
        with vault.open_verified(paper.pdf_sha256) as source:
            bundle.add(
                f"papers/{place:03}.pdf",
                source,
                "paper",
                f"{paper.title}{void}",
                number=paper.number,
                on=str(paper.issued_on),
                made_by=paper.issued_by,
            )


def _evidence(bundle: _Bundle, matter: Matter) -> None:
    """Every piece of evidence, byte for byte as it was kept."""
    extensions = {kind.media_type: kind.extensions[0] for kind in media.KINDS}
    for place, one in enumerate(record.evidence_of(matter.chain), 1):
        with vault.open_verified(one.sha256) as source:
            bundle.add(
                f"evidence/{place:03}{extensions.get(one.media_type, '')}",
                source,
                "evidence",
                one.name,
                on=f"{one.made_at.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}",
                made_by=one.made_by,
            )


def _record(bundle: _Bundle, entries: list[Entry]) -> None:
    """The entries, all seals from the first to the last, and the proofs."""
    lines = [
        json.dumps(
            {
                "chain": entry.chain,
                "seq": entry.seq,
                "prev_hash": entry.prev_hash,
                "recorded_at": f"{entry.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
                "hash": entry.hash,
                "body": entry.body,
            },
            ensure_ascii=False,
        )
        for entry in entries
    ]
    bundle.add("record/entries.jsonl", ("\n".join(lines) + "\n").encode(), "record", "过程记录")
    published = {"format": "fadu-seals-1", "seals": [seal.as_published() for seal in record.seals()]}
    bundle.add("record/seals.json", _json(published), "record", "每日封存值")
    proofs = {str(seq): proof.as_json() for (_, seq), proof in sorted(seals.proofs(entries).items())}
    bundle.add("record/proofs.json", _json(proofs), "record", "存在证明")


def _catalogue(items: Iterable[Item]) -> bytes:
    """The catalogue as CSV that office programs open as UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADS)
    for one in items:
        rows.writerow([_inert(cell) for cell in (one.path, one.title, one.number, one.on, KINDS[one.kind], one.made_by)]
                      + [one.size, one.sha256])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    """A cell that no office program takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _manifest(matter: Matter, entries: list[Entry], items: list[Item], by: Actor, purpose: str) -> dict[str, Any]:
    """What the export is, and every file of it with its hash."""
    return {
        "format": "fadu-export-1",
        "matter": {
            "chain": matter.chain,
            "title": matter.title,
            "procedure": matter.procedure.title,
            "organ": matter.organ.name,
            "opened_on": str(matter.opened_on),
        },
        "exported_at": clock.now().isoformat(),
        "exported_by": str(by),
        "purpose": purpose.strip()[:200],
        "published_at": settings.PUBLIC_URL + reverse("record:seals"),
        "entries": len(entries),
        "files": [asdict(one) for one in items],
    }
