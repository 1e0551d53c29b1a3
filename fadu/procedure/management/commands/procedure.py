"""``procedure penalty.ordinary``: the table of a declared procedure; ``--svg`` its chart, ``--lint`` what is wrong with it."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from fadu.kernel import clock
from fadu.procedure import chart, table
from fadu.procedure import lint as linter
from fadu.procedure.declare import Procedure
from fadu.procedure.services.content import FILE


class Command(BaseCommand):
    """Print, draw or check declared procedures."""

    help = (
        "Print the table of a procedure (Markdown); --svg its chart; --lint its faults; --all DIR writes both for all."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CODE, or nothing for the list of procedures."""
        parser.add_argument("code", nargs="?", help="like penalty.ordinary")
        parser.add_argument("--on", help="the version in force on that day, like 2026-01-31 (today by default)")
        parser.add_argument("--svg", action="store_true", help="draw the chart instead")
        parser.add_argument("--lint", action="store_true", help="check the declaration; exit 1 when there is a fault")
        parser.add_argument("--all", metavar="DIR", help="write table and chart of every version into DIR")

    def handle(self, *args: Any, code: str | None, on: str | None, svg: bool, lint: bool, **options: Any) -> None:
        """Do what is asked."""
        if options["all"]:
            write_all(Path(options["all"]))
            return
        chosen = [self._version(code, on)] if code else list(Procedure.registry.values())
        if lint:
            self._lint(chosen)
        elif code is None:
            for procedure in chosen:
                self.stdout.write(f"{procedure.key()}  {procedure.title}")
        elif svg:
            self.stdout.write(chart.draw(chosen[0], standalone=True), ending="")
        else:
            self.stdout.write(table.markdown(chosen[0]), ending="")

    def _version(self, code: str, on: str | None) -> type[Procedure]:
        try:
            return Procedure.version(code, date.fromisoformat(on) if on else clock.today())
        except ValueError:
            raise CommandError(f"日期应如2026-01-31：{on}", returncode=2) from None
        except LookupError as error:
            known = "、".join(sorted({p.code for p in Procedure.registry.values()}))
            raise CommandError(f"{error}（已声明的程序：{known}）", returncode=2) from None

    def _lint(self, procedures: list[type[Procedure]]) -> None:
        found = [finding for procedure in procedures for finding in linter.lint(procedure, approval_names())]
        for finding in found:
            self.stdout.write(str(finding))
        if faults := sum(finding.fault for finding in found):
            raise CommandError(f"{faults}处错误", returncode=1)


def approval_names() -> set[str]:
    """The names of the approval chains that are shipped."""
    return {row["name"] for row in yaml.safe_load(FILE.read_text())["chains"]}


def names() -> dict[str, type[Procedure]]:
    """The file name (without ending) of every version: the code for the latest, code@date for an earlier one."""
    latest: dict[str, type[Procedure]] = {}
    for procedure in sorted(Procedure.registry.values(), key=lambda p: (p.code, p.in_force)):
        latest[procedure.code] = procedure
    return {
        procedure.code if latest[procedure.code] is procedure else procedure.key(): procedure
        for procedure in sorted(Procedure.registry.values(), key=lambda p: (p.code, p.in_force))
    }


def write_all(folder: Path) -> None:
    """Write ``<code>.md`` and ``<code>.svg`` for every version, and a list of them; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["# 程序", "", "由程序声明生成（`manage.py procedure --all docs/procedures`），请勿手工修改。", ""]
    for name, procedure in names().items():
        (folder / f"{name}.md").write_text(table.markdown(procedure, chart=f"{name}.svg"))
        (folder / f"{name}.svg").write_text(chart.draw(procedure, standalone=True))
        lines.append(f"- [{procedure.title}]({name}.md)：`{procedure.key()}`")
    (folder / "README.md").write_text("\n".join(lines) + "\n")
