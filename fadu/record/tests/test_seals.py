"""The daily seal: what it covers, that nothing escapes it, and that every change of a sealed entry shows (RFC 6962)."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from fadu.kernel import clock
from fadu.record import merkle, sealcheck, seals, verify
from fadu.record.models import Entry, Seal, SealedRange
from fadu.record.tests.conftest import hash_by_the_document

Write = Callable[..., Entry]
Owner = psycopg.Connection[Any]
A, B = "penalty.ordinary/1", "penalty.ordinary/2"
TODAY = clock.today()


def seal(days: int = 0) -> list[Seal]:
    """Seal as if ``days`` more days were over after today."""
    with clock.at(TODAY + timedelta(days=days + 1)):
        return seals.seal_until(TODAY + timedelta(days=days))


def codes() -> list[tuple[str, str]]:
    """What the check of the seals finds."""
    return [(fault.chain, fault.code) for fault in sealcheck.check_seals()[1]]


# --- the tree, against the vectors of RFC 6962's reference implementation (certificate-transparency, merkle_tree_test)

INPUTS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_tree_is_the_one_of_rfc_6962(size: int) -> None:
    leaves = [hashlib.sha256(b"\x00" + one).digest() for one in INPUTS[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size - 1]
    assert sealcheck._tree(leaves, 0, size).hex() == ROOTS[size - 1]


def test_of_nothing_the_root_is_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.integers(1, 70), st.data())
def test_a_path_proves_its_leaf_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [hashlib.sha256(b"\x00" + bytes([number])).digest() for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    (path,) = merkle.paths(leaves, [index])
    root = merkle.root(leaves)
    assert merkle.root_by_path(leaves[index], index, size, path) == root
    forged = hashlib.sha256(b"\x00forged").digest()
    assert merkle.root_by_path(forged, index, size, path) != root
    if size > 1:
        other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
        with pytest.raises((AssertionError, ValueError)):
            assert merkle.root_by_path(leaves[index], other, size, path) == root
        with pytest.raises(ValueError, match="short"):
            merkle.root_by_path(leaves[index], index, size, path[:-1])
    with pytest.raises(ValueError, match="long"):
        merkle.root_by_path(leaves[index], index, size, [*path, root])


@contextmanager
def as_application() -> Iterator[psycopg.Connection[Any]]:
    """Another session of the application, with a transaction of its own."""
    copy = connection.copy()
    copy.connect()
    copy.set_autocommit(False)
    try:
        yield copy.connection
    finally:
        copy.close()


# --- what a seal covers


@pytest.mark.django_db
def test_each_seal_covers_what_was_written_since_the_one_before(write: Write) -> None:
    write(A), write(B), write(A)
    (first,) = seal()
    write(A), write("inspection.routine/7")
    (second,) = seal(1)
    assert (first.entries, first.previous, second.entries, second.previous) == (3, "0" * 64, 2, first.hash)
    assert sorted(SealedRange.objects.values_list("seal__day", "chain", "first_seq", "last_seq")) == [
        (TODAY, A, 1, 2),
        (TODAY, B, 1, 1),
        (TODAY + timedelta(days=1), "inspection.routine/7", 1, 1),
        (TODAY + timedelta(days=1), A, 3, 3),
    ]
    assert sealcheck.check_seals() == (2, [])


@pytest.mark.django_db
def test_a_seal_is_what_the_document_says(write: Write) -> None:
    """docs/adr/0038, reckoned by hand for three entries."""
    entries = [write(B), write(A), write(A)]
    (made,) = seal()
    b1, a1, a2 = (hashlib.sha256(b"\x00" + bytes.fromhex(one.hash)).digest() for one in entries)
    left = hashlib.sha256(b"\x01" + a1 + a2).digest()
    root = hashlib.sha256(b"\x01" + left + b1).hexdigest()
    assert made.root == root
    text = f"fadu-seal-1\n{TODAY.isoformat()}\n3\n{root}\n{'0' * 64}\n"
    assert made.hash == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.django_db
def test_days_without_a_seal_are_made_good_one_by_one_and_empty_days_too(write: Write) -> None:
    write(A)
    seal()
    write(A)
    made = seal(3)
    assert [(one.day - TODAY, one.entries) for one in made] == [
        (timedelta(days=1), 1),
        (timedelta(days=2), 0),
        (timedelta(days=3), 0),
    ]
    assert seal(3) == []
    assert sealcheck.check_seals() == (4, [])


@pytest.mark.django_db
def test_a_day_that_is_not_over_is_not_sealed(write: Write) -> None:
    write(A)
    with pytest.raises(ValueError, match="over"):
        seals.seal_until(TODAY)


def test_an_entry_committed_after_the_sealing_stands_in_the_next_seal(write: Write, owner_connection: Owner) -> None:
    """An act begun before midnight whose transaction ends after the sealing must not escape."""
    write(A)
    with as_application() as slow:
        body = Entry.objects.get(chain=A).body
        slow.execute("INSERT INTO record_entry (chain, body) VALUES (%s, %s)", [B, body])
        assert [one.entries for one in seal()] == [1]
        slow.commit()
    assert [one.entries for one in seal(1)] == [1]
    assert SealedRange.objects.get(chain=B).seal.day == TODAY + timedelta(days=1)
    assert sealcheck.check_seals() == (2, [])


@pytest.mark.django_db
def test_proofs_lead_from_each_entry_to_the_published_seal(write: Write) -> None:
    entries = [write(A) for _ in range(3)] + [write(B) for _ in range(4)]
    seal()
    entries.append(write(A))
    seal(1)
    unsealed = write(A)
    found = seals.proofs([*entries, unsealed])
    assert len(found) == 8
    assert (A, unsealed.seq) not in found
    by_day = {one.day: one for one in Seal.objects.all()}
    for entry in entries:
        proof = found[entry.chain, entry.seq]
        path = [bytes.fromhex(one) for one in proof.path]
        root = merkle.root_by_path(merkle.leaf(entry.hash), proof.index, proof.size, path)
        assert root.hex() == by_day[proof.day].root


# --- tampering, as the owner of the tables


@pytest.fixture
def sealed(write: Write, owner_connection: Owner) -> Owner:
    """Two sealed days over two chains, and the owner's connection."""
    for _ in range(3):
        write(A), write(B)
    seal()
    write(A), write(B)
    seal(1)
    assert codes() == []
    return owner_connection


