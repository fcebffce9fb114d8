"""Leaders who answer for items (责任领导): entered by the office, one item or many at once, and kept by day."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.item_leaders import ItemLeader
from tracker.ledger.tables.plans import Item
from tracker.rules.item_leaders import check_leader
from tracker.rules.refusals import NotFound


def name_leaders(by: Act, names: Mapping[int, str]) -> int:
    """Name these items' leaders from today on; how many are other than before.  An empty name takes it away."""
    events.hold(by.organisation_id)
    of_office = (Item.organisation_id == by.organisation_id, Item.id.in_(names))
    items = list(db.session.scalars(select(Item).where(*of_office).order_by(Item.position)))
    if len(items) != len(names):
        raise NotFound
    wanted = {item.id: check_leader(item.position, names[item.id]) for item in items}
    known = leaders_of(wanted, by.today)
    changed = {item_id: name for item_id, name in wanted.items() if name != known.get(item_id, "")}
    for item_id, name in changed.items():
        _name(by, item_id, known.get(item_id, ""), name)
    db.session.flush()
    return len(changed)


def _name(by: Act, item_id: int, before: str, name: str) -> None:
    row = ItemLeader(
        organisation_id=by.organisation_id,
        item_id=item_id,
        name=name,
        named_on=by.today,
        named_at=by.at,
        named_by_id=by.person_id,
    )
    db.session.add(row)
    events.record(by, "name_leader", "item", item_id, {"leader": before}, {"leader": name})


def leaders_of(item_ids: Collection[int], as_of: date) -> dict[int, str]:
    """By item, the last name entered by the day; items for which none was ever entered are left out.

    The first name counts for the days before it, too: it says who answered for the item all along, and the office
    enters it only when it comes to print the papers of a day gone by.
    """
    found: dict[int, str] = {}
    query = select(ItemLeader).where(ItemLeader.item_id.in_(item_ids)).order_by(ItemLeader.id)
    for row in db.session.scalars(query):
        if row.named_on <= as_of or row.item_id not in found:
            found[row.item_id] = row.name
    return found
