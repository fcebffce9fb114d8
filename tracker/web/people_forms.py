"""The forms of people, their posts and their accounts."""

from wtforms import StringField
from wtforms.validators import Length

from tracker.ledger.accounts import LONGEST_NAME
from tracker.rules.permissions import Role, belongs_to_a_unit
from tracker.web.fields import Choice, DayField, Filled, trimmed
from tracker.web.forms import TokenlessForm

_NONE = ("", "（请选择）")


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}（须选单位）" if belongs_to_a_unit(role) else role.label) for role in Role]


class PersonForm(TokenlessForm):
    name = StringField(
        "姓名",
        [Filled("请填写姓名。"), Length(max=LONGEST_NAME, message=f"姓名最多 {LONGEST_NAME} 字。")],
        filters=[trimmed],
    )
    login = StringField("登录名", [Filled("请填写登录名。")], filters=[trimmed], render_kw={"autocomplete": "off"})


class PostForm(TokenlessForm):
    role = Choice("岗位", [_NONE, *_roles()], validators=[Filled("请选择岗位。")])
    unit = Choice("所在单位", [])
    starts_on = DayField("任职起始日", [Filled("请填写任职起始日。")])


class EndForm(TokenlessForm):
    post = Choice("结束的岗位", [], validators=[Filled("请选择岗位。")])
    last_day = DayField("任职的最后一天", [Filled("请填写最后一天。")])
