"""Uploaded files: stored durably before a transaction begins, handed out again as attachments only."""

import io
from pathlib import Path
from typing import NamedTuple

from flask import Response, send_file
from werkzeug.datastructures import FileStorage

from tracker.ledger import files
from tracker.ledger.tables.files import StoredFile
from tracker.rules.refusals import Invalid
from tracker.web.access import settings


class Stored(NamedTuple):
    """Bytes that lie in the data folder: the arguments of `ledger.files.record`, in their order."""

    name: str
    sha256: str
    size: int


def folder() -> Path:
    return settings().data / "files"


def store(upload: FileStorage) -> Stored:
    """Put an upload's bytes on disk; raise Invalid where there are none."""
    content = content_of(upload)
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
