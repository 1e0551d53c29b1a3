"""Backup and restore: database, vault and keys in one dated folder that says of every file what it must hold."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from django.conf import settings

from fadu.config import database, embedded
from fadu.config.embedded import BackupError
from fadu.config.environment import environment
from fadu.kernel import clock
from fadu.record import storage

FORMAT = "fadu-backup-1"
DUMP, MANIFEST, KEYS = "database.dump", "manifest.json", ("hash", "django")


@dataclass
class Contents:
    """What a backup folder holds: path within it → sha256; and what the manifest says besides."""

    files: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def damaged(self, sha256: str) -> bool:
        """Was this file of the vault not what its name says already when it was backed up?"""
        return self.files[f"vault/{sha256}"] != sha256

    def written(self) -> str:
        """The manifest's text."""
        told = {"format": FORMAT, **self.facts, "files": self.files}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)


def programs() -> Path:
    """The folder of ``pg_dump`` and ``pg_restore``: the setting, else the embedded ones; raises BackupError."""
    folder = Path(environment().pg_bin) if environment().pg_bin else embedded.binaries()
    if not (folder / "pg_dump").exists():
        raise BackupError(
            f"{folder} 里没有 pg_dump。请把 FADU_PG_BIN 设为与数据库同一大版本的 PostgreSQL 程序所在的文件夹。"
        )
    return folder


def _postgres(program: str, url: str, *arguments: str) -> None:
    """Run a PostgreSQL program on ``url``; the password goes through the environment, which no other user can read."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = urlunsplit(parts._replace(netloc=f"{parts.username}@{host}" if parts.username else host))
    done = subprocess.run(
        [str(programs() / program), "--dbname", bare, *arguments],
        env=os.environ | {"PGPASSWORD": unquote(parts.password or ""), "PGTZ": "UTC"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"{program} 失败：{(done.stderr or done.stdout).strip()[-800:]}")


def backup(root: Path, *, with_vault: bool = True) -> tuple[Path, list[str]]:
    """Write a new folder ``fadu-YYYYMMDD-HHMMSS`` under ``root``, which only its owner can read.

    Returns the folder and the hashes of those files of the vault that were damaged already; they are in it as they are.

    The database is dumped first: whatever its snapshot names lies in the vault already. Half a backup never bears the
    name of a whole one. Raises BackupError, and Unavailable when the vault cannot be reached.
    """
    os.umask(0o077)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    final = root / f"fadu-{clock.now():%Y%m%d-%H%M%S}"
    draft = final.with_name(f".{final.name}.part")
    if final.exists() or draft.exists():
        raise BackupError(f"{final} 已经存在，请稍等一秒再备份。")
    draft.mkdir(mode=0o700)
    try:
        contents = Contents()
        _postgres(
            "pg_dump",
            database.url_for("owner"),
            *("--format=custom", "--compress=6", "--no-owner", "--no-privileges", "--file", str(draft / DUMP)),
        )
        contents.files[DUMP] = _hash(draft / DUMP)
        for name, value in _keys().items():
            path = draft / "secrets" / name
            path.parent.mkdir(exist_ok=True, mode=0o700)
            path.write_text(value)
            contents.files[f"secrets/{name}"] = _hash(path)
        if with_vault:
            for blob in storage.store().blobs():
                contents.files[f"vault/{blob.sha256}"] = _copy_out(draft, blob.sha256)
        contents.facts = {"made_at": clock.now().isoformat(), "vault": with_vault, "heads": _heads()}
        contents.facts["damaged"] = [sha256 for sha256 in _vault_files(contents) if contents.damaged(sha256)]
        (draft / MANIFEST).write_text(contents.written())
        for path in draft.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        draft.rename(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return final, contents.facts["damaged"]


def _keys() -> dict[str, str]:
    """The keys without which a restored record could not be read or continued, wherever they are kept."""
    env = environment()
    given = {"hash": env.hash_key, "django": env.secret_key}
    kept = {name: value or embedded.secret(env.var.resolve(), name) for name, value in given.items()}
    folder = env.var.resolve() / "secrets"
    # whatever else the program keeps secret; passwords of the embedded cluster belong to that cluster alone
    others = [
        path for path in sorted(folder.glob("[!.]*")) if path.name not in kept and not path.name.startswith("pg-")
    ]
    return kept | {path.name: path.read_text() for path in others}


def _heads() -> dict[str, int]:
    """How many entries and chains the record had when the backup was made, for whoever looks at the manifest."""
    with psycopg.connect(database.url_for("owner")) as connection:
        row = connection.execute("SELECT coalesce(sum(seq), 0)::bigint, count(*) FROM record_head").fetchone()
    assert row is not None
    return {"entries": row[0], "chains": row[1]}


def _copy_out(draft: Path, sha256: str) -> str:
    """Copy one file of the vault, hashing what is written; a damaged one is copied too, and its true hash told."""
    target = draft / "vault" / sha256[:2] / sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with storage.store().fetch(sha256) as source, target.open("xb") as out:
            shutil.copyfileobj(source, out, storage.CHUNK)
    except storage.Missing as error:
        raise BackupError(
            f"备份当中证据库的文件 {sha256} 被删除了（verify-vault --clean 在运行？），请重新备份。"
        ) from error
    return _hash(target)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(folder: Path, name: str) -> Path:
    """Where a file that the manifest names lies."""
    kind, _, rest = name.partition("/")
    return folder / "vault" / rest[:2] / rest if kind == "vault" else folder / name


def read(folder: Path) -> Contents:
    """Read and check a backup, every byte of it; raises BackupError with the first fault, before anything is restored."""
    try:
        told = json.loads((folder / MANIFEST).read_text())
        files: dict[str, str] = told.pop("files")
        if told.pop("format") != FORMAT:
            raise ValueError
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise BackupError(f"{folder} 不是完整的备份：没有可读的 {MANIFEST}。") from error
    if not {DUMP, *(f"secrets/{name}" for name in KEYS)} <= set(files):
        raise BackupError(f"{folder} 不是完整的备份：清单里没有数据库或者密钥。")
    for name, wanted in files.items():
        if ".." in name.split("/") or name.startswith("/"):
            raise BackupError(f"备份清单里的 {name} 不合规。")
        path = _place(folder, name)
        if not path.is_file():
            raise BackupError(f"备份已损坏：缺少 {name}。没有恢复任何内容。")
        if _hash(path) != wanted:
            raise BackupError(f"备份已损坏：{name} 与清单所载散列值不符。没有恢复任何内容。")
    return Contents(files, told)


_made_ready: dict[Path, Contents] = {}


def make_ready(folder: Path) -> Contents:
    """Check the backup and that it may be restored here, then put its keys in place; raises BackupError.

    ``manage.py`` calls this before Django reads the settings, which would otherwise make keys of their own.
    """
    if folder not in _made_ready:
        contents = read(folder)
        _refuse_to_overwrite()
        _restore_keys(folder, contents)
        _made_ready[folder] = contents
    return _made_ready[folder]


def restore(folder: Path) -> Contents:
    """Restore a backup into the database and the vault of the settings; the database must hold no table.

    Everything is checked before anything is written; the database is restored in one transaction. Raises BackupError.
    """
    contents = make_ready(folder)
    # the vault first: cut off in the middle, the restore can be run again, since the database is still empty
    for sha256 in _vault_files(contents):
        _copy_in(folder, sha256)
    _postgres(
        "pg_restore",
        database.url_for("owner"),
        *("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(folder / DUMP)),
    )
    return contents


def _vault_files(contents: Contents) -> Iterator[str]:
    """The hashes of the vault's files in a backup."""
    return (name.partition("/")[2] for name in contents.files if name.startswith("vault/"))


