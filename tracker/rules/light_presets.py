"""Light rules that offices use, to begin from; thresholds that no source names are ours, and meant to be changed.

Colours mean different things in different places; so a light never stands without its word.
"""

from dataclasses import dataclass

from tracker.rules.lights import DEFAULT_RULE, Cause, Clause, Light, LightRule


@dataclass(frozen=True)
class Preset:
    """`note` says in the office's words what is particular to it."""

    key: str
    rule: LightRule
    note: str


def _rule(name: str, *clauses: tuple[Cause, Light] | tuple[Cause, Light, int]) -> LightRule:
    return LightRule(name, tuple(Clause(*clause) for clause in clauses))


_RETURNED = (Cause.RETURNED, Light.YELLOW)
_BEHIND = (Cause.BEHIND, Light.YELLOW)
_CLOSED = (Cause.CLOSED, Light.BLUE)
_MISSING = (Cause.REPORT_MISSING, Light.YELLOW)
_REST = ((Cause.NOT_STARTED, Light.GREY), (Cause.ON_COURSE, Light.GREEN))
_RED = ((Cause.OVERDUE, Light.RED), (Cause.RECTIFICATION_OVERDUE, Light.RED))

PRESETS = (
    Preset("default", DEFAULT_RULE, "逾期亮红灯，临期 15 天或欠进度亮黄灯，完成并审核亮蓝灯。"),
    Preset(
        "xian",
        _rule("西安做法", *_RED, _RETURNED, _BEHIND, _CLOSED, _MISSING, (Cause.DUE_WITHIN, Light.YELLOW, 3), *_REST),
        "期限前 3 天提示。",
    ),
    Preset(
        "yinchuan",
        _rule(
            "银川做法",
            *_RED,
            (Cause.POINTS_BEHIND, Light.RED, 31),
            (Cause.POINTS_BEHIND, Light.YELLOW, 10),
            _RETURNED,
            _BEHIND,
            _CLOSED,
            _MISSING,
            *_REST,
        ),
        "落后序时进度 10 至 30 个百分点亮黄灯，超过 30 个百分点亮红灯。",
    ),
    Preset(
        "sanming",
        _rule(
            "三明做法",
            (Cause.OVERDUE, Light.RED, 30),
            (Cause.RECTIFICATION_OVERDUE, Light.RED),
            (Cause.OVERDUE, Light.ORANGE, 10),
            (Cause.OVERDUE, Light.BLUE),
            (Cause.RETURNED, Light.BLUE),
            (Cause.BEHIND, Light.BLUE),
            *_REST,
        ),
        "进度滞后依次亮蓝灯、橙灯、红灯；天数可按本地规定修改。",
    ),
    Preset(
        "suqian",
        _rule(
            "宿迁做法",
            *_RED,
            (Cause.POINTS_BEHIND, Light.YELLOW, 10),
            _RETURNED,
            _BEHIND,
            _MISSING,
            (Cause.DUE_WITHIN, Light.BLUE, 15),
            *_REST,
        ),
        "临近期限亮蓝灯，进度滞后亮黄灯，逾期亮红灯。",
    ),
    Preset(
        "ouhai",
        _rule(
            "瓯海做法",
            *_RED,
            _RETURNED,
            _BEHIND,
            (Cause.MADE_UP_LATE, Light.YELLOW),
            _CLOSED,
            _MISSING,
            (Cause.DUE_WITHIN, Light.YELLOW, 15),
            *_REST,
        ),
        "逾期后补办的，本季度亮黄灯，不转绿灯。",
    ),
    Preset(
        "longxian",
        _rule(
            "陇县做法",
            *_RED,
            _RETURNED,
            _BEHIND,
            _MISSING,
            (Cause.DUE_WITHIN, Light.YELLOW, 15),
            (Cause.NOT_STARTED, Light.GREY),
            (Cause.ON_COURSE, Light.BLUE),
        ),
        "蓝灯为好，黄灯为中，红灯为差。",
    ),
)


def preset(key: str) -> Preset | None:
    return next((each for each in PRESETS if each.key == key), None)
