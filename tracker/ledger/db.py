"""The database: the session, the one transaction, and the column types that the tables share."""

import enum
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import JSON, Connection, Dialect, Engine, Enum, MetaData, String, bindparam, event, insert
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.types import DateTime, TypeDecorator

from tracker.rules.quarters import Quarter

BUSY_TIMEOUT_MS = 15_000


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite would hand it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


_quarter = cache(Quarter.parse)  # a page reads thousands of a handful


class QuarterText(TypeDecorator[Quarter]):
    """A quarter written `2025Q1`, which sorts as the quarters do."""

    impl = String(6)
    cache_ok = True

    def process_bind_param(self, value: Quarter | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return str(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Quarter | None:  # noqa: ARG002
        return _quarter(value) if value else None


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal kept as text: SQLite has no exact number of its own."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value)


def _words(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Record(DeclarativeBase):
    """What every table inherits.  Enumerations are stored by their words, JSON as JSON."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=_words),
        datetime: Instant,
        Quarter: QuarterText,
        Decimal: ExactNumber,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


# The tables have a base class of their own, which types can follow; the extension gives session and engine.
db = SQLAlchemy(metadata=Record.metadata)


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """One act, whole or absent: the only place that commits.

    On SQLite it takes the write lock before it reads anything: a transaction that read first and
    wrote later would lose its race, or another's update.  What was looked up before is read afresh.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside a transaction")
    session.rollback()
    session.connection(execution_options={"writes": True})
    session.info["writes"] = session().get_transaction()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def put_rows(table: type[Record], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Enter very many rows of numbers and texts as the driver takes them: going over each here takes as long again."""
    statement = insert(table).values({name: bindparam(name) for name in columns}).compile(dialect=db.engine.dialect)
    named = [dict(zip(columns, row, strict=True)) for row in rows] if not statement.positiontup else rows
    db.session.connection().exec_driver_sql(str(statement), named)


def has_written() -> bool:
    """Whether what the session reads now may hold what nobody has committed."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        return True
    current = session.get_transaction()
    return current is not None and any(session.info.get(name) is current for name in ("writes", "flushed"))


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    session.info["flushed"] = session.get_transaction()


def prepare_sqlite(engine: Engine) -> None:
    """Durable, concurrent and strict: WAL, a sync per commit, foreign keys, explicit BEGIN."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
