"""Stored files: the bytes go to disk first, synced and under a name of our own; the row follows in the transaction."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.files import StoredFile
from tracker.rules.refusals import Invalid, NotFound

LONGEST_NAME = 200
LONGEST_ENDING = 10  # what is longer is no ending, only a dot in a name
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]")


def put(folder: Path, content: bytes) -> str:
    """Write the bytes durably and return their SHA-256, which is also their name; before the transaction begins.

    A file without a row, left by an act that failed, does no harm: the same bytes find it again.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = path_of(folder, sha256)
    if place.exists():
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as new:
        new.write(content)
        new.flush()
        os.fsync(new.fileno())
    os.replace(new.name, place)
    sync_folder(place.parent)
    sync_folder(folder)
    return sha256


def sync_folder(folder: Path) -> None:
    """Make the names in it durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def sha256_of(path: Path) -> str:
    """Of a file of any size, piece by piece."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_whole(folder: Path, sha256: str) -> bool:
    place = path_of(folder, sha256)
    return place.exists() and sha256_of(place) == sha256


def record(by: Act, name: str, sha256: str, size: int) -> StoredFile:
    """Enter bytes that `put` wrote; `name` is shown, never used as a path."""
    stored = StoredFile(
        organisation_id=by.organisation_id,
        name=showable(name),
        sha256=sha256,
        size=size,
        stored_at=by.at,
        stored_by_id=by.person_id,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def showable(name: str) -> str:
    """The last part of a file name without control characters, cut to a length that can be shown."""
    last = _UNSHOWABLE.sub("/", name).rsplit("/", 1)[-1].strip(". ")
    stem, dot, ending = last.rpartition(".")
    if dot and len(last) > LONGEST_NAME and len(ending) <= LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return last[:LONGEST_NAME] or "未命名文件"


def read(folder: Path, stored: StoredFile) -> bytes:
    """The bytes; raise Invalid where they are missing or not those that were stored."""
    place = path_of(folder, stored.sha256)
    content = place.read_bytes() if place.exists() else b""
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise Invalid(f"附件“{stored.name}”在服务器上缺失或已损坏，请联系系统管理员从备份恢复。")
    return content


def file_of(organisation_id: int, file_id: int) -> StoredFile:
    stored = db.session.get(StoredFile, file_id)
    if stored is None or stored.organisation_id != organisation_id:
        raise NotFound
    return stored
