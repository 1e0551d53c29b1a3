"""Finding fonts: the bureau's own folder first, and the trap of fonts that draw ￥ as a dollar."""

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from fadu.document import fonts


@pytest.fixture
def afresh():
    """Forget what was found before and after."""
    cached = (fonts.faces, fonts.roles, fonts.folder, fonts.drawable)
    for one in cached:
        one.cache_clear()
    yield
    for one in cached:
        one.cache_clear()


def font(path: Path, family: str, *, dollar: bool) -> None:
    """A font with 法, $ and ￥; with ``dollar`` the last two have one shape."""

    def box(width: int, holes: int = 1):
        pen = TTGlyphPen(None)
        for number in range(holes):
            left = number * 120
            pen.moveTo((left, 0))
            for point in ((left, width), (left + 100, width), (left + 100, 0)):
                pen.lineTo(point)
            pen.closePath()
        return pen.glyph()

    names = [".notdef", "law", "dollar", "yuan"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord("法"): "law", ord("$"): "dollar", ord("￥"): "yuan"})
    builder.setupGlyf({".notdef": box(1), "law": box(500, 3), "dollar": box(700), "yuan": box(700, 1 if dollar else 2)})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_the_folder_of_the_bureau_comes_first(afresh, settings, tmp_path):
    font(tmp_path / "fs.ttf", "FangSong", dollar=False)
    settings.FONTS, settings.VAR = str(tmp_path), tmp_path / "var"
    assert fonts.roles()["fang"][0] == "FangSong"
    assert fonts.roles()["song"][0] == "Noto Serif CJK SC"
    assert (fonts.folder() / "fs.ttf").resolve() == (tmp_path / "fs.ttf").resolve()
    assert {path.suffix for path in fonts.folder().iterdir()} <= fonts.SUFFIXES


@pytest.mark.parametrize(("family", "dollar"), [("FangSong", True), ("FandolFang", False)])
def test_a_font_that_draws_the_yuan_sign_as_a_dollar_is_kept_from_it(afresh, settings, tmp_path, family, dollar):
    font(tmp_path / "fs.ttf", family, dollar=dollar)
    settings.FONTS, settings.VAR = str(tmp_path), tmp_path / "var"
    assert {"name": family, "covers": "[^\\u{FFE5}]"} in fonts.roles()["fang"]
    assert "Noto Serif CJK SC" in fonts.roles()["fang"]


def test_a_folder_without_chinese_fonts_is_told(afresh, settings, tmp_path, monkeypatch):
    (tmp_path / "readme.ttf").write_bytes(b"not a font")
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path])
    with pytest.raises(fonts.NoFontError, match="fonts-noto-cjk"):
        fonts.faces()


def test_what_was_read_once_is_remembered_until_the_file_changes(afresh, settings, tmp_path, monkeypatch):
    font(tmp_path / "fs.ttf", "FangSong", dollar=True)
    settings.VAR = tmp_path / "var"
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path])
    (first,) = fonts.faces()
    fonts.faces.cache_clear()
    with monkeypatch.context() as broken:
        broken.setattr(fonts, "_read", lambda path: pytest.fail("read again"))
        assert fonts.faces() == (first,)
    fonts.faces.cache_clear()
    font(tmp_path / "fs.ttf", "FangSong", dollar=False)
    assert not fonts.faces()[0].draws_yuan_as_dollar
