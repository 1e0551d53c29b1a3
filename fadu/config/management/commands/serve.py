"""``manage.py serve``: the pages and the jobs, on the embedded database or the one of ``DATABASE_URL``."""

import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fadu.config import database, embedded, metrics
from fadu.config.environment import environment
from fadu.config.servers import (
    CannotServeError,
    Supervisor,
    answers,
    check_connections,
    check_port,
    check_shared,
    engine,
    intake,
    live,
    web,
    worker,
)

START = 60.0  # seconds until the first answer


def available_connections() -> int:
    """How many connections the database grants to ordinary logins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int"
        )
        return int(cursor.fetchone()[0])


def restart_database() -> None:
    """Start the embedded database again should it have died under us."""
    if not embedded.running(database.cluster()):
        sys.stderr.write("[fadu] 内嵌数据库停了，重新启动。\n")
        embedded.ensure(database.cluster())


class Command(BaseCommand):
    """``manage.py serve [--only web|worker]``"""

    help = "运行网页服务和后台任务，Ctrl-C 停止"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """On a host that has one of the two tasks only."""
        parser.add_argument("--only", choices=("web", "worker"), help="只运行网页服务，或者只运行后台任务")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, start both, say where, and stay until told to stop; exit 1 when one of them fell."""
        env = environment()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("数据库的表还没有建好或者不是最新的：请先运行 manage.py setup。")
        try:
            check_shared(env)
            check_connections(env, available_connections())
            if options["only"] != "worker":
                check_port(env.address, env.port)
        except CannotServeError as error:
            raise CommandError(str(error)) from error
        connection.close()
        supervisor = Supervisor(watch=restart_database if database.is_embedded() else lambda: None)
        supervisor.listen()
        try:
            if options["only"] != "worker":
                counted = env.var.resolve() / "run" / "metrics"
                metrics.clear(counted)
                supervisor.start(
                    "网页服务", web(env), FADU_POOL="true", FADU_DB_ROLE="app", **{metrics.FOLDER: str(counted)}
                )
                self._start_live(supervisor)
            if options["only"] != "web":
                supervisor.start("后台任务", worker(), FADU_POOL="false", FADU_DB_ROLE="app")
                supervisor.start("叫应引擎", engine(), FADU_POOL="false", FADU_DB_ROLE="app")
                if settings.WARNING_FEEDS or settings.WARNING_FOLDER:
                    supervisor.start("预警接收", intake(), FADU_POOL="false", FADU_DB_ROLE="app")
            if options["only"] == "worker":
                self.stderr.write("法度的后台任务已启动。", style_func=str)
                fallen = supervisor.wait()
            elif supervisor.wait_until(lambda: answers(env), START):
                self._say_where()
                fallen = supervisor.wait()
            elif supervisor.ended.is_set():
                fallen = ""
            else:
                fallen = supervisor.fallen() or "网页服务"
        finally:
            supervisor.stop()
        if fallen:
            raise CommandError(f"{fallen}自己停了，已停止其余服务；原因见上面的日志。")

    def _start_live(self, supervisor: Supervisor) -> None:
        """The board's live line; without its port the board asks instead, so a taken one stops nothing."""
        env = environment()
        try:
            check_port(env.address, settings.LIVE_PORT)
        except CannotServeError as error:
            self.stderr.write(f"看板不能实时推送，改为定时查询：{error}", style_func=str)
            return
        supervisor.start("实时看板", live(env, settings.LIVE_PORT), FADU_POOL="false", FADU_DB_ROLE="app")

    def _say_where(self) -> None:
        """The address, and the accounts of the demo city."""
        self.stderr.write(f"法度已启动：{settings.PUBLIC_URL}/  （Ctrl-C 停止）", style_func=str)
        if settings.DEMO and find_spec("fadu.demo.accounts"):
            for line in import_module("fadu.demo.accounts").lines():
                self.stderr.write(line, style_func=str)
