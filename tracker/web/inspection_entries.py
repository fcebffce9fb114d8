"""What is sent of one place of an inspection, by a phone or by a form: read once for both."""

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import FileStorage

from tracker.ledger.inspection_results import Entry
from tracker.rules.evidence import check_file
from tracker.rules.inspection_results import Answer, Verdict
from tracker.rules.refusals import Invalid
from tracker.web import uploads
from tracker.web.addresses import LARGEST
from tracker.web.fields import trimmed
from tracker.web.uploads import Stored


def stored_photos(name: str = "photo") -> list[Stored]:
    """The files of the request, checked and on disk; before the transaction begins."""
    chosen = [each for each in request.files.getlist(name) if each.filename]
    for each in chosen:
        _check(each)
    return [uploads.store(each) for each in chosen]


def _check(upload: FileStorage) -> None:
    check_file(upload.filename or "", uploads.content_of(upload))


def entry(key: str, photos: Sequence[Stored], *, prefix: str = "") -> Entry:
    """What the fields of the request say; `prefix` stands before their names where a form has several places."""
    form = request.form
    return Entry(
        key=key,
        item_id=whole(form.get("item", "")) or None,
        criterion=form.get(f"{prefix}criterion", "").strip(),
        answer=Answer(
            verdict_of(form.get(f"{prefix}verdict", "")),
            trimmed(form.get(f"{prefix}fact")),
            trimmed(form.get(f"{prefix}link")),
        ),
        seen=whole(form.get(f"{prefix}seen", "")),
        photos=photos,
    )


def verdict_of(written: str) -> Verdict:
    try:
        return Verdict(written)
    except ValueError:
        raise Invalid("请选择检查结论：符合、基本符合、不符合或不适用。") from None


def whole(written: str) -> int:
    """A number of a record; 0 for what is none."""
    written = written.strip()
    return int(written) if written.isdecimal() and len(written) < 19 and int(written) <= LARGEST else 0
