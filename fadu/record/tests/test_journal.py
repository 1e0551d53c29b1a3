"""行政处罚法 47: the whole course of enforcement is recorded; what an entry holds and how entries hang together."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fadu.kernel import clock
from fadu.kernel.hashing import canonical
from fadu.record import queries, services
from fadu.record.actor import Actor
from fadu.record.models import Entry
from fadu.record.tests.conftest import OFFICER, hash_by_the_document

Write = Callable[..., Entry]
pytestmark = pytest.mark.django_db


def test_an_entry_says_who_in_which_post_did_what_to_which_matter_on_which_article(write: Write) -> None:
    with clock.at(datetime(2026, 3, 2, 10, 30, tzinfo=clock.BEIJING)):
        entry = write(
            articles=["《行政处罚法》第五十四条第二款"],
            papers=[{"kind": "立案审批表", "number": "示应急立〔2026〕1号", "sha256": "a" * 64}],
            before={"state": "CLUE"},
            after={"state": "INVESTIGATING", "fine": Decimal("60000.00"), "until": date(2026, 5, 31)},
            note="线索核查属实",
            matter_title="甲山矿业未设警示标志案",
        )
    stored = Entry.objects.get(pk=entry.pk)
    assert stored.data == {
        "actor": {
            "officer_id": 7,
            "name": "张示一",
            "post": "执法人员",
            "organ": "示例市应急管理局",
            "certificate": "示执法-0007",
        },
        "acted_at": "2026-03-02T10:30:00+08:00",
        "on": "2026-03-02",
        "act": "penalty.ordinary.file",
        "title": "立案",
        "matter": {"key": "penalty.ordinary/1", "title": "甲山矿业未设警示标志案"},
        "articles": ["《行政处罚法》第五十四条第二款"],
        "papers": [{"kind": "立案审批表", "number": "示应急立〔2026〕1号", "sha256": "a" * 64}],
        "before": {"state": "CLUE"},
        "after": {"state": "INVESTIGATING", "fine": "60000.00", "until": "2026-05-31"},
        "note": "线索核查属实",
        "flags": {},
    }
    assert (entry.act, entry.title, entry.on, entry.officer_id, entry.late) == (
        *("penalty.ordinary.file", "立案", date(2026, 3, 2), 7, False),
    )


def test_what_is_given_back_is_what_is_stored(write: Write) -> None:
    entry = write()
    stored = Entry.objects.get(pk=entry.pk)
    for field in Entry._meta.concrete_fields:
        assert getattr(entry, field.attname) == getattr(stored, field.attname)


def test_the_time_of_recording_is_the_servers_whatever_the_clock_of_the_house_says(write: Write) -> None:
    with clock.at(datetime(2019, 1, 1, tzinfo=clock.BEIJING)):
        entry = write()
    assert entry.acted_at.startswith("2019-01-01T00:00:00")
    assert abs(entry.recorded_at - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 - the server's real time


def test_each_entry_bears_the_hash_of_its_document_and_of_the_one_before(write: Write) -> None:
    entries = [write(note=f"第{number}次，含“引号”与换行\n") for number in range(4)]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    before = "0" * 64
    for entry in entries:
        assert entry.prev_hash == before
        assert entry.hash == hash_by_the_document(entry)
        before = entry.hash


def test_each_matter_has_a_chain_of_its_own(write: Write) -> None:
    write("penalty.ordinary/1")
    write("penalty.ordinary/2")
    write("penalty.ordinary/1")
    assert [entry.seq for entry in queries.timeline("penalty.ordinary/1")] == [1, 2]
    assert [entry.seq for entry in queries.timeline("penalty.ordinary/2")] == [1]


def test_a_mark_of_lateness_can_be_counted(write: Write) -> None:
    write(flags={"late": "逾期3日"})
    write()
    assert Entry.objects.filter(late=True).count() == 1


def test_writing_takes_one_statement(write: Write, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        write()


@pytest.mark.parametrize("column", ["seq", "prev_hash", "hash", "recorded_at", "id", "act"])
def test_a_client_cannot_give_an_entry_its_number_or_hash(write: Write, column: str) -> None:
    body = write().body
    value = {"seq": 1, "id": 99, "recorded_at": "2020-01-01T00:00:00Z"}.get(column, "0" * 64)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO record_entry (chain, body, {column}) VALUES ('x/1', %s, %s)", [body, value])
    assert not Entry.objects.filter(chain="x/1").exists()


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        "[]",
        "null",
        '{"act":"a","act":"b","title":"t","on":"2026-01-01","acted_at":"x"}',
        '{"act":"a","title":"t","acted_at":"x"}',
        '{"act":"a","title":"t","on":"2026-02-30","acted_at":"x"}',
    ],
)
def test_the_database_refuses_a_body_that_is_no_entry(body: str) -> None:
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO record_entry (chain, body) VALUES ('x/1', %s)", [body])


@pytest.mark.parametrize("chain", ["", "Case 1", "a/", "a/../b", "案/1", "a/1\n", "a" * 121])
def test_a_chain_has_a_plain_name(write: Write, chain: str) -> None:
    with pytest.raises(Error), transaction.atomic():
        write(chain)


def test_the_model_itself_refuses_to_save_and_to_delete(write: Write) -> None:
    entry = write()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()
    with pytest.raises(TypeError):
        Entry.objects.create(chain="x/1", body=entry.body)


def test_a_value_that_has_no_plain_form_is_refused(write: Write) -> None:
    with pytest.raises(TypeError):
        write(after={"x": object()})


def test_members_of_an_enum_and_sets_have_one_form(write: Write) -> None:
    state = Enum("State", ["FILED"])
    assert write(after={"state": state.FILED, "who": {"乙", "甲"}}).data["after"] == {
        "state": "FILED",
        "who": ["乙", "甲"],
    }


def test_characters_that_cannot_be_stored_do_not_stop_an_act(write: Write) -> None:
    assert write(note="前\x00后\ud800").data["note"] == "前\ufffd后\ufffd"


def test_the_program_itself_may_act(write: Write) -> None:
    entry = write(actor=Actor.program())
    assert (entry.officer_id, entry.actor["name"]) == (None, "系统")
    with pytest.raises(ValueError, match="name"):
        Actor(1, " ")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


def turned(value: object) -> object:
    """The same value with every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_equal_values_have_one_canonical_text_and_the_text_gives_them_back(value: object) -> None:
    assert canonical(value) == canonical(turned(value))
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_whatever_is_written_comes_back_and_its_chain_verifies(value: dict[str, object]) -> None:
    with transaction.atomic():
        entry = services.write("x/1", actor=OFFICER, act="a", title="t", on=date(2026, 1, 1), after=value)
        stored = Entry.objects.get(pk=entry.pk)
        assert stored.data["after"] == value
        assert stored.hash == hash_by_the_document(stored)
        assert queries.verify_chain("x/1").ok
        transaction.set_rollback(True)
