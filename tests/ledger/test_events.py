from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.conftest import TODAY
from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db, transaction
from tracker.ledger.events import Break
from tracker.ledger.tables.events import Event


@pytest.fixture
def chain(app_context, cast) -> int:
    """The county, with some acts more in its chain; returns the number of its last row."""
    with transaction():
        for number in range(5):
            events.record(cast.act(), "edit", "item", number, before={"task": "旧"}, after={"task": f"新{number}"})
    return last(cast).number


@pytest.fixture
def unguarded(app_context):
    """Somebody with all rights has taken the database's own guard away."""
    with transaction() as session:
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER event_no_{act}"))


def last(cast) -> Event:
    newest = select(Event).where(Event.organisation_id == cast.county).order_by(Event.number.desc())
    return db.session.scalars(newest.limit(1)).one()


def tamper(statement: str, **values: object) -> None:
    with transaction() as session:
        session.execute(text(statement), values)
    db.session.expire_all()


def broken(cast, number: int, reason: str) -> Break:
    return Break(cast.county, number, reason)


# The chain


def test_numbers_run_without_a_gap_and_each_row_holds_the_hash_before_it(cast, chain):
    rows = db.session.scalars(select(Event).where(Event.organisation_id == cast.county).order_by(Event.number)).all()
    assert [row.number for row in rows] == list(range(1, chain + 1))
    assert [row.previous_hash for row in rows] == [events.FIRST_HASH, *(row.hash for row in rows[:-1])]


def test_an_untouched_chain_is_whole(cast, chain):
    assert events.first_break(cast.county) is None
    assert events.first_break(cast.neighbour) is None
    assert events.first_break(999) is None


def test_each_organisation_has_a_chain_of_its_own(cast, chain):
    with transaction():
        events.record(cast.act("stranger"), "edit", "item", 1)
    assert events.first_break(cast.county) is None
    assert events.first_break(cast.neighbour) is None


