"""The embedded database: who may log in, who stops it, and what a crash leaves behind (docs/adr/0007)."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from fadu.config import embedded
from fadu.config.tests.conftest import User, kill, leave, postgres_processes, postmaster

Start = Callable[[], User]


def ask(cluster: embedded.Cluster) -> object:
    """One query as the superuser."""
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres")) as connection:
        return connection.execute("SELECT 1").fetchone()


def test_the_last_user_stops_the_server_and_not_the_first(cluster: embedded.Cluster, user: Start) -> None:
    first, second = user(), user()
    assert leave(first) == 0
    assert ask(cluster) == (1,)
    assert leave(second) == 0
    assert postgres_processes(cluster) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_to_the_only_user_leaves_no_postgres_behind(
    cluster: embedded.Cluster, user: Start, number: signal.Signals
) -> None:
    process = user()
    process.send_signal(number)
    process.communicate(timeout=30)
    assert postgres_processes(cluster) == []


def test_a_user_killed_outright_leaves_a_server_that_the_next_one_takes_over(
    cluster: embedded.Cluster, user: Start
) -> None:
    kill(user().pid)
    assert ask(cluster) == (1,)
    server = postmaster(cluster)
    second = user()
    assert postmaster(cluster) == server
    leave(second)
    assert postgres_processes(cluster) == []


def test_a_stranger_that_bears_the_stale_pid_is_left_alone(cluster: embedded.Cluster, user: Start) -> None:
    kill(user().pid)
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    kill(postmaster(cluster))
    stranger = subprocess.Popen(["sleep", "300"])
    try:
        (cluster.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:], ""]))
        second = user()
        assert ask(cluster) == (1,)
        leave(second)
        assert postgres_processes(cluster) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_zombie_that_bears_the_stale_pid_does_not_pass_for_the_server(cluster: embedded.Cluster, user: Start) -> None:
    leave(user())
    zombie = subprocess.Popen(["true"])  # not waited for, so it stays a zombie
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (cluster.data / "postmaster.pid").write_text(f"{zombie.pid}\n{cluster.data}\n1\n{embedded.PORT}\n")
    user()
    assert ask(cluster) == (1,)
    assert postmaster(cluster) != zombie.pid
    zombie.wait()


def test_the_server_starts_again_right_after_it_was_killed(cluster: embedded.Cluster, user: Start) -> None:
    user()
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (what text)")
        connection.execute("INSERT INTO kept VALUES ('acknowledged')")
    kill(postmaster(cluster))
    user()
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres")) as connection:
        assert connection.execute("SELECT what FROM kept").fetchone() == ("acknowledged",)


def test_a_start_cut_off_while_the_cluster_was_made_is_made_anew(tmp_path: Path) -> None:
    shutil.rmtree("/tmp/fadu-test-cut", ignore_errors=True)
    cluster = embedded.Cluster(Path("/tmp/fadu-test-cut/var"))
    half = cluster.data.parent / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    embedded.ensure(cluster)
    try:
        assert ask(cluster) == (1,)
    finally:
        embedded.stop(cluster)
        shutil.rmtree("/tmp/fadu-test-cut")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stand in for two users")
def test_root_runs_the_server_of_a_plain_user_in_that_users_name(tmp_path: Path) -> None:
    shutil.rmtree("/tmp/fadu-test-user", ignore_errors=True)
    cluster = embedded.Cluster(Path("/tmp/fadu-test-user/var"))
    embedded.ensure(cluster)
    embedded.stop(cluster)
    nobody = pwd.getpwnam("nobody")
    for path in [cluster.data, *cluster.data.rglob("*"), cluster.socket]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    try:
        embedded.ensure(cluster)
        assert ask(cluster) == (1,)
        assert psutil.Process(postmaster(cluster)).username() == "nobody"
    finally:
        embedded.stop(cluster)
        shutil.rmtree("/tmp/fadu-test-user")


def test_every_login_needs_its_password(cluster: embedded.Cluster, user: Start) -> None:
    user()
    socket = quote(str(cluster.socket), safe="")
    for password in ("", ":wrong"):
        with pytest.raises(psycopg.OperationalError, match=r"password"):
            psycopg.connect(f"postgresql://postgres{password}@/postgres?host={socket}&port={embedded.PORT}")
    with psycopg.connect(cluster.url(embedded.SUPERUSER, "postgres")) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert methods == [("scram-sha-256",)]
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_passwords_are_readable_by_their_owner_alone(cluster: embedded.Cluster) -> None:
    password = embedded.secret(cluster.var, "example")
    path = cluster.var / "secrets" / "example"
    assert len(password) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert embedded.secret(cluster.var, "example") == password
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []


def test_a_deep_folder_gets_a_socket_that_fits(tmp_path: Path) -> None:
    deep = embedded.Cluster(tmp_path / ("d" * 60) / ("e" * 60) / "var")
    assert len(os.fsencode(deep.socket / f".s.PGSQL.{embedded.PORT}")) < 108  # sun_path of Linux
