"""``manage.py callout-reduce``: reduces the callouts whose term of keeping is over to their figures."""  # noqa: N999

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.callout.services import retaining
from fadu.kernel.errors import Refused


class Command(BaseCommand):
    """``manage.py callout-reduce [--yes]``"""

    help = "把满保存期限的叫应压缩为结果（删除号码、呼叫、回执和逐条记录）；不加 --yes 只列出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Without ``--yes`` it only tells what it would do."""
        parser.add_argument("--yes", action="store_true", help="确实删除")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each callout in a transaction of its own; a refusal ends it with the reason."""
        try:
            days, reason = retaining.keeping()
            if not days:
                self.stdout.write("没有设置 FADU_CALLOUT_KEEP_DAYS，明细一直保存。")
                return
            found = list(retaining.ripe())
            self.stdout.write(f"保存{days}天（{reason}），满期的叫应{len(found)}次。")
            for callout in found:
                if not options["yes"]:
                    self.stdout.write(f"{callout.pk} {callout.title}：将压缩，加 --yes 执行")
                    continue
                gone = retaining.reduce(callout)
                self.stdout.write(
                    f"{callout.pk} {callout.title}：已压缩，删除呼叫{gone['calls']:,}次、逐条记录{gone['events']:,}条"
                )
        except Refused as refused:
            raise CommandError("；".join(refused.reasons)) from refused
