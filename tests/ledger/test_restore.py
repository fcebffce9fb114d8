import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from tests.ledger.test_backup import store
from tracker import MIGRATIONS
from tracker.ledger import backup, events, files
from tracker.ledger.db import db, transaction
from tracker.ledger.restore import check, restore
from tracker.ledger.soundness import first_lost_file
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.plans import Item
from tracker.rules.refusals import Invalid

AT = datetime(2025, 4, 3, 4, tzinfo=UTC)
KNOWN = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "ledger.db"


@pytest.fixture
def archive(app_context, cast, folder, tmp_path_factory):
    """A back-up of the cast and two stored files."""
    store(cast, folder, "佐证".encode() * 1000)
    store(cast, folder, b"\x00\x01" * 1000)
    target = tmp_path_factory.mktemp("kept") / "ledger.zip"
    backup.take(target, folder, "0.1.0", AT)
    return target


@pytest.fixture
def emptied(archive, database, folder):
    """The data folder as a new machine has it."""
    _close()
    for left in database.parent.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def _close():
    db.session.remove()
    db.engine.dispose()


def _state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _change(archive, name, content):
    """The archive with other bytes for one member, itself a zip file without a fault."""
    with zipfile.ZipFile(archive) as packed:
        members = {each: packed.read(each) for each in packed.namelist()} | {name: content}
    with zipfile.ZipFile(archive, "w") as packed:
        for each, bytes_ in members.items():
            packed.writestr(each, bytes_)


def _member(archive, name):
    with zipfile.ZipFile(archive) as packed:
        return packed.read(name)


def _flipped(content, at):
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.usefixtures("emptied")
def test_on_an_empty_machine_all_comes_back(archive, folder, cast):
    manifest = restore(archive, folder, KNOWN, AT)
    assert db.session.scalar(select(func.count()).select_from(Item)) == 3
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 2
    assert first_lost_file(folder) is None
    assert events.first_break(cast.county) is None
    assert manifest.contents.audit[str(cast.county)][0] == len(list(events._chain(cast.county)))


@pytest.mark.usefixtures("emptied")
def test_nothing_but_the_ledger_is_left_in_the_data_folder(archive, folder, database):
    restore(archive, folder, KNOWN, AT)
    assert {path.name for path in database.parent.iterdir()} == {"ledger.db", "files"}


@pytest.mark.usefixtures("emptied")
def test_the_restored_ledger_takes_up_its_work(archive, folder, cast):
    restore(archive, folder, KNOWN, AT)
    store(cast, folder, b"new")
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 3


def test_a_database_that_stands_there_is_not_replaced_unasked(archive, folder, database):
    _close()
    before = _state(database.parent)
    with pytest.raises(Invalid, match="已有台账"):
        restore(archive, folder, KNOWN, AT)
    assert _state(database.parent) == before


def test_a_replaced_database_is_kept_with_all_that_was_written(archive, folder, database, cast):
    store(cast, folder, b"after the back-up")
    restore(archive, folder, KNOWN, AT, force=True)
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 2
    with closing(sqlite3.connect(database.with_name("ledger.db.20250403T040000Z"))) as aside:
        assert aside.execute("SELECT count(*) FROM stored_file").fetchone() == (3,)


def test_a_second_replacement_never_takes_the_place_of_the_first(archive, folder, database):
    restore(archive, folder, KNOWN, AT, force=True)
    with pytest.raises(Invalid, match="请稍后再试"):
        restore(archive, folder, KNOWN, AT, force=True)
    restore(archive, folder, KNOWN, AT + timedelta(seconds=1), force=True)
    assert len(list(database.parent.glob("ledger.db.2025*"))) == 2


def test_a_database_in_use_is_not_replaced(archive, folder, database):
    with closing(sqlite3.connect(database)) as server:
        server.execute("SELECT count(*) FROM plan").fetchone()
        with pytest.raises(Invalid, match="正在使用"):
            restore(archive, folder, KNOWN, AT, force=True)
    assert not list(database.parent.glob("ledger.db.2025*"))


def test_a_broken_database_is_moved_aside_as_it_is(archive, folder, database):
    _close()
    database.write_bytes(b"broken" * 1000)
    restore(archive, folder, KNOWN, AT, force=True)
    assert database.with_name("ledger.db.20250403T040000Z").read_bytes() == b"broken" * 1000
    assert db.session.scalar(select(func.count()).select_from(Item)) == 3


def test_a_log_that_is_left_goes_with_its_database_and_never_into_the_new_one(archive, folder, database, monkeypatch):
    _close()
    monkeypatch.setattr("tracker.ledger.restore._end_use_of", lambda _database: None)
    database.with_name("ledger.db-wal").write_bytes(b"log")
    restore(archive, folder, KNOWN, AT, force=True)
    assert database.with_name("ledger.db.20250403T040000Z-wal").read_bytes() == b"log"


