"""The circular of a sealed quarter: seen by the units once it is sent, and signed for by each."""

import pytest

from tests.closing import LATER, correct, finish, report_first_item, seal
from tests.conftest import noon
from tests.reporting import content, rate, report_duty, review, submit
from tracker.ledger import circulation, events, files, paper_register, papers
from tracker.ledger.db import transaction
from tracker.ledger.paper_register import Asked
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")


def circular_of(snapshot, kind=PaperKind.CIRCULAR):
    return next(paper for paper in papers.papers_of(snapshot) if paper.kind is kind)


def kept(cast, snapshot, tmp_path, kind=PaperKind.CIRCULAR):
    """A paper of the set, with its PDF."""
    paper = circular_of(snapshot, kind)
    with transaction():
        papers.keep_file(cast.act(on=LATER), paper, "pdf", files.put(tmp_path, b"%PDF"), 4)
    return paper


def send(cast, paper):
    with transaction():
        return circulation.send(cast.act(on=LATER), paper)


def sign(cast, paper, login, unit, name="王某"):
    with transaction():
        circulation.receive(cast.act(login, LATER), paper, [cast.units[unit]], name)


def test_a_unit_sees_it_from_the_moment_it_is_sent_and_not_before(cast, tmp_path):
    paper, east = kept(cast, seal(cast), tmp_path), {cast.units["东镇"]}
    listed = [line.id for line in paper_register.lines(cast.county, east, Asked("circular"), 9, 0)]
    assert listed == []
    with pytest.raises(NotFound):
        papers.paper_of(cast.county, paper.id, east)
    assert send(cast, paper) == 4
    [line] = paper_register.lines(cast.county, east, Asked("circular"), 9, 0)
    assert (line.id, line.unit, line.wanted_receipt, line.received_by) == (paper.id, "东镇", True, "")
    assert line.state == "已发送"
    assert papers.paper_of(cast.county, paper.id, east).id == paper.id


def test_each_unit_signs_for_its_own_copy_and_the_office_sees_how_many_have(cast, tmp_path):
    paper = kept(cast, seal(cast), tmp_path)
    send(cast, paper)
    sign(cast, paper, "town", "东镇", " 张某 ")
    sign(cast, paper, "town", "东镇", "张某")
    copies = {receipt.unit.name: (receipt.received_by, receipt.received_at) for receipt in paper.receipts}
    assert copies.pop("东镇") == ("张某", noon(LATER))
    assert set(copies.values()) == {("", None)}
    [line] = paper_register.lines(cast.county, None, Asked("circular"), 9, 0)
    assert (line.unit, line.state) == ("4 个单位", "已发送，已签收 1/4")
    assert [event.act for event in events.history(cast.county, "paper", paper.id)][-2:] == ["send", "receive"]


def test_nobody_signs_twice_for_another_or_without_a_name(cast, tmp_path):
    paper = kept(cast, seal(cast), tmp_path)
    with pytest.raises(Forbidden):
        sign(cast, paper, "town", "东镇")
    send(cast, paper)
    sign(cast, paper, "town", "东镇", "张某")
    with pytest.raises(Refusal, match="已由张某签收"):
        sign(cast, paper, "town", "东镇", "李某")
    with pytest.raises(Invalid, match="请填写签收人"):
        sign(cast, paper, "handler", "县司法局", " ")


def test_pressed_twice_it_is_sent_once(cast, tmp_path):
    paper = kept(cast, seal(cast), tmp_path)
    assert (send(cast, paper), send(cast, paper)) == (4, 4)
    assert [event.act for event in events.history(cast.county, "paper", paper.id)].count("send") == 1


def test_only_a_circular_that_is_set_is_sent(cast, tmp_path):
    snapshot = seal(cast)
    with pytest.raises(Refusal, match="情况通报尚未生成"):
        send(cast, circular_of(snapshot))
    with pytest.raises(Refusal, match="只有情况通报发送各单位"):
        send(cast, kept(cast, snapshot, tmp_path, PaperKind.LEDGER))


def test_a_corrected_circular_is_sent_in_its_new_version(cast, tmp_path):
    report_first_item(cast)
    first = seal(cast)
    old = kept(cast, first, tmp_path)
    correction = correct(cast, first, 0)
    report = submit(cast, content("更正。", {rate(cast): "90"}), report_duty(cast), on=LATER)
    review(cast, report, Verdict.ACCEPT, on=LATER)
    new = kept(cast, finish(cast, correction), tmp_path)
    with pytest.raises(Refusal, match="请发送更正版的情况通报"):
        send(cast, old)
    assert send(cast, new) == 4