@contextmanager
def guard_down(owner: Owner) -> Iterator[None]:
    """Switch the triggers off, as an owner can."""
    for table in ("record_entry", "record_head", "record_seal", "record_sealedrange"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield


def rewrite_a_chain(owner: Owner) -> None:
    """Change an entry, then hash it, all after it and the head anew, so that the chain itself is whole."""
    body = Entry.objects.get(chain=A, seq=2).body.replace("张示一", "李示二")
    owner.execute("UPDATE record_entry SET body = %s WHERE chain = %s AND seq = 2", [body, A])
    before = Entry.objects.get(chain=A, seq=1).hash
    for seq in (2, 3, 4):
        owner.execute("UPDATE record_entry SET prev_hash = %s WHERE chain = %s AND seq = %s", [before, A, seq])
        before = hash_by_the_document(Entry.objects.get(chain=A, seq=seq))
        owner.execute("UPDATE record_entry SET hash = %s WHERE chain = %s AND seq = %s", [before, A, seq])
    owner.execute("UPDATE record_head SET hash = %s WHERE chain = %s", [before, A])


def cut_a_tail(owner: Owner) -> None:
    """Take the last entry away and set the head back, so that the chain itself is whole."""
    last = Entry.objects.get(chain=A, seq=3)
    owner.execute("DELETE FROM record_entry WHERE chain = %s AND seq = 4", [A])
    owner.execute("UPDATE record_head SET seq = 3, hash = %s WHERE chain = %s", [last.hash, A])


def drop_a_chain(owner: Owner) -> None:
    """Take a whole matter away."""
    owner.execute("DELETE FROM record_entry WHERE chain = %s", [B])
    owner.execute("DELETE FROM record_head WHERE chain = %s", [B])


FIRST, SECOND = f"{TODAY}的封存", f"{TODAY + timedelta(days=1)}的封存"


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (rewrite_a_chain, [(FIRST, "seal root"), (SECOND, "seal root")]),
        (cut_a_tail, [(SECOND, "seal root")]),
        (drop_a_chain, [(FIRST, "seal root"), (SECOND, "seal root")]),
    ],
)
def test_what_the_chains_themselves_cannot_show_the_seals_do(
    sealed: Owner, tamper: Callable[[Owner], None], found: list[tuple[str, str]]
) -> None:
    with guard_down(sealed):
        tamper(sealed)
    assert verify.check().faults == []
    assert codes() == found


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE record_seal SET root = repeat('a', 64) WHERE entries = 6", "seal hash"),
        ("UPDATE record_seal SET entries = 7 WHERE entries = 6", "seal root"),
        ("UPDATE record_seal SET previous = repeat('b', 64) WHERE entries = 2", "seal link"),
        ("UPDATE record_seal SET hash = repeat('c', 64) WHERE entries = 6", "seal link"),
        ("UPDATE record_seal SET day = day + 5 WHERE entries = 2", "seal gap"),
        ("UPDATE record_sealedrange SET last_seq = 2 WHERE last_seq = 3 AND chain LIKE '%/1'", "seal range"),
        (
            "UPDATE record_sealedrange SET chain = 'penalty.ordinary/9' WHERE last_seq = 4 AND chain LIKE '%/1'",
            "seal root",
        ),
        ("DELETE FROM record_sealedrange WHERE last_seq = 4 AND chain LIKE '%/1'", "seal root"),
    ],
)
def test_a_forged_seal_is_found(sealed: Owner, statement: str, code: str) -> None:
    with guard_down(sealed):
        sealed.execute(statement)
    assert code in [found for _, found in codes()]


