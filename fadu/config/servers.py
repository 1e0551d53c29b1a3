"""The processes that make up a running Fadu: granian for the pages, procrastinate for the jobs, and their supervisor."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from fadu.config.environment import ROOT, Environment

JOBS_AT_ONCE = 2
# the worker's own pool (4), its LISTEN connection, one connection for each running job, the five of the callout's engine, and
# that of the intake of warnings
WORKER_CONNECTIONS = 4 + 1 + JOBS_AT_ONCE + 5 + 1
LIVE_CONNECTIONS = 2  # of boards, and of people's pages of calls
MARGIN = 10  # management commands, backups, a person with psql
GRACE = 15.0  # seconds a server gets to finish what it is at
PR_SET_PDEATHSIG = 1


class CannotServeError(RuntimeError):
    """The servers cannot start; the message says why and what to do."""


def check_connections(env: Environment, available: int) -> None:
    """Raise CannotServeError when all hosts' pools together could ask the database for more than ``available`` connections."""
    pages = env.web_hosts * (env.workers * env.threads + LIVE_CONNECTIONS)
    jobs = env.worker_hosts * WORKER_CONNECTIONS
    needed = pages + jobs + MARGIN
    if needed > available:
        hosts = f"{env.web_hosts}台×" if env.web_hosts > 1 else ""
        raise CannotServeError(
            f"数据库最多接受 {available} 个连接，而网页 {hosts}{env.workers}×{env.threads}、后台任务 {jobs}、"
            f"余量 {MARGIN}，共需 {needed} 个。请减少 FADU_WORKERS 或者 FADU_THREADS，或者提高数据库的 max_connections。"
        )


def check_shared(env: Environment) -> None:
    """Raise CannotServeError when there are several hosts and something they must share is left to each of them."""
    if env.web_hosts == env.worker_hosts == 1:
        return
    wanting = [
        name
        for name, given in (
            ("DATABASE_URL", env.database_url),
            ("FADU_SECRET_KEY", env.secret_key),
            ("FADU_HASH_KEY", env.hash_key),
            ("FADU_PUBLIC_URL", env.public_url),
            ("FADU_S3_BUCKET 或者 FADU_VAULT", env.s3_bucket or env.vault),
        )
        if not given
    ]
    if wanting:
        raise CannotServeError(
            f"多台主机共用一套系统，各台须设成相同的值：{'、'.join(wanting)}。见 docs/operations.md。"
        )


def check_port(address: str, port: int) -> None:
    """Raise CannotServeError when the port is taken or the address is not ours."""
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as error:
        raise CannotServeError(
            f"不能监听 {address}:{port}（{error.strerror}）。可以用 PORT 换一个端口，例如 PORT=8001 make demo。"
        ) from error


def answers(env: Environment) -> bool:
    """Does the web server answer HTTP?"""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(env.address, env.address)
    host = next((name for name in env.hosts.split(",") if name.strip(" *.")), address).strip().lstrip(".")
    connection = HTTPConnection(address, env.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def web(env: Environment) -> list[str]:
    """The command line of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "fadu.config.wsgi:application"),
        *("--host", env.address, "--port", str(env.port), "--no-ws", "--log-level", "warning"),
        *("--workers", str(env.workers), "--blocking-threads", str(env.threads)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(int(GRACE) - 5), "--working-dir", str(ROOT)),
    ]


def worker() -> list[str]:
    """The command line of the worker that runs jobs; woken by NOTIFY."""
    return [
        *(sys.executable, str(ROOT / "manage.py"), "procrastinate", "worker", "--name", "fadu"),
        *("--concurrency", str(JOBS_AT_ONCE), "--shutdown-graceful-timeout", str(GRACE - 5)),
        *("--delete-jobs", "never"),
    ]


def engine() -> list[str]:
    """The command line of the callout's engine."""
    return [sys.executable, str(ROOT / "manage.py"), "callout-engine"]


def intake() -> list[str]:
    """The command line of the intake of warnings."""
    return [sys.executable, str(ROOT / "manage.py"), "warning-intake"]


def live(env: Environment, port: int) -> list[str]:
    """The command line of the board's live line: one process, since it holds lines open and does little else."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "fadu.callout.asgi:application"),
        *("--host", env.address, "--port", str(port), "--no-ws", "--log-level", "warning", "--workers", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "3", "--working-dir", str(ROOT)),
    ]


@dataclass
class Supervisor:
    """Runs servers together: when one ends, or a signal comes, the others are stopped too."""

    watch: Callable[[], None] = lambda: None  # called every two seconds while all is well
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Take SIGTERM, SIGINT and SIGHUP as the wish to stop."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ended.set())

    def start(self, name: str, command: Sequence[str], **environment: str) -> None:
        """Start one server, in a session of its own, so that Ctrl-C reaches us first."""
        libc = ctypes.CDLL(None, use_errno=True)

        def follow() -> None:
            """On Linux: should we be killed outright, the server gets SIGTERM."""
            if hasattr(libc, "prctl"):
                libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

        self.children[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=2,  # what servers say is a log
            start_new_session=True,
            preexec_fn=follow,
        )

    def fallen(self) -> str:
        """The name of a server that has ended, or nothing."""
        return next((name for name, child in self.children.items() if child.poll() is not None), "")

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``ready``; False when a signal came, a server ended or the time is over."""
        until = time.monotonic() + seconds
        while not ready():
            if self.fallen() or self.ended.wait(0.1) or time.monotonic() > until:
                return False
        return True

    def wait(self) -> str:
        """Wait for a signal (answers nothing) or for a server to end by itself (answers its name)."""
        rounds = 0
        while not self.ended.wait(0.5):
            if name := self.fallen():
                return name
            rounds += 1
            if rounds % 4 == 0:
                self.watch()
        return ""

    def stop(self) -> None:
        """Stop all servers: ask, wait, then end them with all they started."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            try:
                os.killpg(child.pid, signal.SIGKILL)  # also what a fallen server left behind
            except ProcessLookupError:
                continue
            child.wait()
