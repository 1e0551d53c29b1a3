"""The evidence vault: bytes under their own sha256, written once, hashed again whenever they are read."""

import contextlib
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from PIL import Image, ImageOps

from fadu.kernel.errors import Invalid, Refused
from fadu.record import media, storage
from fadu.record.storage import CHUNK

THUMBNAIL = 480  # pixels of the longer side
DRAWING, DRAWING_SECONDS = Path(__file__).with_name("drawing.py"), 20
NAME = 100  # characters, so that an extension still fits


class Damaged(Refused):
    """The vault no longer holds the bytes that were kept (409)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was put into the vault."""

    sha256: str
    size: int
    kind: media.Kind
    name: str


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie when the vault is a folder: ``<vault>/ab/cd/<sha256>``."""
    return storage.FolderStore(Path(settings.VAULT_ROOT)).path(sha256)


def clean_name(name: str) -> str:
    """A file's name that is safe to show and to save: no folders, control or direction marks, at most 100 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join("" if unicodedata.category(mark)[0] == "C" else mark for mark in name)
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if dot and stem and len(extension) <= 8:
        return f"{stem[: NAME - len(extension) - 1]}.{extension}"
    return name[:NAME]


def keep(file: IO[bytes] | bytes, name: str, wanted: frozenset[str] | None = None) -> Kept:
    """Check ``file`` and put it into the vault; the same bytes are stored once. ``wanted``: families or types accepted.

    Written to a temporary file first, so that under a hash there is always the whole file. Raises Invalid with the
    field ``file``, and Unavailable when the store cannot be reached; then nothing was kept.
    """
    root = Path(settings.VAULT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = io.BytesIO(file) if isinstance(file, bytes) else file
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=root)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(descriptor, "wb") as target:
            for chunk in _chunks(source):
                size += len(chunk)
                if size > settings.EVIDENCE_LIMIT:
                    raise _wrong(f"文件超过 {settings.EVIDENCE_LIMIT // media.MB} MB，不能接收")
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise _wrong("文件是空的，请重新选择")
        kind, name = _recognise(Path(temporary), size, clean_name(name), wanted)
        storage.store().put(Path(temporary), digest.hexdigest())
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
    return Kept(digest.hexdigest(), size, kind, name)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    """The bytes of ``source`` from its beginning."""
    if source.seekable():
        source.seek(0)
    while chunk := source.read(CHUNK):
        yield chunk


def _recognise(path: Path, size: int, name: str, wanted: frozenset[str] | None) -> tuple[media.Kind, str]:
    """The kind of the file by its content, and its name with a fitting extension; raises Invalid."""
    dot = name.rfind(".")
    extension = name[dot:].lower() if dot > 0 else ""
    candidates = media.sniffed(path)
    if extension:
        if not (named := media.by_extension(extension)):
            raise _wrong(f"不接收 {extension} 文件，可上传：{media.ACCEPTED}")
        if named not in candidates:
            raise _wrong(f"文件内容不是{named.title}，与扩展名 {extension} 不符")
        candidates = [named]
    if not candidates:
        raise _wrong(f"认不出文件的类型，可上传：{media.ACCEPTED}")
    problem: media.ContentError | None = None
    for kind in candidates:
        limit = min(kind.limit or settings.EVIDENCE_LIMIT, settings.EVIDENCE_LIMIT)
        if size > limit:
            problem = problem or media.ContentError(f"{kind.title}不能超过 {limit // media.MB} MB")
            continue
        try:
            with path.open("rb") as file:
                kind.prove(file)
                media.prove_single(kind, file)
        except media.ContentError as reason:
            problem = problem or reason
            continue
        if wanted is not None and not {kind.family, kind.media_type} & wanted:
            raise _wrong(f"此处不接收{kind.title}")
        return kind, name if extension else f"{name or '未命名'}{kind.extensions[0]}"
    if not extension and candidates[0].family == "text":
        raise _wrong(f"认不出文件的类型，可上传：{media.ACCEPTED}")
    raise _wrong(str(problem))


def _wrong(reason: str) -> Invalid:
    """The refusal of a file, shown at the field ``file``."""
    return Invalid({"file": reason})


def state(sha256: str, size: int) -> str:
    """``""`` when the bytes are as they were kept, else ``missing`` or ``altered``; raises Unavailable."""
    try:
        with storage.store().fetch(sha256) as file:
            whole = storage.digest(file) == sha256
            return "" if whole and file.seek(0, os.SEEK_END) == size else "altered"
    except storage.Missing:
        return "missing"


def open_verified(sha256: str) -> IO[bytes]:
    """The bytes with this hash, hashed again before they are given out; raises Damaged when missing or altered."""
    try:
        file = storage.store().fetch(sha256)
    except storage.Missing:
        raise Damaged("证据文件不在证据库中，请立即报告系统管理员") from None
    if storage.digest(file) != sha256:
        file.close()
        raise Damaged("证据文件与收存时不一致，请立即报告系统管理员")
    file.seek(0)
    return file


def thumbnail(sha256: str) -> bytes | None:
    """A small JPEG of a kept picture (upright, without EXIF) or of a PDF's first page; None when it cannot be drawn.

    Not evidence itself: drawn on first use by this host, kept in ``thumbnails`` beside the vault, and drawn anew where it
    is missing. Raises Damaged when the vault no longer holds what was kept.
    """
    cached = Path(settings.VAULT_ROOT).with_name("thumbnails") / sha256[:2] / f"{sha256}.jpg"
    with contextlib.suppress(FileNotFoundError):
        return cached.read_bytes()
    with open_verified(sha256) as file:
        is_pdf = file.read(5) == b"%PDF-"
        file.seek(0)
        drawn = _first_page(file) if is_pdf else _small(file)
    if drawn is None:
        return None
    cached.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as target:
        target.write(drawn)
    os.replace(target.name, cached)
    return drawn


def _small(file: IO[bytes]) -> bytes | None:
    """A picture made small, turned upright, on white."""
    try:
        with Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > media.JPEG_PIXELS:
                return None
            picture.draft("RGB", (THUMBNAIL, THUMBNAIL))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((THUMBNAIL, THUMBNAIL))
            flat = Image.new("RGB", small.size, "white")
            clear = small.convert("RGBA")
            flat.paste(clear, mask=clear.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    drawn = io.BytesIO()
    flat.save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


def _first_page(file: IO[bytes]) -> bytes | None:
    """The first page of a PDF, drawn by ``drawing.py`` in a process that may fail."""
    with tempfile.TemporaryFile() as source:
        shutil.copyfileobj(file, source, CHUNK)
        source.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(DRAWING)],
                stdin=source,
                capture_output=True,
                timeout=DRAWING_SECONDS,
                cwd="/",
            )
        except subprocess.TimeoutExpired:
            return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(b"\xff\xd8") else None
