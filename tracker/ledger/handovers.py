"""Handovers (工作交接): a post ends, its successor gets it with the list of what lay open, and takes note of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, defer, joinedload

from tracker.ledger import accounts, events, memory, units
from tracker.ledger.acts import Act
from tracker.ledger.db import db
from tracker.ledger.handover_matters import listing, open_matters
from tracker.ledger.standing import Scope
from tracker.ledger.tables.accounts import Person, Post
from tracker.ledger.tables.handovers import Handover
from tracker.ledger.touched import unless
from tracker.rules import handovers as rules
from tracker.rules.handovers import Listing, carries_matters, count_open
from tracker.rules.permissions import Role
from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal

# Handing over


def hand_over(by: Act, post: Post, last_day: date, to: Person, *, same_day: bool = False) -> Handover:
    """End the post, give it to its successor from the next day (or the same), and set down what lies open.

    A post that has ended already passes on today.  The same handover sent twice is one act.
    """
    check_may_hand_over(post, by)
    events.hold(by.organisation_id)
    if known := _of_post(post):
        return _repeated(known, to)
    over = post.ends_on is not None and post.ends_on < by.today
    last_day = post.ends_on if over and post.ends_on else last_day
    _check_successor(post, to)
    if not over:
        rules.check_day(last_day, by.today)
        accounts.end_post(by, post, last_day)
    first = rules.first_day(last_day, by.today, same_day=same_day, over=over)
    handover = Handover(
        organisation_id=by.organisation_id,
        post=post,
        successor_post=_successors_post(by, post, to, first),
        last_day=last_day,
        summary=listing(post, by.today).kept(),
        made_at=by.at,
        made_by_id=by.person_id,
    )
    db.session.add(handover)
    db.session.flush()
    after = {"post_id": post.id, "to": to.id, "last_day": last_day.isoformat(), "from": first.isoformat()}
    events.record(by, "hand_over", "handover", handover.id, after=after)
    return handover


def check_may_hand_over(post: Post, by: Act) -> None:
    """Raise NotFound for a stranger's post, Forbidden for one that is not theirs to hand over."""
    if post.person.organisation_id != by.organisation_id:
        raise NotFound
    if by.person:
        held = [own for own in by.person.posts if own.held_on(by.today)]
        here = {own.role for own in held if own.unit_id == post.unit_id}
        rules.check_may_hand_over({own.role for own in held}, here, post.role)


def _repeated(known: Handover, to: Person) -> Handover:
    if known.successor_post.person_id == to.id:
        return known
    raise Refusal(f"该岗位已移交给{known.successor_post.person.name}，未作改动。")


def _check_successor(post: Post, to: Person) -> None:
    if to.organisation_id != post.person.organisation_id:
        raise NotFound
    if to.id == post.person_id:
        raise Invalid("接任人不能是离任者本人，请另选一人。")
    if not to.active:
        raise Invalid(f"{to.name}的账号已停用，请先由系统管理员启用，或另选一人。")


def _successors_post(by: Act, post: Post, to: Person, first: date) -> Post:
    """The post that the successor gets; a colleague who already holds the same one goes on in it."""
    same = [held for held in to.posts if (held.role, held.unit_id) == (post.role, post.unit_id)]
    going_on = [held for held in same if held.held_on(first) and held.ends_on is None]
    return going_on[0] if going_on else accounts.give_post(by, to, post.role, post.unit_id, first)


def draw_up_due(by: Act) -> int:
    """Draw up afresh the lists of posts whose announced last day has come; return how many."""
    passed = db.session.scalars(_select(by.organisation_id).where(Handover.last_day <= by.today).order_by(Handover.id))
    due = [handover for handover in passed if _is_outdated(handover, by.today)]
    for handover in due:
        _draw_up(by, handover)
    return len(due)


def _is_outdated(handover: Handover, today: date) -> bool:
    """Whether the list was drawn up before the last day, which has come."""
    return Listing.of(handover.summary).drawn_on < handover.last_day <= today


def _draw_up(by: Act, handover: Handover) -> None:
    found = listing(handover.post, by.today)
    handover.summary = found.kept()
    events.record(by, "draw_up", "handover", handover.id, after={"open": found.open_count})


