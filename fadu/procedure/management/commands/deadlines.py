"""``manage.py deadlines``: raise today's alarms now, as the worker does each morning."""

from typing import Any

from django.core.management.base import BaseCommand

from fadu.kernel import clock
from fadu.procedure.services.alarms import raise_alarms


class Command(BaseCommand):
    """Print how many alarms were raised."""

    help = "提醒已过的期限（每天早上自动进行，也可随时运行）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise the alarms of today."""
        self.stdout.write(f"{raise_alarms(clock.today())}\n")
