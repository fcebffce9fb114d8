"""The form of a handover: the last day, and the successor, who may be new."""

from collections.abc import Iterable

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from tracker.ledger.accounts import LONGEST_NAME
from tracker.ledger.tables.accounts import Person, Post
from tracker.rules.permissions import Role
from tracker.web.fields import Choice, DayField, Filled, trimmed
from tracker.web.forms import TokenlessForm

NEXT_DAY, SAME_DAY = "next", "same"


class HandoverForm(TokenlessForm):
    """The successor is chosen among the people known, or named anew with a login."""

    last_day = DayField("任职的最后一天", [Filled("请填写最后一天。")])
    begins = RadioField(
        "接任时间",
        choices=[SelectChoice(NEXT_DAY, "次日起接任"), SelectChoice(SAME_DAY, "当日起接任（当天两人同时在岗）")],
        default=NEXT_DAY,
    )
    successor = Choice("接任人", [])
    name = StringField("姓名", [Length(max=LONGEST_NAME, message=f"姓名最多 {LONGEST_NAME} 字。")], filters=[trimmed])
    login = StringField("登录名", filters=[trimmed], render_kw={"autocomplete": "off"})

    def validate(self, extra_validators: object = None) -> bool:
        fits: bool = super().validate(extra_validators)
        return fits and self._names_one()

    def _names_one(self) -> bool:
        """One successor, known or new, and not both."""
        new = bool(self.name.data or self.login.data)
        if self.successor.data and new:
            self.successor.errors = ["已选接任人，又填写了新增人员，请只保留其一。"]
        elif not self.successor.data and not new:
            self.successor.errors = ["请选择接任人，或在下方新增人员。"]
        elif new and not (self.name.data and self.login.data):
            field = self.login if self.name.data else self.name
            field.errors = [f"新增人员须同时填写{field.label.text}。"]
        else:
            return True
        return False

    @property
    def same_day(self) -> bool:
        return bool(self.begins.data == SAME_DAY)

    @property
    def known_id(self) -> int | None:
        return int(self.successor.data) if self.successor.data else None


def handover_form(form: HandoverForm, post: Post, people: Iterable[Person]) -> HandoverForm:
    """The form with all who may take the post over."""
    fitting = (SelectChoice(str(person.id), _named(person)) for person in people if _may_take(person, post))
    form.successor.choices = [SelectChoice("", "（请选择，或在下方新增）"), *fitting]
    return form


def _may_take(person: Person, post: Post) -> bool:
    """Administrators and others are kept apart (三员); `give_post` sees to the rest."""
    administers = {held.role for held in person.posts if held.ends_on is None} == {Role.SYS_ADMIN}
    return person.active and person.id != post.person_id and administers is (post.role is Role.SYS_ADMIN)


def _named(person: Person) -> str:
    held = [post for post in person.posts if post.ends_on is None]
    posts = "、".join(f"{post.unit.name if post.unit else ''}{post.role.label}" for post in held)
    return f"{person.name}（{posts}）" if posts else f"{person.name}（暂无岗位，登录名 {person.login}）"
