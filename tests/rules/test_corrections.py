from dataclasses import replace
from decimal import Decimal

from tests.sealed import SHARES, SNAPSHOT
from tracker.rules.corrections import changes_between
from tracker.rules.reports import ProgressClass
from tracker.rules.snapshot_entries import FigureEntry
from tracker.rules.snapshots import Count, Totals
from tracker.rules.standing import Standing


def _with_share(**otherwise):
    return replace(SNAPSHOT, shares=(replace(SHARES[0], **otherwise), *SHARES[1:]))


def test_two_alike_have_no_changes():
    assert changes_between(SNAPSHOT, SNAPSHOT) == ()


def test_texts_classes_and_figures_are_told_with_place_and_both_values():
    figure = FigureEntry("预公开率达95%", Decimal(90), "90%")
    new = _with_share(progress="预公开5件。", progress_class=ProgressClass.AHEAD, figures=(figure,))
    told = [(each.place, each.what, each.before, each.after) for each in changes_between(SNAPSHOT, new)]
    place = "第1项 预公开重大行政决策草案　县司法局"
    assert told == [
        (place, "进度等次", "达进度", "超进度"),
        (place, "工作进展", "专栏框架已建成，预公开决策草案3件。", "预公开5件。"),
        (place, "填报数值“预公开率达95%”", "（无）", "90%"),
    ]


def test_totals_and_the_items_standing_are_told_first():
    items = (replace(SNAPSHOT.items[0], standing=Standing.AHEAD), *SNAPSHOT.items[1:])
    counts = (Count(Standing.AHEAD, 1), Count(Standing.BEHIND, 1), Count(Standing.OVERDUE, 1))
    told = changes_between(SNAPSHOT, replace(SNAPSHOT, items=items, totals=Totals(counts)))
    assert [(each.place, each.what, each.before, each.after) for each in told] == [
        ("全部任务", "达进度", "1 项", "0 项"),
        ("全部任务", "超进度", "0 项", "1 项"),
        ("第1项 预公开重大行政决策草案", "任务状态", "达进度", "超进度"),
    ]
