"""Figures as reports keep them."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.conftest import TODAY
from tests.reporting import Q1, Q2, content, percent, rate, report_duty, review, save, submit
from tracker.ledger import figures, occurrences
from tracker.ledger.db import db, transaction
from tracker.ledger.figures import as_json, counted, figures_said, last_handed_in
from tracker.ledger.occurrences import Registered
from tracker.ledger.tables.plans import Item, ItemTarget
from tracker.ledger.tables.units import Unit
from tracker.rules.figures import Before, Exclusion, Figure, Rate
from tracker.rules.refusals import Invalid, NotFound
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")
EXCLUDED = Rate(Decimal(8), Decimal(10), (Exclusion(Decimal(1), "申请人撤回"), Exclusion(None, "移送")))


@pytest.fixture
def held(cast) -> ItemTarget:
    """The count of open days, which every unit owes."""
    return db.session.scalars(select(ItemTarget).where(ItemTarget.item_id == cast.items[1])).one()


def register(cast, target, day, amount, unit="东镇") -> None:
    with transaction():
        what = Registered(f"政府开放日 {day}", day, Decimal(amount), target_id=target.id)
        item = db.session.get_one(Item, cast.items[1])
        occurrences.register(cast.act("clerk"), item, db.session.get_one(Unit, cast.units[unit]), what)


@pytest.mark.parametrize(
    "figure",
    [
        Figure(Decimal("12.5")),
        Figure(Decimal(3), counted=True),
        Figure(Decimal(2), reason="一次重复填报"),
        Figure.of(EXCLUDED),
        Figure.of(Rate(Decimal(0), Decimal(0))),
        Figure.of(Rate(None, Decimal(5))),
    ],
)
def test_a_figure_comes_back_as_it_was_told(figure):
    assert figures_said({"figures": {"7": as_json(figure)}}) == {7: figure}


def test_the_first_versions_gave_bare_numbers():
    assert figures_said({"figures": {"7": "95"}}) == {7: Figure(Decimal(95))}


def test_a_rate_that_is_typed_is_refused(cast):
    with pytest.raises(Invalid, match="由已办结数和应办数算出"):
        save(cast, content(figures={rate(cast): Figure(Decimal(95))}), report_duty(cast))


def test_half_a_rate_is_kept_and_not_handed_in(cast):
    half = content(figures={rate(cast): Figure.of(Rate(Decimal(5), None))})
    assert save(cast, half, report_duty(cast)).figures[0].value is None
    with pytest.raises(Invalid, match="请填写“预公开率达95%”的应办数"):
        submit(cast, half, report_duty(cast))


def test_what_was_handed_in_last_is_known_with_its_quarter(cast, held):
    def before(quarter):
        return last_handed_in([held.item_id], quarter, [cast.units["东镇"]]).get((held.item_id, cast.units["东镇"]), {})

    report = submit(cast, content(figures={held.id: Figure(Decimal(2))}), report_duty(cast, 1, "东镇"), by="town")
    review(cast, report, Verdict.RETURN, "请核对。")
    save(cast, content(figures={held.id: Figure(Decimal(9))}), report_duty(cast, 1, "东镇"), by="town")
    assert before(Q2) == {held.id: Before(Q1, Figure(Decimal(2)))}
    assert before(Q1) == {}


def test_a_count_that_went_back_is_not_handed_in_without_a_word(cast, held):
    submit(cast, content(figures={held.id: Figure(Decimal(2))}), report_duty(cast, 1, "东镇"), by="town")
    later = report_duty(cast, 1, "东镇", Q2)
    with pytest.raises(Invalid, match="的 2次 减为 1次，请填写减少原因"):
        submit(cast, content(figures={held.id: Figure(Decimal(1))}), later, by="town")
    told = Figure(Decimal(1), reason="一次重复填报")
    submit(cast, content(figures={held.id: told}), later, by="town")


def test_registered_events_add_up_to_the_quarters_end(cast, held):
    for day, amount in ((date(2025, 2, 1), 2), (date(2025, 3, 31), 1), (date(2025, 4, 1), 4)):
        register(cast, held, day, amount)
    town = cast.units["东镇"]
    assert counted([held], [town], Q1, TODAY) == {(held.id, town): Figure(Decimal(3), counted=True)}
    assert counted([held], [town], Q2, TODAY) == {(held.id, town): Figure(Decimal(7), counted=True)}
    assert counted([held], [cast.units["西镇"]], Q2, TODAY) == {}
    assert counted([held], [town], Q1, date(2025, 4, 2)) == {}


def test_what_is_registered_takes_the_place_of_what_was_typed(cast, held):
    register(cast, held, date(2025, 3, 1), 2)
    report = submit(cast, content(figures={held.id: Figure(Decimal(9))}), report_duty(cast, 1, "东镇"), by="town")
    assert figures.figure_kept(report.figures[0]) == Figure(Decimal(2), counted=True)


def test_another_items_target_is_not_found(cast, held):
    with pytest.raises(NotFound):
        save(cast, content(figures={held.id: percent(1)}), report_duty(cast))
