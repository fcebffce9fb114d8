"""The office's alert rule (预警规则): when each kind speaks up and to whom, and when a paper of the ladder follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.rules.alerts import DEFAULT_STEPS, AlertKind, Audience, KindSteps, Steps
from tracker.rules.notices import DEFAULT_LADDER, Ladder, NoticeKind
from tracker.rules.refusals import Invalid

MOST_STEPS = 8
MOST_INTERVAL, MOST_REPLY_DAYS = 20, 30  # working days


@dataclass(frozen=True)
class AlertRule:
    steps: Steps
    ladder: Ladder


DEFAULT_ALERT_RULE = AlertRule(DEFAULT_STEPS, DEFAULT_LADDER)


@dataclass(frozen=True)
class Range:
    """What an office may set for a kind: how many days before the day judged by, and how many after it.

    None where the kind has no steps on that side.  The day itself counts as before.
    """

    before: range | None
    after: range | None
    told: bool = True  # whether office and leader may hear of it


_BEFORE, _AFTER = range(91), range(1, 366)
RANGES: Mapping[AlertKind, Range] = {
    AlertKind.DUE_SOON: Range(_BEFORE, None, told=False),
    AlertKind.OVERDUE: Range(None, _AFTER),
    AlertKind.REPORT_MISSING: Range(None, _AFTER),
    AlertKind.RETURNED: Range(None, range(1, 91)),
    AlertKind.SILENT: Range(None, range(30, 366)),
    AlertKind.INSTRUCTION: Range(_BEFORE, _AFTER),
    AlertKind.RECTIFICATION: Range(_BEFORE, _AFTER),
}


# As JSON and back


def as_json(rule: AlertRule) -> dict[str, Any]:
    ladder = rule.ladder
    return {
        "kinds": {
            kind.value: {"days": list(each.days), "office": each.office, "leader": each.leader}
            for kind, each in rule.steps.items()
        },
        "ladder": {
            "after": {kind.value: days for kind, days in ladder.after},
            "interval": ladder.interval,
            "reply_days": ladder.reply_days,
        },
    }


def from_json(kept: Mapping[str, Any]) -> AlertRule:
    """A kind that came after the rule was set has the steps of the default."""
    steps = {
        AlertKind(kind): KindSteps(tuple(each["days"]), each["office"], each["leader"])
        for kind, each in kept["kinds"].items()
    }
    ladder = kept["ladder"]
    after = tuple((NoticeKind(kind), days) for kind, days in ladder["after"].items())
    in_order = tuple(sorted(after, key=lambda each: each[0].step))
    return AlertRule({**DEFAULT_STEPS, **steps}, Ladder(in_order, ladder["interval"], ladder["reply_days"]))


# What cannot stand


def check(rule: AlertRule) -> None:
    """Raise Invalid with the first slip."""
    for sentence in slips(rule).values():
        raise Invalid(sentence)


def slips(rule: AlertRule) -> dict[str, str]:
    """What cannot stand, by the field: `overdue-after`, `overdue-office`, `talk`, `interval`."""
    found = {
        field: slip for kind, allowed in RANGES.items() for field, slip in _of_kind(kind, rule.steps[kind], allowed)
    }
    return found | dict(_of_ladder(rule.ladder))


def _of_kind(kind: AlertKind, steps: KindSteps, allowed: Range) -> Iterator[tuple[str, str]]:
    sides = (
        ("before", "“提前”天数", allowed.before, [-at for at in steps.days if at <= 0]),
        ("after", "“之后”天数", allowed.after, [at for at in steps.days if at > 0]),
    )
    wrong = False
    for side, label, span, days in sides:
        if span is not None and (slip := _of_days(days, span, falling=side == "before")):
            wrong = True
            yield f"{kind}-{side}", f"“{kind.label}”的{label}{slip}"
    for audience, first in ((Audience.OFFICE, steps.office), (Audience.LEADER, steps.leader)):
        if first is not None and first not in steps.days and not wrong:
            held = "、".join(str(at) for at in steps.days if at >= 0)
            yield f"{kind}-{audience}", f"“{kind.label}”报{audience.label}的天数应是所列天数之一：{held}；不报的留空。"


def _of_days(days: Sequence[int], allowed: range, *, falling: bool) -> str | None:
    """What is wrong with the days on one side, as typed; before the day they fall, after it they rise."""
    if not days:
        return "至少填写一个。"
    if len(days) > MOST_STEPS:
        return f"最多填写 {MOST_STEPS} 个。"
    if not all(day in allowed for day in days):
        return f"应为 {allowed[0]} 至 {allowed[-1]} 的整数。"
    if list(days) != sorted(set(days), reverse=falling):
        return f"应由{'大到小' if falling else '小到大'}填写，且不重复。"
    return None


def _of_ladder(ladder: Ladder) -> Iterator[tuple[str, str]]:
    if not ladder.after:
        yield NoticeKind.URGING.value, "催办督办至少保留一级，请填写逾期天数。"
    last = 0
    for kind, days in ladder.after:
        if days not in _AFTER:
            yield kind.value, f"“{kind.label}”的逾期天数应为 {_AFTER[0]} 至 {_AFTER[-1]} 的整数。"
        elif days <= last:
            yield kind.value, f"“{kind.label}”的逾期天数应大于上一级的 {last} 天。"
        else:
            last = days
    if not 1 <= ladder.interval <= MOST_INTERVAL:
        yield "interval", f"两级之间的最短间隔应为 1 至 {MOST_INTERVAL} 个工作日。"
    if not 1 <= ladder.reply_days <= MOST_REPLY_DAYS:
        yield "reply_days", f"回复时间应为 1 至 {MOST_REPLY_DAYS} 个工作日。"


# In words


def said(kind: AlertKind, steps: KindSteps) -> str:
    """When a kind speaks up: 到期前 15、7、3 天和当天."""
    before, after = [-at for at in steps.days if at < 0], [at for at in steps.days if at > 0]
    parts = [f"{_EDGES[kind][0]} {_listed(before)} 天"] if before else []
    parts += ["当天"] if 0 in steps.days else []
    parts += [f"{_EDGES[kind][1]} {_listed(after)} 天"] if after else []
    return "、".join(parts)


_EDGES = dict.fromkeys(AlertKind, ("到期前", "逾期")) | {
    AlertKind.RETURNED: ("", "退回后"),
    AlertKind.SILENT: ("", "未填报满"),
}


def _listed(days: Sequence[int]) -> str:
    return "、".join(str(day) for day in days)


def in_short(rule: AlertRule) -> str:
    """The rule in a sentence, for a page on which nothing has spoken up yet."""
    overdue = rule.steps[AlertKind.OVERDUE]
    told = [
        f"逾期 {first} 天起报{audience.label}"
        for audience, first in ((Audience.OFFICE, overdue.office), (Audience.LEADER, overdue.leader))
        if first is not None
    ]
    soon = f"{said(AlertKind.DUE_SOON, rule.steps[AlertKind.DUE_SOON])}提醒责任单位"
    return f"{'；'.join([soon, '，'.join(told)] if told else [soon])}；办结后自动解除。"
