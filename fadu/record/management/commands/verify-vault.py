"""Verify every file of the vault against its rows, list files without a row, and delete those on request."""  # noqa: N999

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.record import inventory
from fadu.record.storage import Unavailable


class Command(BaseCommand):
    """``manage.py verify-vault [--clean]``; exit 0 when whole, 1 when a file is lost, 2 when there is none."""

    help = "核验证据库：逐个重算文件的散列值，列出没有行引用的文件；--clean 删除其中一天以前的"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("--clean", action="store_true", help="删除没有行引用、且收存已满24小时的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, report, clean, and exit with the code that says it."""
        try:
            stock = inventory.take_stock()
            deleted = inventory.clean(stock.orphans) if options["clean"] else []
        except Unavailable as error:
            raise CommandError(str(error)) from error
        for loss in stock.losses:
            self.stdout.write(str(loss))
        gone = {blob.sha256 for blob in deleted}
        for blob in stock.orphans:
            done = "，已删除" if blob.sha256 in gone else ""
            self.stdout.write(f"无主文件 {blob.sha256}（{blob.size} 字节，{blob.put_at:%Y-%m-%d}）{done}")
        outcome = f"{len(stock.losses)} faults" if stock.losses else "ok" if stock.rows else "empty"
        left = len(stock.orphans) - len(deleted)
        self.stdout.write(f"{stock.rows} rows, {stock.files} files, {left} orphans, {outcome}")
        sys.exit(1 if stock.losses else 0 if stock.rows else 2)
