"""``manage.py build-demo``: build the demo city once, by real steps."""  # noqa: N999 - the name is the command's

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fadu.demo import city


class Command(BaseCommand):
    """Build the invented city unless it stands already; words go to standard error."""

    help = "建示例城市：机构、人员、企业、检查和案件，全部按真实步骤办理。"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--counties`` is what the command calls itself with, for its second process."""
        parser.add_argument("--counties", action="store_true", help="只办县（区）的检查（本命令自己调用）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build; a database with organs that are not the demo's is left alone."""
        if options["counties"]:
            city.build_counties()
            return
        try:
            words = city.build()
        except city.NotEmptyError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(words)
