"""Uploaded files: stored durably before a transaction begins, handed out again as attachments, or to be looked at."""

import io
from pathlib import Path
from typing import NamedTuple

from flask import Response, send_file
from werkzeug.datastructures import FileStorage

from tracker.ledger import files
from tracker.ledger.tables.files import StoredFile
from tracker.rules.evidence import shown_as
from tracker.rules.refusals import Invalid, NotFound
from tracker.web.access import settings
from tracker.web.scanning import check_clean


class Stored(NamedTuple):
    """Bytes that lie in the data folder: the arguments of `ledger.files.record`, in their order."""

    name: str
    sha256: str
    size: int


def folder() -> Path:
    return settings().data / "files"


def store(upload: FileStorage) -> Stored:
    """Put an upload's bytes on disk; raise Invalid where there are none, or a virus is among them."""
    content = content_of(upload)
    check_clean(upload.filename or "", content)
    return Stored(upload.filename or "", files.put(folder(), content), len(content))


def content_of(upload: FileStorage) -> bytes:
    """The whole upload, which can be read again afterwards; raise Invalid for an empty one."""
    content = upload.stream.read()
    upload.stream.seek(0)
    if not content:
        raise Invalid("所选文件是空的，请检查后重新选择。")
    return content


def attachment(stored: StoredFile) -> Response:
    """The file for downloading, of no type that a browser would open as a page of this site."""
    content = io.BytesIO(files.read(folder(), stored))
    return send_file(content, "application/octet-stream", as_attachment=True, download_name=stored.name, max_age=0)


def to_look_at(stored: StoredFile) -> Response:
    """The picture or PDF for a browser to show; raise NotFound for a file of any other kind.

    Only for views that are sandboxed: whatever it says that it is, it may run nothing.
    """
    content = files.read(folder(), stored)
    kind = shown_as(stored.name, content)
    if kind is None:
        raise NotFound
    return send_file(io.BytesIO(content), kind, download_name=stored.name, max_age=0)
