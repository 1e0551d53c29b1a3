"""Verify the whole record; exit 0 when all is whole, 1 on a fault, 2 when there is nothing to verify."""  # noqa: N999

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.record import sealcheck, verify

SHOWN = 20


class Command(BaseCommand):
    """``manage.py verify-record [--chain X] [--python] [--evidence] [--anchor FILE] [--seals FILE] [--json]``"""

    help = "核验过程记录：序号、散列值、链首；--evidence 连同证据文件"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--chain", help="只核验这一条链")
        parser.add_argument("--python", action="store_true", help="改用 Python 逐条重算（与 SQL 互相独立）")
        parser.add_argument("--evidence", action="store_true", help="重算每个证据文件的散列值，并与记录核对")
        parser.add_argument("--anchor", type=Path, help="与 record-heads 早先印出、存于别处的链首核对")
        parser.add_argument("--seals", type=Path, help="与从公开页面取得、存于别处的 seals.json 核对每日封存值")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, report, and exit with the code that says it."""
        run = verify.check_in_python if options["python"] else verify.check
        report = run(options["chain"])
        report.faults += verify.check_guards()
        if not options["chain"]:
            report.seals, faults = sealcheck.check_seals()
            report.faults += faults
        if options["seals"]:
            try:
                report.faults += sealcheck.check_published(options["seals"].read_text())
            except ValueError as error:
                raise CommandError(str(error)) from error
        if options["evidence"]:
            report.files, faults = verify.check_evidence(options["chain"])
            report.faults += faults
        if options["anchor"]:
            report.faults += verify.check_anchor(options["anchor"].read_text().splitlines())
        if options["json"]:
            self._as_json(report)
        else:
            self._as_text(report, evidence=options["evidence"])
        sys.exit(1 if report.faults else 0 if report.entries else 2)

    def _as_json(self, report: verify.Report) -> None:
        """One JSON object."""
        facts: dict[str, object] = {
            "entries": report.entries,
            "chains": report.chains,
            "files": report.files,
            "seals": report.seals,
            "ok": report.ok,
        }
        facts["faults"] = [fault.as_dict() for fault in report.faults]
        self.stdout.write(json.dumps(facts, ensure_ascii=False))

    def _as_text(self, report: verify.Report, *, evidence: bool) -> None:
        """The faults, the first broken link first, and a last line that sums up."""
        for fault in report.faults[:SHOWN]:
            self.stdout.write(str(fault))
        if len(report.faults) > SHOWN:
            self.stdout.write(f"……共 {len(report.faults)} 处")
        if evidence:
            self.stdout.write(f"{report.files} files")
        if report.seals:
            self.stdout.write(f"{report.seals} seals")
        outcome = f"{len(report.faults)} faults" if report.faults else "ok" if report.entries else "empty"
        self.stdout.write(f"{report.entries} entries, {report.chains} chains, {outcome}")
