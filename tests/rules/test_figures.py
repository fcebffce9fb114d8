from decimal import Decimal

import pytest

from tracker.rules.figures import (
    Before,
    Exclusion,
    Figure,
    Rate,
    check_figure,
    check_ready,
    falls_behind,
    gaps_in_rate,
    is_computed,
    plain,
    read_figure,
    rounded,
    slips_in_rate,
)
from tracker.rules.quarters import Quarter
from tracker.rules.refusals import Invalid
from tracker.rules.targets import Op, Per, Target

Q1, Q2, Q3 = (Quarter(2025, number) for number in (1, 2, 3))
HELD = Target(Op.AT_LEAST, Decimal(12), "次", Per.YEAR)
OPENED = Target(Op.AT_LEAST, Decimal(95), "%")


def rate(done, due, *excluded) -> Rate:
    exclusions = tuple(Exclusion(decimal(count), ground) for count, ground in excluded)
    return Rate(decimal(done), decimal(due), exclusions)


def decimal(number) -> Decimal | None:
    return None if number is None else Decimal(number)


def number(value, **more) -> Figure:
    return Figure(Decimal(value), **more)


# What is typed


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("12", "12"),
        ("95.5", "95.5"),
        (" 1,000 ", "1000"),
        ("12，345，678", "12345678"),
        ("１２", "12"),
        ("9 5", "95"),
        ("-3.2", "-3.2"),
        ("0", "0"),
    ],
)
def test_a_figure_is_read_as_people_type_it(written, figure):
    assert read_figure(written, "预公开率达95%") == Decimal(figure)


def test_a_figure_may_carry_its_measure():
    assert read_figure("95%", "预公开率", "%") == read_figure("９５％", "预公开率", "%") == Decimal(95)
    assert read_figure("12 次", "活动", "次") == Decimal(12)


@pytest.mark.parametrize("blank", ["", "  ", "\u3000", "%"])
def test_a_blank_is_no_figure(blank):
    assert read_figure(blank, "预公开率", "%") is None


@pytest.mark.parametrize(
    "text", ["约95", "九十五", "1,00", "1e9", "NaN", "0x10", "1.2.3", "-", "9" * 13, "1.1234567", "٣"]
)
def test_what_is_no_number_is_refused_by_name(text):
    with pytest.raises(Invalid, match="^“预公开率”的应办数应填数字"):
        read_figure(text, "“预公开率”的应办数")


# What a rate is


def test_a_rate_is_what_was_done_of_what_was_due():
    assert rate(19, 20).value == 95


def test_what_is_excluded_was_not_due():
    assert rate(18, 20, (1, "申请人撤回"), (1, "转其他机关")).value == 100


def test_where_all_of_it_is_excluded_nothing_was_due():
    assert rate(0, 2, (2, "申请人撤回")).value is None
    assert rate(0, 0).value is None


def test_a_rate_is_judged_by_its_exact_value_and_shown_rounded():
    nearly = rate(94_999_999, 100_000_000).value
    assert not OPENED.met_by(nearly)
    assert rounded(nearly) == "约95"
    assert Target(Op.EXACTLY, Decimal("0.3"), "%").met_by(rate(3, 1000).value)


@pytest.mark.parametrize(
    ("value", "shown"), [("66.665", "约66.67"), ("66.66", "66.66"), ("100.00", "100"), ("0", "0"), ("1E+3", "1000")]
)
def test_two_places_are_shown_and_what_was_rounded_says_so(value, shown):
    assert rounded(Decimal(value)) == shown


def test_the_exact_value_is_short_enough_to_be_kept():
    for made in (rate(1, 3), rate(3, 3), rate(1, 999_999_999_999), rate("0.000001", "999999999999.999999")):
        assert len(f"{made.value:f}") <= 32


# What a figure says


def test_a_rate_tells_what_it_was_computed_from():
    told = Figure.of(rate(2, 4, (1, "申请人撤回"))).in_words("%")
    assert told == "约66.67%（已办结 2，应办 4，剔除 1：申请人撤回）"


def test_a_count_tells_where_it_comes_from():
    assert number(3).in_words("次") == "3次"
    assert number(3, counted=True).in_words("次") == "3次（由办理登记汇总）"
    assert number(3, reason="一次重复登记").in_words("次") == "3次（减少原因：一次重复登记）"


def test_where_nothing_was_due_the_figure_says_so():
    assert Figure.of(rate(0, 0)).in_words("%") == "本季度无应办件（已办结 0，应办 0）"


@pytest.mark.parametrize("text", ["研发投入增长12%", "审批时限压减20%以上", "增速不低于6%", "同比下降3%"])
def test_growth_in_per_cent_is_not_computed_from_cases(text):
    assert not is_computed(text, OPENED)


@pytest.mark.parametrize("text", ["预公开率达95%", "提高办结率，达到100%", "群众满意度提升到95%以上", "应做到100%公开"])
def test_a_share_is_computed(text):
    assert is_computed(text, OPENED)


def test_a_count_is_not_computed():
    assert not is_computed("每年不少于12次", HELD)


