import sqlite3
from contextlib import closing

import pytest

from tests.ledger.test_backup import store
from tracker.ledger import files, soundness

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_whole_ledger_has_no_fault(cast, tmp_path):
    store(cast, tmp_path / "files", b"one")
    assert soundness.database_fault(soundness.sqlite_file()) is None
    assert soundness.first_lost_file(tmp_path / "files") is None


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_the_first_lost_file_is_named(cast, tmp_path, harm):
    folder = tmp_path / "files"
    store(cast, folder, b"one")
    for content in (b"two", b"three"):
        place = files.path_of(folder, store(cast, folder, content))
        place.unlink() if harm == "missing" else place.write_bytes(content.upper())
    lost = soundness.first_lost_file(folder)
    assert (lost.name, lost.size) == ("材料.txt", 3)


def test_a_reference_to_a_row_that_is_gone_is_a_fault(cast):
    database = soundness.sqlite_file()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM plan")
        connection.commit()
    assert "refers to a row of plan" in soundness.database_fault(database)


def test_what_is_no_database_is_a_fault(tmp_path):
    place = tmp_path / "other.db"
    place.write_bytes(b"not a database, though as long as one" * 100)
    assert soundness.database_fault(place) == "file is not a database"


def test_a_missing_database_is_a_fault_and_is_not_made(tmp_path):
    assert soundness.database_fault(tmp_path / "none.db") == "unable to open database file"
    assert not (tmp_path / "none.db").exists()