def _refuse_to_overwrite() -> None:
    """Only into an empty database: a restore never mixes two records."""
    try:
        with psycopg.connect(database.url_for("owner")) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
            ).fetchone()
    except psycopg.Error as error:
        raise BackupError(f"连不上目标数据库，没有恢复任何内容：{error}") from error
    if row is None or row[0]:
        raise BackupError(
            "目标数据库不是空的，没有恢复任何内容。请新建一个空数据库，用 FADU_DATABASE 或者 DATABASE_URL 指明。"
        )


def _restore_keys(folder: Path, contents: Contents) -> None:
    """Put the keys in place; a key that is set otherwise here is never replaced, since it may belong to other data."""
    env = environment()
    given = {"hash": env.hash_key, "django": env.secret_key}
    names = [name.partition("/")[2] for name in contents.files if name.startswith("secrets/")]
    there = env.var.resolve() / "secrets"
    wanted = {name: (folder / "secrets" / name).read_text() for name in names}
    for name, value in wanted.items():
        path = there / name
        now = given.get(name) or (path.read_text().strip() if path.exists() else "")
        if now and now != value.strip() and name in KEYS:
            where = "环境变量" if given.get(name) else str(path)
            raise BackupError(
                f"这里已经有另一个密钥（{where}），与备份的不同，没有恢复任何内容。"
                "这台机器上没有别的数据要用它的，请移走以后再恢复。"
            )
    there.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, value in wanted.items():
        if not given.get(name) and not (there / name).exists():
            with os.fdopen(os.open(there / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(value)


def _copy_in(folder: Path, sha256: str) -> None:
    """Put one file back into the vault, by way of a copy, since the vault may move what it is given."""
    root = Path(settings.VAULT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = root / f".new-restore-{sha256}"
    try:
        shutil.copyfile(_place(folder, f"vault/{sha256}"), draft)
        storage.store().put(draft, sha256)
    finally:
        draft.unlink(missing_ok=True)
