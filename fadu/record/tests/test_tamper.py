"""Whoever holds the owner's password and switches the triggers off is found out, at the place he touched."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from fadu.record import verify
from fadu.record.models import Entry
from fadu.record.tests.conftest import hash_by_the_document

Write = Callable[..., Entry]
Owner = psycopg.Connection[Any]
A, B = "penalty.ordinary/1", "penalty.ordinary/2"


@contextmanager
def guard_down(owner: Owner) -> Iterator[None]:
    """Switch the triggers of entries and heads off and on again, as an owner can."""
    for table in ("record_entry", "record_head"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in ("record_entry", "record_head"):
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for (name,) in owner.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        ).fetchall():
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


@pytest.fixture
def five(write: Write, owner_connection: Owner) -> Owner:
    """Two chains of five entries each, and the owner's connection."""
    for number in range(5):
        write(A, note=f"一{number}")
        write(B, note=f"二{number}")
    return owner_connection


def forge(owner: Owner, chain: str, seq: int, **values: object) -> None:
    """Change columns of one entry."""
    sets = ", ".join(f"{column} = %s" for column in values)
    owner.execute(f"UPDATE record_entry SET {sets} WHERE chain = %s AND seq = %s", [*values.values(), chain, seq])  # type: ignore[arg-type]


def rehash(owner: Owner, chain: str, seq: int) -> str:
    """Give an altered entry the hash that fits it, as a careful forger would."""
    right = hash_by_the_document(Entry.objects.get(chain=chain, seq=seq))
    forge(owner, chain, seq, hash=right)
    return right


def alter_a_body(owner: Owner) -> None:
    forge(owner, A, 3, body=Entry.objects.get(chain=A, seq=3).body.replace("张示一", "李示二"))


def alter_a_body_and_its_hash(owner: Owner) -> None:
    alter_a_body(owner)
    rehash(owner, A, 3)


def alter_the_first(owner: Owner) -> None:
    forge(owner, A, 1, body=Entry.objects.get(chain=A, seq=1).body.replace("2026-03-02", "2026-03-01"))


def antedate(owner: Owner) -> None:
    owner.execute(
        "UPDATE record_entry SET recorded_at = recorded_at - interval '1 microsecond' WHERE chain = %s AND seq = 2", [A]
    )


def delete_the_middle(owner: Owner) -> None:
    owner.execute("DELETE FROM record_entry WHERE chain = %s AND seq = 3", [A])


def delete_the_first(owner: Owner) -> None:
    owner.execute("DELETE FROM record_entry WHERE chain = %s AND seq = 1", [A])


def cut_the_tail(owner: Owner) -> None:
    owner.execute("DELETE FROM record_entry WHERE chain = %s AND seq >= 4", [A])


def reorder(owner: Owner) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        owner.execute("UPDATE record_entry SET seq = %s WHERE chain = %s AND seq = %s", [new, A, old])


def close_the_gap(owner: Owner) -> None:
    delete_the_middle(owner)
    owner.execute("UPDATE record_entry SET seq = 3 WHERE chain = %s AND seq = 4", [A])


def forge_the_heads_hash(owner: Owner) -> None:
    owner.execute("UPDATE record_head SET hash = repeat('a', 64) WHERE chain = %s", [A])


def set_the_head_back(owner: Owner) -> None:
    owner.execute("UPDATE record_head SET seq = 4 WHERE chain = %s", [A])


def set_the_head_on(owner: Owner) -> None:
    owner.execute("UPDATE record_head SET seq = 6 WHERE chain = %s", [A])


def drop_the_head(owner: Owner) -> None:
    owner.execute("DELETE FROM record_head WHERE chain = %s", [A])


def drop_all_entries(owner: Owner) -> None:
    owner.execute("DELETE FROM record_entry WHERE chain = %s", [A])


def slip_one_in_at_the_end(owner: Owner) -> None:
    last = Entry.objects.get(chain=A, seq=5)
    owner.execute(
        "INSERT INTO record_entry (chain, seq, prev_hash, hash, recorded_at, body) VALUES (%s, 6, %s, %s, now(), %s)",
        [A, last.hash, "b" * 64, last.body],
    )
    rehash(owner, A, 6)


def move_to_another_chain(owner: Owner) -> None:
    owner.execute("UPDATE record_entry SET chain = %s, seq = 6 WHERE chain = %s AND seq = 5", [B, A])


