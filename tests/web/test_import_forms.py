import pytest
from werkzeug.datastructures import MultiDict

from tests.drafts import open_draft
from tracker.ledger import imports
from tracker.web.import_forms import AssignForm, names_in, new_units_form


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("县司法局", ["县司法局"]),
        ("县司法局、县财政局，县档案馆；县图书馆", ["县司法局", "县财政局", "县档案馆", "县图书馆"]),
        ("各镇(园区、街道)、县司法局", ["各镇(园区、街道)", "县司法局"]),
        ("、 县司法局 、", ["县司法局"]),
    ],
)
def test_names_are_split_outside_brackets(text, names):
    assert names_in(text) == names


def test_a_name_that_lost_characters_is_not_ticked_for_entering(app):
    with app.test_request_context():
        form = new_units_form(["农财科", "社???"])
        assert [row.form.chosen.data for row in form.rows] == [True, False]


@pytest.mark.parametrize(("scope", "positions"), [("ticked", [1]), ("unled", [2]), ("all", [1, 2, 3])])
def test_the_scope_says_which_items_are_meant(app, cast, scope, positions):
    draft_id = open_draft(app, cast)
    with app.test_request_context(method="POST"):
        draft = imports.draft_of(cast.county, draft_id)
        data = MultiDict({"scope": scope, "items": str(draft.items[0].id), "role": "lead"})
        wanted = AssignForm(formdata=data).item_ids(draft)
    assert [item.position for item in draft.items if item.id in wanted] == positions


def test_a_tampered_id_is_no_item(app):
    with app.test_request_context(method="POST"):
        data = MultiDict([("items", "x"), ("items", "9" * 30), ("scope", "ticked"), ("role", "lead")])
        form = AssignForm(formdata=data)
        assert form.validate()
        assert form.items.data == []
