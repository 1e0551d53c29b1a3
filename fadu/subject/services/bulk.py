"""Inserts many rows of a model by one COPY: a tenth of the work that many INSERT statements are."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})


def copy_in(objects: Sequence[Model]) -> None:
    """Insert new objects of one model as they are and give them their keys; nothing is validated or computed.

    Field values must be of the field's own Python type: what is written comes from checked values.
    """
    if not objects:
        return
    meta = type(objects[0])._meta
    _number(objects)
    writers = [(field.attname, _writer(field)) for field in meta.concrete_fields]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for one in objects:
            copy.write_row([write(getattr(one, name)) for name, write in writers])
    for one in objects:
        one._state.adding, one._state.db = False, connection.alias


def _number(objects: Sequence[Model]) -> None:
    """Give each object the next key of its table's sequence."""
    meta = type(objects[0])._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(objects)],
        )
        for one, (key,) in zip(objects, cursor.fetchall(), strict=True):
            one.pk = key


def _writer(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """How a value of the field is handed to COPY."""
    if isinstance(field, ArrayField):
        return _array
    if isinstance(field, JSONField):
        return lambda value: json.dumps(value, ensure_ascii=False)
    return lambda value: value.value if isinstance(value, Enum) else value


def _array(values: Sequence[str]) -> str:
    """A list of texts as PostgreSQL writes an array."""
    return "{" + ",".join(f'"{value.translate(ESCAPES)}"' for value in values) + "}"
