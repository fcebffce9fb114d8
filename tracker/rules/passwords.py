"""Logins, passwords and failed sign-ins (身份鉴别, GB/T 22239-2019; figures are testers' usual practice)."""

import re
from datetime import timedelta
from enum import StrEnum

SHORTEST = 8
LONGEST = 128
CLASSES_NEEDED = 3
FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=10)

_LOGIN = re.compile(r"[\w.@-]{2,64}")


class AccountState(StrEnum):
    """Whether an account opens, and if not why."""

    DISABLED = "disabled"
    LOCKED = "locked"
    WITHOUT_PASSWORD = "without_password"  # noqa: S105
    FIRST_PASSWORD = "first_password"  # noqa: S105
    OPEN = "open"

    @property
    def label(self) -> str:
        return {
            AccountState.DISABLED: "已停用",
            AccountState.LOCKED: "连续输错密码，暂时锁定",
            AccountState.WITHOUT_PASSWORD: "未设密码",
            AccountState.FIRST_PASSWORD: "待本人修改初始密码",
            AccountState.OPEN: "正常",
        }[self]


def login_fault(login: str) -> str | None:
    """The sentence that says what is wrong with a login to be given, or None for a good one."""
    if _LOGIN.fullmatch(login):
        return None
    return "登录名须为 2 至 64 位，只能使用字母、数字、汉字和 . _ - @ 四种符号。"


def weakness(password: str, login: str) -> str | None:
    """The sentence that says what the password lacks, or None for a good one."""
    if len(password) < SHORTEST:
        return f"新密码至少 {SHORTEST} 位。"
    if len(password) > LONGEST:
        return f"新密码最多 {LONGEST} 位。"
    if login and login.lower() in password.lower():
        return "新密码不能包含登录名。"
    if _classes(password) < CLASSES_NEEDED:
        return "新密码须含大写字母、小写字母、数字、符号中的至少三类。"
    return None


def _classes(password: str) -> int:
    return sum(
        any(found)
        for found in (
            [c.isupper() for c in password],
            [c.islower() for c in password],
            [c.isdigit() for c in password],
            [not c.isalnum() for c in password],
        )
    )
