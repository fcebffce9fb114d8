import pytest

from tracker.rules.passwords import LONGEST, login_fault, weakness


@pytest.mark.parametrize("password", ["Sample-2025", "abcdEFGH1", "县府办公室_Abc", "abc def 1"])
def test_three_kinds_of_characters_are_enough(password):
    assert weakness(password, "clerk") is None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Ab1-xyz", "至少 8 位"),
        ("Ab1-" + "x" * LONGEST, "最多 128 位"),
        ("abcdefgh1", "至少三类"),
        ("ABCDEFGH", "至少三类"),
        ("政务公开政务公开", "至少三类"),
        ("My-CLERK-2025", "不能包含登录名"),
    ],
)
def test_a_weak_password_is_named_for_its_weakness(password, sentence):
    assert sentence in (weakness(password, "clerk") or "")


@pytest.mark.parametrize("login", ["zhang.san", "办公室01", "a@b.cn", "x" * 64, "_-"])
def test_a_login_is_made_of_letters_figures_and_four_signs(login):
    assert login_fault(login) is None


@pytest.mark.parametrize("login", ["", "a", "x" * 65, "zhang san", "a/b", "<b>", "a\nb", "a\x00b", "张三\n"])
def test_a_login_with_anything_else_is_refused(login):
    assert "登录名须为" in (login_fault(login) or "")
