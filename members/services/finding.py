"""Finding a person by a few letters, fast in a register of tens of thousands.

What must stay true: only the covering index is read until it is known who is meant, and it is read
in the order of names, so that a search for what many have stops early; both databases answer alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, SQLColumnExpression, and_, exists, false, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from core.db import db
from members.models import Member, Person, Producer
from members.rules.membership import BETWEEN, search_words

Named: TypeAlias = Callable[[str], ColumnElement[bool]]
"""The condition that a word is somewhere in what somebody is found by."""

MANY = 200
"""As many as this are ranked here; of more, those that begin with the words are asked for."""


class position(GenericFunction[int]):  # noqa: N801 - a function of SQL
    """Where one text first stands in another, 0 if nowhere; compared by code points."""

    type = Integer()
    name = "position_of"
    inherit_cache = True


@compiles(position)
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


@compiles(position, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


def holds(words: list[str]) -> ColumnElement[bool]:
    """Return the condition that every word is somewhere in what a person is found by."""
    return and_(*(position(Person.search_key, word) > 0 for word in words))


def of_member(centre_id: int, member_id: SQLColumnExpression[Any]) -> Named:
    """Return how a list by member is searched: whose name, number or phone holds a word."""

    def named(word: str) -> ColumnElement[bool]:
        words = search_words(word)
        of_person = and_(Person.centre_id == Member.centre_id, Person.id == Member.person_id)
        found = select(Member.id).join(Person, of_person)
        whose = found.where(Member.centre_id == centre_id, holds(words))
        return member_id.in_(whose) if words else false()

    return named


def of_producer(centre_id: int, producer_id: SQLColumnExpression[Any]) -> Named:
    """Return how a list by producer is searched: whose name, number or phone holds a word."""

    def named(word: str) -> ColumnElement[bool]:
        words = search_words(word)
        held = [position(Producer.search_key, one) > 0 for one in words]
        whose = select(Producer.id).where(Producer.centre_id == centre_id, *held)
        return producer_id.in_(whose) if words else false()

    return named


def best(centre_id: int, words: list[str], limit: int, *, members: bool = False) -> list[UUID]:
    """Return persons in whom every word is found, who begin with each first, then by name."""
    found = _found(centre_id, words, MANY, members=members)
    begun = [BETWEEN + word for word in words]
    if len(found) < MANY:
        first = [one for one, key in found if all(word in key for word in begun)]
    else:
        first = [one for one, _ in _found(centre_id, begun, limit, members=members)]
    chosen = dict.fromkeys([*first, *(one for one, _ in found)])
    return list(chosen)[:limit]


def _found(
    centre_id: int, texts: list[str], limit: int, *, members: bool
) -> list[tuple[UUID, str]]:
    statement = select(Person.id, Person.search_key).where(
        Person.centre_id == centre_id, holds(texts)
    )
    if members:
        statement = statement.where(
            exists().where(
                Member.centre_id == Person.centre_id,
                Member.person_id == Person.id,
                Member.merged_into_id.is_(None),
            )
        )
    rows = db.session.execute(statement.order_by(Person.sort_key, Person.id).limit(limit))
    return [(one, key) for one, key in rows]
