"""Restoring a back-up: everything is proved first, then put into place."""

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from tracker.ledger import files
from tracker.ledger.backup import DAMAGED, DATABASE, FILES, Manifest, contents_of, prove, reading, the_database
from tracker.ledger.db import db
from tracker.ledger.soundness import database_fault, opened
from tracker.rules.refusals import Invalid

_BESIDE = ("", "-wal", "-shm", "-journal")  # the database, and what SQLite may have left beside it
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def restore(archive: Path, folder: Path, known: Container[str], at: datetime, *, force: bool = False) -> Manifest:
    """Put database and stored files into place, once all is proved; a database that stands there is kept beside it.

    `known` are the migrations that this version has; those that the database lacks are for the caller to run.
    """
    database = the_database(folder)
    aside = database.with_name(f"{database.name}.{at:%Y%m%dT%H%M%SZ}")
    if database.exists() and not force:
        raise Invalid(f"数据文件夹里已有台账，没有恢复：{database}。确需替换请加 --force，原数据库将改名保留。")
    if aside.exists():
        raise Invalid(f"文件已存在，请稍后再试：{aside}")
    database.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=database.parent, prefix="restore-") as scratch:
        staged = Path(scratch) / DATABASE
        with reading(archive) as packed:
            manifest = _checked(packed, known, staged)
            _end_use_of(database)
            _place_files(packed, manifest, folder)
        _move_aside(database, aside)
        os.replace(staged, database)
    files.sync_folder(database.parent)
    return manifest


def check(archive: Path, known: Container[str], scratch: Path) -> Manifest:
    """Prove that an archive could be restored, and restore nothing; `scratch` is a folder with room for a database."""
    with reading(archive) as packed, TemporaryDirectory(dir=scratch) as room:
        return _checked(packed, known, Path(room) / DATABASE)


def _checked(packed: zipfile.ZipFile, known: Container[str], staged: Path) -> Manifest:
    """Prove the archive and its database, which is left at `staged`."""
    if sum(member.file_size for member in packed.infolist()) > shutil.disk_usage(staged.parent).free:
        raise Invalid(f"磁盘空间不足，无法恢复：{staged.parent.parent}")
    manifest = prove(packed)
    if manifest.contents.migration not in known:
        raise Invalid(f"备份来自较新的版本（{manifest.version}），请先升级本系统再恢复。")
    _unpack(packed, DATABASE, staged)
    if fault := database_fault(staged):
        raise Invalid(DAMAGED.format(fault))
    if contents_of(staged) != manifest.contents:
        raise Invalid(DAMAGED.format("数据库与清单不符"))
    return manifest


def _unpack(packed: zipfile.ZipFile, name: str, place: Path) -> None:
    """Write a member durably: under another name first, so that `place` is whole or absent."""
    with packed.open(name) as member, NamedTemporaryFile(dir=place.parent, delete=False) as new:
        shutil.copyfileobj(member, new)
        new.flush()
        os.fsync(new.fileno())
    os.replace(new.name, place)


def _place_files(packed: zipfile.ZipFile, manifest: Manifest, folder: Path) -> None:
    """Add the stored files; they are named by their content, so none can take another's place."""
    for name, sha256 in manifest.hashes.items():
        if name.startswith(FILES) and not files.is_whole(folder, sha256):
            place = files.path_of(folder, sha256)
            place.parent.mkdir(parents=True, exist_ok=True)
            _unpack(packed, name, place)
            files.sync_folder(place.parent)
            files.sync_folder(folder)


def _end_use_of(database: Path) -> None:
    """Fold the log into the database, which SQLite does only when nobody else has it open; raise Invalid otherwise."""
    db.session.remove()
    db.engine.dispose()
    if not database.exists():
        return
    try:
        with opened(database) as connection:
            connection.execute("PRAGMA busy_timeout=1000")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as fault:
        # One that is damaged cannot be folded: it is moved aside as it is.
        if fault.sqlite_errorcode & 0xFF in _BUSY:
            raise Invalid("台账正在使用，没有恢复任何内容。请先停止网页服务和定时任务，再恢复。") from fault


def _move_aside(database: Path, aside: Path) -> None:
    for ending in _BESIDE:
        left = database.with_name(database.name + ending)
        if left.exists():
            left.rename(aside.with_name(aside.name + ending))
