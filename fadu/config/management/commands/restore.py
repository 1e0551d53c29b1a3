"""``manage.py restore``: a backup into an empty database, then the record and the vault are verified."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fadu.config import backup
from fadu.config.embedded import BackupError, EmbeddedDatabaseError
from fadu.record import inventory, sealcheck, verify
from fadu.record.storage import Unavailable

SHOWN = 20


class Command(BaseCommand):
    """``manage.py restore FOLDER``; exit 0 only when what was restored is whole."""

    help = "把备份恢复到空的数据库，升级表结构，再核验过程记录和证据库"
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup."""
        parser.add_argument("folder", type=Path, help="备份文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the backup, restore, bring the tables up to date, verify, say ok."""
        try:
            contents = backup.restore(options["folder"])
        except (BackupError, EmbeddedDatabaseError, Unavailable) as error:
            raise CommandError(str(error)) from error
        # tables of an older release are brought up to date, and the application gets its rights
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stderr)
        report = verify.check()
        report.faults += verify.check_guards()
        report.seals, faults = sealcheck.check_seals()
        report.faults += faults
        lines = [str(fault) for fault in report.faults]
        said = f"{report.entries} entries, {report.chains} chains, {report.seals} seals"
        if contents.facts.get("vault", True):
            stock = inventory.take_stock()
            lines += [str(loss) for loss in stock.losses]
            said += f", {stock.files} files"
        else:
            said += ", vault not in this backup"
        for line in lines[:SHOWN]:
            self.stdout.write(line)
        if lines:
            raise CommandError(
                f"已恢复，但核验不通过（{len(lines)}处）：{said}。请按 docs/operations.md 处理，不要投入使用。"
            )
        self.stdout.write(f"{said}, ok")