def test_an_act_that_fails_leaves_no_row(cast, chain):
    def fails() -> None:
        with transaction():
            events.record(cast.act(), "edit", "item", 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert last(cast).number == chain
    assert events.first_break(cast.county) is None


def test_what_was_done_to_a_record_is_told_in_order(cast, chain):
    with transaction():
        events.record(cast.act("leader"), "see", "item", 3)
    told = events.history(cast.county, "item", 3)
    assert [(event.act, event.person.login) for event in told] == [("edit", "clerk"), ("see", "leader")]
    assert events.history(cast.neighbour, "item", 3) == []


def test_the_same_instant_in_another_zone_has_the_same_hash(cast, chain):
    event = last(cast)
    before = events.digest(event)
    with db.session.no_autoflush:
        event.at = event.at.astimezone(timezone(timedelta(hours=8)))
        assert events.digest(event) == before
        db.session.expire(event)


def test_microseconds_and_all_characters_survive_the_database(cast, chain):
    at = datetime(2025, 4, 3, 4, 5, 6, 789_001, UTC)
    act = Act(cast.county, None, at, TODAY)
    said = {"文": "“引号”\n换行\t制表 😀 é \\ / \u2028", "空": None, "数": 1.5, "列": [True, {}]}
    with transaction():
        events.record(act, "edit", "item", 1, before=said, after=said)
    db.session.expire_all()
    assert last(cast).at == at
    assert last(cast).after == said
    assert events.first_break(cast.county) is None


# What the database refuses


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET act = 'x'", "DELETE FROM event", "DELETE FROM event WHERE id=1"]
)
def test_the_database_refuses_to_change_or_delete_a_row(cast, chain, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        tamper(statement)
    assert events.first_break(cast.county) is None


def test_the_database_refuses_a_second_row_of_a_number(cast, chain):
    with pytest.raises(DatabaseError, match="UNIQUE"):
        tamper(
            "INSERT INTO event SELECT 9999, number, at, person_id, act, record, record_id, before, after, "
            "previous_hash, hash, organisation_id FROM event WHERE organisation_id = :o AND number = 2",
            o=cast.county,
        )


# What the chain betrays


@pytest.mark.parametrize(
    "change",
    [
        "act = 'other'",
        "at = '2025-01-01 00:00:00.000000'",
        "person_id = 2",
        "person_id = NULL",
        "record = 'other'",
        "record_id = 99",
        "before = NULL",
        'after = \'{"task": "x"}\'',
    ],
)
def test_a_changed_row_is_found(cast, chain, unguarded, change):
    tamper(f"UPDATE event SET {change} WHERE organisation_id = :o AND number = :n", o=cast.county, n=chain - 2)
    assert events.first_break(cast.county) == broken(cast, chain - 2, "row was changed")


def test_a_changed_row_with_a_hash_to_match_breaks_the_next(cast, chain, unguarded):
    where = {"o": cast.county, "n": chain - 2}
    tamper("UPDATE event SET act = 'other' WHERE organisation_id = :o AND number = :n", **where)
    row = db.session.scalars(select(Event).where(Event.organisation_id == cast.county, Event.number == chain - 2)).one()
    tamper("UPDATE event SET hash = :h WHERE organisation_id = :o AND number = :n", h=events.digest(row), **where)
    assert events.first_break(cast.county) == broken(cast, chain - 1, "does not follow the row before it")


@pytest.mark.parametrize("place", ["first", "middle"])
def test_a_deleted_row_is_found(cast, chain, unguarded, place):
    number = 1 if place == "first" else chain - 2
    tamper("DELETE FROM event WHERE organisation_id = :o AND number = :n", o=cast.county, n=number)
    assert events.first_break(cast.county) == broken(cast, number, "row is missing")


def test_a_deleted_row_is_found_though_the_rest_was_numbered_anew(cast, chain, unguarded):
    tamper("DELETE FROM event WHERE organisation_id = :o AND number = :n", o=cast.county, n=chain - 2)
    for number in (chain - 1, chain):
        tamper(
            "UPDATE event SET number = number - 1 WHERE organisation_id = :o AND number = :n", o=cast.county, n=number
        )
    assert events.first_break(cast.county) == broken(cast, chain - 2, "does not follow the row before it")


def test_an_inserted_row_is_found(cast, chain, unguarded):
    for number in range(chain, chain - 3, -1):
        tamper(
            "UPDATE event SET number = number + 1 WHERE organisation_id = :o AND number = :n", o=cast.county, n=number
        )
    tamper(
        "INSERT INTO event (number, at, act, record, record_id, previous_hash, hash, organisation_id) "
        "SELECT number + 1, at, 'forged', record, record_id, hash, :h, organisation_id FROM event "
        "WHERE organisation_id = :o AND number = :n",
        o=cast.county,
        n=chain - 3,
        h="f" * 64,
    )
    assert events.first_break(cast.county) == broken(cast, chain - 2, "row was changed")


def test_two_rows_swapped_are_found(cast, chain, unguarded):
    for old, new in ((chain - 2, 0), (chain - 1, chain - 2), (0, chain - 1)):
        tamper("UPDATE event SET number = :n WHERE organisation_id = :o AND number = :m", o=cast.county, n=new, m=old)
    assert events.first_break(cast.county) == broken(cast, chain - 2, "does not follow the row before it")


def test_a_row_moved_to_the_neighbouring_county_is_found_in_both(cast, chain, unguarded):
    numbers = select(Event.number).where(Event.organisation_id == cast.neighbour).order_by(Event.number.desc())
    following = db.session.scalars(numbers.limit(1)).one() + 1
    tamper(
        "UPDATE event SET organisation_id = :to, number = :f WHERE organisation_id = :o AND number = :n",
        o=cast.county,
        n=chain - 2,
        to=cast.neighbour,
        f=following,
    )
    assert events.first_break(cast.county) == broken(cast, chain - 2, "row is missing")
    assert events.first_break(cast.neighbour) == Break(cast.neighbour, following, "does not follow the row before it")
