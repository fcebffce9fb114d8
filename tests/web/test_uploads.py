import io

import pytest
from werkzeug.datastructures import FileStorage

from tracker.ledger import files
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid
from tracker.web import uploads


def sent(content: bytes, name: str = "佐证.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def request_(app):
    with app.test_request_context():
        yield


def test_an_upload_lies_in_the_data_folder_under_a_name_of_our_own(app, request_):
    stored = uploads.store(sent(b"%PDF-1.7"))
    assert (stored.name, stored.size) == ("佐证.pdf", 8)
    place = files.path_of(app.config["SETTINGS"].data / "files", stored.sha256)
    assert place.read_bytes() == b"%PDF-1.7"


def test_an_upload_can_be_read_before_it_is_stored(request_):
    upload = sent(b"abc")
    assert uploads.content_of(upload) == b"abc"
    assert uploads.store(upload).size == 3


def test_an_empty_file_is_refused(request_):
    with pytest.raises(Invalid, match="空的"):
        uploads.store(sent(b""))


def test_a_file_goes_out_as_an_attachment_of_no_type(cast, request_):
    with transaction():
        stored = files.record(cast.act(), *uploads.store(sent(b"<script>", '计"划\r\n.html')))
    answer = uploads.attachment(stored)
    answer.direct_passthrough = False
    assert answer.data == b"<script>"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer.headers["Content-Disposition"]
