"""Lists that a person saved by a name (我的视图): personal, so that no event tells of them."""

from sqlalchemy import select

from tracker.ledger.db import db
from tracker.ledger.tables.views import SavedView
from tracker.rules.refusals import Invalid, NotFound, Refusal

MOST_VIEWS = 30
LONGEST_NAME = 40
LONGEST_QUERY = 1000


def views_of(person_id: int) -> list[SavedView]:
    """In the order of their names."""
    return list(db.session.scalars(select(SavedView).where(SavedView.person_id == person_id).order_by(SavedView.name)))


def view_of(person_id: int, view_id: int) -> SavedView:
    """The person's own view; raise NotFound for another's."""
    view = db.session.get(SavedView, view_id)
    if view is None or view.person_id != person_id:
        raise NotFound("没有找到这个视图，可能已被删除。")
    return view


def save(person_id: int, name: str, query: str) -> SavedView:
    """Keep a list by a name.  The same sent twice is one view."""
    name, known = _checked(name), views_of(person_id)
    if not query:
        raise Invalid("当前没有筛选条件，请先筛选，再保存为视图。")
    if len(query) > LONGEST_QUERY:
        raise Invalid("筛选条件过长，无法保存。请缩短查找的文字。")
    for view in known:
        if (view.name, view.query) == (name, query):
            return view
    _check_free(name, known)
    if len(known) >= MOST_VIEWS:
        raise Refusal(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的视图。")
    view = SavedView(person_id=person_id, name=name, query=query)
    db.session.add(view)
    db.session.flush()
    return view


def rename(view: SavedView, name: str) -> None:
    name = _checked(name)
    _check_free(name, [known for known in views_of(view.person_id) if known.id != view.id])
    view.name = name
    db.session.flush()


def delete(view: SavedView) -> None:
    db.session.delete(view)
    db.session.flush()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("请填写视图名称。")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"视图名称最多 {LONGEST_NAME} 字，现有 {len(name)} 字。")
    return name


def _check_free(name: str, known: list[SavedView]) -> None:
    if any(view.name == name for view in known):
        raise Invalid(f"已有名为“{name}”的视图，请换一个名称。")
