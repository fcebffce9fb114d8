"""The audit trail in the words of an office."""

from collections.abc import Callable

from tracker.ledger.tables.events import Event
from tracker.rules.reports import Verdict

_WORDS: dict[tuple[str, str], Callable[[dict[str, str], dict[str, str]], str]] = {
    ("plan", "confirm"): lambda _before, _after: "确认计划入账",
    ("plan", "generate_duties"): lambda _before, _after: "按计划生成应办事项",
    ("plan", "revise"): lambda _before, after: _revised(after),
    ("plan", "cancel_duties"): lambda _before, after: f"按修订撤销未办结的应办事项 {after['cancelled']} 条",
    ("item", "add"): lambda _before, after: f"第 {after['revision']} 次修订新增该任务",
    ("item", "revise"): lambda _before, after: f"第 {after['revision']} 次修订修改该任务",
    ("item", "cancel"): lambda _before, after: f"第 {after['revision']} 次修订撤销该任务：{after['reason']}",
    ("quarter_report", "save"): lambda _before, _after: "保存填报草稿",
    ("quarter_report", "submit"): lambda _before, after: f"第 {after['version']} 次提交填报",
    ("quarter_report", "add_evidence"): lambda _before, after: f"添加佐证材料“{after['title']}”",
    ("quarter_report", "remove_evidence"): lambda before, _after: f"移除佐证材料“{before['title']}”",
    ("quarter_report", "review"): lambda _before, after: _reviewed(after),
}


def _revised(after: dict[str, str]) -> str:
    told = f"新增 {after['added']} 项，修改 {after['changed']} 项，撤销 {after['dropped']} 项"
    return f"第 {after['revision']} 次修订计划：{told}"


def _reviewed(after: dict[str, str]) -> str:
    reason = f"：{after['reason']}" if after["reason"] else ""
    return f"{Verdict(after['verdict']).label}（第 {after['version']} 次提交）{reason}"


def in_words(event: Event) -> str:
    """What was done, for people; an act that has no words yet is told as a change, never left out."""
    say = _WORDS.get((event.record, event.act))
    return say(event.before or {}, event.after or {}) if say else "更新记录"
