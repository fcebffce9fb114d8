import zipfile
from io import BytesIO

import pytest

from tracker.reading import archive
from tracker.rules.refusals import Invalid


def packed(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    return file.getvalue()


def test_a_sound_archive_tells_its_members():
    assert archive.members(packed(a=b"1", b=b"2")) == {"a", "b"}


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MOST_MEMBERS", 1)
    with pytest.raises(Invalid, match="部件超过"):
        archive.members(packed(a=b"1", b=b"2"))


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused():
    bomb = packed(a=bytes(archive.MOST_UNPACKED + 1))
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="过大"):
        archive.members(bomb)


def test_a_damaged_archive_is_refused():
    with pytest.raises(Invalid, match="损坏"):
        archive.members(packed(a=b"1")[:-10])


def test_a_locked_member_is_refused():
    data = bytearray(packed(a=b"1"))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    with pytest.raises(Invalid, match="密码"):
        archive.members(bytes(data))


def test_members_that_share_bytes_are_refused():
    data = packed(a=b"1" * 40, b=b"2" * 40)
    first, second = (data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02"))
    trap = bytearray(data)
    trap[second + 42 : second + 46] = trap[first + 42 : first + 46]
    with pytest.raises(Invalid, match="损坏"):
        archive.members(bytes(trap))


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/../../x", "..\\x", "C:\\x"])
def test_a_member_that_points_elsewhere_is_refused(name):
    with pytest.raises(Invalid, match="指向别处"):
        archive.members(packed(**{name: b"1"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document_type_is_refused(encoding):
    xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
    with pytest.raises(Invalid, match="DTD"):
        archive.members(packed(a=xml.encode(encoding)))


def test_a_member_longer_than_it_says_is_refused():
    data = packed(a=b"1" * 4000)
    size = (4000).to_bytes(4, "little")
    with pytest.raises(Invalid, match="损坏"):
        archive.members(data.replace(size, (5).to_bytes(4, "little")))
