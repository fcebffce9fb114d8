"""Runs the migrations on the application's own engine (`flask --app tracker db upgrade`)."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

from tracker.ledger.db import Record, db


def plain_types(kind: str, value: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write the database's own types into a migration, so that it still runs when ours have moved."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{value.impl!r}"
    return False


with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Record.metadata,
        render_as_batch=True,  # SQLite changes a table by copying it
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
