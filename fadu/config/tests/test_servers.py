"""``manage.py serve`` as a whole: real processes on a cluster of their own, real HTTP, signals and crashes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import psutil
import psycopg
import pytest

from fadu.config import embedded
from fadu.config.environment import ROOT, Environment
from fadu.config.servers import CannotServeError, check_connections
from fadu.config.tests.conftest import kill, postgres_processes, postmaster

Serve = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def installation() -> Iterator[dict[str, str]]:
    """The environment of a fresh installation, its tables made and its content loaded by ``manage.py setup``."""
    folder = Path(tempfile.mkdtemp(prefix="fadu-test-"))
    environment = os.environ | {
        "FADU_VAR": str(folder / "var"),
        "FADU_DATABASE": "fadu",
        "DATABASE_URL": "",
        "PORT": str(free_port()),
        "FADU_DEBUG": "false",
        "FADU_DEMO": "false",
        "FADU_POOL": "false",
        "FADU_WORKERS": "2",
        "FADU_THREADS": "2",
        "DJANGO_SETTINGS_MODULE": "fadu.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "setup"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    yield environment
    shutil.rmtree(folder)


@pytest.fixture
def cluster(installation: dict[str, str]) -> embedded.Cluster:
    """The cluster of that installation."""
    return embedded.Cluster(Path(installation["FADU_VAR"]))


@pytest.fixture
def serve(installation: dict[str, str], cluster: embedded.Cluster) -> Iterator[Serve]:
    """Starts ``manage.py serve`` and waits until it says where; afterwards nothing is left running."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
            cwd=ROOT,
            env=installation | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stderr is not None
        said = []
        while "法度已启动" not in (line := process.stderr.readline()):
            said.append(line)
            assert line, "".join(said)
        return process

    yield start
    for process in started:
        for child in children(process):
            child.kill()
        process.kill()
        process.communicate()
    embedded.stop(cluster)


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Every living descendant."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def get(installation: dict[str, str], path: str, **headers: str) -> tuple[int, str]:
    """Status and text of a page."""
    connection = HTTPConnection("127.0.0.1", int(installation["PORT"]), timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def gone(processes: list[psutil.Process], seconds: float = 20) -> bool:
    """Have all these processes ended (or become zombies, where no init collects them)?"""
    until = time.monotonic() + seconds
    while any(alive(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def alive(process: psutil.Process) -> bool:
    """Does it run?"""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_pages_and_files_are_served_and_sigterm_leaves_nothing(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster
) -> None:
    process = serve()
    assert get(installation, "/readyz")[0] == 200
    until = time.monotonic() + 30
    while get(installation, "/readyz?worker")[0] != 200 and time.monotonic() < until:
        time.sleep(0.5)
    assert get(installation, "/readyz?worker") == (200, '{"status": "ok", "worker": "ok"}')
    assert get(installation, "/")[0] == 200
    status, css = get(installation, "/static/ui/fadu.css")
    assert (status, css) == (200, (ROOT / "fadu/ui/static/ui/fadu.css").read_text())
    assert get(installation, "/static/vendor/htmx.min.js")[0] == 200
    assert get(installation, "/static/vendor/../../manage.py")[0] == 404
    family = children(process)
    assert any("procrastinate" in child.cmdline() for child in family)
    process.terminate()
    assert process.wait(timeout=30) == 0
    assert gone(family)
    assert postgres_processes(cluster) == []


def test_pools_hold_under_load_a_dead_database_comes_back_and_ctrl_c_stops_all(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster
) -> None:
    process = serve()
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda _: get(installation, "/readyz")[0], range(200)))
    assert set(answers) == {200}
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres")) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'fadu_app'").fetchone()
    assert row is not None
    assert row[0] <= 2 * 2 + 9  # workers × threads, and what job worker and engine may hold

    kill(postmaster(cluster))
    until = time.monotonic() + 30
    while get(installation, "/readyz")[0] != 200 and time.monotonic() < until:
        time.sleep(0.5)
    assert [get(installation, "/readyz")[0] for _ in range(8)] == [200] * 8

    family = children(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert gone(family)
    assert postgres_processes(cluster) == []


def test_killed_outright_it_takes_its_servers_along_and_starts_again(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster
) -> None:
    process = serve()
    family = children(process)
    kill(process.pid)
    assert gone(family)
    serve()
    assert get(installation, "/readyz")[0] == 200


@pytest.mark.parametrize("word", ["granian", "procrastinate"])
def test_when_one_server_falls_the_other_is_stopped_and_the_exit_code_says_so(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster, word: str
) -> None:
    process = serve()
    family = children(process)
    kill(next(child.pid for child in family if word in child.cmdline() and child.ppid() == process.pid))
    assert process.wait(timeout=40) == 1
    assert process.stderr is not None
    assert "自己停了，已停止其余服务" in process.stderr.read()
    assert gone(family)
    assert postgres_processes(cluster) == []


def test_a_taken_port_is_said_in_one_line(installation: dict[str, str], cluster: embedded.Cluster) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _refused(installation | {"PORT": port})
    assert f"不能监听 127.0.0.1:{port}" in done


def test_pools_larger_than_the_database_grants_are_refused(
    installation: dict[str, str], cluster: embedded.Cluster
) -> None:
    done = _refused(installation | {"FADU_WORKERS": "10", "FADU_THREADS": "10"})
    assert "共需 125 个" in done
    assert "FADU_WORKERS" in done


def test_all_web_processes_are_counted_together_and_only_for_whoever_has_the_token(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster
) -> None:
    serve(FADU_METRICS_TOKEN="a token of the tests", FADU_METRICS_FROM="10.0.0.5,127.0.0.1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: get(installation, "/public/penalties/"), range(40)))
    assert get(installation, "/metrics")[0] == 404
    assert get(installation, "/metrics", Authorization="Bearer another")[0] == 404
    status, text = get(installation, "/metrics", Authorization="Bearer a token of the tests")
    assert status == 200
    assert 'fadu_requests_total{method="GET",status="200",view="publicity:decisions"} 40.0' in text
    assert 'fadu_request_seconds_count{view="publicity:decisions"} 40.0' in text
    sizes = [line for line in text.splitlines() if line.startswith('fadu_database_pool{state="size"}')]
    assert 1 <= float(sizes[0].split()[1]) <= 4  # workers × threads
    assert "fadu_record_entries 0.0" in text


def test_a_host_may_run_the_pages_or_the_jobs_alone(
    installation: dict[str, str], serve: Serve, cluster: embedded.Cluster
) -> None:
    pages = serve("--only", "web")
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "fadu")) as connection:
        connection.execute("DELETE FROM procrastinate_workers")  # those that other tests killed outright
    assert get(installation, "/readyz")[0] == 200
    assert get(installation, "/readyz?worker")[0] == 503
    jobs = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--only", "worker"], cwd=ROOT, env=installation, stderr=subprocess.PIPE
    )
    try:
        until = time.monotonic() + 40
        while get(installation, "/readyz?worker")[0] != 200 and time.monotonic() < until:
            time.sleep(0.5)
        assert get(installation, "/readyz?worker")[0] == 200
    finally:
        jobs.terminate()
        jobs.communicate(timeout=40)
    assert pages.poll() is None
    pages.terminate()
    assert pages.wait(timeout=30) == 0
    assert postgres_processes(cluster) == []


