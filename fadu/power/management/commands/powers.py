"""``manage.py powers``: the published list in force, counted by class, for people and (``--json``) for machines."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.kernel import clock
from fadu.power import queries, registry
from fadu.power.classes import PowerClass
from fadu.power.matching import held_on


class Command(BaseCommand):
    """``manage.py powers [--on DAY] [--json]``; exit 1 when no list is in force."""

    help = "施行中的权责清单：版本、事项数、各类的数目、有检查表的行业、施行中的裁量基准数"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which day, and how."""
        parser.add_argument("--on", type=date.fromisoformat, help="哪一天，如2026-05-01；不写为今天")
        parser.add_argument("--json", action="store_true", help="按JSON输出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and print."""
        on = options["on"] or clock.today()
        organ = queries.house()
        listed = queries.list_in_force(organ, on)
        if listed is None:
            raise CommandError(f"{on}没有施行中的权责清单。")
        level = organ.level if organ else "city"
        held = held_on(queries.items_of(listed), level, on)
        counts = {cls.value: sum(one.item.cls is cls for one in held) for cls in PowerClass}
        answer = {
            "version": listed.code, "items": len(held), "classes": counts,
            "checklist_sectors": registry.figure_on("checklist_sectors", on, []),
            "benchmarks": registry.figure_on("benchmarks", on, 0),
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{listed.title}（{listed.code}）：{len(held)}项")
        for name, count in counts.items():
            self.stdout.write(f"  {name} {count}")
        sectors = answer["checklist_sectors"]
        self.stdout.write(f"有检查表的行业：{'、'.join(sectors) if isinstance(sectors, list) else sectors}")
        self.stdout.write(f"施行中的裁量基准：{answer['benchmarks']}")
