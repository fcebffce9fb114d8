"""A sample quarter that is closed: sealed, its papers numbered; they are set when somebody asks for them."""

from datetime import UTC, date, datetime, time

from tracker.ledger import snapshots
from tracker.ledger.acts import Act
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.plans import Plan
from tracker.rules.quarters import Quarter

_DAY = 25  # of the month after the quarter: by then circular and leaders' report are due


def play(plan: Plan, clerk: Person, number: int, today: date) -> None:
    """Seal the plan's quarter of that number as of its closing day, where that is over."""
    quarter = Quarter(plan.year, number)
    day = quarter.next.start.replace(day=_DAY)
    if day < today:
        by = Act(plan.organisation_id, clerk, datetime.combine(day, time(8), UTC), day)
        snapshots.seal(by, plan, quarter, day, leads=False)
