"""Lights that the office sets by hand (人工设定): for one unit's share of an item, with a reason, until a day."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.lights import in_force
from tracker.ledger.tables.lights import HandLight
from tracker.ledger.tables.plans import Item
from tracker.ledger.tables.units import Unit
from tracker.rules.dates import written
from tracker.rules.light_rules import LEAST_REASON, LONGEST_REASON, MOST_DAYS_BY_HAND
from tracker.rules.lights import Light
from tracker.rules.refusals import Invalid, NotFound


def set_light(by: Act, item: Item, unit: Unit, light: Light, reason: str, expires_on: date) -> HandLight:
    """It takes the place of one that was set before."""
    if not LEAST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid(f"请写明设定理由，{LEAST_REASON} 至 {LONGEST_REASON} 字。")
    last = by.today + timedelta(days=MOST_DAYS_BY_HAND)
    if not by.today <= expires_on <= last:
        raise Invalid(f"有效期至应为今天至{written(last)}之间的日期（最长 {MOST_DAYS_BY_HAND} 天）。")
    events.hold(by.organisation_id)
    for earlier in _standing(by, item.id, unit.id):
        earlier.withdrawn_on = by.today
    row = HandLight(
        organisation_id=by.organisation_id,
        item_id=item.id,
        unit_id=unit.id,
        light=light,
        reason=reason,
        set_on=by.today,
        expires_on=expires_on,
        set_at=by.at,
        set_by_id=by.person_id,
    )
    db.session.add(row)
    db.session.flush()
    events.record(by, "set_light", "hand_light", row.id, after=_told(row, unit))
    return row


def withdraw(by: Act, hand_light_id: int) -> HandLight:
    """From today on the rule gives the light again; withdrawn twice is withdrawn once."""
    row = db.session.get(HandLight, hand_light_id)
    if row is None or row.organisation_id != by.organisation_id:
        raise NotFound
    if row.withdrawn_on is None:
        row.withdrawn_on = by.today
        unit = db.session.get_one(Unit, row.unit_id)
        events.record(by, "withdraw_light", "hand_light", row.id, before=_told(row, unit))
    return row


def history(item_id: int, unit_id: int, as_of: date) -> list[HandLight]:
    """Every light that was set by hand for the share by then, last first."""
    of_share = select(HandLight).where(HandLight.item_id == item_id, HandLight.unit_id == unit_id)
    newest_first = of_share.where(HandLight.set_on <= as_of).order_by(HandLight.id.desc())
    return list(db.session.scalars(newest_first.options(joinedload(HandLight.set_by))))


def _standing(by: Act, item_id: int, unit_id: int) -> list[HandLight]:
    of_share = (HandLight.item_id == item_id, HandLight.unit_id == unit_id)
    return list(db.session.scalars(select(HandLight).where(*of_share, in_force(by.today))))


def _told(row: HandLight, unit: Unit) -> dict[str, str]:
    until = row.expires_on.isoformat()
    return {"light": row.light.value, "reason": row.reason, "unit": unit.name, "expires_on": until}
