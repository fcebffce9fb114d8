"""Organisations: founding one, finding it by name, and the rules that its office sets (办理规则)."""

from datetime import date, datetime

from sqlalchemy import select

from tracker.ledger import duties, events, plans, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.duty_terms import Extent
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.organisations import Organisation
from tracker.ledger.tables.units import Unit
from tracker.rules import organisations as rules
from tracker.rules.organisations import OfficeRules
from tracker.rules.permissions import Role
from tracker.rules.refusals import Invalid, Stale


def found(name: str, at: datetime, today: date, *, check_word: str = "检查", sample: bool = False) -> Act:
    """A new organisation, and the program's act in it; raise Invalid where the name is taken.

    The founding is the first event of the organisation's audit chain.
    """
    if named(name):
        raise Invalid(f"已有名为“{name}”的机构。")
    organisation = Organisation(name=name, check_word=check_word, report_day=5, sample=sample)
    db.session.add(organisation)
    db.session.flush()
    by = Act(organisation.id, None, at, today)
    events.record(by, "found", "organisation", organisation.id, after={"name": name})
    return by


def named(name: str) -> Organisation | None:
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def every_organisation() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.id)))


# The office's rules


RULES = (  # in the order of OfficeRules
    Organisation.review_levels,
    Organisation.extension_levels,
    Organisation.report_day,
    Organisation.check_word,
    Organisation.sealing_levels,
)


def rules_of(organisation: Organisation) -> OfficeRules:
    return OfficeRules(*(getattr(organisation, rule.key) for rule in RULES))


def set_rules(by: Act, seen: OfficeRules, new: OfficeRules) -> int:
    """Change the rules; return how many dates moved with the day of reporting.  The same change sent twice is one.

    `seen` are the rules that stood when the form was filled in.  What waits for a judgement goes on by the rules under
    which it was handed in.
    """
    new.check()
    events.hold(by.organisation_id)
    organisation = db.session.get_one(Organisation, by.organisation_id, populate_existing=True)
    old = rules_of(organisation)
    before, after = rules.changes(old, new)
    if not after:
        return 0
    if old != seen:
        raise Stale("办理规则在您打开之后已被修改，您的修改尚未保存。请对照现行规则后再保存。", theirs=old)
    for name, value in after.items():
        setattr(organisation, name, value)
    db.session.flush()
    events.record(by, "set_rules", "organisation", organisation.id, before, after)
    return _move_reports(by) if "report_day" in after else 0


def _move_reports(by: Act) -> int:
    """Bring what is not reported yet to the new day."""
    extent = Extent(dates_only=True)
    return sum(len(duties.bring_up_to_date(by, plan, extent)) for plan in plans.plans_of(by.organisation_id))


def units_without_head(organisation_id: int, day: date) -> list[Unit]:
    """The standing units for which nobody could give the head's word that day."""
    headed = {post.unit_id for post in _posts(organisation_id, day, Role.UNIT_HEAD)}
    standing = (unit for unit in units.units_of(organisation_id) if units.stands_on(unit, day))
    return [unit for unit in standing if unit.id not in headed]


def has_leader(organisation_id: int, day: date) -> bool:
    return bool(_posts(organisation_id, day, Role.GROUP_LEADER, Role.GROUP_DEPUTY))


def _posts(organisation_id: int, day: date, *roles: Role) -> list[Post]:
    """Those held that day by people whose accounts are open."""
    held = (Person.organisation_id == organisation_id, Person.active, Post.role.in_(roles))
    return [post for post in db.session.scalars(select(Post).join(Post.person).where(*held)) if post.held_on(day)]
