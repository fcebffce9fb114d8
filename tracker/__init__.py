"""The work-plan ledger (工作计划台账).  `create_app` assembles it and does nothing else."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

import config
import tracker.cli
import tracker.web.assembly
from tracker.ledger import tables
from tracker.ledger.db import db, prepare_sqlite

ROOT = Path(__file__).resolve().parent
MIGRATIONS = ROOT / "ledger" / "migrations"


def create_app(settings: config.Settings | None = None) -> Flask:
    settings = settings or config.load()
    app = Flask(__name__, template_folder="../templates", static_folder="web/static", instance_path=str(settings.data))
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key or None,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=settings.upload_bytes,
        MAX_FORM_PARTS=5000,
        SEND_FILE_MAX_AGE_DEFAULT=86400,
    )
    settings.data.mkdir(parents=True, exist_ok=True)
    tables.load()
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
    tracker.web.assembly.assemble(app)
    tracker.cli.assemble(app)
    return app


def serving() -> Flask:
    """The application for a web server; refuses to start with settings that are not fit to serve."""
    return create_app(config.load().fit_to_serve())
