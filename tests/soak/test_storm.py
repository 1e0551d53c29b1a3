"""Many hands on many matters, killed at random, and a database killed under them: what was confirmed stands, whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fadu.config import embedded
from fadu.config.environment import ROOT
from fadu.config.tests.conftest import kill, postmaster
from fadu.config.tests.test_servers import children, free_port

pytestmark = pytest.mark.soak
HANDS = 4
RIPE = 8  # what a hand has done before it may be struck
ENOUGH = 300  # acts and refusals after which the storm is over
LIMIT = 180  # seconds after which it is over in any case
RESULT = dict[str, Any]


@pytest.fixture
def installation() -> Iterator[dict[str, str]]:
    """A fresh installation of its own, with one bureau."""
    folder = Path(tempfile.mkdtemp(prefix="fadu-soak-"))
    environment = os.environ | {
        "FADU_VAR": str(folder / "var"),
        "FADU_DATABASE": "fadu",
        "DATABASE_URL": "",
        "PORT": str(free_port()),
        "FADU_DEBUG": "false",
        "FADU_DEMO": "false",
        "FADU_POOL": "false",
        "FADU_WORKERS": "1",
        "FADU_THREADS": "2",
        "FADU_DB_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "fadu.config.settings",
    }
    cluster = embedded.Cluster(folder / "var")
    run(environment, "manage.py", "setup")
    run(environment, "-m", "tests.soak.hand", "build")
    yield environment
    embedded.stop(cluster)
    shutil.rmtree(folder)


def run(environment: dict[str, str], *command: str, code: int = 0) -> str:
    """Run a program of ours to its end; its standard output."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == code, done.stdout[-1000:] + done.stderr[-3000:]
    return done.stdout


def said_in(path: Path) -> int:
    """How many lines a hand has written."""
    return path.read_bytes().count(b"\n")


class Storm:
    """The servers and the hands, and what the hands were told is done."""

    def __init__(self, environment: dict[str, str], seed: int) -> None:
        self.environment, self.dice, self.seed = environment, random.Random(seed), seed * 100
        self.cluster = embedded.Cluster(Path(environment["FADU_VAR"]))
        self.logs = Path(tempfile.mkdtemp(prefix="fadu-soak-logs-"))
        self.hands: dict[subprocess.Popen[bytes], Path] = {}
        self.server: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        """Start ``manage.py serve``, as a service manager does whenever it has ended."""
        if self.server is None or self.server.poll() is not None:
            with open(self.logs / "serve.log", "ab") as log:
                self.server = subprocess.Popen(
                    [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
                )

    def hire(self) -> None:
        """Start a hand that works until it is stopped."""
        self.seed += 1
        path = self.logs / f"{self.seed}.out"
        with open(path, "wb") as out, open(self.logs / f"{self.seed}.err", "wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.hand", "work", str(self.seed), str(LIMIT * 2)],
                cwd=ROOT,
                env=self.environment,
                stdout=out,
                stderr=err,
            )
        self.hands[process] = path

    def strike(self) -> None:
        """Kill one of the hands that have got to work, in the middle of whatever it does, and hire another."""
        ripe = [process for process, path in self.hands.items() if said_in(path) >= RIPE]
        if ripe:
            victim = self.dice.choice(ripe)
            victim.kill()
            victim.wait()
            del self.hands[victim]
            self.hire()

    def worker(self) -> psutil.Process | None:
        """The process that runs the jobs."""
        assert self.server is not None
        own = Path(self.environment["FADU_VAR"])
        try:
            for child in psutil.Process(self.server.pid).children():
                if "procrastinate" in child.cmdline():
                    assert child.environ()["FADU_VAR"] == str(own)
                    return child
        except psutil.Error:
            pass  # it ended while we looked
        return None

    def blow(self) -> None:
        """Let it blow until enough is done: hands are struck again and again, the job worker once, the database once."""
        self.serve()
        until = time.monotonic() + LIMIT
        while self.worker() is None and time.monotonic() < until:
            time.sleep(0.2)
        for _ in range(HANDS):
            self.hire()
        struck: set[str] = set()
        while (said := sum(map(said_in, self.logs.glob("*.out")))) < ENOUGH and time.monotonic() < until:
            time.sleep(self.dice.uniform(0.5, 2))
            self.strike()
            # by work done, and on a machine that is busy with other things by the clock
            gone = max(said / ENOUGH, 1 - (until - time.monotonic()) / LIMIT)
            if gone > 0.3 and "worker" not in struck and (one := self.worker()):
                kill(one.pid)
                struck.add("worker")
            if gone > 0.6 and "database" not in struck and embedded.running(self.cluster):
                kill(postmaster(self.cluster))
                struck.add("database")
            assert [process.returncode for process in self.hands if process.poll() is not None] == []
            self.serve()
        assert struck == {"worker", "database"}, f"only {said} acts in {LIMIT} seconds"
        for process in self.hands:
            process.kill()
            process.wait()

    def confirmed(self) -> list[RESULT]:
        """What the hands wrote down; a line cut off by a kill was not yet said."""
        found = []
        for path in sorted(self.logs.glob("*.out")):
            for line in path.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    found.append(json.loads(line))
        return found

    def settle(self, seconds: float) -> RESULT:
        """Wait until every job is done; those of the dead worker are put back by the job that exists for it."""
        until = time.monotonic() + seconds
        while True:
            self.serve()
            run(self.environment, "manage.py", "shell", "--verbosity", "0", "-c",
                "from fadu.procedure.tasks import requeue_stalled as r; r.configure(queueing_lock=None).defer(timestamp=0)")  # fmt: skip
            time.sleep(5)
            found: RESULT = json.loads(run(self.environment, "-m", "tests.soak.examine"))
            if all(status == "succeeded" for _, status in found["jobs"]) or time.monotonic() > until:
                return found

    def end(self) -> None:
        """Stop what this storm started, and only that."""
        for hand in self.hands:
            hand.kill()
            hand.wait()
        if self.server is not None:
            family = children(self.server)  # type: ignore[arg-type]
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(timeout=40)
            except subprocess.TimeoutExpired:
                for child in family:
                    child.kill()
                self.server.kill()
        shutil.rmtree(self.logs)


def test_what_was_confirmed_stands_whole_after_kills_of_hands_worker_and_database(installation: dict[str, str]) -> None:
    """No gap or double serial, no half step, state and record agree, no confirmed act or job is lost"""
    storm = Storm(installation, seed=int(os.environ.get("FADU_SOAK_SEED", "1")))
    try:
        storm.blow()
        said = storm.confirmed()
        found = storm.settle(75)
        verified = run(installation, "manage.py", "verify-record", "--evidence")
    finally:
        storm.end()
    acts = {tuple(row) for row in found["acts"]}
    opinions = dict(found["opinions"])
    jobs = dict(found["jobs"])
    assert found["faults"] == []
    assert [s for s in said if "ordinal" in s and (s["matter"], s["ordinal"]) not in acts] == []
    assert [s for s in said if "application" in s and opinions.get(s["application"], -1) < s["opinions"]] == []
    assert [s for s in said if "job" in s and jobs.get(s["job"]) != "succeeded"] == []
    assert verified.rstrip().endswith("ok")
    # it was a storm: the database was lost and found under their hands, and the work went on
    told = Counter(key for line in said for key in line)
    print(told, len(acts), found["archived"])  # noqa: T201 - what pytest shows when the storm was too tame
    assert told["lost"] > 0
    assert len(acts) > 20
