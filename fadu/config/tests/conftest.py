"""An embedded cluster of the tests' own, apart from the one that the test databases live in."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fadu.config import embedded
from fadu.config.environment import ROOT

User = subprocess.Popen[str]
USE = """
import sys
from pathlib import Path
from fadu.config import embedded
embedded.use(embedded.Cluster(Path(sys.argv[1])))
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="session")
def cluster() -> Iterator[embedded.Cluster]:
    """A cluster, not running."""
    folder = Path(tempfile.mkdtemp(prefix="fadu-test-"))
    yield embedded.Cluster(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def user(cluster: embedded.Cluster) -> Iterator[Callable[[], User]]:
    """Starts a process that uses the cluster until its standard input closes; afterwards nothing is left running."""
    users: list[User] = []

    def start() -> User:
        process = subprocess.Popen(
            [sys.executable, "-c", USE, str(cluster.var)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        users.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n", process.communicate()[1]
        return process

    yield start
    for process in users:
        process.kill()
        process.communicate()
    embedded.stop(cluster)


def leave(process: User) -> int:
    """Let a user end by itself; its exit code."""
    process.communicate(timeout=30)
    return process.returncode


def postmaster(cluster: embedded.Cluster) -> int:
    """The PID in the cluster's PID file."""
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def postgres_processes(cluster: embedded.Cluster) -> list[int]:
    """PIDs of every live process whose command line or working folder is the cluster's (found without our own code)."""
    found = []
    for process in psutil.process_iter():
        try:
            is_postgres = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
            if is_postgres and process.cwd() == str(cluster.data):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def kill(pid: int) -> None:
    """Kill a process outright and wait until it is gone or a zombie."""
    os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
