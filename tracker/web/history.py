"""The audit trail in the words of an office."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tracker.ledger.tables.events import Event
from tracker.rules.dates import written
from tracker.rules.duty_changes import How
from tracker.rules.extensions import OPINIONS, ExtensionLevel, ExtensionState
from tracker.rules.findings import FindingAct
from tracker.rules.inspection_results import Verdict as Found
from tracker.rules.lights import Light
from tracker.rules.office_templates import TemplateKind
from tracker.rules.organisations import LABELS as RULES
from tracker.rules.organisations import in_words as rule_in_words
from tracker.rules.paper_defaults import PaperText
from tracker.rules.quarter_steps import Course
from tracker.rules.quarter_steps import in_words as course_in_words
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportState, ReviewLevel, Verdict
from tracker.rules.reviews import MARKS

_WORDS: dict[tuple[str, str], Callable[[dict[str, Any], dict[str, Any]], str]] = {
    ("plan", "confirm"): lambda _before, _after: "确认计划入账",
    ("plan", "generate_duties"): lambda _before, _after: "按计划生成应办事项",
    ("plan", "revise"): lambda _before, after: _revised(after),
    ("plan", "retire_duties"): lambda _before, after: f"已办结的应办事项 {len(after['duties'])} 条不再要求",
    ("plan", "cancel_duties"): lambda _before, after: f"按修订撤销未办结的应办事项 {after['cancelled']} 条",
    ("duty", "complete"): lambda _before, after: f"登记完成（{_day(after['done_on'])}）{_colon(after['note'])}",
    ("duty", "take_back"): lambda before, after: f"撤回完成登记（{_day(before['done_on'])}）：{after['reason']}",
    ("duty", "disallow"): lambda before, after: f"不予认定（登记于{_day(before['done_on'])}完成）：{after['reason']}",
    ("duty", "reach"): lambda _before, after: f"登记事项累计达到要求（{_day(after['done_on'])}）",
    ("duty", "recount"): lambda before, _after: f"登记事项有变动，达到日期不再是{_day(before['done_on'])}",
    ("duty", "fall_short"): lambda _before, _after: "登记事项撤回后，累计不足，恢复为未完成",
    ("occurrence", "register"): lambda _before, after: f"登记“{after['title']}”（{_day(after['happened_on'])}）",
    ("occurrence", "revoke"): lambda before, after: f"撤回登记“{before['title']}”：{after['reason']}",
    ("item", "set_date"): lambda before, after: (
        f"“{after['text']}”的时限由{_day(before['day'])}确定为{_day(after['day'])}"
    ),
    ("item", "adjust_duties"): lambda before, after: _adjusted(before, after),
    ("item", "name_leader"): lambda before, after: (
        f"责任领导由{before['leader'] or '未填写'}改为{after['leader'] or '未填写'}"
    ),
    ("item", "add"): lambda _before, after: f"第 {after['revision']} 次修订新增该任务",
    ("item", "revise"): lambda _before, after: f"第 {after['revision']} 次修订修改该任务",
    ("item", "cancel"): lambda _before, after: f"第 {after['revision']} 次修订撤销该任务：{after['reason']}",
    ("quarter_report", "save"): lambda _before, _after: "保存填报草稿",
    ("quarter_report", "submit"): lambda _before, after: f"第 {after['version']} 次提交填报{_onward(after)}",
    ("quarter_report", "add_evidence"): lambda _before, after: f"添加佐证材料“{after['title']}”",
    ("quarter_report", "remove_evidence"): lambda before, _after: f"移除佐证材料“{before['title']}”",
    ("quarter_report", "review"): lambda _before, after: _reviewed(after),
    ("quarter_report", "comment"): lambda _before, after: f"留言：{after['text']}",
    ("organisation", "set_rules"): lambda before, after: _rules_set(before, after),
    ("hand_light", "set_light"): lambda _before, after: _light_set(after),
    ("hand_light", "withdraw_light"): lambda before, _after: f"撤销对{before['unit']}的灯的人工设定",
    ("light_rule", "put_in_force"): lambda _before, after: f"设定“{after['name']}”，自{_day(after['starts_on'])}起启用",
    ("light_rule", "take_back"): lambda before, _after: (
        f"撤销拟自{_day(before['starts_on'])}起启用的“{before['name']}”"
    ),
    ("alert_rule", "put_in_force"): lambda _before, after: f"设定预警规则，自{_day(after['starts_on'])}起启用",
    ("quarter_course", "put_in_force"): lambda _before, after: (
        f"设定季度进度安排（{course_in_words(Course(**after['rule']))}），自{_day(after['starts_on'])}起启用"
    ),
    ("quarter_course", "take_back"): lambda before, _after: f"撤销拟自{_day(before['starts_on'])}起启用的季度进度安排",
    ("alert_rule", "take_back"): lambda before, _after: f"撤销拟自{_day(before['starts_on'])}起启用的预警规则",
    ("paper_template", "save"): lambda _before, after: f"修改{PaperText(after['kind']).label}的文字",
    ("paper_template", "restore"): lambda before, _after: f"将{PaperText(before['kind']).label}恢复为通用文字",
    ("office_template", "use"): lambda _before, after: f"启用{_word_template(after)}",
    ("office_template", "drop"): lambda before, _after: f"停用{_word_template(before)}",
    ("extension", "apply"): lambda _before, after: _applied(after),
    ("extension", "judge"): lambda _before, after: _judged(after),
    ("instruction", "give"): lambda _before, after: _instructed(after),
    ("instruction_share", "answer"): lambda _before, after: f"{after['unit']}答复批示：{after['text']}",
    ("instruction_share", "close"): lambda _before, after: f"办结{after['unit']}承办的批示{_colon(after['text'])}",
    ("instruction_share", "return"): lambda _before, after: f"退回{after['unit']}对批示的答复：{after['text']}",
    ("extension", "withdraw"): lambda _before, after: f"{after['unit']}撤回“{after['duty']}”的延期申请",
    ("verified_class", "say"): lambda _before, after: _class_said(after),
    ("inspection", "plan"): lambda _before, after: f"拟订方案，{_units(after)}",
    ("inspection", "edit"): lambda before, after: f"修改方案，{_units(after)}{_redrawn(before, after)}",
    ("inspection", "notify"): lambda _before, after: f"发出{after['number']}通知，{after['units']} 个单位",
    ("inspection", "arrange"): lambda _before, after: f"调整{after['unit']}的检查安排：{_day(after['visit_on'])}",
    ("inspection", "go_on_site"): lambda _before, _after: "开始实地检查",
    ("inspection", "conclude"): lambda _before, after: f"作出检查结论：{after['text']}",
    ("inspection", "publish"): lambda _before, after: f"登记通报：{after['text']}",
    ("inspection", "cancel"): lambda _before, after: f"取消检查：{after['text']}",
    ("inspection_part", "receive"): lambda _before, after: f"{after['text']}签收检查通知",
    ("inspection_part", "self_check"): lambda _before, after: f"报送自查情况：{after['text']}",
    ("inspection_part", "record_result"): lambda _before, after: _found(after),
    ("inspection_part", "set_aside"): lambda _before, after: f"{after['place']}的录入未采用，他人已先录入",
    ("inspection_part", "send_facts"): lambda _before, after: f"检查事实送单位确认，期限{_day(after['text'])}",
    ("inspection_part", "call_back"): lambda _before, after: f"收回检查事实：{after['text']}",
    ("inspection_part", "confirm"): lambda _before, after: f"确认检查事实{_colon(after['text'])}",
    ("inspection_part", "object"): lambda _before, after: f"对检查事实提出异议：{after['text']}",
    ("inspection_part", "uphold"): lambda _before, after: f"异议成立，退回更正：{after['text']}",
    ("inspection_part", "dismiss"): lambda _before, after: f"异议不成立，事实不变：{after['text']}",
    ("inspection_part", "excuse"): lambda _before, after: f"登记本次不查：{after['text']}",
    ("inspection_part", "make_finding"): lambda _before, after: f"登记为检查问题：{after['text']}",
} | {("finding", act.value): lambda _before, after, act=act: _of_finding(act, after) for act in FindingAct}


def _units(after: dict[str, Any]) -> str:
    drawn = f"，抽取号码“{after['seed']}”" if after["seed"] else ""
    return f"{len(after['units'])} 个单位{drawn}"


def _redrawn(before: dict[str, Any], after: dict[str, Any]) -> str:
    return f"（第 {after['draws']} 次抽取）" if after["draws"] > max(1, before["draws"]) else ""


def _found(after: dict[str, Any]) -> str:
    told = f"{'自查' if after['by_unit'] else '检查'}{after['place']}：{Found(after['verdict']).label}"
    return f"{told}{_colon(after['text'])}"


def _class_said(after: dict[str, Any]) -> str:
    quarter = Quarter.parse(after["quarter"]).label
    if after["class"] is None:
        return f"撤回对{quarter}进度等次的核实"
    return f"核实{quarter}进度等次：{ProgressClass(after['class']).label}{_colon(after['reason'])}"


def _light_set(after: dict[str, str]) -> str:
    until = _day(after["expires_on"])
    return f"将{after['unit']}的灯人工设定为{Light(after['light']).label}，至{until}：{after['reason']}"


def _revised(after: dict[str, str]) -> str:
    told = f"新增 {after['added']} 项，修改 {after['changed']} 项，撤销 {after['dropped']} 项"
    return f"第 {after['revision']} 次修订计划：{told}"


def _day(told: str | None) -> str:
    return written(date.fromisoformat(told)) if told else "待定"


def _colon(note: str) -> str:
    return f"：{note}" if note else ""


def _adjusted(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What became of each duty: 「县司法局：4月7日前改为4月8日前」."""
    pairs = zip(before["duties"], after["duties"], strict=True)
    told = [_adjusted_duty(old, new) for old, new in pairs]
    more = f"等 {len(told)} 项" if len(told) > _TOLD else ""
    return f"调整应办事项：{'；'.join(told[:_TOLD])}{more}"


