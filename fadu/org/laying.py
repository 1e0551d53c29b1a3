"""A row with all that hangs on it, read by one statement and laid out as Django lays out what it has prefetched.

The rules of a procedure read nearly everything that a matter has, and who may act depends on posts, certificates and
delegations. Asked table by table that is some thirty statements an
act, and most of the time an act takes; asked together it is one (ADR 45).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, cached_property
from itertools import count
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.db.models.base import ModelState
from django.db.models.fields.related import ForeignKey
from django.db.models.fields.reverse_related import ForeignObjectRel, OneToOneRel

Row = TypeVar("Row", bound=models.Model)

_CONVERT: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
    models.TimeField: time.fromisoformat,
    models.DecimalField: Decimal,
    models.UUIDField: UUID,
}
# what JSON gives back as it was
_PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.JSONField)


def _converter(item: Any) -> Callable[[Any], Any] | None:
    """How a column's JSON becomes the field's value; None where it is that already."""
    kind = item
    while isinstance(kind, ForeignKey):
        kind = kind.target_field
    for known, convert in _CONVERT.items():
        if isinstance(kind, known):
            return convert
    plain = kind.base_field if isinstance(kind, ArrayField) else kind
    if not isinstance(plain, _PLAIN):
        raise TypeError(f"{item}: {type(kind).__name__} cannot be laid")
    return None


@dataclass
class _Plan:
    """How the rows of one model are asked for and built, with the plans of what hangs on them."""

    model: type[models.Model]
    without: set[str] = field(default_factory=set)
    forward: dict[ForeignKey[Any, Any], _Plan] = field(default_factory=dict)
    reverse: dict[ForeignObjectRel, _Plan] = field(default_factory=dict)

    @cached_property
    def fields(self) -> list[Any]:
        return [item for item in self.model._meta.concrete_fields if item.name not in self.without]

    @cached_property
    def names(self) -> list[str]:
        return [item.attname for item in self.fields]

    @cached_property
    def conversions(self) -> list[tuple[int, Callable[[Any], Any]]]:
        found = ((index, _converter(item)) for index, item in enumerate(self.fields))
        return [(index, convert) for index, convert in found if convert is not None]

    def grow(self, path: list[str], *, leave_out: bool = False) -> None:
        """Take in one path of relations, as ``prefetch_related`` writes them; or the name of a field to leave out."""
        if not path:
            return
        if leave_out and len(path) == 1:
            self.without.add(path[0])
            return
        relation = self.model._meta.get_field(path[0]) if path[0] in self._forward_names else self._reverse(path[0])
        if isinstance(relation, ForeignObjectRel):
            branch = self.reverse.setdefault(relation, _Plan(relation.related_model))
        else:
            key = cast("ForeignKey[Any, Any]", relation)
            branch = self.forward.setdefault(key, _Plan(key.related_model))
        branch.grow(path[1:], leave_out=leave_out)

    @cached_property
    def _forward_names(self) -> set[str]:
        return {item.name for item in self.model._meta.concrete_fields}

    def _reverse(self, name: str) -> ForeignObjectRel:
        for relation in self.model._meta.related_objects:
            if relation.get_accessor_name() == name:
                return relation
        raise LookupError(f"{self.model.__name__} has no relation {name}")

    def columns(self, alias: str, numbers: count[int]) -> str:
        """The JSON array of one row: its columns, then what it points to, then what points to it."""
        own = self.model._meta.db_table
        parts = []
        for item in self.fields:
            where = alias if item.model._meta.db_table == own else f"{alias}p"
            column = f'{where}."{item.column}"'
            parts.append(f"{column}::text" if isinstance(item, models.DecimalField) else column)
        for key, plan in self.forward.items():
            inner = f"t{next(numbers)}"
            where = alias if key.model._meta.db_table == own else f"{alias}p"
            target = plan.model._meta.pk.column
            parts.append(
                f"(SELECT {plan.columns(inner, numbers)} FROM {plan.table(inner)} "
                f'WHERE {inner}."{target}" = {where}."{key.column}")'
            )
        for relation, plan in self.reverse.items():
            inner = f"t{next(numbers)}"
            column = cast("ForeignKey[Any, Any]", relation.field).column
            row = plan.columns(inner, numbers)
            pk = self.model._meta.pk.column
            parts.append(
                f"(SELECT json_agg({row} ORDER BY {plan.order(inner)}) FROM {plan.table(inner)} "
                f'WHERE {inner}."{column}" = {alias}."{pk}")'
            )
        return f"json_build_array({', '.join(parts)})"

    def table(self, alias: str) -> str:
        """The table under an alias, joined with that of the model it extends."""
        meta = self.model._meta
        found = f'"{meta.db_table}" {alias}'
        for parent, link in meta.parents.items():
            found += f' JOIN "{parent._meta.db_table}" {alias}p ON {alias}p."{parent._meta.pk.column}" = {alias}."{link.column}"'  # type: ignore[union-attr]
        return found

    def order(self, alias: str) -> str:
        """The model's own order, and the key where it has none or where two rows are alike."""
        meta = self.model._meta
        terms = []
        for name in (*map(str, meta.ordering or ()), "pk"):
            plain = name.removeprefix("-")
            column = meta.pk.column if plain == "pk" else cast(Any, meta.get_field(plain)).column
            terms.append(f'{alias}."{column}"' + (" DESC" if name.startswith("-") else ""))
        return ", ".join(dict.fromkeys(terms))

    def build(self, values: list[Any]) -> models.Model:
        """The row and all that hangs on it, from the JSON of ``columns``."""
        for index, convert in self.conversions:
            if values[index] is not None:
                values[index] = convert(values[index])
        end = len(self.names)
        row = _made(self.model, self.names, values[:end])
        rest = iter(values[end:])
        for key, plan in self.forward.items():
            given = next(rest)
            key.set_cached_value(row, plan.build(given) if given is not None else None)
        for relation, plan in self.reverse.items():
            self._hang(row, relation, [plan.build(given) for given in next(rest) or ()])
        return row

    def hang_new(self, row: models.Model, given: Mapping[str, list[models.Model]], own: Collection[str]) -> None:
        """Hang on a new row what is given by name, and nothing where nothing is; likewise on the new rows it points to."""
        for relation in self.reverse:
            self._hang(row, relation, given.get(str(relation.get_accessor_name()), []))
        for key, plan in self.forward.items():
            if key.name in own:
                target = copy(getattr(row, key.name))
                plan.hang_new(target, {}, ())
                key.set_cached_value(row, target)

    def _hang(self, row: models.Model, relation: ForeignObjectRel, children: list[models.Model]) -> None:
        for child in children:
            relation.field.set_cached_value(child, row)
        if isinstance(relation, OneToOneRel):
            relation.set_cached_value(row, children[0] if children else None)
            return
        name = str(relation.get_accessor_name())
        # with the relation's filter, put off as the framework puts it off, for whoever asks for more than all
        rows: Any = relation.related_model._default_manager.using(connection.alias)
        rows._hints, rows._deferred_filter = {"instance": row}, (False, (), {relation.field.name: row})
        rows._result_cache, rows._prefetch_done = children, True
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


