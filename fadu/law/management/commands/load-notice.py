"""``load-notice 2027.yaml``: load a holiday notice that came out after the software; nothing else changes."""  # noqa: N999

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.law import services
from fadu.law.content.notices import notices_of
from fadu.law.content.reading import ContentError


class Command(BaseCommand):
    """Load the notices of one file of the form of ``fadu/law/data/holidays``."""

    help = "Load holiday notices from a YAML file (form: fadu/law/data/holidays) and print the calendar's new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file."""
        parser.add_argument("path", type=Path, help="the YAML file")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        """Load, or refuse naming file and key."""
        try:
            self.stdout.write(services.load_notices(notices_of(path)))
        except ContentError as error:
            raise CommandError(str(error)) from None
        except OSError:
            raise CommandError(f"不能读取文件：{path}") from None
