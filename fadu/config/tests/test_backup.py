"""Backup on one machine, restore on another: what comes back is verified, and a damaged backup is refused whole."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fadu.config import embedded
from fadu.config.environment import ROOT

FILL = """
from datetime import timedelta
from fadu.kernel import clock
from fadu.record import services, seals
from fadu.record.actor import Actor
pdf = b"%PDF-1.4\\n1 0 obj<</Type/Catalog>>endobj\\ntrailer<</Root 1 0 R>>\\n%%EOF\\n"
for number in range(3):
    chain = f"penalty.ordinary/{number}"
    services.write(chain, actor=Actor(7, "张示一"), act="a", title="立案", on=clock.today())
    services.keep_evidence(pdf + b"%d\\n" % (number // 2) + b"%%EOF", chain=chain, name="a.pdf", made_by="甲",
        made_at=clock.now(), place="乙")
with clock.at(clock.now() + timedelta(days=1)):
    seals.seal_until(clock.today() - timedelta(days=1))
"""


class Machine:
    """An installation of its own: a folder ``var`` with its cluster, keys and vault."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fadu-test-"))
        self.var = self.folder / "var"
        self.environment = os.environ | {
            "FADU_VAR": str(self.var),
            "FADU_DATABASE": "fadu",
            "DATABASE_URL": "",
            "FADU_DEMO": "false",
            "FADU_POOL": "false",
            "DJANGO_SETTINGS_MODULE": "fadu.config.settings",
        }

    def manage(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours there."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )

    def gone(self) -> None:
        """Stop its database and take it away."""
        embedded.stop(embedded.Cluster(self.var))
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def backup() -> Iterator[Path]:
    """A backup of a machine that is then lost: three matters, two different files, one seal."""
    machine = Machine()
    try:
        for command in (("migrate", "-v0"), ("shell", "-c", FILL)):
            done = machine.manage(*command)
            assert done.returncode == 0, done.stderr
        done = machine.manage("backup", "--to", str(machine.folder / "backups"))
        assert done.returncode == 0, done.stderr
        kept = Path(tempfile.mkdtemp(prefix="fadu-test-")) / "backup"
        shutil.move(done.stdout.strip(), kept)
        (kept.parent / "hash").write_text((machine.var / "secrets" / "hash").read_text())
    finally:
        machine.gone()
    yield kept
    shutil.rmtree(kept.parent)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """Another machine, new."""
    made = Machine()
    yield made
    made.gone()


def test_only_its_owner_reads_a_backup_and_it_names_every_file(backup: Path) -> None:
    files = [path for path in backup.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in backup.rglob("*") if path.is_dir()} == {0o700}
    told = json.loads((backup / "manifest.json").read_text())
    assert len(told["files"]) == len(files) - 1
    assert {"database.dump", "secrets/hash", "secrets/django"} <= set(told["files"])
    assert sum(name.startswith("vault/") for name in told["files"]) == 2
    assert told["heads"] == {"entries": 6, "chains": 3}
    assert not [name for name in told["files"] if "pg-" in name]


def test_what_was_backed_up_comes_back_whole_on_another_machine(backup: Path, machine: Machine) -> None:
    done = machine.manage("restore", str(backup))
    assert (done.returncode, done.stdout) == (0, "6 entries, 3 chains, 1 seals, 2 files, ok\n"), done.stderr
    for command in (("verify-record", "--evidence"), ("verify-record", "--python"), ("verify-vault",)):
        done = machine.manage(*command)
        assert (done.returncode, done.stdout.splitlines()[-1].endswith("ok")) == (0, True), done.stdout
    # the keyed hashes of ID numbers in the record are worth something only with the same key
    assert (machine.var / "secrets" / "hash").read_text() == (backup.parent / "hash").read_text()
    assert stat.S_IMODE((machine.var / "secrets" / "hash").stat().st_mode) == 0o600
    # the record goes on where it was, and is still guarded
    more = "from fadu.record import services; from fadu.record.actor import Actor; from fadu.kernel import clock;"
    more += (
        "print(services.write('penalty.ordinary/0', actor=Actor(7, '甲'), act='a', title='乙', on=clock.today()).seq)"
    )
    assert machine.manage("shell", "-c", more).stdout.strip().endswith("3")
    forge = "from django.db import connection; connection.cursor().execute('UPDATE record_entry SET body = body')"
    assert "permission denied" in machine.manage("shell", "-c", forge).stderr
    # and nothing is restored over it
    again = machine.manage("restore", str(backup))
    assert (again.returncode, "目标数据库不是空的" in again.stderr) == (1, True)
    assert machine.manage("verify-record").stdout == "1 seals\n7 entries, 3 chains, ok\n"


def cut_the_dump(folder: Path) -> None:
    path = folder / "database.dump"
    os.truncate(path, path.stat().st_size // 2)


def flip_a_bit_of_evidence(folder: Path) -> None:
    path = next((folder / "vault").rglob("*/*"))
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)


def lose_the_key(folder: Path) -> None:
    (folder / "secrets" / "hash").unlink()


def lose_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def lose_evidence(folder: Path) -> None:
    next((folder / "vault").rglob("*/*")).unlink()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (cut_the_dump, "database.dump 与清单所载散列值不符"),
        (flip_a_bit_of_evidence, "与清单所载散列值不符"),
        (lose_the_key, "缺少 secrets/hash"),
        (lose_the_manifest, "不是完整的备份"),
        (lose_evidence, "缺少 vault/"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_restored(
    backup: Path, damage: Callable[[Path], None], says: str, tmp_path: Path, shared: Machine
) -> None:
    broken = tmp_path / "backup"
    shutil.copytree(backup, broken)
    damage(broken)
    done = shared.manage("restore", str(broken))
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert not (shared.var / "secrets" / "hash").exists()
    assert not (shared.var / "vault").exists()


@pytest.fixture(scope="module")
def shared() -> Iterator[Machine]:
    """A machine on which nothing is ever restored."""
    made = Machine()
    yield made
    made.gone()


def test_a_key_that_other_data_may_need_is_not_replaced(backup: Path, machine: Machine) -> None:
    done = machine.manage("restore", str(backup), FADU_HASH_KEY="another key of this machine")
    assert (done.returncode, "已经有另一个密钥" in done.stderr) == (1, True)
    assert machine.manage("restore", str(backup)).returncode == 0


def test_evidence_that_is_damaged_already_is_told_at_the_backup(machine: Machine) -> None:
    machine.manage("migrate", "-v0")
    machine.manage("shell", "-c", FILL)
    path = next(path for path in (machine.var / "vault").rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"something else")
    done = machine.manage("backup")
    assert done.returncode == 1
    assert path.name in done.stderr
    made = Path(done.stdout.strip())
    assert made.parent == machine.var / "backups"
    assert json.loads((made / "manifest.json").read_text())["damaged"] == [path.name]


def test_a_folder_that_cannot_be_written_is_said_in_one_line(machine: Machine) -> None:
    (machine.folder / "file").write_text("x")
    machine.manage("migrate", "-v0")
    done = machine.manage("backup", "--to", str(machine.folder / "file"))
    assert done.returncode == 1
    assert "写不了备份" in done.stderr
    assert "Traceback" not in done.stderr
