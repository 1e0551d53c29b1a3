"""Fonts of the papers: found once, linked into one small folder, and asked whether they can draw a character.

Where to look, first found wins: ``FADU_FONTS``, Debian's fonts-noto-cjk and fonts-lxgw-wenkai, the npm packages
``@expo-google-fonts/noto-serif-sc`` and ``noto-sans-sc``. No font file is ever committed.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTCollection, TTFont, TTLibError

SYSTEM_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype/lxgw-wenkai"),
    Path("/usr/share/fonts/opentype/fandol"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol"),
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
)
NPM_PACKAGES = ("@expo-google-fonts/noto-serif-sc", "@expo-google-fonts/noto-sans-sc")
# families by role, best first; a commercial face is used only where the bureau's own folder holds it
ROLES: dict[str, tuple[str, ...]] = {
    "song": (
        "FZXiaoBiaoSong-B05S",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
    ),
    "fang": (
        "FangSong_GB2312",
        "仿宋_GB2312",
        "FangSong",
        "仿宋",
        "FandolFang R",
        "FandolFang",
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "LXGW WenKai",
    ),
    "kai": (
        "KaiTi_GB2312",
        "楷体_GB2312",
        "KaiTi",
        "楷体",
        "LXGW WenKai",
        "FandolKai",
        "Noto Serif CJK SC",
        "Noto Serif SC",
    ),
    "hei": (
        "SimHei",
        "黑体",
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "FandolHei",
        "Noto Serif CJK SC",
    ),
}
NEEDED = {family for families in ROLES.values() for family in families}
SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
WANTED_STYLES = ("regular", "bold")
MISSING = (
    "没有找到可用的中文字体，不能制作文书。请安装 Debian 软件包 fonts-noto-cjk 和 fonts-lxgw-wenkai，"
    "或者把字体放入环境变量 FADU_FONTS 指定的文件夹。"
)


class NoFontError(RuntimeError):
    """No font with Chinese characters was found."""


@dataclass(frozen=True)
class Face:
    """One font: a file, or one member of a collection."""

    path: Path
    index: int
    family: str
    bold: bool
    characters: frozenset[int]
    draws_yuan_as_dollar: bool


def folders() -> list[Path]:
    """Existing folders to search, in order of preference."""
    own = getattr(settings, "FONTS", None)
    found = [Path(own)] if own else []
    found += SYSTEM_FOLDERS
    found += [Path(settings.ROOT_DIR) / "node_modules" / package for package in NPM_PACKAGES]
    return [folder for folder in found if folder.is_dir()]


def _members(path: Path) -> list[TTFont]:
    """The fonts of a file; none of a file that is no font."""
    try:
        if path.suffix.lower() in {".ttc", ".otc"}:
            return list(TTCollection(path, lazy=True).fonts)
        return [TTFont(path, lazy=True)]
    except TTLibError:
        return []


def _outline(font: TTFont, character: str) -> list[Any] | None:
    name = font.getBestCmap().get(ord(character))
    if name is None:
        return None
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    # only the shape counts: widths and positions differ between full-width and half-width forms
    return [operation for operation, _ in pen.value]


def _face(path: Path, index: int, font: TTFont) -> Face | None:
    names = {record.toUnicode() for record in font["name"].names if record.nameID in (1, 16)}
    family = next((name for name in sorted(names) if name in NEEDED), None)
    style = (font["name"].getDebugName(17) or font["name"].getDebugName(2) or "").lower()
    if family is None or style not in WANTED_STYLES:
        return None
    yuan = _outline(font, "￥")
    dollar = yuan is not None and yuan in (_outline(font, "$"), _outline(font, "＄"))
    return Face(
        path, index, family, style == "bold", frozenset(font.getBestCmap()), dollar or family.startswith("Fandol")
    )


def _read(path: Path) -> list[Face]:
    """The usable faces of a file."""
    found = [_face(path, index, font) for index, font in enumerate(_members(path))]
    return [face for face in found if face]


def _stamp(path: Path) -> str:
    """A file as it is now; a changed file has another stamp."""
    facts = path.stat()
    return f"{path.resolve()}|{facts.st_size}|{facts.st_mtime_ns}"


def _packed(face: Face) -> list[Any]:
    """A face for the index: its characters as ranges."""
    ranges: list[list[int]] = []
    for point in sorted(face.characters):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return [face.index, face.family, face.bold, face.draws_yuan_as_dollar, ranges]


def _unpacked(path: Path, packed: list[Any]) -> Face:
    index, family, bold, dollar, ranges = packed
    characters = frozenset(point for first, last in ranges for point in range(first, last + 1))
    return Face(path, index, family, bold, characters, dollar)


def _indexed(paths: list[Path]) -> list[Face]:
    """The faces of the files. Reading 90 MB of fonts takes a second, so what was read is kept in ``var/fonts.json``."""
    place = Path(settings.VAR) / "fonts.json"
    try:
        kept = json.loads(place.read_text())
    except (OSError, ValueError):
        kept = {}
    now: dict[str, list[Any]] = {}
    found: list[Face] = []
    for path in paths:
        stamp = _stamp(path)
        if stamp in kept:
            faces_of_it = [_unpacked(path, packed) for packed in kept[stamp]]
            now[stamp] = kept[stamp]
        else:
            faces_of_it = _read(path)
            now[stamp] = [_packed(face) for face in faces_of_it]
        found += faces_of_it
    if now != kept:
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=place.parent, delete=False) as file:
                json.dump(now, file)
            os.replace(file.name, place)
    return found


@lru_cache(maxsize=1)
def faces() -> tuple[Face, ...]:
    """Every usable face, in order of preference; raises NoFontError when none has Chinese characters."""
    paths = [
        path
        for folder in folders()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    found: dict[tuple[str, bool], Face] = {}
    for face in _indexed(paths):
        found.setdefault((face.family, face.bold), face)
    if not any(ord("法") in face.characters for face in found.values()):
        raise NoFontError(MISSING)
    return tuple(found.values())


@lru_cache(maxsize=1)
def roles() -> Mapping[str, list[Any]]:
    """For each role its families, best first, as typst wants them."""
    known = {face.family: face for face in faces()}
    found: dict[str, list[Any]] = {}
    for role, families in ROLES.items():
        chain = [family for family in families if family in known]
        found[role] = [
            {"name": name, "covers": "[^\\u{FFE5}]"} if known[name].draws_yuan_as_dollar else name for name in chain
        ]
        found[role] += [family for family in sorted(known) if family not in chain]
    return found


@lru_cache(maxsize=1)
def folder() -> Path:
    """A folder of links to exactly the files in use, so that typst scans nothing else."""
    target = Path(settings.VAR) / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    wanted = {face.path.name: face.path for face in faces()}
    for link in target.iterdir():
        if link.name not in wanted or link.resolve() != wanted[link.name].resolve():
            link.unlink()
    for name, path in wanted.items():
        link = target / name
        if not link.exists():
            try:
                link.symlink_to(path)
            except FileExistsError:
                continue  # another process made it at the same moment
    return target


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Every character some face can draw."""
    return frozenset().union(*(face.characters for face in faces()))


def undrawable(texts: Iterable[str]) -> list[str]:
    """Characters of the texts that no font can draw, in order, once each; line breaks are not drawn."""
    known = drawable()
    missing: dict[str, None] = {}
    for text in texts:
        for character in text:
            if character in "\n\r\t":
                continue
            if ord(character) not in known or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn"):
                missing[character] = None
    return list(missing)


def strings(value: Any) -> Iterator[str]:
    """All texts within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from strings(part)


def shown(value: Any) -> Any:
    """A JSON value in which every character that no font can draw is 〓, for what is only looked at."""
    if isinstance(value, str):
        missing = undrawable([value])
        return value.translate({ord(character): "〓" for character in missing}) if missing else value
    if isinstance(value, Mapping):
        return {key: shown(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(part) for part in value]
    return value


def named(character: str) -> str:
    """A character as a message names it: itself and its code point."""
    shown = character if character.isprintable() else "不可见字符"
    return f"“{shown}”（U+{ord(character):04X}）"
