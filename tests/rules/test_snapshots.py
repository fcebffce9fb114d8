from dataclasses import replace

import pytest

from tests.sealed import APPROVAL, EAST, JUSTICE, SNAPSHOT
from tracker.rules.snapshots import Correction, Snapshot, counts_of, tally_of
from tracker.rules.standing import Standing


def test_it_comes_back_from_json_as_it_was():
    assert Snapshot.from_json(SNAPSHOT.to_json()) == SNAPSHOT


def test_its_hash_covers_every_word():
    assert replace(SNAPSHOT, plan="另一计划").sha256 != SNAPSHOT.sha256
    shares = (replace(SNAPSHOT.shares[0], problems="个别部门报送不够及时。"), *SNAPSHOT.shares[1:])
    assert replace(SNAPSHOT, shares=shares).sha256 != SNAPSHOT.sha256
    assert Snapshot.from_json(SNAPSHOT.to_json()).sha256 == SNAPSHOT.sha256


def test_what_no_snapshot_is_is_refused():
    for plain in ({}, SNAPSHOT.to_json() | {"nonsense": 1}, SNAPSHOT.to_json() | {"as_of": "2025-02-30"}):
        with pytest.raises(ValueError, match="not a snapshot|day is out of range"):
            Snapshot.from_json(plain)


def test_figures_are_folds_of_what_it_holds():
    assert SNAPSHOT.tally_of_unit(JUSTICE) == {Standing.ON_SCHEDULE: 1, Standing.BEHIND: 1}
    assert SNAPSHOT.tally_of_unit(APPROVAL) == {Standing.OVERDUE: 1}
    assert [(heading, tally.total()) for heading, tally in SNAPSHOT.tally_by_section.items()] == [
        ("一、深化决策公开", 2),
        ("二、强化监督", 1),
    ]
    assert SNAPSHOT.totals.items == len(SNAPSHOT.items)
    assert tally_of(counts_of(SNAPSHOT.totals.tally)) == SNAPSHOT.totals.tally


def test_shares_are_found_by_unit_and_by_item():
    assert [share.item_id for share in SNAPSHOT.shares_by_unit[EAST]] == [11, 12]
    assert [share.role for share in SNAPSHOT.shares_by_item[11]] == ["牵头", "配合", "配合"]


def test_a_later_version_says_that_it_is_corrected():
    assert SNAPSHOT.edition == ""
    later = replace(SNAPSHOT, version=2, correction=Correction("有误", 1, SNAPSHOT.as_of))
    assert later.edition == "更正版（第2版）"
