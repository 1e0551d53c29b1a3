"""The command that prints, draws and checks procedures."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fadu.procedure.declare import Procedure


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("procedure", *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_without_a_code_it_lists_the_procedures() -> None:
    assert "penalty.ordinary@2021-07-15  行政处罚普通程序" in run().splitlines()


def test_with_a_code_it_prints_the_table() -> None:
    text = run("penalty.ordinary")
    assert text.startswith("# 行政处罚普通程序\n")
    assert "| 步骤 | 从 → 到 | 作出人 | 条件 | 文书 | 期间 | 依据 |" in text


def test_it_draws_the_chart() -> None:
    assert run("penalty.ordinary", svg=True).startswith('<svg class="fd-flow" xmlns="http://www.w3.org/2000/svg"')


def test_a_day_before_the_procedure_was_in_force_has_none() -> None:
    with pytest.raises(CommandError, match="2021-07-14没有施行中的程序"):
        run("penalty.ordinary", on="2021-07-14")


@pytest.mark.parametrize(("code", "on"), [("penalty.unheard_of", None), ("penalty.ordinary", "昨天")])
def test_what_it_does_not_know_it_refuses(code: str, on: str | None) -> None:
    with pytest.raises(CommandError) as caught:
        run(code, on=on)
    assert caught.value.returncode == 2


def test_the_declarations_pass_the_lint() -> None:
    assert "错误" not in run(lint=True)


def test_everything_is_written_twice_the_same(tmp_path: Path) -> None:
    run(all=str(tmp_path / "a"))
    run(all=str(tmp_path / "b"))
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert one == two
    assert set(one) == {"README.md"} | {f"{p.code}.{end}" for p in Procedure.registry.values() for end in ("md", "svg")}