FORGERIES = [
    (alter_a_body, [(A, 3, "hash")]),
    (alter_a_body_and_its_hash, [(A, 4, "link")]),
    (alter_the_first, [(A, 1, "hash")]),
    (antedate, [(A, 2, "hash")]),
    (delete_the_middle, [(A, 3, "gap")]),
    (delete_the_first, [(A, 1, "gap")]),
    (cut_the_tail, [(A, 4, "tail")]),
    (reorder, [(A, 2, "link")]),
    (close_the_gap, [(A, 3, "link")]),
    (forge_the_heads_hash, [(A, 5, "head")]),
    (set_the_head_back, [(A, 5, "head")]),
    (set_the_head_on, [(A, 6, "tail")]),
    (drop_the_head, [(A, 5, "no head")]),
    (drop_all_entries, [(A, 0, "no entries")]),
    (slip_one_in_at_the_end, [(A, 6, "head")]),
    (move_to_another_chain, [(A, 5, "tail"), (B, 6, "link"), (B, 6, "head")]),
]


@pytest.mark.parametrize(("tamper", "expected"), FORGERIES, ids=[forgery.__name__ for forgery, _ in FORGERIES])
def test_each_forgery_is_found_and_named_by_both_checks(
    five: Owner, tamper: Callable[[Owner], None], expected: list[tuple[str, int, str]]
) -> None:
    assert verify.check().ok
    with guard_down(five):
        tamper(five)
    for check in (verify.check, verify.check_in_python):
        assert [(fault.chain, fault.seq, fault.code) for fault in check().faults] == expected
        assert [fault.code for fault in check(A).faults] == [code for chain, _, code in expected if chain == A]
    code, output = run()
    assert code == 1
    first = output.splitlines()[0]
    assert expected[0][0] in first
    assert f"[{expected[0][2]}]" in first
    assert not expected[0][1] or f"第{expected[0][1]}号" in first


def run(*options: str) -> tuple[int, str]:
    """Exit code and standard output of ``manage.py verify-record``."""
    output = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify-record", *options, stdout=output)
    return left.value.code, output.getvalue()  # type: ignore[return-value]


def rewrite_it_all(owner: Owner) -> None:
    """A forger who cuts the tail, rewrites the last entry, recomputes its hash and sets the head to fit."""
    owner.execute("DELETE FROM record_entry WHERE chain = %s AND seq = 5", [A])
    forge(owner, A, 4, body=Entry.objects.get(chain=A, seq=4).body.replace("立案", "不立案"))
    owner.execute("UPDATE record_head SET seq = 4, hash = %s WHERE chain = %s", [rehash(owner, A, 4), A])


def test_only_heads_kept_outside_show_a_chain_rewritten_to_its_end(five: Owner, tmp_path: Path) -> None:
    kept = io.StringIO()
    call_command("record-heads", stdout=kept)
    anchor = tmp_path / "heads.txt"
    anchor.write_text(kept.getvalue())
    assert kept.getvalue().splitlines()[0].startswith(f"{A} 5 ")
    assert run("--anchor", str(anchor))[0] == 0
    with guard_down(five):
        rewrite_it_all(five)
    assert run()[0] == 0
    code, output = run("--anchor", str(anchor))
    assert code == 1
    assert output.startswith(f"{A} 第5号 [anchor]")


def test_entries_added_since_do_not_disturb_the_anchor(five: Owner, write: Write, tmp_path: Path) -> None:
    kept = io.StringIO()
    call_command("record-heads", stdout=kept)
    (tmp_path / "heads.txt").write_text(kept.getvalue())
    write(A)
    assert run("--anchor", str(tmp_path / "heads.txt"))[0] == 0


def test_a_whole_record_ends_with_its_count_and_exit_0(five: Owner) -> None:
    for options in ((), ("--python",), ("--evidence",)):
        code, output = run(*options)
        assert (code, output.splitlines()[-1]) == (0, "10 entries, 2 chains, ok")
    assert run("--chain", A)[1].splitlines() == ["5 entries, 1 chains, ok"]
    code, output = run("--json")
    assert (code, json.loads(output)) == (
        0,
        {"entries": 10, "chains": 2, "files": 0, "seals": 0, "ok": True, "faults": []},
    )


@pytest.mark.django_db
def test_an_empty_record_verifies_nothing_and_exits_2() -> None:
    assert run() == (2, "0 entries, 0 chains, empty\n")
    assert run("--python")[0] == 2
    assert run("--chain", "nothing/1")[0] == 2


def test_a_fault_in_json_says_where_and_what(five: Owner) -> None:
    with guard_down(five):
        delete_the_middle(five)
    code, output = run("--json")
    answer = json.loads(output)
    assert code == 1
    assert answer["ok"] is False
    assert answer["faults"][0]["chain"] == A
    assert answer["faults"][0]["seq"] == 3
    assert answer["faults"][0]["code"] == "gap"
