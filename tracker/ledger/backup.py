"""Back-ups: the database and every stored file in one archive, with a manifest that proves them.

The archive is a zip file of `manifest.json`, `ledger.db` and `files/<sha256>`; `ledger.restore` takes it apart.
"""

import errno
import hashlib
import json
import os
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tracker.ledger import files
from tracker.ledger.soundness import database_fault, opened, sqlite_file
from tracker.rules.refusals import Invalid

MANIFEST, DATABASE, FILES = "manifest.json", "ledger.db", "files/"
_LONGEST_MANIFEST = 100_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")

DAMAGED = "备份文件不完整或已损坏（{}），不能使用。"
_UNREADABLE = DAMAGED.format("打不开或读不全")
_POSTGRESQL = "台账存放在 PostgreSQL 中：数据库请用 pg_dump -Fc 备份、用 pg_restore 恢复，并请另行备份文件夹 {}。"


@dataclass(frozen=True)
class Contents:
    """What a database says that it holds; it must say the same when it comes back."""

    migration: str
    rows: dict[str, int]  # of each table
    audit: dict[str, list[Any]]  # of each organisation: number and hash of its newest event
    files: list[str]  # the SHA-256 of each stored file


@dataclass(frozen=True)
class Manifest:
    """`database` is the SHA-256 of `ledger.db`; `lost` are stored files whose bytes were gone when it was taken."""

    version: str
    taken_at: str
    database: str
    lost: list[str]
    contents: Contents

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 that each member of the archive must have."""
        kept = set(self.contents.files) - set(self.lost)
        return {DATABASE: self.database} | {FILES + sha256: sha256 for sha256 in kept}


def the_database(folder: Path) -> Path:
    """The SQLite database; raise Invalid where another one keeps the ledger.  `folder` has the stored files."""
    database = sqlite_file()
    if database is None:
        raise Invalid(_POSTGRESQL.format(folder))
    return database


def take(target: Path, folder: Path, version: str, at: datetime, *, force: bool = False) -> Manifest:
    """Write the archive while the ledger is in use; it gets its name when it has been read back and is on disk.

    A stored file that is lost already does not keep the rest from being saved: the manifest names it.
    """
    database = the_database(folder)
    if not database.exists():
        raise Invalid(f"没有可以备份的数据库：{database}")
    if target.exists() and not force:
        raise Invalid(f"文件已存在，没有覆盖：{target}")
    with TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.", suffix=".part") as part:
        copy, archive = Path(part) / DATABASE, Path(part) / "archive"
        _copy(database, copy)
        # Bytes are stored before their row is, so whatever the copy refers to is in the folder by now.
        contents = contents_of(copy)
        lost = [sha256 for sha256 in contents.files if not files.is_whole(folder, sha256)]
        manifest = Manifest(version, at.isoformat(), files.sha256_of(copy), lost, contents)
        _pack(archive, manifest, copy, folder)
        with reading(archive) as packed:
            prove(packed)
        os.replace(archive, target)
    files.sync_folder(target.parent)
    return manifest


def _copy(database: Path, copy: Path) -> None:
    """One moment of the database as a file that stands alone; raise Invalid where it is damaged."""
    copy.touch(mode=0o600)
    try:
        with opened(database) as source, opened(copy) as target:
            source.backup(target)  # in one step: a write in between would make it begin again
            target.execute("PRAGMA journal_mode=DELETE")
        fault = database_fault(copy)
    except sqlite3.DatabaseError as error:
        fault = str(error)
    if fault:
        raise Invalid(f"数据库已损坏，不能备份，请从最近一份完好的备份恢复：{fault}")


def contents_of(database: Path) -> Contents:
    with opened(database) as connection:

        def column(question: str) -> list[Any]:
            return [row[0] for row in connection.execute(question)]

        heads = connection.execute("SELECT organisation_id, max(number), hash FROM event GROUP BY organisation_id")
        tables = column("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return Contents(
            migration=column("SELECT version_num FROM alembic_version")[0],
            rows={table: column(f'SELECT count(*) FROM "{table}"')[0] for table in tables},  # noqa: S608
            audit={str(organisation): [number, digest] for organisation, number, digest in heads},
            files=column("SELECT DISTINCT sha256 FROM stored_file ORDER BY sha256"),
        )


def _pack(archive: Path, manifest: Manifest, copy: Path, folder: Path) -> None:
    archive.touch(mode=0o600)  # it holds whatever the ledger holds
    with archive.open("wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed:
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
            packed.write(copy, DATABASE)
            for name, sha256 in manifest.hashes.items():
                if name != DATABASE:
                    # Documents and pictures are compressed already; trying again would only keep the server busy.
                    packed.write(files.path_of(folder, sha256), name, zipfile.ZIP_STORED)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def reading(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever a broken one makes zipfile raise becomes one sentence."""
    try:
        with zipfile.ZipFile(archive) as packed:
            yield packed
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as fault:
        raise Invalid(_UNREADABLE) from fault
    except OSError as fault:
        if fault.errno == errno.EINVAL:  # a broken directory sent zipfile to before the file's start
            raise Invalid(_UNREADABLE) from fault
        raise


def prove(packed: zipfile.ZipFile) -> Manifest:
    """Read the whole archive and return its manifest; raise Invalid where anything is missing, changed or added.

    No name in the archive is ever used as a path: the members must be exactly those that the manifest implies.
    """
    manifest = _manifest(packed)
    names = sorted(packed.namelist())
    if names != sorted([MANIFEST, *manifest.hashes]):
        raise Invalid(DAMAGED.format("其中的文件与清单不符"))
    for name, sha256 in manifest.hashes.items():
        with packed.open(name) as member:
            if hashlib.file_digest(member, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]  # it is buffered
                raise Invalid(DAMAGED.format(f"{name} 与清单不符"))
    return manifest


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        if packed.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
            raise Invalid(DAMAGED.format("清单过长"))
        written = json.loads(packed.read(MANIFEST))
        manifest = Manifest(**written | {"contents": Contents(**written["contents"])})
        if not all(_SHA256.fullmatch(sha256) for sha256 in manifest.hashes.values()):
            raise ValueError
    except (KeyError, TypeError, ValueError) as fault:
        raise Invalid(DAMAGED.format("没有清单或清单有误")) from fault
    return manifest
