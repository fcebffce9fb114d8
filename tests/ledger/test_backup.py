import json
import sqlite3
import stat
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tracker.ledger import backup, files
from tracker.ledger.db import db, transaction
from tracker.ledger.soundness import sqlite_file
from tracker.rules.refusals import Invalid

AT = datetime(2025, 4, 3, 4, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "kept" / "2025-04-03.zip"


@pytest.fixture(autouse=True)
def kept(target):
    target.parent.mkdir()
    return target.parent


def store(cast, folder, content):
    sha256 = files.put(folder, content)
    with transaction():
        files.record(cast.act(), "材料.txt", sha256, len(content))
    return sha256


def take(target, folder, **more):
    return backup.take(target, folder, "0.1.0", AT, **more)


def unpacked(target, tmp_path):
    with zipfile.ZipFile(target) as packed:
        return packed.extract("ledger.db", tmp_path / "out")


def test_an_archive_holds_the_database_the_files_and_a_manifest(cast, folder, target):
    sha256 = store(cast, folder, "佐证".encode())
    take(target, folder)
    with zipfile.ZipFile(target) as packed:
        assert packed.read(f"files/{sha256}").decode() == "佐证"
        manifest = json.loads(packed.read("manifest.json"))
        assert set(packed.namelist()) == {"manifest.json", "ledger.db", f"files/{sha256}"}
    assert (manifest["version"], manifest["taken_at"]) == ("0.1.0", "2025-04-03T04:00:00+00:00")
    assert manifest["contents"]["migration"]
    assert manifest["contents"]["rows"]["item"] == 3
    assert manifest["contents"]["audit"][str(cast.county)][0] > 0


def test_a_file_that_two_rows_refer_to_is_kept_once(cast, folder, target):
    store(cast, folder, b"same")
    store(cast, folder, b"same")
    assert len(take(target, folder).contents.files) == 1


def test_under_writes_it_is_one_moment_of_the_ledger(cast, folder, target, tmp_path, app_context):
    """Each write adds a row and its bytes: the copy has as many rows as its manifest says, each with its bytes."""
    stop = threading.Event()
    written = []

    def write():
        with app_context.app_context():
            while not stop.is_set():
                written.append(store(cast, folder, f"{len(written)}".encode()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 20:
            assert writer.is_alive()
        before = len(written)
        manifest = take(target, folder)
        after = len(written)
    finally:
        stop.set()
        writer.join()
    assert before <= manifest.contents.rows["stored_file"] <= after + 1
    assert set(manifest.contents.files) == set(written[: manifest.contents.rows["stored_file"]])
    assert manifest.lost == []
    with closing(sqlite3.connect(unpacked(target, tmp_path))) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
        assert copy.execute("SELECT count(*) FROM stored_file").fetchone() == (manifest.contents.rows["stored_file"],)


def test_an_archive_that_is_there_is_replaced_only_when_asked(folder, target):
    target.write_bytes(b"older")
    with pytest.raises(Invalid, match="文件已存在"):
        take(target, folder)
    assert target.read_bytes() == b"older"
    take(target, folder, force=True)
    assert zipfile.is_zipfile(target)


def test_only_its_owner_can_read_it_and_nothing_else_is_left(folder, target, kept):
    take(target, folder)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(kept.iterdir()) == [target]


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_lost_file_is_named_and_the_rest_is_saved(cast, folder, target, harm):
    lost, whole = store(cast, folder, b"lost"), store(cast, folder, b"whole")
    place = files.path_of(folder, lost)
    place.unlink() if harm == "missing" else place.write_bytes(b"lose")
    assert take(target, folder).lost == [lost]
    with zipfile.ZipFile(target) as packed:
        assert f"files/{whole}" in packed.namelist()
        assert f"files/{lost}" not in packed.namelist()


def test_a_damaged_database_gives_no_archive(folder, target, kept):
    db.session.remove()
    db.engine.dispose()
    with sqlite_file().open("r+b") as database:
        database.seek(4096 * 3)
        database.write(b"\xff" * 4096 * 20)
    with pytest.raises(Invalid, match="数据库已损坏"):
        take(target, folder)
    assert list(kept.iterdir()) == []


def test_a_fault_on_the_way_leaves_nothing(folder, target, kept, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_pack", full)
    with pytest.raises(OSError, match="No space left"):
        take(target, folder)
    assert list(kept.iterdir()) == []


def test_an_archive_that_does_not_read_back_gets_no_name(folder, target, monkeypatch):
    whole = backup._pack

    def torn(archive, *rest):
        whole(archive, *rest)
        archive.write_bytes(archive.read_bytes()[:-100])

    monkeypatch.setattr(backup, "_pack", torn)
    with pytest.raises(Invalid, match="不完整或已损坏"):
        take(target, folder)
    assert not target.exists()


def test_without_a_database_there_is_nothing_to_save(folder, target):
    db.session.remove()
    db.engine.dispose()
    sqlite_file().unlink()
    with pytest.raises(Invalid, match="没有可以备份的数据库"):
        take(target, folder)
    assert not sqlite_file().exists()


def test_postgresql_is_left_to_its_own_tool(folder, target, monkeypatch):
    monkeypatch.setattr(backup, "sqlite_file", lambda: None)
    with pytest.raises(Invalid, match=r"pg_dump.*files"):
        take(target, folder)
