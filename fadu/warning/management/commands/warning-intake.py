"""``manage.py warning-intake``: asks the feeds and looks into the folder of the settings; several may run, one does each source."""  # noqa: N999

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from fadu.kernel import clock
from fadu.warning.intake import feed, folder, sources
from fadu.warning.models import Source

log = structlog.get_logger("fadu.warning")
LOCKS = 404_405  # the first half of the advisory locks, one a source
ROUND = 1.0  # seconds between two looks at what is due
FOLDER_SECONDS = 2


class Command(BaseCommand):
    """``manage.py warning-intake [--once]``"""

    help = "接收预警：轮询预警列表、监视文件夹；可以同时运行几个，每个来源只由一个处理"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """An end for tests and timers."""
        parser.add_argument("--once", action="store_true", help="每个来源只看一次就退出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal comes; a lost database is waited for."""
        ended = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, lambda *_: ended.set())
        with requests.Session() as session:
            while not ended.is_set():
                try:
                    for source in sources.ensure():
                        self._look(source, session, due_only=not options["once"])
                except OperationalError as error:
                    log.warning("database lost", error=str(error)[:200])
                    connection.close()
                if options["once"]:
                    return
                ended.wait(ROUND)

    def _look(self, source: Source, session: requests.Session, *, due_only: bool) -> None:
        """Look at one source when its time has come and nobody else is at it."""
        with _alone(source) as mine:
            if not mine:
                return
            source.refresh_from_db()  # another may just have been there
            if due_only and not _is_due(source):
                return
            try:
                taken = feed.poll(source, session) if source.kind == Source.Kind.FEED else folder.look(source)
            except OperationalError:
                raise
            except Exception as error:  # a fault of ours in one source must not take the others' warnings with it
                log.exception("warning source", source=source.title)
                said = f"处理时出错：{type(error).__name__}"
                Source.objects.filter(pk=source.pk).update(tried_at=clock.now(), error=said)
                return
            if taken:
                log.info("warnings taken in", source=source.title, count=taken)


def _is_due(source: Source) -> bool:
    """Whether its time has come."""
    every = settings.WARNING_FEED_SECONDS if source.kind == Source.Kind.FEED else FOLDER_SECONDS
    return source.tried_at is None or (clock.now() - source.tried_at).total_seconds() >= every


@contextmanager
def _alone(source: Source) -> Iterator[bool]:
    """Whether this process has the source for itself; the lock ends with the connection, whatever becomes of us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, source.pk])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, source.pk])
