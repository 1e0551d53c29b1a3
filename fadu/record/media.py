"""Which files may be evidence, and how each is known by its content and not by its name."""

import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import puremagic
from PIL import Image, UnidentifiedImageError

MB = 1024 * 1024
# a phone's 12 to 64 megapixels pass; above Pillow's own limit a picture is taken for a bomb
JPEG_PIXELS, PIXELS = 89_000_000, 40_000_000
UNPACKED = 500 * MB


class ContentError(Exception):
    """The content is not whole or not safe; the message, in Chinese, says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its type, family, Chinese name, extensions (first: canonical), limit in bytes and proof."""

    media_type: str
    family: str
    title: str
    extensions: tuple[str, ...]
    limit: int | None  # None: the general limit of the settings
    prove: Callable[[IO[bytes]], None]
    magic: tuple[str, ...] = ()  # what puremagic may call it, beyond the extensions


def _picture(form: str, limit: int) -> Callable[[IO[bytes]], None]:
    """A proof that the file is a whole picture of the format ``form`` with at most ``limit`` pixels."""

    def prove(file: IO[bytes]) -> None:
        try:
            with Image.open(file, formats=[form]) as picture:
                if picture.width * picture.height > limit:
                    raise ContentError(f"图片像素过大（{picture.width}×{picture.height}），请缩小后再上传")
                # decoding shows a cut or damaged file; a JPEG is decoded at an eighth of its size
                picture.draft("RGB", (picture.width // 8 or 1, picture.height // 8 or 1))
                picture.load()
        except ContentError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise ContentError("图片像素过大，请缩小后再上传") from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error):
            raise ContentError("图片已损坏或不完整，请重新拍摄或导出") from None

    return prove


def _boxes(file: IO[bytes]) -> dict[bytes, tuple[int, int]]:
    """The top-level boxes of an ISO media file: type → start and size."""
    file.seek(0, 2)
    end, at = file.tell(), 0
    boxes: dict[bytes, tuple[int, int]] = {}
    while at + 8 <= end and len(boxes) < 1000:
        file.seek(at)
        size, name = struct.unpack(">I4s", file.read(8))
        if size == 1:
            size = struct.unpack(">Q", file.read(8).rjust(8, b"\0"))[0]
        elif size == 0:
            size = end - at
        if size < 8 or at + size > end:
            raise ContentError("文件不完整，请重新导出后上传")
        boxes[name] = (at, size)
        at += size
    return boxes


def _heic(file: IO[bytes]) -> None:
    """An ISO media file with a description of its pictures; nothing here can decode it further."""
    if not {b"ftyp", b"meta"} <= set(_boxes(file)):
        raise ContentError("图片已损坏或不完整，请重新拍摄或导出")


def _tracks(file: IO[bytes]) -> tuple[bool, bool]:
    """Has this ISO media file sound, and has it moving pictures? Raises ContentError when its index is missing."""
    boxes = _boxes(file)
    if not {b"ftyp", b"moov"} <= set(boxes):
        raise ContentError("文件不完整，请重新导出后上传")
    start, size = boxes[b"moov"]
    file.seek(start)
    index = file.read(min(size, 50 * MB))
    return (re.search(rb"hdlr.{8}soun", index, re.DOTALL) is not None), b"vide" in index


def _video(file: IO[bytes]) -> None:
    """An MP4 with its index."""
    _tracks(file)


def _audio(file: IO[bytes]) -> None:
    """An MP4 with sound and no moving pictures, whatever its brand: recorders write several."""
    sound, pictures = _tracks(file)
    if pictures or not sound:
        raise ContentError("文件内容不是录音")


def _pdf(file: IO[bytes]) -> None:
    """A PDF begins with its mark and ends with %%EOF near the end."""
    file.seek(0)
    head = file.read(1024)
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2048))
    if not head.startswith(b"%PDF-") or b"%%EOF" not in file.read():
        raise ContentError("PDF 文件不完整，请重新导出后上传")


def _wav(file: IO[bytes]) -> None:
    """RIFF of the form WAVE, with a format chunk first."""
    file.seek(0)
    head = file.read(16)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise ContentError("录音文件不完整，请重新导出后上传")


def _mp3(file: IO[bytes]) -> None:
    """An optional ID3 tag, then two MPEG audio frames at the right distance from each other."""
    file.seek(0)
    head = file.read(10)
    at = 0
    if head[:3] == b"ID3" and len(head) == 10:
        at = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    file.seek(at)
    data = file.read(64 * 1024).lstrip(b"\0")
    rates = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
    low = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2 or data[1] & 0x18 == 0x08:
        raise ContentError("录音文件不完整，请重新导出后上传")
    version = data[1] >> 3 & 3  # 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    rate = (rates if version == 3 else low)[data[2] >> 4] * 1000
    sampling = (44100, 48000, 32000, 0)[data[2] >> 2 & 3] >> {3: 0, 2: 1, 0: 2}[version]
    if not rate or not sampling:
        raise ContentError("录音文件不完整，请重新导出后上传")
    size = (144 if version == 3 else 72) * rate // sampling + (data[2] >> 1 & 1)
    if len(data) > size + 1 and (data[size] != 0xFF or data[size + 1] & 0xE0 != 0xE0):
        raise ContentError("录音文件不完整，请重新导出后上传")


