"""``manage.py callout-engine``: the engine of the callouts; several may run, one leads, another takes over within seconds."""  # noqa: N999

import os
import signal
import socket
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from fadu.callout import policy
from fadu.callout.engine import statements
from fadu.callout.engine.beside import Beside, tune
from fadu.callout.engine.loop import Engine
from fadu.callout.engine.writing import FAILURES
from fadu.callout.providers.accounts import AccountsError
from fadu.callout.services.calling import CHANGED
from fadu.callout.services.routes import providers
from fadu.kernel import clock

log = structlog.get_logger("fadu.callout")
SENDERS = 12
BUSY, IDLE, STANDBY = 0.1, 1.0, 0.5  # seconds between rounds
EAR = 0.5  # seconds after which whoever listens looks whether it is over


class Senders(ThreadPoolExecutor):
    """Threads that send. Some channels look something up; what they open for that is closed again."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it in a thread."""

        def run() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                connections.close_all()

        return super().submit(run)


class Command(BaseCommand):
    """``manage.py callout-engine [--name NAME] [--until-idle]``"""

    help = "运行叫应引擎；可以同时运行几个，一个工作，其余待命"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A name for the record of who led; an end for tests."""
        parser.add_argument("--name", default="", help="引擎名称，默认为主机名和进程号")
        parser.add_argument("--until-idle", action="store_true", help="没有事可做时退出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal comes; a lost database is waited for."""
        self.ended, self.woken = threading.Event(), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        tune()
        name = options["name"] or f"{socket.gethostname()}:{os.getpid()}"
        try:
            found = providers()
        except AccountsError as error:
            raise CommandError(str(error)) from error
        with Senders(SENDERS, thread_name_prefix="send") as executor, Senders(2, thread_name_prefix="beside") as beside:
            while not self.ended.is_set():
                try:
                    with ExitStack() as held:
                        own, writing, reading, ears = (held.enter_context(self._connect()) for _ in range(4))
                        engine = Engine(
                            own, found, executor, address=settings.PUBLIC_URL, name=name, woken=self.woken.set,
                            grace=timedelta(seconds=policy.on(clock.today()).grace), writer=Beside(writing, beside),
                            reader=Beside(reading, beside),
                        )  # fmt: skip
                        over = threading.Event()
                        listening = threading.Thread(target=self._listen, args=(ears, over), daemon=True)
                        listening.start()
                        try:
                            if self._run(engine, until_idle=options["until_idle"]):
                                return
                        finally:  # a connection cannot be left while another thread waits on it
                            over.set()
                            listening.join()
                            engine.close()
                except psycopg.OperationalError as error:
                    log.warning("database lost", error=str(error)[:200])
                    self.ended.wait(1.0)

    def _end(self, *_: object) -> None:
        """A signal came."""
        self.ended.set()
        self.woken.set()

    def _connect(self) -> psycopg.Connection[Any]:
        """A connection of the engine's own. Nothing is prepared: a plan made while the tables were empty would stay for ever."""
        given = connection.get_connection_params()
        given.pop("cursor_factory", None)
        given.pop("context", None)
        given.pop("pool", None)
        made = psycopg.connect(**given | {"prepare_threshold": None, "autocommit": True})
        made.execute(statements.STEADY)
        return made

    def _listen(self, ears: psycopg.Connection[Any], over: threading.Event) -> None:
        """Wake the loop whenever a callout was opened, cancelled or answered; ends when all is over, or the connection."""
        try:
            ears.execute(f"LISTEN {CHANGED}")
            while not over.is_set():
                for _ in ears.notifies(timeout=EAR):
                    self.woken.set()
        except psycopg.Error:
            return

    def _run(self, engine: Engine, *, until_idle: bool) -> bool:
        """Rounds until the end; whether it is the end for good."""
        while not self.ended.is_set():
            self.woken.clear()
            began = time.monotonic()
            if not engine.lead():
                self._wait(STANDBY)
                continue
            try:
                if engine.step():
                    continue
                busy = engine.busy()
            except FAILURES as error:
                log.warning("round again", error=str(error)[:200])
                continue
            if until_idle and not busy:
                break
            self._wait((BUSY if busy else IDLE) - (time.monotonic() - began))
        engine.settle()
        engine.resign()
        return True

    def _wait(self, seconds: float) -> None:
        """Until something happens, or so long."""
        if seconds > 0:
            self.woken.wait(seconds)