def test_stored_files_that_are_there_stay_and_damaged_ones_are_made_good(archive, folder, cast):
    later = store(cast, folder, b"after the back-up")
    damaged = backup.prove(zipfile.ZipFile(archive)).contents.files[0]
    files.path_of(folder, damaged).write_bytes(b"damaged")
    restore(archive, folder, KNOWN, AT, force=True)
    assert files.is_whole(folder, damaged)
    assert files.is_whole(folder, later)


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("kind", ["ledger.db", "files/"])
def test_one_flipped_bit_is_refused_before_anything_is_touched(archive, folder, database, kind):
    with zipfile.ZipFile(archive) as packed:
        name = next(each for each in packed.namelist() if each.startswith(kind))
    _change(archive, name, _flipped(_member(archive, name), 500))
    with pytest.raises(Invalid, match=f"{name} 与清单不符"):
        restore(archive, folder, KNOWN, AT)
    assert list(database.parent.iterdir()) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_bit_flipped_on_the_disk_is_refused_and_the_ledger_stays(archive, folder, database, share):
    """Within the members: the directory at the very end also holds times and modes, which carry nothing."""
    content = archive.read_bytes()
    archive.write_bytes(_flipped(content, int(len(content) * share)))
    _close()
    before = _state(database.parent)
    with pytest.raises(Invalid, match="不完整或已损坏"):
        restore(archive, folder, KNOWN, AT, force=True)
    assert _state(database.parent) == before


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("left", [0, 10, 5000, -1, -30])
def test_an_archive_cut_short_is_refused(archive, folder, database, left):
    archive.write_bytes(archive.read_bytes()[:left])
    with pytest.raises(Invalid, match="不完整或已损坏"):
        restore(archive, folder, KNOWN, AT)
    assert list(database.parent.iterdir()) == []


def test_an_archive_without_its_first_bytes_is_refused(archive, tmp_path):
    """Its directory then points to before the start of the file."""
    archive.write_bytes(archive.read_bytes()[50:])
    with pytest.raises(Invalid, match="不完整或已损坏"):
        check(archive, KNOWN, tmp_path)


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "files/../../outside", "files/" + "0" * 64, "a.txt"])
def test_a_member_that_no_back_up_has_is_refused(archive, folder, database, name):
    _change(archive, name, b"x")
    with pytest.raises(Invalid, match="其中的文件与清单不符"):
        restore(archive, folder, KNOWN, AT)
    assert list(database.parent.iterdir()) == []
    assert not (database.parent.parent / "outside").exists()


@pytest.mark.usefixtures("emptied")
def test_a_member_twice_is_refused(archive, folder):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("ledger.db", b"another")
    with pytest.raises(Invalid, match="其中的文件与清单不符"):
        restore(archive, folder, KNOWN, AT)


def _with_manifest(archive, change):
    manifest = json.loads(_member(archive, "manifest.json"))
    change(manifest)
    _change(archive, "manifest.json", json.dumps(manifest).encode())


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["contents"]["rows"].update(item=4),
        lambda manifest: manifest["contents"]["audit"].popitem(),
        lambda manifest: manifest["contents"].update(files=["../../outside"]),
        lambda manifest: manifest["contents"].update(files=[1]),
        lambda manifest: manifest.update(lost=[[]]),
        lambda manifest: manifest.update(extra=1),
        lambda manifest: manifest.pop("contents"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(archive, folder, database, change):
    _with_manifest(archive, change)
    with pytest.raises(Invalid, match="不完整或已损坏"):
        restore(archive, folder, KNOWN, AT)
    assert list(database.parent.iterdir()) == []


@pytest.mark.parametrize("written", [b"", b"[]", b"null", b"\xff\xfe", b"{"])
def test_a_manifest_that_is_none_is_refused(archive, tmp_path, written):
    _change(archive, "manifest.json", written)
    with pytest.raises(Invalid, match="没有清单或清单有误"):
        check(archive, KNOWN, tmp_path)


@pytest.mark.usefixtures("emptied")
def test_an_archive_of_a_newer_version_is_refused(archive, folder):
    with pytest.raises(Invalid, match="较新的版本"):
        restore(archive, folder, [], AT)


def test_a_ledger_that_lost_a_file_comes_back_without_it(archive, folder, cast, database):
    lost = store(cast, folder, b"lost")
    files.path_of(folder, lost).unlink()
    backup.take(archive, folder, "0.1.0", AT, force=True)
    assert restore(archive, folder, KNOWN, AT, force=True).lost == [lost]
    assert first_lost_file(folder).sha256 == lost


def test_a_check_touches_nothing(archive, database, tmp_path):
    _close()
    before = _state(database.parent)
    assert check(archive, KNOWN, tmp_path).contents.rows["item"] == 3
    assert _state(database.parent) == before


def test_a_full_disk_is_foreseen(archive, folder, database, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage)
    with pytest.raises(Invalid, match="磁盘空间不足"):
        restore(archive, folder, KNOWN, AT, force=True)


def test_the_chain_goes_on_after_a_restore(archive, folder, cast):
    restore(archive, folder, KNOWN, AT, force=True)
    with transaction():
        events.record(cast.act(), "test", "plan", cast.plan)
    assert events.first_break(cast.county) is None
