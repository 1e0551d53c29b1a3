"""Content that seldom changes is read once by a process and anew when its edition has changed: numbers, provisions, lists.

The database itself gives a kind of content a new edition whenever one of its tables is written (``watch``), in the same
transaction; so a process needs one statement an act to know that all it holds is still what stands there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from django.db.migrations import RunSQL

from fadu.kernel.memory import remember, tell
from fadu.law.models import Edition

T = TypeVar("T")
NUMBERS, PROVISIONS = "numbers", "provisions"
HELD = 4096  # look-ups of one kind that a process keeps
_held: dict[str, tuple[str, dict[Hashable, Any]]] = {}
_KEY = ("editions",)


def now() -> Mapping[str, str]:
    """The edition of every kind of content; asked once an act."""
    return remember(_KEY, lambda: dict(Edition.objects.values_list("name", "digest")))


# the same as a column of another statement, for ``known``: an act reads them with what it asks first
COLUMN = "(SELECT jsonb_object_agg(name, digest)::text FROM law_edition)"


def known(column: str | None) -> None:
    """Take what ``COLUMN`` has answered as the editions of the act under way."""
    tell(_KEY, json.loads(column or "{}"))


def kept(kind: str, key: Hashable, look_up: Callable[[], T]) -> T:
    """What ``look_up`` answers for ``key``, kept by this process as long as the content of that ``kind`` stands.

    Everything that ``look_up`` reads must be watched under ``kind``; what it answers is shared and must not be changed.
    """
    edition = now().get(kind)
    if edition is None:
        return look_up()
    held, answers = _held.get(kind, ("", {}))
    if held != edition or len(answers) >= HELD:
        answers = {}
        _held[kind] = (edition, answers)
    if key not in answers:
        answers[key] = look_up()
    return answers[key]  # type: ignore[no-any-return]


def watch(kind: str, *tables: str) -> RunSQL:
    """The step of a migration by which the database renews the edition of ``kind`` when one of ``tables`` is written."""
    forward = [
        f"""
        CREATE FUNCTION law_renew_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO law_edition (name, digest) VALUES ('{kind}', gen_random_uuid())
            ON CONFLICT (name) DO UPDATE SET digest = EXCLUDED.digest;
            RETURN NULL;
        END $$;
        INSERT INTO law_edition (name, digest) VALUES ('{kind}', gen_random_uuid());
        """
    ]
    backward = [f"DROP FUNCTION law_renew_{kind}(); DELETE FROM law_edition WHERE name = '{kind}';"]
    for table in tables:
        trigger = f"{table}_edition"
        forward.append(
            f"CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION law_renew_{kind}();"
        )
        backward.insert(0, f"DROP TRIGGER {trigger} ON {table};")
    return RunSQL("\n".join(forward), "\n".join(backward))
