"""What is wrong in the database after the storm, one sentence each: ``python -m tests.soak.examine``; asked by plain SQL."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg

from fadu.config import database

# each query answers the rows that ought not to be
FAULTS = {
    "acts are not numbered 1…revision": """
        SELECT m.id FROM procedure_matter m LEFT JOIN procedure_act a ON a.matter_id = m.id GROUP BY m.id
        HAVING count(a.id) <> m.revision OR max(a.ordinal) <> m.revision OR min(a.ordinal) <> 1""",
    "the state is not where the last act led": """
        SELECT m.id, m.state, a.to_state FROM procedure_matter m
        JOIN procedure_act a ON a.matter_id = m.id AND a.ordinal = m.revision WHERE a.to_state <> m.state""",
    "an act begins where the one before did not end": """
        SELECT a.matter_id, a.ordinal FROM procedure_act a
        JOIN procedure_act b ON b.matter_id = a.matter_id AND b.ordinal = a.ordinal - 1 WHERE a.from_state <> b.to_state""",
    "an act has no entry in the record": """
        SELECT a.id FROM procedure_act a WHERE NOT EXISTS (SELECT 1 FROM record_entry e WHERE e.hash = a.entry_hash)""",
    "a step in the record has no act": """
        SELECT e.chain, e.seq FROM record_entry e WHERE e.body::json->>'act' ~ '^penalty[.]ordinary[.][a-z_]+$'
        AND NOT EXISTS (SELECT 1 FROM procedure_act a WHERE a.entry_hash = e.hash)""",
    "the last state in the record is not the matter's": """
        SELECT m.id FROM procedure_matter m JOIN LATERAL (SELECT e.body::json->'after'->>'state' AS state FROM record_entry e
        WHERE e.chain = 'penalty.ordinary/' || m.id AND e.body::json->'after'->>'state' IS NOT NULL
        ORDER BY e.seq DESC LIMIT 1) s ON true WHERE s.state <> m.state""",
    "an approval was granted without its step, or not granted with it": """
        SELECT p.id FROM procedure_application p WHERE (p.status = 'granted') <>
        ((SELECT count(*) FROM procedure_opinion o WHERE o.application_id = p.id AND o.agreed) = 2)""",
    "a filed case has no serial, or an unfiled one has": """
        SELECT m.id FROM procedure_matter m JOIN document_casefile f ON f.id = m.case_file_id
        WHERE (f.serial IS NULL) <> (m.state = 'CLUE')""",
    "the counter is not the last serial": """
        SELECT c.organ_id, c.last, max(f.serial) FROM document_counter c JOIN document_casefile f
        ON f.organ_id = c.organ_id AND f.year = c.year AND f.series = c.series GROUP BY c.organ_id, c.year, c.series, c.last
        HAVING max(f.serial) <> c.last OR count(f.serial) <> c.last""",
    "serials have a gap": """
        SELECT organ_id, year, series FROM document_casefile WHERE serial IS NOT NULL GROUP BY 1, 2, 3
        HAVING count(*) <> max(serial) OR min(serial) <> 1 OR count(DISTINCT serial) <> count(*)""",
    "a numbered paper was left in draft by a step": """
        SELECT id FROM document_paper WHERE status = 'draft'""",
    "an issued paper does not stand in the record": """
        SELECT p.id FROM document_paper p WHERE p.status <> 'draft' AND NOT EXISTS (SELECT 1 FROM record_entry e
        WHERE e.body::json->>'act' = 'document.issue' AND e.body LIKE '%' || p.pdf_sha256 || '%')""",
    "more was paid than is owed": """
        SELECT party_id FROM penalty_payment GROUP BY party_id HAVING sum(amount) > 30000""",
    "a job is neither done nor waiting": """
        SELECT id, status FROM procrastinate_jobs WHERE status::text NOT IN ('succeeded', 'todo')""",
}


def missing_files(connection: psycopg.Connection) -> Iterable[str]:
    """Papers and evidence that the database knows and the vault does not hold."""
    vault = Path(os.environ["FADU_VAR"]) / "vault"
    for (sha,) in connection.execute(
        "SELECT sha256 FROM record_evidencefile UNION SELECT pdf_sha256 FROM document_paper WHERE pdf_sha256 <> ''"
    ):
        if not (vault / sha[:2] / sha[2:4] / sha).is_file():
            yield f"the vault lacks {sha}"


def main() -> None:
    """Print the faults, the acts, opinions and jobs that stand, as JSON."""
    with psycopg.connect(database.url_for("app")) as connection:
        faults = [f"{what}: {row}" for what, query in FAULTS.items() for row in connection.execute(query).fetchall()]
        faults += missing_files(connection)
        found = {
            "faults": faults,
            "acts": connection.execute("SELECT matter_id, ordinal FROM procedure_act").fetchall(),
            "opinions": connection.execute(
                "SELECT a.id, count(o.id) FROM procedure_application a LEFT JOIN procedure_opinion o ON o.application_id = a.id GROUP BY 1"
            ).fetchall(),
            "jobs": connection.execute("SELECT id, status::text FROM procrastinate_jobs").fetchall(),
            "archived": connection.execute("SELECT count(*) FROM procedure_matter WHERE state = 'ARCHIVED'").fetchone()[
                0
            ],  # type: ignore[index]
        }
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
