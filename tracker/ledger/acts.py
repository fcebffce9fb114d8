"""Who acts, and when: the first argument of every verb."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.ledger.tables.accounts import Person


@dataclass(frozen=True)
class Act:
    """`person` is None for the program itself (a job, the demo); `today` is the organisation's local date of `at`.

    What an entrance makes has `at` in the organisation's own time, for what is to leave after its quiet hours.
    """

    organisation_id: int
    person: Person | None
    at: datetime
    today: date

    @property
    def person_id(self) -> int | None:
        return self.person.id if self.person else None
