"""Export a matter so that a court can verify it; the same file as the page hands out."""  # noqa: N999

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.kernel.errors import Refused
from fadu.procedure import queries
from fadu.procedure.models import Matter
from fadu.procedure.services import exporting
from fadu.record.actor import Actor


class Command(BaseCommand):
    """``manage.py export-matter 12 案卷.zip --by 张示一 --purpose 行政诉讼应诉``"""

    help = "导出一件事项的案卷（ZIP），供法院等自行核验；导出人和用途记入全过程记录"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which matter, where to, who and what for."""
        parser.add_argument("matter", type=int, help="事项的编号，即事项页地址里的数")
        parser.add_argument("file", type=Path, help="写到哪个文件；已有的文件不覆盖")
        parser.add_argument("--by", required=True, help="导出人的姓名，记入过程记录")
        parser.add_argument("--purpose", required=True, help="用途，记入过程记录")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say how many bytes."""
        matter = Matter.objects.filter(pk=options["matter"]).select_related("organ", "case_file").first()
        if matter is None:
            raise CommandError(f"没有编号为{options['matter']}的事项。")
        actor = Actor(None, options["by"], "命令行导出", matter.organ.name)
        try:
            exporting.save_export(queries.typed(matter), options["file"], by=actor, purpose=options["purpose"])
        except FileExistsError as error:
            raise CommandError(f"{options['file']} 已经存在，没有覆盖。") from error
        except OSError as error:
            raise CommandError(f"写不了 {options['file']}：{error.strerror}。") from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['file']} {options['file'].stat().st_size}")
