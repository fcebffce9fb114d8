"""The notice of an inspection (检查通知) as a value: all that it says, to the office and to each unit."""

from dataclasses import dataclass
from datetime import date

from tracker.rules.inspections import Reach, number_of


@dataclass(frozen=True)
class Visit:
    """One unit of the notice's schedule."""

    unit: str
    visit_on: date | None
    checkers: tuple[str, ...]
    items: int


@dataclass(frozen=True)
class InspectionNotice:
    """All that a notice of inspection says.  `number` is None while it is not notified.

    A unit's own copy names it as addressee, and its visit alone; the office's copy is addressed to all of them.
    """

    year: int
    number: int | None
    issuer: str
    addressee: str
    dated: date
    check_word: str
    plan: str
    quarter: str
    title: str
    basis: str
    criteria: tuple[tuple[str, str], ...]
    methods: tuple[str, ...]
    starts_on: date
    ends_on: date
    self_check_due: date | None
    answer_days: int
    team: tuple[str, ...]
    drawn: str
    visits: tuple[Visit, ...]
    received: str = ""
    sample: bool = False

    @property
    def named(self) -> str:
        return number_of(self.year, self.number) if self.number else "检查（未编号）"


def drawn_words(reach: Reach, units: int, candidates: int, seed: str, draws: int, *, by_group: bool) -> str:
    """How the units were chosen, in a sentence that lets anybody draw again."""
    if reach is Reach.ALL:
        return f"承担任务的全部 {units} 个单位"
    if reach is Reach.CHOSEN:
        return f"指定 {units} 个单位"
    how = "按单位组分层随机抽取" if by_group else "随机抽取"
    again = f"（第 {draws} 次抽取）" if draws > 1 else ""
    return f"从 {candidates} 个承担任务的单位中{how} {units} 个，抽取号码“{seed}”{again}"
