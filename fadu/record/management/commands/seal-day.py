"""Seal every day that is over and not yet sealed; the job does the same every hour."""  # noqa: N999

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fadu.kernel import clock
from fadu.record import seals


class Command(BaseCommand):
    """``manage.py seal-day``: one line a new seal, ready to be printed and filed."""

    help = "封存到昨天为止尚未封存的日子，逐日印出：日期 记录数 封存值"

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and say what was sealed."""
        try:
            made = seals.seal_until(clock.today() - timedelta(days=1))
        except seals.Unsealable as error:
            raise CommandError(str(error)) from error
        for seal in made:
            self.stdout.write(f"{seal.day} {seal.entries} {seal.hash}")
        if not made:
            self.stderr.write("到昨天为止都已封存。", style_func=str)
