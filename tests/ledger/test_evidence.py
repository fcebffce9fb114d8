import pytest
from sqlalchemy import func, select

from tests.reporting import content, report_duty, review, save, submit
from tracker.ledger import evidence, files, reports
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.reports import Evidence
from tracker.rules.evidence import MOST_EVIDENCE
from tracker.rules.refusals import Invalid, NotFound, Refusal
from tracker.rules.reports import Verdict

pytestmark = pytest.mark.usefixtures("app_context")
LINK = "https://www.example.gov.cn/zwgk/1.html"


@pytest.fixture
def duty(cast):
    return report_duty(cast)


def add_file(cast, duty, name="通知.pdf", sha256="a" * 64, by="handler"):
    with transaction():
        return evidence.add_file(cast.act(by), duty, name, sha256, 1024)


def add_link(cast, duty, link=LINK, title="公示"):
    with transaction():
        return evidence.add_link(cast.act("handler"), duty, title, link)


def remove(cast, duty, evidence_id, by="handler"):
    with transaction():
        evidence.remove_evidence(cast.act(by), duty, evidence_id)


def titles(duty) -> list[str]:
    report = reports.report_on(duty)
    return [held.title for held in report.evidence] if report else []


def test_a_file_begins_a_report_that_nobody_had_begun(cast, duty):
    held = add_file(cast, duty)
    assert (held.title, held.file.size, held.file.stored_by_id) == ("通知.pdf", 1024, cast.people["handler"])
    assert titles(duty) == ["通知.pdf"]


def test_files_and_links_stand_in_the_order_in_which_they_came(cast, duty):
    save(cast, content(), duty)
    add_file(cast, duty)
    add_link(cast, duty)
    assert titles(duty) == ["通知.pdf", "公示"]


def test_a_link_without_a_name_shows_its_address(cast, duty):
    assert add_link(cast, duty, title=" ").title == LINK


def test_the_same_file_or_link_sent_twice_is_attached_once(cast, duty):
    assert add_file(cast, duty) is add_file(cast, duty)
    assert add_link(cast, duty) is add_link(cast, duty)
    assert titles(duty) == ["通知.pdf", "公示"]
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_the_same_bytes_under_another_name_are_another_piece(cast, duty):
    add_file(cast, duty)
    add_file(cast, duty, "扫描件.pdf")
    assert titles(duty) == ["通知.pdf", "扫描件.pdf"]


def test_a_name_is_shown_without_the_way_to_it(cast, duty):
    assert add_file(cast, duty, "../../etc\\通知\x00.pdf").title == files.showable("../../etc\\通知\x00.pdf")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://example.cn/1", "", "https://" + "x" * 500])
def test_only_addresses_of_the_web_are_links(cast, duty, link):
    with pytest.raises(Invalid):
        add_link(cast, duty, link)
    assert reports.report_on(duty) is None


def test_there_is_an_end_to_it(cast, duty):
    for number in range(MOST_EVIDENCE):
        add_link(cast, duty, f"{LINK}?{number}")
    with pytest.raises(Invalid, match=str(MOST_EVIDENCE)):
        add_link(cast, duty)


def test_nothing_is_added_or_removed_once_it_is_handed_in(cast, duty):
    held = add_file(cast, duty)
    submit(cast, content(), duty)
    with pytest.raises(Refusal, match="正在审核"):
        add_link(cast, duty)
    with pytest.raises(Refusal, match="正在审核"):
        remove(cast, duty, held.id)
    assert titles(duty) == ["通知.pdf"]


def test_what_is_removed_is_gone_once_and_the_second_click_finds_nothing(cast, duty):
    held = add_file(cast, duty).id
    remove(cast, duty, held)
    remove(cast, duty, held)
    assert titles(duty) == []


def test_a_colleague_removes_it_too_but_through_another_report_nobody_does(cast, duty):
    held = add_file(cast, duty).id
    remove(cast, report_duty(cast, 2), held)
    remove(cast, report_duty(cast, unit="东镇"), held, by="town")
    assert titles(duty) == ["通知.pdf"]
    remove(cast, duty, held, by="colleague")
    assert titles(duty) == []


def test_a_version_handed_in_keeps_what_was_removed_since(cast, duty):
    held = add_file(cast, duty)
    report = submit(cast, content(), duty)
    review(cast, report, Verdict.RETURN, "请更换。")
    file = held.file
    remove(cast, duty, held.id)
    submit(cast, content("改稿。"), duty)
    assert report.versions[1].more["evidence"] == []
    assert evidence.handed_in_file(report, 1, 0) is file
    for number, place in ((1, 1), (2, 0), (3, 0)):
        with pytest.raises(NotFound):
            evidence.handed_in_file(report, number, place)


def test_a_link_is_no_file_to_hand_out(cast, duty):
    add_link(cast, duty)
    report = submit(cast, content(), duty)
    with pytest.raises(NotFound):
        evidence.handed_in_file(report, 1, 0)


def test_the_owner_the_colleague_and_the_office_reach_it(cast, duty):
    held = add_file(cast, duty)
    own = frozenset({cast.units["县司法局"]})
    assert evidence.evidence_of(cast.county, held.id, own) is held
    assert evidence.evidence_of(cast.county, held.id, None) is held


def test_another_unit_and_another_organisation_do_not(cast, duty):
    held = add_file(cast, duty).id
    for organisation, scope in (
        (cast.county, frozenset({cast.units["东镇"]})),
        (cast.county, frozenset()),
        (cast.neighbour, None),
        (cast.neighbour, frozenset({cast.units["县司法局"]})),
    ):
        with pytest.raises(NotFound):
            evidence.evidence_of(organisation, held, scope)
    assert db.session.get(Evidence, held) is not None
