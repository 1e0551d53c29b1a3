"""``manage.py backup``: database, vault and keys into one dated folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.config import backup
from fadu.config.embedded import BackupError, EmbeddedDatabaseError
from fadu.config.environment import environment
from fadu.record.storage import Unavailable


class Command(BaseCommand):
    """``manage.py backup [--to FOLDER] [--without-vault]``; prints the new folder, exit 1 when evidence is damaged."""

    help = "备份数据库、证据库和密钥到一个以日期命名的文件夹（只有本用户可读）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether the vault is backed up by other means."""
        parser.add_argument("--to", type=Path, help="备份放在哪个文件夹之下")
        parser.add_argument(
            "--without-vault", action="store_true", help="不含证据库：对象存储自有多版本或者跨区复制的，可以不重复备份"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up, and print where."""
        env = environment()
        to = options["to"] or (Path(env.backups) if env.backups else env.var.resolve() / "backups")
        try:
            made, damaged = backup.backup(to, with_vault=not options["without_vault"])
        except (BackupError, EmbeddedDatabaseError, Unavailable) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"写不了备份：{error.filename} {error.strerror}。") from error
        self.stdout.write(str(made))
        if damaged:
            raise CommandError(
                f"备份已做成，但证据库里有{len(damaged)}个文件早已损坏，备份里也是坏的：{'、'.join(damaged)}"
            )