def _office(part: str) -> Callable[[IO[bytes]], None]:
    """A proof that the file is an Office package with the main ``part``, without macros, unpacking to a sane size."""

    def prove(file: IO[bytes]) -> None:
        try:
            with zipfile.ZipFile(file) as package:
                names = set(package.namelist())
                if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
                    raise ContentError("文件解压后过大，不能接收")
                if "[Content_Types].xml" not in names or part not in names:
                    raise ContentError("文件内容与扩展名不符")
                if any(name.lower().endswith("vbaproject.bin") for name in names):
                    raise ContentError("文件带有宏，请另存为不带宏的文件后上传")
                if package.testzip():
                    raise ContentError("文件已损坏，请重新导出后上传")
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
            raise ContentError("文件已损坏或已加密，请重新导出后上传") from None

    return prove


# what a browser or an unpacker would make of a file that calls itself something else
RUNNABLE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?php)\b", re.IGNORECASE)
SNIFFED = 1445  # bytes that a browser looks at (MIME Sniffing Standard, 5.3)


def prove_single(kind: "Kind", file: IO[bytes]) -> None:
    """That a file of ``kind`` is not a second thing besides: a page with scripts, a PDF, or an archive with files hidden in it.

    Raises ContentError. An Office package is an archive by nature; a phone's photograph may carry a film behind it.
    """
    file.seek(0)
    head = file.read(SNIFFED)
    if RUNNABLE.search(head):
        raise ContentError("文件里夹带网页代码，不能接收。请用原始文件，或者另存后再上传")
    if kind.media_type != "application/pdf" and b"%PDF-" in head[:1024]:
        raise ContentError("文件里夹带 PDF，不能接收。请把两个文件分开上传")
    if kind.family != "document" or kind.media_type == "application/pdf":
        file.seek(0)
        if zipfile.is_zipfile(file):
            raise ContentError("文件里夹带压缩包，不能接收。请把其中的文件分别上传")


def _text(file: IO[bytes]) -> None:
    """UTF-8 or GB 18030 without control characters; markup that a browser could run is no plain text."""
    file.seek(0)
    data = file.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ContentError("文本文件须为 UTF-8 或 GB18030 编码")
    if re.search(r"[\x00-\x08\x0e-\x1f]", words):
        raise ContentError("文件内容不是文本")


KINDS = (
    Kind("image/jpeg", "image", "JPEG 图片", (".jpg", ".jpeg"), 30 * MB, _picture("JPEG", JPEG_PIXELS), (".jfif",)),
    Kind("image/png", "image", "PNG 图片", (".png",), 30 * MB, _picture("PNG", PIXELS), (".apng",)),
    Kind("image/webp", "image", "WebP 图片", (".webp",), 30 * MB, _picture("WEBP", PIXELS)),
    Kind("image/heic", "image", "HEIC 图片", (".heic", ".heif"), 30 * MB, _heic),
    Kind("application/pdf", "document", "PDF 文件", (".pdf",), 100 * MB, _pdf),
    Kind("audio/mp4", "audio", "M4A 录音", (".m4a",), 200 * MB, _audio, (".f4a", ".mp4", ".m4v", ".3gp")),
    Kind("video/mp4", "video", "MP4 录像", (".mp4",), None, _video, (".m4v", ".3gp", ".mov", ".m4a")),
    Kind("audio/mpeg", "audio", "MP3 录音", (".mp3",), 200 * MB, _mp3, (".mpga", ".mp2")),
    Kind("audio/wav", "audio", "WAV 录音", (".wav",), 200 * MB, _wav),
    Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "document",
        "Word 文档",
        (".docx",),
        50 * MB,
        _office("word/document.xml"),
    ),
    Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "document",
        "Excel 表格",
        (".xlsx",),
        50 * MB,
        _office("xl/workbook.xml"),
    ),
    Kind("text/plain", "text", "文本文件", (".txt",), 10 * MB, _text),
)
ACCEPTED = "JPG、PNG、WebP、HEIC、PDF、MP4、M4A、MP3、WAV、DOCX、XLSX、TXT"
MARKUP = {".html", ".htm", ".svg", ".xml", ".xhtml", ".php", ".js", ".sh", ".bat", ".ps1", ".py"}


def by_extension(extension: str) -> Kind | None:
    """The kind that bears ``extension`` (lower case, with its dot)."""
    return next((kind for kind in KINDS if extension in kind.extensions), None)


def sniffed(path: Path) -> list[Kind]:
    """The kinds that the content of ``path`` may be by its marks, the likeliest first; empty when none."""
    with path.open("rb") as file:
        try:
            marks = [found.extension for found in puremagic.magic_stream(file)]
        except (puremagic.PureError, ValueError):
            marks = []
    if not marks or not any(by_mark(kind, marks) for kind in KINDS[:-1]):
        return [] if MARKUP & set(marks) else [KINDS[-1]]
    return [kind for kind in KINDS if by_mark(kind, marks)]


def by_mark(kind: Kind, marks: list[str]) -> bool:
    """Does one of the ``marks`` puremagic found speak for ``kind``?"""
    return any(mark in kind.extensions or mark in kind.magic for mark in marks)
