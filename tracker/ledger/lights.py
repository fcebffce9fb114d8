"""Lights, read from the ledger: the rule in force, what it looks at, and what was set by hand, on any day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.ledger import memory
from tracker.ledger.attainment import figures_handed_in, targets_on
from tracker.ledger.db import db
from tracker.ledger.memory import Deed
from tracker.ledger.standing import Key, Standings, standings
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.lights import HandLight, LightRuleVersion
from tracker.ledger.tables.plans import ItemTarget
from tracker.ledger.tables.reports import ReportVersion
from tracker.ledger.touched import touched
from tracker.rules.attainment import Reached
from tracker.rules.figures import Figure
from tracker.rules.light_rules import from_json
from tracker.rules.lights import DEFAULT_RULE, ByHand, LightFacts, LightRule, Lights
from tracker.rules.quarters import Quarter
from tracker.rules.scheduled import Scheduled, scheduled
from tracker.rules.standing import DutyFacts, DutyState


def version_on(organisation_id: int, as_of: date) -> LightRuleVersion | None:
    """The version in force; None while the office has set none."""
    of_office = select(LightRuleVersion).where(LightRuleVersion.organisation_id == organisation_id)
    in_force = of_office.where(LightRuleVersion.starts_on <= as_of)
    return db.session.scalar(in_force.order_by(LightRuleVersion.starts_on.desc()).limit(1))


def rule_on(organisation_id: int, as_of: date) -> LightRule:
    version = version_on(organisation_id, as_of)
    return from_json(version.rule) if version else DEFAULT_RULE


@dataclass(frozen=True)
class Seen:
    """What a rule looks at, of every share, with the figures behind it."""

    facts: Mapping[Key, LightFacts]
    scheduled: Mapping[Key, list[Scheduled]]


def lights_of(organisation_id: int, found: Standings) -> Lights:
    """What gives these shares their lights on their day: a constant number of questions, however many they are."""
    plan_id, quarter, as_of = found.plan_id, found.quarter, found.as_of
    if plan_id is None:
        return _lights(organisation_id, found)
    whole = partial(standings, plan_id, quarter, as_of)  # whoever asks: the next one may see more of it
    return memory.remembered(
        organisation_id,
        ("lights", plan_id, quarter, as_of),
        make=lambda: _lights(organisation_id, whole()),
        renew=lambda known, deeds: _lit_anew(organisation_id, plan_id, known, deeds, whole()),
        weigh=lambda known: len(known.facts),
    )


def _lights(organisation_id: int, found: Standings) -> Lights:
    rule = rule_on(organisation_id, found.as_of)
    return Lights(rule, seen(organisation_id, found).facts, by_hand(organisation_id, found.as_of))


def _lit_anew(
    organisation_id: int, plan_id: int, known: Lights, deeds: tuple[Deed, ...], found: Standings
) -> Lights | None:
    """What the rule looks at is looked at again where something was done; each thing beside it is one question."""
    told = touched(deeds)
    if told is None:
        return None
    facts = known.facts
    if item_ids := told.items_of(plan_id):
        others = {key: of_share for key, of_share in facts.items() if key[0] not in item_ids}
        facts = {**others, **seen(organisation_id, found.of_items(item_ids)).facts}
    if told.lights:
        late = _rectifications(organisation_id, found.as_of)
        facts = {key: _mended(of_share, late.get(key, 0)) for key, of_share in facts.items()}
        return replace(known, facts=facts, by_hand=by_hand(organisation_id, found.as_of))
    return replace(known, facts=facts)


def _mended(facts: LightFacts, days: int) -> LightFacts:
    return facts if facts.rectification_late == days else replace(facts, rectification_late=days)


def seen(organisation_id: int, found: Standings) -> Seen:
    late, progress = _rectifications(organisation_id, found.as_of), _scheduled(found)
    facts = {
        key: LightFacts(
            share,
            points_behind=max((one.points_behind for one in progress[key]), default=None),
            made_up=_made_up(found.duties[key], found),
            rectification_late=late.get(key, 0),
        )
        for key, share in found.shares.items()
    }
    return Seen(facts, progress)


def _made_up(duties: Iterable[DutyFacts], found: Standings) -> int:
    of_quarter = (duty for duty in duties if duty.quarter == found.quarter)
    return sum(duty.state(found.as_of) is DutyState.DONE_LATE for duty in of_quarter)


def overdue_findings(as_of: date) -> ColumnElement[bool]:
    """Findings that the unit was told of, whose day had passed and which were not closed by then."""
    still_open = or_(Finding.closed_on.is_(None), Finding.closed_on > as_of)
    return and_(Finding.item_id.is_not(None), Finding.notified_on <= as_of, Finding.due < as_of, still_open)


def _rectifications(organisation_id: int, as_of: date) -> dict[Key, int]:
    """Days by which the longest overdue rectification of a share is late."""
    rows = db.session.execute(
        select(Finding.item_id, Finding.unit_id, func.min(Finding.due))
        .where(Finding.organisation_id == organisation_id, overdue_findings(as_of))
        .group_by(Finding.item_id, Finding.unit_id)
    )
    return {(item_id, unit_id): (as_of - due).days for item_id, unit_id, due in rows if item_id is not None}


def _scheduled(found: Standings) -> Mapping[Key, list[Scheduled]]:
    """By share, the targets that are asked of it and have a schedule and a figure."""
    figures = _figures(found)
    progress: dict[Key, list[Scheduled]] = defaultdict(list)
    for target in targets_on(ItemTarget.id.in_(figures), found.as_of) if figures else ():
        for unit_id, told in figures[target.id].items():
            share = found.shares.get((target.item_id, unit_id))
            if share and (share.lead or (target.target.per and not target.target.is_rate)):
                one = _against_the_year(target, told, found)
                progress[share.item_id, unit_id] += [one] if one else []
    return progress


def _figures(found: Standings) -> Mapping[int, Mapping[int, Mapping[Quarter, Figure]]]:
    """By target and unit, of the items that have targets."""
    item_ids = {item_id for item_id, _ in found.shares}
    told = and_(
        ReportVersion.item_id.in_(item_ids),
        select(ItemTarget.id).where(ItemTarget.item_id == ReportVersion.item_id).exists(),
        ReportVersion.unit_id.in_({unit_id for _, unit_id in found.shares}),
        ReportVersion.quarter <= found.quarter,
    )
    return figures_handed_in(told, found.as_of)


def _against_the_year(target: ItemTarget, told: Mapping[Quarter, Figure], found: Standings) -> Scheduled | None:
    """By the last figure of the period that the quarter lies in."""
    asked, begun = target.target, target.target.period(found.quarter)[0]
    known = [quarter for quarter, figure in told.items() if begun <= quarter and figure.value is not None]
    if not known:
        return None
    reached = Reached.of(asked, max(known), told[max(known)], found.as_of)
    return scheduled(target.text, asked, reached, found.as_of)


def findings_late(item_id: int, unit_id: int, as_of: date) -> Sequence[Finding]:
    """Of one share, what is to be mended and is not, the longest overdue first."""
    of_share = (Finding.item_id == item_id, Finding.unit_id == unit_id)
    return db.session.scalars(select(Finding).where(*of_share, overdue_findings(as_of)).order_by(Finding.due)).all()


# Set by hand


def in_force(as_of: date) -> ColumnElement[bool]:
    """Which lights set by hand held on the day."""
    held = or_(HandLight.withdrawn_on.is_(None), HandLight.withdrawn_on > as_of)
    return and_(HandLight.set_on <= as_of, HandLight.expires_on >= as_of, held)


def by_hand(organisation_id: int, as_of: date) -> dict[Key, ByHand]:
    """By share; of several the last one."""
    rows = db.session.scalars(
        select(HandLight)
        .where(HandLight.organisation_id == organisation_id, in_force(as_of))
        .options(joinedload(HandLight.set_by))
        .order_by(HandLight.id)
    )
    return {(row.item_id, row.unit_id): _by_hand(row) for row in rows}


def _by_hand(row: HandLight) -> ByHand:
    return ByHand(row.id, row.light, row.reason, row.set_by.name if row.set_by else "系统", row.expires_on)


def under(rule: LightRule, lights: Lights) -> Lights:
    """The same shares under another rule."""
    return replace(lights, rule=rule)
