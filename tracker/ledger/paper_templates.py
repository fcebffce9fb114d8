"""The office's own texts and Word files for its papers: kept, put back to the default, and frozen with a quarter."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.ledger import events, files
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.tables.events import Event
from tracker.ledger.tables.files import StoredFile
from tracker.ledger.tables.paper_templates import OfficeTemplate, PaperTemplate
from tracker.rules.office_templates import TemplateKind
from tracker.rules.paper_defaults import PaperText
from tracker.rules.paper_kinds import PaperKind
from tracker.rules.paper_texts import Template
from tracker.rules.refusals import Invalid, Stale
from tracker.rules.snapshots import OfficeText, Snapshot

_WORD = ".docx"  # behind the kind: the hash of the Word file that was in force

# Texts


def own_texts(organisation_id: int) -> dict[PaperText, PaperTemplate]:
    """Those that the office has written; of the others the default holds."""
    query = select(PaperTemplate).where(PaperTemplate.organisation_id == organisation_id)
    return {each.kind: each for each in db.session.scalars(query.options(joinedload(PaperTemplate.saved_by)))}


def save_text(by: Act, kind: PaperText, text: str, version: int) -> None:
    """`version` is that of the text which was changed, 0 for the default; raise Stale where another one stands now."""
    text = _lines(text)
    if not text:
        raise Invalid("模板不能是空的。要用通用文字，请点“恢复通用文字”。")
    if faults := Template(text).faults:
        raise Invalid("；".join(fault.sentence for fault in faults))
    events.hold(by.organisation_id)
    kept = own_texts(by.organisation_id).get(kind)
    if version != (kept.version if kept else 0):
        raise Stale("这份模板刚才已被他人修改，请核对后再保存。", kept.text if kept else kind.default)
    before = kept.text if kept else None
    if text == before:
        return
    if kept is None:
        kept = PaperTemplate(organisation_id=by.organisation_id, kind=kind, version=0)
        db.session.add(kept)
    kept.text, kept.version, kept.saved_at, kept.saved_by_id = text, kept.version + 1, by.at, by.person_id
    db.session.flush()
    events.record(by, "save", "paper_template", kept.id, _told(kind, before), _told(kind, text))


def restore_text(by: Act, kind: PaperText) -> None:
    """From now on the default holds again."""
    events.hold(by.organisation_id)
    kept = own_texts(by.organisation_id).get(kind)
    if kept is None:
        return
    events.record(by, "restore", "paper_template", kept.id, _told(kind, kept.text), _told(kind, None))
    db.session.delete(kept)


def _told(kind: PaperText, text: str | None) -> dict[str, str | None]:
    return {"kind": kind.value, "text": text}


def _lines(text: str) -> str:
    """As a browser sends it, with the line ends of its own."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


# Word files


def own_files(organisation_id: int) -> dict[TemplateKind, OfficeTemplate]:
    query = select(OfficeTemplate).where(OfficeTemplate.organisation_id == organisation_id)
    options = (joinedload(OfficeTemplate.file), joinedload(OfficeTemplate.saved_by))
    return {each.kind: each for each in db.session.scalars(query.options(*options))}


def use_file(by: Act, kind: TemplateKind, stored: StoredFile) -> None:
    """From now on the kind is printed from this file, which was found right before."""
    events.hold(by.organisation_id)
    kept = own_files(by.organisation_id).get(kind)
    before = _file_told(kind, kept.file) if kept else None
    if kept is None:
        kept = OfficeTemplate(organisation_id=by.organisation_id, kind=kind)
        db.session.add(kept)
    kept.file_id, kept.saved_at, kept.saved_by_id = stored.id, by.at, by.person_id
    db.session.flush()
    events.record(by, "use", "office_template", kept.id, before, _file_told(kind, stored))


def drop_file(by: Act, kind: TemplateKind) -> None:
    """From now on the kind is set as it is built in; the file itself is kept, for papers were set from it."""
    events.hold(by.organisation_id)
    kept = own_files(by.organisation_id).get(kind)
    if kept is None:
        return
    events.record(by, "drop", "office_template", kept.id, before=_file_told(kind, kept.file))
    db.session.delete(kept)


def _file_told(kind: TemplateKind, stored: StoredFile) -> dict[str, str]:
    return {"kind": kind.value, "file": stored.name, "sha256": stored.sha256}


def in_use(organisation_id: int, kind: TemplateKind, folder: Path) -> bytes | None:
    """The Word file that the kind is printed from today, kept in the folder; raise Invalid where it is lost."""
    query = select(StoredFile.sha256).join(OfficeTemplate.file)
    own = query.where(OfficeTemplate.organisation_id == organisation_id, OfficeTemplate.kind == kind)
    return _kept(db.session.scalar(own), kind.label, folder)


def _kept(sha256: str | None, label: str, folder: Path) -> bytes | None:
    if sha256 is None:
        return None
    if not files.is_whole(folder, sha256):
        raise Invalid(f"{label}的 Word 模板在服务器上缺失或已损坏，请联系系统管理员从备份恢复。")
    return files.path_of(folder, sha256).read_bytes()


# With a quarter


def texts(organisation_id: int) -> tuple[OfficeText, ...]:
    """What is sealed with a quarter: its own texts, and the hash of each Word file in force for a paper of its set."""
    written = (OfficeText(kind, each.text) for kind, each in own_texts(organisation_id).items())
    of_set = ((kind, each) for kind, each in own_files(organisation_id).items() if not kind.step)
    word = (OfficeText(f"{kind}{_WORD}", each.file.sha256) for kind, each in of_set)
    return tuple(sorted((*written, *word), key=lambda each: each.name))


def word_template(snapshot: Snapshot, kind: PaperKind, folder: Path) -> bytes | None:
    """The Word file that was in force, as it is kept in the folder; raise Invalid where that is lost."""
    sha256 = next((each.text for each in snapshot.texts if each.name == f"{kind}{_WORD}"), None)
    return _kept(sha256, kind.label, folder)


def acts(organisation_id: int) -> list[Event]:
    """What was done to the texts and files, last first."""
    told = select(Event).where(
        Event.organisation_id == organisation_id, Event.record.in_(("paper_template", "office_template"))
    )
    return list(db.session.scalars(told.order_by(Event.number.desc()).limit(50).options(joinedload(Event.person))))