def _made(model: type[models.Model], names: list[str], values: list[Any]) -> models.Model:
    """A row as it lies in the database: what ``Model.from_db`` makes, without the signals that nobody here hears."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, connection.alias
    row.__dict__.update(zip(names, values, strict=True))
    return row


@cache
def _plan(model: type[models.Model], paths: tuple[str, ...], without: tuple[str, ...]) -> _Plan:
    """The plan for a model and paths."""
    plan = _Plan(model)
    for path in paths:
        plan.grow(path.split("__"))
    for path in without:
        plan.grow(path.split("__"), leave_out=True)
    return plan


@cache
def _one(
    model: type[models.Model], paths: tuple[str, ...], without: tuple[str, ...], by: str, along: str, lock: bool
) -> tuple[_Plan, str, str]:
    """The plan for one row, the name of its prepared statement, and the statement."""
    plan = _plan(model, paths, without)
    column = cast(Any, model._meta.get_field(by) if by else model._meta.pk).column
    sql = (
        f'SELECT {plan.columns("t", count(1))}::text, {along or "NULL"} FROM {plan.table("t")} WHERE t."{column}" = $1'
    )
    if lock:  # the row that a model extends is locked, as by everybody who knows only that one
        sql += f" FOR UPDATE OF {'tp' if model._meta.parents else 't'}"
    return plan, _name(model), sql


@cache
def _many(
    model: type[models.Model], paths: tuple[str, ...], without: tuple[str, ...], where: str
) -> tuple[_Plan, str, str]:
    """The plan for the rows of a condition, the name of the prepared statement, and the statement."""
    plan = _plan(model, paths, without)
    rows = f"json_agg({plan.columns('t', count(1))} ORDER BY {plan.order('t')})::text"
    return plan, _name(model), f"SELECT {rows} FROM {plan.table('t')} WHERE {where}"


def _name(model: type[models.Model]) -> str:
    return f"lay_{model._meta.db_table}_{next(_numbers)}"


def _asked(name: str, types: str, sql: str, values: Sequence[Any]) -> Any:
    """The first row that a statement answers, prepared once on each connection."""
    with connection.cursor() as cursor:
        prepared: set[str] = connection.connection.__dict__.setdefault("fadu_prepared", set())
        if name not in prepared:
            cursor.execute(f"PREPARE {name} ({types}) AS {sql}")
            prepared.add(name)
        cursor.execute(f"EXECUTE {name} ({', '.join(['%s'] * len(values))})", values)
        return cursor.fetchone()


_numbers = count(1)


def lay_new(row: Row, paths: Iterable[str], given: Mapping[str, list[Any]], own: Collection[str] = ()) -> Row:
    """A copy of a row that is only being made, laid out as ``lay`` would: it has ``given`` by relation, else nothing.

    ``own`` names what the row points to that is as new as itself. The row itself stays as it is.
    """
    plan = _plan(type(row), tuple(paths), ())
    found = copy(row)
    plan.hang_new(found, given, own)
    return found


def lay(
    model: type[Row],
    pk: int,
    paths: Iterable[str],
    without: Iterable[str] = (),
    *,
    by: str = "",
    along: str = "",
    lock: bool = False,
) -> Row:
    """The row of ``model`` with key ``pk`` (or with that number in the unique field ``by``), and all rows that ``paths`` lead to, fresh, by one statement.

    ``paths`` are written as for ``prefetch_related``, ``without`` names fields (by their path) that are long and that
    nobody here reads; they are asked for when somebody does. What is laid is read by ``.all()`` without asking again; anything
    narrower (``.filter``) asks the database. ``along``: an SQL expression to be answered by the same statement, as the
    row's attribute ``along``. ``lock``: the row is locked until the transaction ends. Raises ObjectDoesNotExist.
    """
    plan, name, sql = _one(model, tuple(paths), tuple(without), by, along, lock)
    found = _asked(name, "bigint", sql, [pk])
    if found is None:
        raise ObjectDoesNotExist(f"{model.__name__} {pk}")
    row = plan.build(json.loads(found[0]))
    if along:
        row.__dict__["along"] = found[1]
    return cast(Row, row)


def lay_all(
    model: type[Row],
    where: str,
    types: str,
    values: Sequence[Any],
    paths: Iterable[str] = (),
    without: Iterable[str] = (),
) -> list[Row]:
    """The rows of ``model`` under a condition in the model's order, each with all rows that ``paths`` lead to, by one statement.

    ``where`` is SQL over the row ``t`` (``tp`` for the columns of the model it extends) with $1, $2 …, which stand for
    ``values`` of the SQL ``types``. ``paths`` and ``without`` as for ``lay``.
    """
    plan, name, sql = _many(model, tuple(paths), tuple(without), where)
    found = _asked(name, types, sql, values)[0]
    return [cast(Row, plan.build(given)) for given in json.loads(found or "[]")]


def is_laid(row: models.Model, relation: str) -> bool:
    """Was ``relation`` laid out with the row?"""
    return relation in row.__dict__.get("_prefetched_objects_cache", ())


def add_laid(row: models.Model, relation: str, child: models.Model) -> None:
    """Add a row that has just been written to what was laid out of ``row`` before."""
    row.__dict__["_prefetched_objects_cache"][relation]._result_cache.append(child)
