"""The versions of statutes, from ``statutes.yaml``. Pure."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fadu.law.citations import Statute
from fadu.law.content.reading import DATA, Node, once, read

STATUTE_KINDS = {
    "law": "法律",
    "regulation": "行政法规",
    "rule": "部门规章",
    "interpretation": "司法解释",
    "local": "地方性法规、规章",
}


@dataclass(frozen=True)
class Version:
    """One version of a statute and the days it is in force: from ``since`` until the day before ``until``."""

    statute: Statute
    kind: str
    issuer: str
    event: str
    since: date
    until: date | None
    adopted: date | None
    number: str
    source: str
    confidence: str
    note: str


def _versions(root: Node) -> list[Version]:
    root.only("statutes")
    found: list[Version] = []
    for node in root.nodes("statutes", required=True):
        node.only("statute", "kind", "issuer", "note", "versions")
        statute = node.statute("statute")
        kind = node.text("kind")
        if kind not in STATUTE_KINDS:
            raise node.fail("kind", f"“{kind}”不在可用值之中（{'、'.join(STATUTE_KINDS)}）")
        rows = list(node.nodes("versions", required=True))
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            row.only("adopted", "from", "until", "event", "number", "source", "confidence")
            since, until = row.day("from"), row.optional_day("until")
            successor = following.day("from") if following else None
            if successor and successor <= since:
                raise row.fail("from", "版本应按施行日先后排列")
            until = until or successor
            if until and until <= since:
                raise row.fail("until", "失效日应晚于施行日")
            found.append(
                Version(
                    statute,
                    kind,
                    node.text("issuer"),
                    row.text("event"),
                    since,
                    until,
                    row.optional_day("adopted"),
                    row.text("number", ""),
                    row.text("source"),
                    row.confidence(),
                    node.text("note", ""),
                )
            )
    return once(found, lambda v: (v.statute.code, v.since), lambda v: root.file)


def versions(folder: Path = DATA) -> list[Version]:
    """All versions of all statutes of ``statutes.yaml``."""
    return _versions(read(folder / "statutes.yaml"))
