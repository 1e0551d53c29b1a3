"""Watching a folder: a whole file is taken in and moved to ``done`` or ``refused``; one that is still being written is left alone.

The move comes after the message is kept, so that a death in between takes it in once more, which changes nothing.
"""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import structlog

from fadu.kernel import clock
from fadu.kernel.errors import Refused
from fadu.kernel.hashing import sha256_bytes
from fadu.warning.cap.reading import MAX_BYTES
from fadu.warning.intake import refusals, sources
from fadu.warning.models import Source

log = structlog.get_logger("fadu.warning")
NAMES = (".xml", ".cap")
SETTLED = 2.0  # seconds since the last write
HALF = 60.0  # seconds for which a file that is no message may still be half of one
DONE, REFUSED = "done", "refused"


def look(source: Source) -> int:
    """Look once; how many messages were new. A folder or a file that cannot be read is told in the row, and is no sign of life."""
    now = clock.now()
    folder = Path(source.address)
    try:
        for name in (DONE, REFUSED):
            (folder / name).mkdir(exist_ok=True)
        files = sorted(path for path in folder.iterdir() if _is_whole(path))
    except OSError as error:
        source.tried_at, source.error = now, f"文件夹不能读写：{error.strerror}"[:300]
        source.save(update_fields=["tried_at", "error"])
        return 0
    taken, source.tried_at, source.error = 0, now, ""
    for path in files:
        try:
            taken += _take(source, path)
        except OSError as error:  # this file cannot be read or moved; those after it can
            source.error = f"文件 {path.name} 不能读取或者移走：{error.strerror}"[:300]
    if not source.error:
        source.heard_at = now
    source.save(update_fields=["tried_at", "heard_at", "error"])
    return taken


def _is_whole(path: Path) -> bool:
    """An ordinary file of ours by its name, that nobody has written to just now."""
    if path.name.startswith(".") or path.suffix.lower() not in NAMES:
        return False
    try:
        found = path.lstat()
    except FileNotFoundError:  # another intake was faster
        return False
    return stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime >= SETTLED


def _take(source: Source, path: Path) -> bool:
    """One file; whether it was a new message. What is refused is filed before it is moved, so that no death in between loses it."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return False
    try:
        _warning, new = sources.take(data)
    except Refused as refused:
        if time.time() - path.stat().st_mtime < HALF:
            return False
        log.warning("warning refused", file=path.name, reasons=refused.reasons)
        refusals.file(source, data, refused, name=path.name)
        moved = _move(path, REFUSED, data)
        moved.with_suffix(moved.suffix + ".txt").write_text("\n".join(refused.reasons) + "\n")
        return False
    _move(path, DONE, data)
    return new


def _move(path: Path, into: str, data: bytes) -> Path:
    """Move a file in one step, on the same file system; a name that is taken there gets the digest of its bytes."""
    target = path.parent / into / path.name
    if target.exists():
        target = target.with_name(f"{path.stem}-{sha256_bytes(data)[:12]}{path.suffix}")
    os.replace(path, target)
    return target
