"""Extensions for tests: applying, deciding, withdrawing; inside an application context."""

from datetime import date

from tests.conftest import TODAY, Cast
from tests.reporting import Q3, duty_of_kind
from tracker.ledger import extensions
from tracker.ledger.db import db, transaction
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.organisations import Organisation
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import Application, ExtensionLevel
from tracker.rules.reports import Verdict

DUE, UNTIL = date(2025, 8, 31), date(2025, 10, 31)


def milestone(cast: Cast) -> Duty:
    """县司法局, the first item, by the end of August."""
    return duty_of_kind(cast, DutyKind.MILESTONE, 0, quarter=Q3)


def set_levels(cast: Cast, levels: int) -> None:
    with transaction():
        db.session.get_one(Organisation, cast.county).extension_levels = levels


def asked(new_due: date | None = UNTIL, reason: str = "专栏改版推迟。", progress: str = "已完成招标。") -> Application:
    return Application(new_due, reason, progress)


def apply(cast: Cast, what: Application | None = None, duty=None, by="handler", on: date = TODAY) -> Extension:
    with transaction():
        return extensions.apply(cast.act(by, on), duty or milestone(cast), what or asked())


def judge(
    cast: Cast, extension: Extension, level: ExtensionLevel, verdict=Verdict.ACCEPT, reason="", by="clerk", on=TODAY
):
    with transaction():
        return extensions.judge(cast.act(by, on), extension, level, verdict, reason, extension.version)


def approve(cast: Cast, extension: Extension, on: date = TODAY) -> Extension:
    """Through the office and, where it is asked, the leader."""
    judge(cast, extension, ExtensionLevel.OFFICE, on=on)
    if extension.state.is_open:
        judge(cast, extension, ExtensionLevel.LEADER, by="leader", on=on)
    return extension


def withdraw(cast: Cast, extension: Extension, by: str = "handler", version: int | None = None) -> None:
    with transaction():
        extensions.withdraw(cast.act(by), extension, extension.version if version is None else version)
