import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracker.ledger import files
from tracker.ledger.db import transaction
from tracker.rules.refusals import Invalid, NotFound

CONTENT = "佐证材料".encode()


def kept(folder, cast, name: str = "佐证.pdf", content: bytes = CONTENT, login: str = "clerk"):
    sha256 = files.put(folder, content)
    with transaction():
        return files.record(cast.act(login), name, sha256, len(content))


def test_what_was_stored_is_read_back(app_context, cast, tmp_path):
    stored = kept(tmp_path, cast)
    assert files.read(tmp_path, stored) == CONTENT
    assert (stored.name, stored.size, stored.stored_by_id) == ("佐证.pdf", len(CONTENT), cast.people["clerk"])


def test_the_same_bytes_lie_on_disk_once(tmp_path):
    assert files.put(tmp_path, CONTENT) == files.put(tmp_path, CONTENT) == hashlib.sha256(CONTENT).hexdigest()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_many_at_once_may_store_the_same_bytes(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: files.put(tmp_path, CONTENT), range(32)))) == 1
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [CONTENT]


def test_bytes_and_folder_are_synced_before_the_name_is_given(tmp_path, monkeypatch):
    told: list[str] = []
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (told.append("sync"), sync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda old, new: (told.append("name"), replace(old, new))[1])
    files.put(tmp_path, CONTENT)
    assert told[:2] == ["sync", "name"]
    assert "sync" in told[2:]


def test_a_file_that_was_changed_or_lost_is_not_served(app_context, cast, tmp_path):
    stored = kept(tmp_path, cast)
    files.path_of(tmp_path, stored.sha256).write_bytes(b"other")
    with pytest.raises(Invalid, match="附件“佐证.pdf”在服务器上缺失或已损坏"):
        files.read(tmp_path, stored)
    files.path_of(tmp_path, stored.sha256).unlink()
    with pytest.raises(Invalid, match="缺失或已损坏"):
        files.read(tmp_path, stored)


def test_a_file_of_the_neighbouring_county_is_not_found(app_context, cast, tmp_path):
    stored = kept(tmp_path, cast)
    assert files.file_of(cast.county, stored.id) is stored
    for organisation_id, file_id in ((cast.neighbour, stored.id), (cast.county, 999)):
        with pytest.raises(NotFound):
            files.file_of(organisation_id, file_id)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("佐证材料.pdf", "佐证材料.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\台账.xlsx", "台账.xlsx"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("a\x00b.pdf", "b.pdf"),
        ("...htaccess", "htaccess"),
        ("gpj.\u202eexe.pdf", "exe.pdf"),
        ("", "未命名文件"),
        ("/", "未命名文件"),
        (" . ", "未命名文件"),
        ("<img onerror=alert(1)>.png", "<img onerror=alert(1)>.png"),
    ],
)
def test_a_name_is_shown_without_paths_and_tricks(name, shown):
    assert files.showable(name) == shown


@pytest.mark.parametrize("name", ["长" * 300 + ".pdf", "长" * 300, "a." + "x" * 300, "." * 300])
def test_a_long_name_is_cut_and_keeps_its_ending(name):
    shown = files.showable(name)
    assert 0 < len(shown) <= files.LONGEST_NAME
    assert shown.endswith(".pdf") == name.endswith(".pdf")


def test_the_name_on_disk_is_the_servers(app_context, cast, tmp_path):
    stored = kept(tmp_path, cast, "../../../tmp/evil.sh")
    place = files.path_of(tmp_path, stored.sha256)
    assert place.parent.parent == tmp_path
    assert place.name == stored.sha256
