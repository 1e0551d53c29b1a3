"""``manage.py sms-simulator``: an SMS gateway that prints what it is asked to send."""  # noqa: N999

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fadu.reminder.simulator import Gateway, serve


class Command(BaseCommand):
    """Runs until it is stopped."""

    help = "模拟短信接口：在终端显示收到的短信；GET 同一地址列出全部。把 FADU_SMS_URL 指向它即可试发。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it listens, and how it misbehaves."""
        parser.add_argument("--address", default="127.0.0.1", help="监听地址")
        parser.add_argument("--port", type=int, default=9401, help="监听端口，0 为任选")
        parser.add_argument("--secret", default="", help="签名密钥；给出时要求正文中的 time、sign 正确")
        parser.add_argument("--fail", type=int, default=0, help="前几次请求回答故障，用来看重发")

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen, and print each message."""

        def said(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        gateway = Gateway(secret=options["secret"], failures=options["fail"], said=said)
        with serve(gateway, options["address"], options["port"]) as server:
            said(f"短信模拟接口 http://{options['address']}:{server.server_address[1]}/send")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("已停止")
