"""Rules that may be wrong, each with the sentence in which the clerk is asked to look.

Every unit, target and deadline carries the name of the rule that read it.  What a rule of this list has read is not
`sure`; of all the other fields at least 99 of 100 are to be right.
"""

from tracker.reading.plan import ReadDeadline, ReadTarget, ReadUnit, Remark
from tracker.rules.deadlines import DeadlineKind

REASONS = {
    # deadlines
    "blanked": "完成时限没有写明日期，请确定日期。",
    "no-year": "完成时限只写了月份，计划没有年份，请补上年份。",
    "no-such-day": "完成时限的日期不存在，请核对。",
    "early-month": "“月初”按10日、“月中”按15日计算，请核对。",
    "feast-without-year": "节日没有写明年份，按计划年份计算，请核对。",
    "months-as-days": "期限写的是几个月，按每月30日计算，请核对。",
    "hours-as-days": "期限写的是小时，按整日计算，请核对。",
    "no-event": "没有写明从哪一天起算，请补上起算的事件。",
    "rhythm": "按“月调度、季通报”一类的字样读作周期，请核对。",
    "few-months": "每几个月一次的，按各期末月的月底列出，请核对。",
    "part-of-month": "“每旬”“每半月”按每月10日、15日、20日和月底计算，请核对。",
    "odd-period": "“{}”没有对应的周期，请选定日期，或改为每周、每月。",
    "which-month": "“月底前”没有写明是哪个月，请确定日期；如指每个月，请改为“每月”。",
    "bare-day": "时间栏只写了数字，按月、日读取，请核对。",
    "before-the-year": "完成时限早于计划年份，可能是在说明过去的情况，请核对。",
    # targets
    "doubled": "“翻番”“倍增”按增长不少于100%计算，请核对。",
    "halved": "“一半”按不少于50%计算，请核对。",
    "fraction": "几分之几已换算成百分比，请核对。",
    "about": "数字后有“左右”“约”等字样，按等于计算，请核对。",
    "goes-on": "这个数没有动词，按接着上一句要求读取，请核对。",
    "in-words": "汉字写的数量，不一定是要求完成的数量，请核对。",
    "benefits": "“带动”“惠及”的数量，按要求达到的数量读取，请核对。",
    "verb-far-off": "数字与动词相隔较远，不一定是要求完成的数量，请核对。",
    # units
    "long-list": "责任单位没有写明谁牵头，已全部列为牵头单位，请核对。",
    "commas-only": "责任单位只用逗号隔开，按第一个逗号前为牵头单位读取，请核对。",
    "odd-name": "“{}”不像单位名称，请核对。",
}
ONE_BY_ONE = frozenset(
    ("blanked", "no-year", "no-such-day", "which-month", "odd-period", "odd-name")
)  # other doubts are told once an item


def is_sure(rule: str) -> bool:
    return rule not in REASONS


def remark(read: ReadUnit | ReadTarget | ReadDeadline, line: int) -> Remark:
    """The doubt about a field that is not sure."""
    words = read.name if isinstance(read, ReadUnit) else read.text
    is_unset = isinstance(read, ReadDeadline) and read.deadline.kind is DeadlineKind.UNDETERMINED
    return Remark("undetermined-date" if is_unset else read.rule, line, REASONS[read.rule].format(words), words, True)
