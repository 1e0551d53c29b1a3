"""``manage.py callout-accounts``: the accounts of SMS and voice, and where the provider of each has to send its receipts."""  # noqa: N999

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fadu.callout.providers.accounts import TITLES, AccountsError
from fadu.callout.services import routes


class Command(BaseCommand):
    """``manage.py callout-accounts``"""

    help = "列出叫应的短信、语音通道账号，以及各自的回执网址"

    def handle(self, *args: Any, **options: Any) -> None:
        """One line an account; what stands in the file wrongly ends it with the reason."""
        try:
            for channel, title in routes.TITLES.items():
                for entry in routes.entries(channel):
                    address = f"{settings.PUBLIC_URL}{routes.receipts_at(entry)}"
                    self.stdout.write(f"{title}\t{entry.name}\t{TITLES[entry.shape]}\t{address}")
        except AccountsError as error:
            raise CommandError(str(error)) from error
