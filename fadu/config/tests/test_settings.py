"""Settings: one typed table, printed as the page docs/settings.md; a wrong value is refused at the start."""

import os
import re
import subprocess
import sys

import pytest
from pydantic import ValidationError

from fadu.config.environment import ROOT, Environment

# every place where the environment is read: settings of Django, the installer and the Makefile
READ = re.compile(r"""(?:environ(?:\.get)?[\[(]|alias=)["']([A-Z_]+)["']""")


def _table() -> str:
    return subprocess.run(
        [sys.executable, "manage.py", "settings"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_table_is_all_that_goes_to_standard_output_and_names_every_setting_once() -> None:
    lines = _table().splitlines()
    assert lines[0] == "# 设置 Settings"
    rows = [line for line in lines if line.startswith("| `")]
    names = [row.split("`")[1] for row in rows]
    assert len(names) == len(set(names)) > 15
    assert all(len(row.split("|")) == 6 and row.split("|")[4].strip() for row in rows)


def test_the_table_names_no_folder_of_this_machine() -> None:
    assert str(ROOT) not in _table()


def test_no_other_module_reads_a_fadu_variable_behind_the_tables_back() -> None:
    known = {field.alias for field in Environment.model_fields.values()}
    for file in [*ROOT.glob("fadu/**/*.py"), ROOT / "manage.py"]:
        if "tests" in file.parts:
            continue
        for name in READ.findall(file.read_text()):
            if name.startswith("FADU_") or name == "DATABASE_URL":
                assert name in known, f"{file.relative_to(ROOT)} reads {name}"


@pytest.mark.parametrize(
    ("name", "value"), [("FADU_WORKERS", "0"), ("FADU_THREADS", "viele"), ("FADU_LOG", "xml"), ("PORT", "http")]
)
def test_a_wrong_value_is_refused_with_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name):
        Environment()  # type: ignore[call-arg]


def _fails(command: str, **environment: str) -> str:
    """The one line that a command ends with."""
    done = subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr


def test_a_command_says_in_one_line_which_setting_is_wrong() -> None:
    assert "FADU_WORKERS=99" in _fails("check", FADU_WORKERS="99")


def test_migrating_a_production_database_asks_for_the_owner() -> None:
    assert "FADU_OWNER_URL" in _fails("migrate", DATABASE_URL="postgresql://app:x@/live")


def test_owner_and_application_may_not_be_one_login() -> None:
    one = "postgresql://same:x@/live"
    assert "必须是两个账号" in _fails("migrate", DATABASE_URL=one, FADU_OWNER_URL=one)
