"""The office's own texts and Word files: kept, taken back, frozen with a quarter."""

import pytest

from tests.conftest import TODAY
from tracker.ledger import events, files, paper_templates
from tracker.ledger.db import db, transaction
from tracker.ledger.snapshot_content import content_of
from tracker.ledger.tables.plans import Plan
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid, Stale

CIRCULAR = PaperText.CIRCULAR


def save(cast, text, version=0, by="clerk"):
    with transaction():
        paper_templates.save_text(cast.act(by), CIRCULAR, text, version)


def own(cast):
    return paper_templates.own_texts(cast.county)


def test_a_text_is_kept_for_its_office_alone(app_context, cast):
    save(cast, "共{任务总数}项。\r\n　")
    assert own(cast)[CIRCULAR].text == "共{任务总数}项。"
    assert paper_templates.own_texts(cast.neighbour) == {}


def test_a_faulty_or_empty_text_is_refused_with_line_and_place(app_context, cast):
    with pytest.raises(Invalid, match="第2行第1字：没有“甲”这个字段"):
        save(cast, "好\n{甲}")
    with pytest.raises(Invalid, match="不能是空的"):
        save(cast, " \n ")
    assert own(cast) == {}


def test_a_text_that_somebody_else_changed_meanwhile_is_not_overwritten(app_context, cast):
    save(cast, "一")
    with pytest.raises(Stale) as refused:
        save(cast, "二")
    assert refused.value.theirs == "一"
    save(cast, "二", version=1)
    assert (own(cast)[CIRCULAR].text, own(cast)[CIRCULAR].version) == ("二", 2)


def test_restoring_brings_the_default_back_and_twice_is_once(app_context, cast):
    save(cast, "一")
    for _ in range(2):
        with transaction():
            paper_templates.restore_text(cast.act(), CIRCULAR)
    assert own(cast) == {}
    acts = [(event.act, event.before["text"], event.after["text"]) for event in paper_templates.acts(cast.county)]
    assert acts == [("restore", "一", None), ("save", None, "一")]
    assert events.first_break(cast.county) is None


def a_file(cast, folder, content=b"PK template", kind=TemplateKind.CIRCULAR):
    with transaction():
        by = cast.act()
        stored = files.record(by, "通报.docx", files.put(folder, content), len(content))
        paper_templates.use_file(by, kind, stored)


def test_a_word_file_is_used_until_it_is_dropped(app_context, cast, tmp_path):
    a_file(cast, tmp_path)
    assert paper_templates.own_files(cast.county)[TemplateKind.CIRCULAR].file.name == "通报.docx"
    with transaction():
        paper_templates.drop_file(cast.act(), TemplateKind.CIRCULAR)
    assert paper_templates.own_files(cast.county) == {}


def test_a_paper_of_the_ladder_is_set_in_its_own_file_and_no_snapshot_holds_it(app_context, cast, tmp_path):
    a_file(cast, tmp_path, b"PK urging", TemplateKind.URGING)
    assert paper_templates.in_use(cast.county, TemplateKind.URGING, tmp_path) == b"PK urging"
    assert paper_templates.in_use(cast.county, TemplateKind.TALK, tmp_path) is None
    assert paper_templates.in_use(cast.neighbour, TemplateKind.URGING, tmp_path) is None
    assert content_of(db.session.get_one(Plan, cast.plan), Quarter(2025, 1), TODAY).texts == ()


def test_a_snapshot_keeps_the_texts_and_the_hash_of_each_word_file(app_context, cast, tmp_path):
    save(cast, "共{任务总数}项。")
    a_file(cast, tmp_path)
    snapshot = content_of(db.session.get_one(Plan, cast.plan), Quarter(2025, 1), TODAY)
    assert [text.name for text in snapshot.texts] == ["circular", "circular.docx"]
    save(cast, "别的。", version=1)
    assert snapshot.texts[0].text == "共{任务总数}项。"
    assert paper_templates.word_template(snapshot, PaperKind.CIRCULAR, tmp_path) == b"PK template"
    assert paper_templates.word_template(snapshot, PaperKind.LEADERS_REPORT, tmp_path) is None


def test_a_word_file_that_is_lost_is_told_and_not_passed_over(app_context, cast, tmp_path):
    a_file(cast, tmp_path)
    snapshot = content_of(db.session.get_one(Plan, cast.plan), Quarter(2025, 1), TODAY)
    files.path_of(tmp_path, snapshot.texts[0].text).unlink()
    with pytest.raises(Invalid, match="缺失"):
        paper_templates.word_template(snapshot, PaperKind.CIRCULAR, tmp_path)
