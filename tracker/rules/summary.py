"""The one fold behind every figure: page, print and chart count with it and with nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.duties import DutyKind
from tracker.rules.quarters import Quarter
from tracker.rules.standing import DutyFacts, ShareStanding, Standing, carrying

Tally = Counter[Standing]


@dataclass(frozen=True)
class Summary:
    """Counts of items by standing.

    `by_unit` counts shares, that is the items of each unit as they stand there; `led` says how many of them it leads.
    `by_part` counts the same by unit and whether it leads, `by_cell` by unit and section.
    `report_late` counts those among the unreported items of which the day to report has passed.
    """

    quarter: Quarter
    total: Tally
    by_unit: Mapping[int, Tally]
    led: Counter[int]
    by_section: Mapping[str, Tally]
    by_part: Mapping[tuple[int, bool], Tally]
    by_cell: Mapping[tuple[int, str], Tally]
    report_late: int = 0

    @property
    def items(self) -> int:
        return self.total.total()

    @property
    def spoken(self) -> list[tuple[Standing, int]]:
        """What the sentence counts, in the order in which it is said: the good news first."""
        return [(standing, self.total[standing]) for standing in _SPOKEN if self.total[standing]]

    @property
    def sentence(self) -> str:
        """The sentence that a leader would say of the quarter."""
        if not self.items:
            return f"{self.quarter.label}：暂无任务。"
        parts = [f"{number} 项{standing.label}{self._aside(standing)}" for standing, number in self.spoken]
        return f"{self.quarter.label}：共 {self.items} 项任务，其中 {'，'.join(parts)}。"

    def _aside(self, standing: Standing) -> str:
        late = self.report_late if standing is Standing.UNREPORTED else 0
        return f"（其中 {late} 项未按时填报）" if late else ""

    def cell(self, unit_id: int, section: str) -> tuple[Standing, int] | None:
        """The worst that there is of a unit in a section, and how often; None where it has nothing to do there."""
        tally = self.by_cell.get((unit_id, section))
        return min(tally.items(), key=lambda counted: counted[0].badness) if tally else None

    def worst_first(self, unit_ids: Iterable[int]) -> list[int]:
        """Units by their overdue items, then by those returned or behind, then by those not reported.

        Those alike keep their order; those without items are left out.
        """
        counted = [unit_id for unit_id in unit_ids if unit_id in self.by_unit]
        return sorted(counted, key=lambda unit_id: _troubles(self.by_unit[unit_id]), reverse=True)


def _troubles(tally: Tally) -> tuple[int, int, int]:
    slow = tally[Standing.RETURNED] + tally[Standing.BEHIND]
    return tally[Standing.OVERDUE], slow, tally[Standing.UNREPORTED]


_SPOKEN = (
    Standing.COMPLETED,
    Standing.AHEAD,
    Standing.ON_SCHEDULE,
    Standing.OTHER,
    Standing.UNREPORTED,
    Standing.RETURNED,
    Standing.BEHIND,
    Standing.OVERDUE,
    Standing.UNASSIGNED,
)


def item_standings(shares: Iterable[ShareStanding], item_ids: Iterable[int]) -> dict[int, Standing]:
    """An item stands as the worst of the shares that carry it; one without shares is unassigned."""
    return {item_id: _standing_of(share) for item_id, share in _worst_shares(shares, item_ids).items()}


def _standing_of(worst: ShareStanding | None) -> Standing:
    return worst.standing if worst else Standing.UNASSIGNED


def _worst_shares(shares: Iterable[ShareStanding], item_ids: Iterable[int]) -> dict[int, ShareStanding | None]:
    by_item: dict[int, list[ShareStanding]] = defaultdict(list)
    for share in shares:
        by_item[share.item_id].append(share)
    return {item_id: _worst(carrying(by_item[item_id])) for item_id in item_ids}


def _worst(carried: Sequence[ShareStanding]) -> ShareStanding | None:
    if len(carried) == 1:  # so it is of most items, and nothing has to be compared
        return carried[0]
    return min(carried, key=lambda share: share.pressure, default=None)


def summarise(quarter: Quarter, shares: Iterable[ShareStanding], sections: Mapping[int, str]) -> Summary:
    """Fold the shares of a quarter; `sections` gives every item that counts its outermost heading."""
    counted = [share for share in shares if share.item_id in sections]
    by_unit: dict[int, Tally] = defaultdict(Counter)
    by_part: dict[tuple[int, bool], Tally] = defaultdict(Counter)
    by_cell: dict[tuple[int, str], Tally] = defaultdict(Counter)
    for share in counted:
        by_unit[share.unit_id][share.standing] += 1
        by_part[share.unit_id, share.lead][share.standing] += 1
        by_cell[share.unit_id, sections[share.item_id]][share.standing] += 1
    worst = _worst_shares(counted, sections)
    by_section: dict[str, Tally] = {section: Counter() for section in sections.values()}
    for item_id, carried in worst.items():
        by_section[sections[item_id]][_standing_of(carried)] += 1
    return Summary(
        quarter=quarter,
        total=Counter(map(_standing_of, worst.values())),
        by_unit=by_unit,
        led=Counter(share.unit_id for share in counted if share.lead),
        by_section=by_section,
        by_part=by_part,
        by_cell=by_cell,
        report_late=sum(carried.report_is_late for carried in worst.values() if carried),
    )


def day_to_compare(quarter: Quarter, as_of: date) -> date | None:
    """The day that lay as far from the end of the quarter before; None while the quarter has not begun.

    On one and the same day the quarter before can never have more overdue items: all of its duties are among the
    later quarter's.  Only as it stood at the same moment does it say whether matters have become better.
    """
    return quarter.previous.end + (as_of - quarter.end) if as_of >= quarter.start else None


def comparison(now: Summary, before: Summary) -> str:
    """What has changed since the quarter before, in half a sentence."""
    more = now.total[Standing.OVERDUE] - before.total[Standing.OVERDUE]
    if not more:
        return f"{Standing.OVERDUE.label}项数持平"
    return f"{'多' if more > 0 else '少'} {abs(more)} 项{Standing.OVERDUE.label}"


@dataclass(frozen=True)
class Punctuality:
    """How many of the duties that fell due were done on time: by the plan's own dates, and by those that hold now."""

    total_due: int
    on_time_original: int
    on_time_revised: int

    @property
    def original_percent(self) -> int:
        return self._percent(self.on_time_original)

    @property
    def revised_percent(self) -> int:
        return self._percent(self.on_time_revised)

    def _percent(self, number: int) -> int:
        """Rounded down: 100 % says that nothing is missing."""
        return number * 100 // self.total_due if self.total_due else 0