def test_several_hosts_must_share_database_keys_and_vault(
    installation: dict[str, str], cluster: embedded.Cluster
) -> None:
    said = _refused(installation | {"FADU_WEB_HOSTS": "2"})
    for name in ("DATABASE_URL", "FADU_SECRET_KEY", "FADU_HASH_KEY", "FADU_S3_BUCKET 或者 FADU_VAULT"):
        assert name in said


def test_the_connections_of_all_hosts_are_counted() -> None:
    env = Environment(FADU_WORKERS=2, FADU_THREADS=8, FADU_WEB_HOSTS=3, FADU_WORKER_HOSTS=2)  # type: ignore[call-arg]
    check_connections(env, 90)  # 3 × (2 × 8 + 2) + 2 × 13 + 10
    with pytest.raises(CannotServeError, match="共需 90 个"):
        check_connections(env, 89)


def test_an_empty_database_is_refused(installation: dict[str, str], cluster: embedded.Cluster) -> None:
    assert "请先运行 manage.py setup" in _refused(installation | {"FADU_DATABASE": "fadu_empty"})


def test_the_largest_pools_that_fit_are_accepted() -> None:
    env = Environment(FADU_WORKERS=4, FADU_THREADS=8)  # type: ignore[call-arg]
    check_connections(env, 57)  # 4 × 8 + 2 for the live lines + 13 for worker, engine and intake + 10 to spare
    with pytest.raises(CannotServeError, match="共需 57 个"):
        check_connections(env, 56)


def _refused(environment: dict[str, str]) -> str:
    """What ``serve`` says when it refuses to start; nothing goes to standard output, and the database is stopped."""
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert postgres_processes(embedded.Cluster(Path(environment["FADU_VAR"]))) == []
    return done.stderr
