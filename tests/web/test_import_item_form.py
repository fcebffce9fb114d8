from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from tests.drafts import NO_YEAR, edit, open_draft
from tracker.ledger import imports
from tracker.rules.deadlines import Deadline, DeadlineKind, Every
from tracker.rules.targets import Op, Per, Target
from tracker.web.import_item_form import ItemForm, item_form


@pytest.fixture
def request_(app):
    with app.test_request_context(method="POST"):
        yield


def sent(**fields: str) -> ItemForm:
    """A form as a browser sends it: `units_0_name` for units-0-name."""
    names = {name.replace("_", "-") if "_" in name else name: value for name, value in fields.items()}
    return ItemForm(formdata=MultiDict({"task": "公开。", **names}))


def deadline(**fields: str) -> ItemForm:
    return sent(**{f"deadlines_0_{name}": value for name, value in fields.items()})


def test_a_form_that_comes_back_untouched_says_what_the_item_says(app, cast):
    draft_id = open_draft(app, cast, NO_YEAR)
    with app.test_request_context():
        for item in imports.draft_of(cast.county, draft_id).items:
            shown = item_form(item)
            posted = MultiDict((field.name, field._value()) for field in _fields(shown) if hasattr(field, "_value"))
            posted.update((field.name, field.data) for field in _fields(shown) if not hasattr(field, "_value"))
            form = ItemForm(formdata=posted)
            assert form.validate(), form.problems
            assert form.edit() == edit(item)


def _fields(form):
    from tracker.web.import_item_form import _leaves

    return list(_leaves(form))


def test_an_empty_row_counts_for_nothing(request_):
    form = sent(units_0_name=" ", units_0_role="support", targets_0_text="", deadlines_0_kind="")
    assert form.validate()
    assert (form.edit().units, form.edit().targets, form.edit().deadlines) == ([], [], [])


def test_line_ends_of_the_browser_are_the_documents(request_):
    form = sent(section="保障措施\r\n组织领导", goal="一\r\n二")
    assert list(form.edit().section) == ["保障措施", "组织领导"]
    assert form.edit().goal == "一\n二"


def test_the_same_unit_named_twice_is_one(request_):
    form = sent(units_0_name="县司法局", units_0_role="lead", units_1_name="县司法局", units_1_role="lead")
    assert form.edit().units == [("县司法局", True)]


def test_a_target_takes_its_words_from_its_figures_where_it_has_none(request_):
    form = sent(targets_0_value="1", targets_0_measure="次", targets_0_per="year", targets_0_op=">=")
    assert form.validate()
    assert form.edit().targets == [("每年不少于1次", Target(Op.AT_LEAST, Decimal(1), "次", Per.YEAR))]


@pytest.mark.parametrize("value", ["多", "NaN", "Infinity", "1e99", "0.1234567"])
def test_a_target_needs_a_figure(request_, value):
    form = sent(targets_0_text="预公开率", targets_0_value=value, targets_0_op=">=")
    assert not form.validate()
    assert [id for id, _ in form.problems] == ["targets-0-value"]


def test_a_target_without_a_figure_says_how_to_take_it_out(request_):
    form = sent(targets_0_text="预公开率", targets_0_op=">=")
    assert not form.validate()
    assert "整行清空" in form.problems[0][1]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"kind": "date", "due": "2025-08-31"}, Deadline(DeadlineKind.DATE, due=date(2025, 8, 31))),
        ({"kind": "recurring", "every": "quarter"}, Deadline(DeadlineKind.RECURRING, every=Every.QUARTER)),
        (
            {"kind": "relative", "days": "3", "workdays": "1"},
            Deadline(DeadlineKind.RELATIVE, days=3, workdays=True),
        ),
        ({"kind": "undetermined"}, Deadline(DeadlineKind.UNDETERMINED)),
    ],
)
def test_a_deadline_takes_what_its_kind_wants(request_, fields, wanted):
    form = deadline(**fields)
    assert form.validate(), form.problems
    assert form.edit().deadlines == [(wanted.label, wanted)]


def test_what_belongs_to_another_kind_counts_for_nothing(request_):
    form = deadline(text="年底前", kind="date", due="2025-12-31", every="quarter", days="3", workdays="1")
    assert form.edit().deadlines == [("年底前", Deadline(DeadlineKind.DATE, due=date(2025, 12, 31)))]


@pytest.mark.parametrize(
    ("fields", "place", "sentence"),
    [
        ({"kind": "date"}, "due", "请填写截止日期"),
        ({"kind": "date", "due": "2025-02-30"}, "due", "日期不存在"),
        ({"kind": "recurring"}, "every", "请填写频次"),
        ({"kind": "relative", "days": "0"}, "days", "1 至 3660"),
        ({"text": "年底前"}, "kind", "请选择时限类型"),
        ({"text": "年底前", "kind": "whenever"}, "kind", "请从列出的选项中选择"),
    ],
)
def test_a_deadline_that_lacks_something_says_what(request_, fields, place, sentence):
    form = deadline(**fields)
    assert not form.validate()
    assert form.problems[0][0] == f"deadlines-0-{place}"
    assert sentence in form.problems[0][1]


def test_every_error_is_in_chinese(request_):
    form = sent(task="", units_0_name="名" * 101, targets_0_value="x", targets_0_op="??", deadlines_0_kind="?")
    assert not form.validate()
    assert not any(word in sentence for _, sentence in form.problems for word in ("Not", "Invalid", "field"))


def test_a_recurring_deadline_may_name_its_day_and_a_relative_one_its_event(request_):
    every_quarter = {"task": "公开。", "deadlines-0-kind": "recurring", "deadlines-0-every": "quarter"}
    in_the_last_month = {"deadlines-0-month_of_period": "3", "deadlines-0-day": "20"}
    form = ItemForm(formdata=MultiDict(every_quarter | in_the_last_month))
    assert form.validate(), form.problems
    assert form.edit().deadlines == [
        ("每季度末月20日前", Deadline(DeadlineKind.RECURRING, every=Every.QUARTER, day=20, month_of_period=3))
    ]
    form = sent(**{"deadlines-0-kind": "relative", "deadlines-0-days": "3", "deadlines-0-event": "政策文件发布"})
    assert form.validate(), form.problems
    assert form.edit().deadlines[0][1].event == "政策文件发布"


def test_a_day_that_the_period_lacks_is_refused_beside_its_field(request_):
    form = sent(**{"deadlines-0-kind": "recurring", "deadlines-0-every": "week", "deadlines-0-day": "9"})
    assert not form.validate()
    assert [place for place, _ in form.problems] == ["deadlines-0-day"]
