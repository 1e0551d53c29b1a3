"""``manage.py callout-drill``: one drill on the whole register, with the simulator, played in a moment."""  # noqa: N999

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.callout.providers.simulated import Simulated
from fadu.callout.services import drills
from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.org.models import Organ, Post
from fadu.org.queries import officers_with
from fadu.org.roles import Role


class Command(BaseCommand):
    """``manage.py callout-drill [--division CODE] [--colour 红] [--silent 0.2] [--seed N]``"""

    help = "用模拟通道做一次叫应演练：真实的引擎和规则，时间快进，电话不响"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, in which colour, and how the simulator behaves."""
        parser.add_argument("--division", default="1404", help="区划代码（默认全市）")
        parser.add_argument("--colour", default="红", choices=["红", "橙", "黄", "蓝"], help="预警颜色")
        parser.add_argument("--silent", type=float, default=0.2, help="不应答的比例")
        parser.add_argument("--seed", type=int, default=1404, help="模拟的种子，同一种子结果相同")
        parser.add_argument("--json", action="store_true", help="输出一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it in the name of the head of the organ of that division, an hour ago."""
        organ = Organ.objects.filter(division=options["division"]).first() or Organ.objects.filter(parent=None).first()
        if organ is None or not Post.objects.filter(organ=organ).exists():
            raise CommandError("库里还没有机关和人员。")
        by = officers_with(Role.AGENCY_HEAD, organ, clock.today()).first()
        if by is None:
            raise CommandError(f"{organ.name}今天没有负责人在岗。")
        simulator = Simulated(seed=options["seed"], silent=options["silent"])
        at = clock.now() - timedelta(hours=1)
        try:
            callout = drills.play(code=options["division"], colour=options["colour"], by=by, at=at, simulator=simulator)
        except Refused as refused:
            raise CommandError("；".join(refused.reasons)) from refused
        total = callout.report["total"]
        if options["json"]:
            told = {"callout": callout.pk, **total, **callout.report["calls"], "events_sha256": callout.events_hash}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"演练{callout.pk}：{total.get('posts', 0):,}个岗位，应答{total.get('answered', 0):,}个（其中B岗{total.get('by_b', 0):,}个、"
            f"上级岗位{total.get('by_above', 0):,}个），未叫通{total.get('unreached', 0):,}个；"
            f"呼叫{callout.report['calls']['calls']:,}次，记录{callout.report['events']:,}条。"
        )
