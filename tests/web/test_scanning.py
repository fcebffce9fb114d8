from dataclasses import replace

import pytest

from tracker.rules.refusals import Invalid
from tracker.web import scanning


@pytest.fixture
def scanner(app):
    """Sets the scanner's command, written for a shell that gets the file's path as $0."""

    def set_to(command: str) -> None:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], scan_command=("sh", "-c", command))

    with app.test_request_context():
        yield set_to


def test_without_a_scanner_every_file_passes(app):
    with app.test_request_context():
        scanning.check_clean("通知.pdf", b"x")


def test_a_clean_file_passes_and_the_scanner_saw_its_bytes(scanner):
    scanner('grep -q "clean bytes" "$0"')
    scanning.check_clean("通知.pdf", b"clean bytes")


def test_an_infected_one_is_refused_by_its_name(scanner):
    scanner('echo "Eicar FOUND"; exit 1')
    with pytest.raises(Invalid, match="“通知.pdf”中发现病毒"):
        scanning.check_clean("通知.pdf", b"x")


@pytest.mark.parametrize("command", ["exit 2", "no-such-program", "kill -9 $$"])
def test_one_that_could_not_be_searched_is_refused_too(scanner, command):
    scanner(command)
    with pytest.raises(Invalid, match="未能完成病毒查杀"):
        scanning.check_clean("通知.pdf", b"x")


def test_a_scanner_that_takes_too_long_is_given_up(scanner, monkeypatch):
    monkeypatch.setattr(scanning, "PATIENCE", 0.2)
    scanner("exec sleep 5")
    with pytest.raises(Invalid, match="未能完成病毒查杀"):
        scanning.check_clean("通知.pdf", b"x")


def test_the_name_of_the_file_is_no_part_of_the_command(scanner):
    scanner('test "${0#*upload-}" != "$0"')
    scanning.check_clean("; rm -rf /", b"x")
