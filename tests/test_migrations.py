"""Migrations: a fresh database and a migrated one are the same, and there is one head."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from tracker import MIGRATIONS
from tracker.ledger.db import Record, db


def test_the_migrated_database_is_what_the_tables_say(bare_app):
    with bare_app.app_context(), db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Record.metadata) == []


def test_there_is_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_every_migration_can_be_taken_back_and_run_again(bare_app):
    with bare_app.app_context():
        downgrade(revision="base")
        upgrade()
