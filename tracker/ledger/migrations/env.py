"""Runs the migrations on the application's own engine (`flask --app tracker db upgrade`)."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from tracker.ledger.db import Record, db


def plain_types(kind: str, value: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write the database's own types into a migration, so that it still runs when ours have moved."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{value.impl!r}"
    return False


def let_tables_be_copied(connection: Connection) -> None:
    """SQLite changes a table by copying it: no row may be held to what points at it until the copy has its name.

    The pragma does nothing inside a transaction, and SQLAlchemy would begin one.
    """
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]


def check_references(connection: Connection) -> None:
    """What was not checked while tables were copied; raise RuntimeError for a row that points nowhere."""
    if connection.dialect.name == "sqlite" and (astray := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"rows that point at nothing after the migration: {astray[:5]}")


with db.engine.connect() as connection:
    let_tables_be_copied(connection)
    context.configure(
        connection=connection,
        target_metadata=Record.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
        check_references(connection)
    connection.commit()
    connection.invalidate()  # its pragma must not come back from the pool