def receive(by: Act, handover: Handover) -> None:
    """The successor knows what they take over (已知悉并接收)."""
    if handover.successor_post.person_id != by.person_id:
        raise Forbidden("交接清单由接任人本人接收。")
    if handover.received_at is not None:
        return
    if _is_outdated(handover, by.today):
        _draw_up(by, handover)
    handover.received_at = by.at
    events.record(by, "receive", "handover", handover.id)


# Finding


def list_of(handover: Handover, today: date) -> Listing:
    """What the handover lists; from the last day on, until that is set down, what lies open now."""
    return listing(handover.post, today) if _is_outdated(handover, today) else Listing.of(handover.summary)


def still_open(handover: Handover, today: date) -> set[tuple[str, int]]:
    """The keys of the matters that lie open now."""
    return {matter.key for matter in listing(handover.post, today).matters}


def handover_of(organisation_id: int, handover_id: int) -> Handover:
    handover = db.session.scalar(_select(organisation_id).where(Handover.id == handover_id))
    if handover is None:
        raise NotFound
    return handover


def _of_post(post: Post) -> Handover | None:
    return db.session.scalar(select(Handover).where(Handover.post_id == post.id))


def handovers_of(organisation_id: int, scope: Scope = None) -> list[Handover]:
    """Newest first, as far as the scope reaches, without what they list."""
    made = _select(organisation_id).order_by(Handover.id.desc()).options(defer(Handover.summary))
    return [handover for handover in db.session.scalars(made) if scope is None or handover.post.unit_id in scope]


def _select(organisation_id: int) -> Select[Handover]:
    post, successor = joinedload(Handover.post), joinedload(Handover.successor_post)
    return (
        select(Handover)
        .where(Handover.organisation_id == organisation_id)
        .options(
            post.joinedload(Post.person),
            post.joinedload(Post.unit),
            successor.joinedload(Post.person),
            joinedload(Handover.made_by),
        )
    )


def to_receive(organisation_id: int, person_id: int, today: date) -> list[Handover]:
    """What the person has taken over and not yet taken note of; mostly nothing, which is remembered."""
    some = memory.remembered(
        organisation_id,
        ("to receive", person_id),
        make=lambda: bool(_waiting_for(organisation_id, person_id)),
        renew=unless("handover", "person"),
    )
    waiting = _waiting_for(organisation_id, person_id) if some else ()
    return [each for each in waiting if each.successor_post.held_on(today)]


def _waiting_for(organisation_id: int, person_id: int) -> Sequence[Handover]:
    successor = aliased(Post)
    return db.session.scalars(
        _select(organisation_id)
        .join(successor, Handover.successor_post_id == successor.id)
        .where(successor.person_id == person_id, Handover.received_at.is_(None))
        .order_by(Handover.id)
    ).all()


# Posts that nobody took over


@dataclass(frozen=True)
class Unattended:
    """A post that ends or has ended without a successor, and how much lies open there."""

    post: Post
    open: int


def unattended(organisation_id: int, today: date, scope: Scope = None) -> list[Unattended]:
    """Of each role at each unit the post that ended last, where nobody holds it from the next day on."""
    posts = [post for person in accounts.people_of(organisation_id) for post in person.posts]
    reached = [post for post in posts if _is_wanted(post, today) and (scope is None or post.unit_id in scope)]
    handed_over = set(db.session.scalars(select(Handover.post_id).where(Handover.organisation_id == organisation_id)))
    left = [post for post in _last_of_each(reached, today) if post.id not in handed_over]
    found = open_matters(organisation_id, left, today) if left else {}
    return [Unattended(post, count_open(found[post.id])) for post in left]


def _is_wanted(post: Post, today: date) -> bool:
    """Whether work waits at the post; at a unit that is no more, none does."""
    return carries_matters(post.role) and (post.unit is None or units.stands_on(post.unit, today))


def _last_of_each(posts: Iterable[Post], today: date) -> list[Post]:
    """The post after which nobody holds the same role at the same unit."""
    same: dict[tuple[Role, int | None], list[Post]] = defaultdict(list)
    for post in posts:
        same[post.role, post.unit_id].append(post)
    return [ended for held in same.values() if (ended := _last(held, today))]


def _last(posts: Collection[Post], today: date) -> Post | None:
    if any(post.ends_on is None for post in posts):
        return None
    last = max(posts, key=lambda post: (post.ends_on or date.min, post.id))
    assert last.ends_on is not None
    after = max(last.ends_on + timedelta(days=1), today)
    return None if any(post.held_on(after) for post in posts) else last
