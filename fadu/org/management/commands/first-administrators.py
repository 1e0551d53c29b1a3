"""``manage.py first-administrators``: the three administrators of a new installation, once."""  # noqa: N999

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from fadu.kernel import clock
from fadu.kernel.errors import Invalid
from fadu.org import services
from fadu.org.models import Officer, Organ, Post
from fadu.org.queries import officers_with
from fadu.org.roles import ADMINISTRATORS, Role


class Command(BaseCommand):
    """After these three, every grant is entered by one and confirmed by another."""

    help = "设立首任系统管理员、安全管理员、审计管理员（三员分立），打印一次性初始密码；已有安全管理员时拒绝运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The organ, and one person for each."""
        parser.add_argument("--organ", required=True, help="机关全称")
        for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR):
            parser.add_argument(
                f"--{role.value}", required=True, metavar="姓名:性别:用户名", help=f"{role.title}，如 李某:男:lim"
            )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make the posts, people and accounts; refuse when somebody could confirm them properly."""
        organ = Organ.objects.filter(name=options["organ"]).first()
        if organ is None:
            raise CommandError(f"没有登记“{options['organ']}”这个机关，请先由系统管理员登记机关，或者核对全称。")
        today = clock.today()
        for one in Organ.objects.all():
            if officers_with(Role.SECURITY, one, today).exists():
                raise CommandError("已经有安全管理员在任，授权请由系统管理员登记、安全管理员确认。")
        people = [options[role.value] for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR)]
        if len({person.split(":")[0] for person in people}) < len(ADMINISTRATORS):
            raise CommandError("三员应当是三个人。")
        for role, person in zip((Role.ADMIN, Role.SECURITY, Role.AUDITOR), people, strict=True):
            self._make(organ, role, person)

    def _make(self, organ: Organ, role: Role, person: str) -> None:
        """One administrator with post, account and a password that has to be changed."""
        try:
            name, sex, username = person.split(":")
            officer = Officer.objects.create(name=name, sex={"男": "male", "女": "female"}[sex])
        except (ValueError, KeyError):
            raise CommandError(f"“{person}”看不懂，请写成 姓名:性别:用户名，例如 李某:男:lim。") from None
        post = Post.objects.create(organ=organ, title=role.title, roles=[role.value])
        password = f"{secrets.token_urlsafe(9)}-Q7"
        try:
            services.appoint(officer, post, starts_on=clock.today())
            services.create_account(officer, username=username, password=password)
        except Invalid as error:
            raise CommandError("；".join(error.reasons)) from None
        self.stdout.write(f"{role.title}：{username}，初始密码 {password}（登录后须改）")
