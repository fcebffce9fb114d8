"""Whether the ledger is whole beneath its acts: the database in itself, and the bytes of every stored file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import func, select

from tracker.ledger import files
from tracker.ledger.db import BUSY_TIMEOUT_MS, db
from tracker.ledger.tables.files import StoredFile


def sqlite_file() -> Path | None:
    """Where SQLite keeps the ledger; None where another database does."""
    url = db.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection to a database that is there; a missing one is not made."""
    uri = f"{database.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as connection:
        yield connection


def database_fault(database: Path) -> str | None:
    """What SQLite itself finds wrong with a database, or None."""
    try:
        with opened(database) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            stray = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as fault:
        return str(fault)
    if said != "ok":
        return str(said)
    return f"{stray[0]}: row {stray[1]} refers to a row of {stray[2]} that is not there" if stray else None


def first_lost_file(folder: Path) -> StoredFile | None:
    """The first stored file whose bytes are missing or changed; each content is read once, in pieces."""
    first = func.min(StoredFile.id)
    contents = select(first, StoredFile.sha256).group_by(StoredFile.sha256).order_by(first)
    for file_id, sha256 in db.session.execute(contents.execution_options(yield_per=1000)):
        if not files.is_whole(folder, sha256):
            return db.session.get(StoredFile, file_id)
    return None
