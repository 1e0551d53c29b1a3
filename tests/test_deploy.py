"""The units and the compose file name commands and settings that exist, and systemd accepts the units."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from fadu.config.environment import ROOT, Environment

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
KNOWN = {field.alias for field in Environment.model_fields.values()}
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def accepted(words: list[str]) -> None:
    """The command and its options exist."""
    command = load_command_class(get_commands()[words[0]], words[0])
    command.create_parser("manage.py", words[0]).parse_args(words[1:])


def settings_of(path: Path) -> dict[str, str]:
    """The variables that an environment file sets, those commented out included."""
    lines = path.read_text().splitlines()
    return dict(match.groups() for line in lines if (match := re.fullmatch(r"#?([A-Z_0-9]+)=(.*)", line)))  # type: ignore[misc]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_the_unit(unit: Path, tmp_path: Path) -> None:
    """With the program where it is here, since systemd asks whether it can be run."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd here")
    for one in UNITS:
        (tmp_path / one.name).write_text(one.read_text().replace("/opt/fadu", str(ROOT)))
    done = subprocess.run([analyze, "verify", "--man=no", str(tmp_path / unit.name)], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "fadu" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda unit: unit.name)
def test_each_unit_runs_a_command_that_exists_as_a_plain_user(unit: Path) -> None:
    text = unit.read_text()
    started = re.findall(r"^ExecStart=/opt/fadu/\.venv/bin/python manage\.py (.+)$", text, re.MULTILINE)
    assert started
    for words in started:
        accepted(words.split())
    assert "User=fadu" in text
    assert "NoNewPrivileges=yes" in text


def test_each_timer_has_its_service() -> None:
    timers = list(DEPLOY.glob("*.timer"))
    assert {timer.stem for timer in timers} == {"fadu-backup", "fadu-verify"}
    assert all(timer.with_suffix(".service").exists() for timer in timers)


def test_only_the_backup_knows_the_owner_of_the_tables() -> None:
    """docs/adr/0008: whoever serves pages must not be able to switch the record's triggers off."""
    with_owner = [
        unit.name for unit in UNITS if "owner.env" in re.sub(r"^#.*$", "", unit.read_text(), flags=re.MULTILINE)
    ]
    assert with_owner == ["fadu-backup.service"]
    with_owner = [name for name, one in COMPOSE["services"].items() if "FADU_OWNER_URL" in one.get("environment", {})]
    assert sorted(with_owner) == ["backup", "setup"]


@pytest.mark.parametrize("name", ["fadu.env.example", "owner.env.example"])
def test_every_variable_of_the_environment_files_is_a_setting(name: str) -> None:
    given = settings_of(DEPLOY / name)
    assert given
    assert set(given) - KNOWN == set()


def test_the_example_is_a_valid_environment_of_several_hosts() -> None:
    from fadu.config.servers import check_connections, check_shared

    given = settings_of(DEPLOY / "fadu.env.example")
    env = Environment(**{key: value for key, value in given.items() if key != "FADU_VAULT"})  # type: ignore[arg-type]
    check_shared(env)
    check_connections(env, 97)  # what PostgreSQL grants as it is installed


@pytest.mark.parametrize("name", ["setup", "web", "worker", "engine", "intake", "backup"])
def test_the_compose_file_runs_commands_that_exist_with_settings_that_exist(name: str) -> None:
    service = COMPOSE["services"][name]
    accepted(service["command"])
    assert set(service["environment"]) - KNOWN == set()


def test_the_services_share_keys_database_and_vault() -> None:
    web, *others = (COMPOSE["services"][name] for name in ("web", "worker", "engine", "intake"))
    assert all(one["environment"] == web["environment"] for one in others)
    assert {"DATABASE_URL", "FADU_SECRET_KEY", "FADU_HASH_KEY", "FADU_VAULT"} <= set(web["environment"])
    assert all(one["volumes"] == ["vault:/var/lib/fadu/vault"] for one in (web, *others))
    for name in ("web", "worker", "engine", "intake"):
        assert COMPOSE["services"][name]["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}
    assert "ports" not in COMPOSE["services"]["db"]


def test_whatever_the_compose_file_asks_for_it_names_at_its_head() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    wanted = set(re.findall(r"\$\{([A-Z_]+):\?\}", text))
    head = text[: text.index("name: fadu")]
    assert {name for name in wanted if name not in head} == set()


def test_the_volume_that_is_mounted_is_the_vault_of_the_settings() -> None:
    volumes = [volume for one in COMPOSE["services"].values() for volume in one.get("volumes", ())]
    named = {volume.partition(":")[0] for volume in volumes if not volume.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    assert COMPOSE["services"]["web"]["environment"]["FADU_VAULT"] == "/var/lib/fadu/vault"
    for volume in volumes:
        if volume.startswith("./") and not volume.startswith("./backups"):
            assert (DEPLOY / volume.partition(":")[0]).exists()


def test_the_live_lines_have_a_port_that_is_opened_and_an_address_that_browsers_are_told() -> None:
    """docs/callout.md: behind a proxy the lines are on the pages' own host, so that the policy of content lets them in."""
    web = COMPOSE["services"]["web"]
    port = web["environment"]["FADU_LIVE_PORT"]
    assert f"127.0.0.1:{port}:{port}" in web["ports"]
    assert web["environment"]["FADU_LIVE_URL"] == web["environment"]["FADU_PUBLIC_URL"]
    given = settings_of(DEPLOY / "fadu.env.example")
    assert given["FADU_LIVE_PORT"] != given["PORT"]
    assert given["FADU_LIVE_URL"] == given["FADU_PUBLIC_URL"]


def test_there_is_a_unit_for_a_second_engine_and_a_second_intake() -> None:
    started = [re.search(r"manage\.py (.+)$", unit.read_text(), re.MULTILINE) for unit in DEPLOY.glob("*.service")]
    assert {"callout-engine", "warning-intake"} <= {found[1] for found in started if found}