def test_a_removed_first_seal_is_found(sealed: Owner) -> None:
    with guard_down(sealed):
        sealed.execute("DELETE FROM record_sealedrange WHERE last_seq = 3")
        sealed.execute("DELETE FROM record_seal WHERE entries = 6")
    assert {"seal link", "seal range"} <= {code for _, code in codes()}


def test_a_record_sealed_anew_after_a_change_differs_from_what_was_published(
    sealed: Owner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = tmp_path / "seals.json"
    published.write_text(json.dumps({"seals": [one.as_published() for one in Seal.objects.all()]}))
    assert sealcheck.check_published(published.read_text()) == []
    with guard_down(sealed):
        rewrite_a_chain(sealed)
        sealed.execute("DELETE FROM record_sealedrange")
        sealed.execute("DELETE FROM record_seal")
    for table, triggers in (
        ("record_entry", ("record_append", "record_refuse")),
        ("record_head", ("record_guard", "record_refuse")),
        ("record_seal", ("record_stamp", "record_refuse")),
        ("record_sealedrange", ("record_refuse",)),
    ):
        for trigger in triggers:
            sealed.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
    seal(1)
    with pytest.raises(SystemExit) as inside:
        call_command("verify-record")
    assert inside.value.code == 0
    with pytest.raises(SystemExit) as outside:
        call_command("verify-record", "--seals", str(published))
    assert outside.value.code == 1
    assert "与已经公布、存于别处的封存值不符" in capsys.readouterr().out


def test_a_gap_is_not_sealed_over(write: Write, owner_connection: Owner) -> None:
    for _ in range(3):
        write(A)
    with guard_down(owner_connection):
        owner_connection.execute("DELETE FROM record_entry WHERE seq = 2")
    with pytest.raises(seals.Unsealable, match="应封存3条记录，只找到2条"):
        seal()
    assert not Seal.objects.exists()


def test_nobody_changes_or_removes_a_seal(sealed: Owner) -> None:
    for table in ("record_seal", "record_sealedrange"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="只能追加"):
                sealed.execute(statement)
    with as_application() as application, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute("UPDATE record_seal SET entries = 0")


def test_a_missing_trigger_is_told(sealed: Owner, capsys: pytest.CaptureFixture[str]) -> None:
    sealed.execute("DROP TRIGGER record_refuse ON record_seal")
    with pytest.raises(SystemExit):
        call_command("verify-record")
    assert "record_seal [guard]" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_seals_up_to_yesterday_and_prints_what_is_to_be_filed(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write(A)
    with clock.at(TODAY + timedelta(days=2)):
        call_command("seal-day")
        call_command("seal-day")
    made = Seal.objects.get()
    said = capsys.readouterr()
    assert said.out == f"{TODAY + timedelta(days=1)} 1 {made.hash}\n"
    assert "都已封存" in said.err


@pytest.mark.django_db
def test_a_file_that_is_no_list_of_seals_is_refused() -> None:
    for text in ("", "{}", '{"seals": [{"day": "gestern", "seal": "a"}]}'):
        with pytest.raises(ValueError, match=r"seals\.json"):
            sealcheck.check_published(text)
