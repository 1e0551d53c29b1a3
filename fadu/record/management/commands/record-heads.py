"""Print the head of every chain, to be kept where no administrator of this machine can change it."""  # noqa: N999

from typing import Any

from django.core.management.base import BaseCommand

from fadu.record import verify


class Command(BaseCommand):
    """``manage.py record-heads > heads-2026-11-24.txt``; later ``manage.py verify-record --anchor`` that file."""

    help = "印出每条链的链首（链 序号 散列值），供存于别处，日后用 verify-record --anchor 核对"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a chain: chain, number, hash."""
        for chain, seq, digest in verify.heads():
            self.stdout.write(f"{chain} {seq} {digest}")
