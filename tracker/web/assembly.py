"""Puts the pages into the application, with the headers and guards that hold for all of them."""

from datetime import timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

import config
from tracker.web import (
    access,
    addresses,
    alert_rules,
    alerts,
    auth,
    calendar,
    channels,
    closing,
    collection,
    comments,
    dashboard,
    duties,
    errors,
    extensions,
    feeds,
    field,
    filters,
    finding_records,
    findings,
    handovers,
    home,
    imports,
    inspection_cells,
    inspection_parts,
    inspection_plans,
    inspection_sheets,
    inspections,
    instructions,
    item_exports,
    item_leaders,
    item_page,
    items,
    light_rules,
    lights,
    messages,
    notices,
    occurrences,
    organisation,
    paging,
    paper_templates,
    papers,
    people,
    plan_bar,
    preferences,
    quarter_courses,
    report_sheets,
    reports,
    reviews,
    revisions,
    snapshots,
    status,
    tabs,
    tidings,
    units,
    views,
)
from tracker.web.addresses import RecordNumber
from tracker.web.policy import POLICY
from tracker.web.sessions import PageSessions

NOUNS = (
    alert_rules,
    alerts,
    auth,
    calendar,
    channels,
    closing,
    collection,
    comments,
    dashboard,
    duties,
    extensions,
    feeds,
    field,
    finding_records,
    findings,
    handovers,
    home,
    imports,
    inspection_cells,
    inspection_parts,
    inspection_plans,
    inspection_sheets,
    inspections,
    instructions,
    item_exports,
    item_leaders,
    item_page,
    items,
    light_rules,
    lights,
    messages,
    notices,
    occurrences,
    organisation,
    paper_templates,
    papers,
    people,
    preferences,
    quarter_courses,
    report_sheets,
    reports,
    reviews,
    revisions,
    snapshots,
    status,
    tidings,
    units,
    views,
)


def assemble(app: Flask) -> None:
    settings: config.Settings = app.config["SETTINGS"]
    app.url_map.converters["int"] = RecordNumber
    app.session_interface = PageSessions()
    app.config.update(
        BOOTSTRAP_SERVE_LOCAL=True,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.idle_minutes),
        SESSION_COOKIE_NAME="ledger",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # PageSessions does so in its time
        # A form left open over lunch must not lose its text; the session's end ends the token.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
    )
    Talisman(
        app,
        force_https=False,  # an office's server stands in its own network; HTTPS is the proxy's and TRACKER_HTTPS's
        strict_transport_security=settings.https,
        session_cookie_secure=settings.https,
        content_security_policy=POLICY,
        referrer_policy="same-origin",
    )
    CSRFProtect(app)
    Bootstrap5(app)
    access.assemble(app)
    addresses.assemble(app)
    filters.assemble(app)
    errors.assemble(app)
    paging.assemble(app)
    plan_bar.assemble(app)
    tabs.assemble(app)
    for noun in NOUNS:
        app.register_blueprint(noun.pages)
