"""``manage.py callout-register [--json]``: the register of duty posts in figures."""  # noqa: N999 - the command's name

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fadu.callout import queries
from fadu.kernel import clock

TITLES = {
    "people": "责任人（每人计一次）",
    "posts": "岗位",
    "vacancies": "空缺",
    "counties": "县（区）",
    "townships": "乡镇（街道）",
    "villages": "村（居）",
}


class Command(BaseCommand):
    """``manage.py callout-register``"""

    help = "叫应责任人名册的统计；--json 输出一行 JSON"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument("--json", action="store_true", help="输出一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count as of today."""
        found = queries.figures(clock.today())
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for key, title in TITLES.items():
            self.stdout.write(f"{title}：{found[key]:,}")
