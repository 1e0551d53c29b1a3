"""``manage.py setup``: brings tables and content up to date; logs in as the owner of the tables."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """``manage.py setup``"""

    help = "建表或者升级表结构，并装入内容；可以重复运行"
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then load the content."""
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stderr)
        call_command("load-content", stderr=self.stderr)