_TOLD = 3


def _adjusted_duty(old: dict[str, str], new: dict[str, str]) -> str:
    label, how = new["label"], How(new["how"])
    if how is How.MOVED:
        return f"{new['unit']}“{label}”期限由{_day(old['day'])}改为{_day(new['day'])}"
    if how is How.HANDED:
        return f"“{label}”由{old['unit']}划转{new['unit']}"
    return f"{how.label}{new['unit']}“{label}”"


def _onward(after: dict[str, str]) -> str:
    """Where a hand-in goes first, where its unit's head is asked."""
    if int(after.get("levels", 1)) == 1:
        return ""
    return {
        ReportState.IN_UNIT: "，送单位负责人审签",
        ReportState.UNIT_APPROVED: "（单位负责人提交，视同单位审签）",
        ReportState.SUBMITTED: "（单位未设负责人，直接送办公室审核）",
    }[ReportState(after["state"])]


def _reviewed(after: dict[str, Any]) -> str:
    level, verdict = ReviewLevel(after.get("level", "office")), Verdict(after["verdict"])
    said = f"{level.act}通过" if verdict is Verdict.ACCEPT else verdict.label
    reason = f"：{after['reason']}" if after["reason"] else ""
    marked = "、".join(MARKS[mark] for mark in after.get("marks", ()))
    to_mend = f"（需修改：{marked}）" if marked else ""
    return f"{level.label}{said}（第 {after['version']} 次提交）{reason}{to_mend}"


