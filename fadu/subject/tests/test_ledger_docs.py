"""What the page for clerks says of the findings is what the code knows."""

from pathlib import Path

from fadu.subject.ledger.reading import FINDINGS

DOCS = Path(__file__).resolve().parents[3] / "docs/enterprise-import.md"


def test_the_table_of_findings_is_that_of_the_code():
    rows = [line.split("|") for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    table = {
        row[1].strip(" `"): (row[2].strip() == "error", row[3].strip())
        for row in rows
        if row[2].strip() in ("error", "warning")
    }
    assert table == FINDINGS