# What cannot stand


def test_the_parts_that_are_right_have_nothing_said_of_them():
    assert slips_in_rate(rate(8, 10, (2, "申请人撤回")), "办结率") == {}


@pytest.mark.parametrize(
    ("wrong", "part", "sentence"),
    [
        (rate(11, 10), "done", "“办结率”的已办结数 11 多于应办数 10，请核对。"),
        (rate(9, 10, (2, "撤回")), "done", "“办结率”的已办结数 9 多于应办数 10 减去剔除数 2 后的 8，请核对。"),
        (rate(-1, 10), "done", "“办结率”的已办结数不能为负数。"),
        (rate(0, -1), "due", "“办结率”的应办数不能为负数。"),
        (rate(0, 1, (2, "撤回")), "excluded-1", "“办结率”共剔除 2，多于应办数 1，请核对。"),
        (rate(0, 9, (1, "字" * 201)), "ground-1", "“办结率”的剔除理由最多 200 字，现有 201 字。"),
        (rate(0, 9, (0, "撤回")), "excluded-1", "“办结率”的剔除数应大于 0；没有剔除的，请留空。"),
        (rate(0, 9, (-1, "撤回")), "excluded-1", "“办结率”的剔除数应大于 0；没有剔除的，请留空。"),
    ],
)
def test_each_slip_names_the_target_and_stands_beside_its_part(wrong, part, sentence):
    assert slips_in_rate(wrong, "办结率") == {part: sentence}
    with pytest.raises(Invalid) as refusal:
        check_figure(Figure(None, wrong), "办结率", OPENED)
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(
    ("unfinished", "part", "sentence"),
    [
        (rate(None, 9), "done", "请填写“办结率”的已办结数；本季度无应办件的，已办结数和应办数都填 0。"),
        (rate(9, None), "due", "请填写“办结率”的应办数；本季度无应办件的，已办结数和应办数都填 0。"),
        (rate(0, 9, (1, "撤回"), (2, "")), "ground-2", "“办结率”剔除 2，请写明法定或正当理由。"),
        (rate(0, 9, (None, "撤回")), "excluded-1", "“办结率”写有剔除理由，请填写剔除数；没有剔除的，请清空理由。"),
    ],
)
def test_a_draft_may_be_unfinished_and_a_report_may_not(unfinished, part, sentence):
    figure = Figure.of(unfinished)
    check_figure(figure, "办结率", OPENED)
    assert gaps_in_rate(unfinished, "办结率") == {part: sentence}
    with pytest.raises(Invalid) as refusal:
        check_ready(figure, None, "办结率", OPENED, Q1)
    assert refusal.value.sentence == sentence


def test_an_unfinished_rate_has_no_value_and_says_so():
    assert Figure.of(rate(9, None)).in_words("%") == "未填完整（已办结 9，应办 未填）"


def test_a_rate_is_never_typed():
    with pytest.raises(Invalid, match="由已办结数和应办数算出"):
        check_figure(number(95), "预公开率达95%", OPENED)
    check_figure(number(-3), "研发投入增长12%", OPENED)


def test_a_count_is_not_negative():
    with pytest.raises(Invalid, match="“每年不少于12次”的数值不能为负数"):
        check_figure(number(-1), "每年不少于12次", HELD)
    check_figure(number(0), "每年不少于12次", HELD)


def test_too_long_a_reason_is_refused():
    with pytest.raises(Invalid, match="减少原因最多 200 字，现有 201 字"):
        check_figure(number(1, reason="字" * 201), "每年不少于12次", HELD)


# Going back


def test_what_adds_up_says_why_it_became_less():
    before = Before(Q1, number(12))
    with pytest.raises(Invalid) as refusal:
        check_ready(number(9), before, "每年不少于12次", HELD, Q2)
    assert refusal.value.sentence == (
        "“每年不少于12次”本年累计由2025年第一季度的 12次 减为 9次，请填写减少原因，或核对数值。"
    )
    check_ready(number(9, reason="三次重复填报"), before, "每年不少于12次", HELD, Q2)
    check_ready(number(12), before, "每年不少于12次", HELD, Q2)
    check_ready(number(9, counted=True), before, "每年不少于12次", HELD, Q2)


def test_what_is_counted_afresh_may_become_less():
    quarterly = Target(Op.AT_LEAST, Decimal(2), "次", Per.QUARTER)
    halves = Target(Op.AT_LEAST, Decimal(2), "次", Per.HALF_YEAR)
    assert not falls_behind(number(1), Before(Q1, number(2)), quarterly, Q2)
    assert falls_behind(number(1), Before(Q1, number(2)), halves, Q2)
    assert not falls_behind(number(1), Before(Q2, number(2)), halves, Q3)


def test_a_rate_may_fall():
    assert not falls_behind(Figure.of(rate(1, 2)), Before(Q1, Figure.of(rate(2, 2))), OPENED, Q2)


def test_numbers_are_written_without_powers_of_ten():
    assert plain(Decimal("1E+2")) == "100"