class Timing(StrEnum):
    """Which duties a list shows, by what became of their dates: each figure of `Punctuality` is one list."""

    DUE = "due"
    ON_TIME = "on_time"
    ON_TIME_REVISED = "on_time_revised"
    LATE = "late"
    EXTENDED = "extended"

    @property
    def label(self) -> str:
        return {
            Timing.DUE: "已到期或已办结",
            Timing.ON_TIME: "按原定期限办结",
            Timing.ON_TIME_REVISED: "按调整后期限未逾期",
            Timing.LATE: "超过原定期限",
            Timing.EXTENDED: "已批准延期",
        }[self]

    def picks(self, duty: DutyFacts, as_of: date) -> bool:
        return has_a_deadline(duty) and self._holds_of(duty, as_of)

    def _holds_of(self, duty: DutyFacts, as_of: date) -> bool:
        if self is Timing.EXTENDED:
            return duty.moved is not None
        if self is Timing.ON_TIME:
            return duty.on_time_original(as_of)
        if self is Timing.ON_TIME_REVISED:
            return duty.on_time_revised(as_of)
        return duty.fell_due(as_of) and not (self is Timing.LATE and duty.on_time_original(as_of))


def by_dates(duties: Iterable[DutyFacts], timing: Timing, as_of: date) -> list[DutyFacts]:
    """Those that the list shows, by the plan's own date."""
    picked = (duty for duty in duties if timing.picks(duty, as_of))
    return sorted(picked, key=lambda duty: (duty.due or date.max, duty.item_id, duty.unit_id, duty.id))


def has_a_deadline(duty: DutyFacts) -> bool:
    """Whether the plan itself sets the date; that of a quarter's report is the ledger's own, and cannot be moved."""
    return duty.kind is not DutyKind.QUARTER_REPORT


def punctuality(duties: Iterable[DutyFacts], as_of: date) -> Punctuality:
    fell_due = by_dates(duties, Timing.DUE, as_of)
    return Punctuality(
        total_due=len(fell_due),
        on_time_original=sum(duty.on_time_original(as_of) for duty in fell_due),
        on_time_revised=sum(duty.on_time_revised(as_of) for duty in fell_due),
    )