def _rules_set(before: dict[str, str], after: dict[str, str]) -> str:
    told = (
        f"{RULES[name]}由“{rule_in_words(name, old)}”改为“{rule_in_words(name, after[name])}”"
        for name, old in before.items()
    )
    return "；".join(told)


def _of_finding(act: FindingAct, after: dict[str, str]) -> str:
    number = f"（{after['number']}）" if act is FindingAct.NOTIFY else ""
    return f"{act.label}{number}：{after['text']}"


def _applied(after: dict[str, str]) -> str:
    old, new = (written(date.fromisoformat(after[name])) for name in ("old_due", "new_due"))
    return f"{after['unit']}申请延期：“{after['duty']}”由{old}延至{new}。理由：{after['reason']}"


def _instructed(after: dict[str, Any]) -> str:
    return f"批示{'、'.join(after['units'])}于{_day(after['due'])}前办理：{after['text']}"


def _judged(after: dict[str, str]) -> str:
    """A consent that is not the last word says so."""
    opinion, state = OPINIONS[Verdict(after["verdict"])], ExtensionState(after["state"])
    outcome = f"，批准延至{written(date.fromisoformat(after['new_due']))}" if state is ExtensionState.APPROVED else ""
    reason = f"：{after['reason']}" if after["reason"] else ""
    return f"{ExtensionLevel(after['level']).label}{opinion}{after['unit']}“{after['duty']}”延期{outcome}{reason}"


def in_words(event: Event) -> str:
    """What was done, for people; an act that has no words yet is told as a change, never left out."""
    say = _WORDS.get((event.record, event.act))
    return say(event.before or {}, event.after or {}) if say else "更新记录"


def _word_template(told: dict[str, Any]) -> str:
    return f"{TemplateKind(told['kind']).label}的 Word 模板“{told['file']}”"
