"""Column types that hold on SQLite and PostgreSQL alike, and values to JSON and back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from sqlalchemy import CursorResult, DateTime, Dialect, TypeDecorator

Value = TypeVar("Value")


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Stored in UTC, given back aware; SQLite would forget the zone, so a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse what has no zone; bring the rest to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, in UTC, from either database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(kind: type[Value], value: Value) -> Any:
    """The value as plain JSON; sets are sorted so that equal values are equal texts."""
    plain = _adapter(cast(Hashable, kind)).dump_python(value, mode="json")
    return _sorted_sets(value, plain)


def _sorted_sets(value: Any, plain: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(plain)
    if isinstance(plain, dict) and hasattr(value, "__dataclass_fields__"):
        return {name: _sorted_sets(getattr(value, name), inner) for name, inner in plain.items()}
    return plain


class Written(str):
    """JSON text, to be stored as it is."""

    __slots__ = ()


def written(kind: type[Value], value: Value) -> Written:
    """As `to_json`, as text: equal values are equal texts. For kinds without sets, which have no order of their own."""
    return Written(_adapter(cast(Hashable, kind)).dump_json(value).decode())


def made_number(made: CursorResult[Any]) -> int:
    """The number that the database gave to a row just inserted."""
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def from_json(kind: type[Value], plain: Any) -> Value:
    """The value back from `to_json`, checked. Unknown keys of a newer program are ignored."""
    value: Value = _adapter(cast(Hashable, kind)).validate_python(plain, strict=False)
    return value


def from_row(kind: type[Value], row: object) -> Value:
    """The value that a row holds, whose columns are called as the value's fields."""
    names: Iterable[str] = cast(Any, kind).__dataclass_fields__
    return kind(**{name: getattr(row, name) for name in names})
