"""Targets: what an item orders to be reached or completed, as a number with its measure.

A number is a target if a word compares it (不少于3次, 达95%, 4个月以内) or if a verb of completion orders
that many (建成20个社区).  Numbers that only describe (46项民生实事), that are a name or a slogan, that grant
money or are a condition for it, are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.reading.clauses import clauses, is_condition, is_grant, masked
from tracker.reading.doubts import is_sure
from tracker.reading.numerals import number
from tracker.reading.passage import Passage
from tracker.reading.plan import ReadTarget
from tracker.rules.targets import Op, Per, Target

_ARABIC = r"[0-9０-９]+(?:,[0-9]{3})*(?:[.．][0-9０-９]+)?"
_HANZI = "[一二两三四五六七八九十百千]+"
_TIME = "个工作日|工作日|个月|小时|分钟|天"
_MONEY = "元|美元"
_DIGITS = "零〇一二两三四五六七八九十百千"
_MEASURES = (
    "个百分点|微克/立方米|毫克/升|公里|千米|平方米|平方公里|立方米|公顷|万亩|亩|万吨|吨|千瓦|‰|人次|人|家次|户次|栋次|批次|次|种|个|项|家|名|件|场次|场|期|篇|条|处|所|户|批|套|座|台|辆|门|类|份|幅|部|册|"
    "支|只|对|组|站|轮|例|宗|起|张|块|间|栋|棵|株|村|镇|分(?=以上|以内|[，。；、]|$)"
)
_QUANTITY = re.compile(
    rf"(?<![第前\d.．A-Za-z＿])(?:(?P<low>{_ARABIC}|{_HANZI})\s*[—\-–~～－至]+\s*)?(?P<value>{_ARABIC}|{_HANZI})[余多]?\s*(?P<times>[万亿千百]{{0,2}})[余多]?"
    rf"(?P<measure>[%％]|{_TIME}|{_MONEY}|{_MEASURES})|百分之(?P<percent>{_HANZI}|{_ARABIC})|"
    rf"(?<![{_DIGITS}])(?P<tenths>[一二三四五六七八九])成(?=(?:以上|以下|以内|左右|及以上)|[，。；、]|$)|"
    r"(?P<whole>[二三四五六七八九十])分之(?P<part>[一二两三四五六七八九])"
)
# Changes in words: half of it gone, as much again.
_HALVED = re.compile(r"(?:压减|压缩|缩短|减少|降低|下降|缩减|精简)(?:了)?(?:一|过)?(?:半数?)(?!年)(?:以上)?|减半")
_DOUBLED = re.compile(r"(?:翻(?:一)?番|倍增(?!计划|行动|工程|效应)|增长一倍|提高一倍|增加一倍|扩大一倍)(?:以上)?")
_ABOUT = re.compile(r"\s*左右|\s*上下")
_ABOUT_BEFORE = re.compile(r"(?:约|大约|约为)$")
_CHANGED = re.compile("增长|提高|提升|下降|降低|压减|压缩|缩短|减少|缩减|精简|上升|增加|扩大|增幅|降幅|增速")
_AT_LEAST = re.compile(
    r"(?:不(?:得|能)?(?:少于|低于|小于)|至少|达到?|达至|(?<![不得能])(?:超过?|突破|高于|大于|多于)|≥|(?:提高|提升|扩大|增加|增长|拓展|扩展|上升)(?:至|到))\s*(?:约|了)?$"
)
_AT_MOST = re.compile(
    r"(?:不(?:得|能)?(?:超过?|高于|多于|大于)|(?<![不得能])(?:低于|少于|小于)|≤|控制在|(?:压缩|缩短|压减|降低|下降|减少|降|控制|缩减)(?:至|到|在|为))\s*(?:约|了)?$"
)
_OR_MORE = re.compile(r"\s*(?:\(含\)|（含）)?\s*(?:及|或)?(?:以上|之上)")
_OR_LESS = re.compile(r"\s*(?:及|或)?(?:以内|之内|以下|内)")
_SOMEWHERE_AT_LEAST = re.compile(r"至少[^0-9]{0,12}$")
_REACHED = re.compile(r"(?:做到|实现|完成|确保|保持|达成|覆盖|率为?|率保持在?|稳定在)[^，]{0,6}$")
_COMPLETED = re.compile(
    "建成|新建|建设|建立|打造|培育|培养|引进|引育|招引|集聚|新增|完成|梳理|制定|出台|编制|修订|发布|推出|举办|开展|组织|召开|配置|配备|设立|设置|培训|"
    "改造|整治|创建|发展|孵化|遴选|选派|评选|选树|推广|上线|办理|检查|抽查|走访|化解|解决|征集|编发|打通|签约|落地|开工|实现|形成|申报|入库|培树|组建|布局|挂牌|认定|投入|举行|播种|种植|稳定在|保持在|维持在|改建|扩建|修建|选聘|招聘|吸纳|帮扶|救助|清理|清除|疏浚|开通|优化提升|优化线路|淘汰|送戏|放映|演出|栽植|种植|新植|造林|绿化|治理|修复|拆除|关停|处置|抽检|监测|更新|购置|安装|铺设|"
    "包案|提供|储备|备足|盘活|收储|筹集|查处|编印|印制|拍摄|刊发|撰写|编写|接入|归集|整合|压减|精简|减少|新改|改厕|培植|引入|招收|对接|承接|资助"
)
_DESCRIBED = re.compile(
    r"(?:围绕|聚焦|对照|按照|根据|推进(?!会|现场会)|推进实施|实施|涉及|依托|针对|落实|结合|用好|抓好|做好|紧扣|涵盖|包括|现有|原有|已有)[^，]{0,4}$"
)
# 带动农户500户, 惠及居民2万人: what the work is to bring to how many.
_BENEFITS = re.compile(r"(?:带动|惠及|受益|辐射带动|帮助)[^，。、的]{0,10}$")
# 实施技改项目30个 orders thirty; 实施46项民生实事 only says how many there are.
_ITS_NOUN_BEFORE = re.compile(r"(?:实施|推进|办好|抓好)[^，、“”＿]{2,12}(?<![第前])$")
_BENEFITED = ("户", "人", "名", "家", "人次")
_KINDS = re.compile(r"(?:方面|环节|层面|阶段|维度|工作日|月|小时|百分点)")
_INVESTED = re.compile("投入|投资|募集|筹集|争取|产值|营收|收入|销售额|引资|融资")
_PERIODS = (
    (Per.YEAR, re.compile(r"每(?:个)?年度?(?:内)?|年度内|年均|按年")),
    (Per.HALF_YEAR, re.compile(r"每(?:个)?半年")),
    (Per.QUARTER, re.compile(r"每(?:个)?季度?|按季度?")),
    (Per.MONTH, re.compile(r"每(?:个)?月|按月")),
)
_PER = re.compile(r"\s*[/／每](年|半年|季度?|月)")
_PER_WORDS = {"年": Per.YEAR, "半": Per.HALF_YEAR, "季": Per.QUARTER, "月": Per.MONTH}
_LEAD_IN = re.compile(
    r"^(?:.*(?:以外|之外|外)的|除.{1,30}外|原则上|力争|确保|其中|同时|并且?|要|(?:到|至)?\d{4}年(?:\d{1,2}月)?[底末]?前?|年底前|[一二三四五六七八九十]是)+"
)
_RATE_OF_WORK = re.compile(r"(?<![利税费息])率(?:不低于|不少于|高于|超过|达到?|保持在?|稳定在|提[高升][到至]|为)?$")
_WEEKLY = re.compile("每个?周|每隔?(?:[0-9一二两三四六半]+)个?(?:月|周)|每旬|每双周|每[0-9十五]+[天日]")
_NEAR = 12  # characters between 压减 and the rate by which
_FAR = 24  # characters between a verb and the number that it orders
_LENGTH_OF_TIME = re.compile(r"(?:天数|时长|用时|耗时|周期)[^，]{0,6}$")
_SHORTENED = re.compile(r"(?:压缩|缩短|压减|降低|减少|控制|降)(?:至|到|在|为)")
_COUNTED = re.compile(r"(?:次|场|期|轮|场次)")


@dataclass(frozen=True)
class _Quantity:
    """One number with its measure in a clause, and what stands before and after it there."""

    match: re.Match[str]
    clause: str
    goes_on: bool

    @property
    def measure(self) -> str:
        """`%`, or the measure word as printed, 万 and 亿 included: reports will be in the same measure."""
        printed: str = self.match["measure"] or "%"
        return "%" if printed in "%％" else self.match["times"] + printed

    @property
    def value(self) -> Decimal:
        if self.match["tenths"]:
            return number(self.match["tenths"]) * 10
        if self.match["whole"]:
            return round(number(self.match["part"]) * 100 / number(self.match["whole"]), 2)
        return number(self.match["percent"] or self.match["value"])

    @property
    def before(self) -> str:
        return self.clause[: self.match.start()]

    @property
    def after(self) -> str:
        return self.clause[self.match.end() :]

    @property
    def is_hanzi(self) -> bool:
        return bool(self.match["value"]) and not re.search("[0-9０-９]", self.match["value"])


def targets(passage: Passage) -> Iterator[ReadTarget]:
    """The targets of a task or a goal."""
    goes_on = False  # whether the clause before ordered something, and this one is of the same sentence
    for clause, mark in clauses(passage):
        text = masked(clause.text)
        found: list[ReadTarget] = []
        if not is_condition(text, mark):
            quantities = (_Quantity(match, text, goes_on) for match in _QUANTITY.finditer(text))
            found = [target for each in quantities if _may_count(each) for target in _read(each, clause)]
            found += _changes_in_words(text, clause)
        yield from found
        goes_on = bool(found) and mark in "，,"


def _read(quantity: _Quantity, clause: Passage) -> Iterator[ReadTarget]:
    per = _per(quantity)
    op = _op(quantity)
    rule = "" if _only_describes(quantity, op) else _rule(quantity, op, per)
    if not rule:
        return
    evidence = _evidence(quantity, clause)
    low = quantity.match["low"]
    if low:
        yield _target(evidence, Target(Op.AT_LEAST, number(low), quantity.measure, per), "range")
        op, rule = Op.AT_MOST, "range"
    yield _target(evidence, Target(op or Op.EXACTLY, quantity.value, quantity.measure, per), rule)


def _may_count(quantity: _Quantity) -> bool:
    """In a clause about money granted only a rate of work (补贴发放准确率达到99%) is a target."""
    return not is_grant(quantity.clause) or bool(_RATE_OF_WORK.search(quantity.before))


def _changes_in_words(text: str, clause: Passage) -> Iterator[ReadTarget]:
    """缩短一半, 翻一番: how much less or more, in per cent."""
    if is_grant(text):
        return
    for pattern, percent, rule in ((_HALVED, 50, "halved"), (_DOUBLED, 100, "doubled")):
        for match in pattern.finditer(text):
            lead_in = _LEAD_IN.match(text[: match.start()])
            evidence = clause[lead_in.end() if lead_in else 0 : match.end()].strip()
            yield _target(evidence, Target(Op.AT_LEAST, Decimal(percent), "%"), rule)


def _target(evidence: Passage, target: Target, rule: str) -> ReadTarget:
    return ReadTarget(evidence.text, target, evidence.span, rule, is_sure(rule))


def _op(quantity: _Quantity) -> Op | None:
    """How the words around the number compare it; None where none does."""
    before, after = quantity.before, quantity.after
    if _AT_MOST.search(before) or (_OR_LESS.match(after) and quantity.measure != "%%"):
        return Op.AT_MOST
    if _AT_LEAST.search(before) or _OR_MORE.match(after) or _SOMEWHERE_AT_LEAST.search(before):
        return Op.AT_LEAST
    return None


def _only_describes(quantity: _Quantity, op: Op | None) -> bool:
    """超过100人的企业: the number belongs to the noun that follows."""
    return op is not None and quantity.after.startswith("的") and not _COUNTED.fullmatch(quantity.measure)


def _rule(quantity: _Quantity, op: Op | None, per: Per | None) -> str:
    """The rule by which a number is a target; empty where it is none."""
    if quantity.match["measure"] in _TIME.split("|"):
        if op is not None and _LENGTH_OF_TIME.search(quantity.before):
            return "compared"
        return "time-cut" if _SHORTENED.search(quantity.before) else ""
    if quantity.match["measure"] in _MONEY.split("|"):
        return "money-raised" if _INVESTED.search(quantity.clause) else ""
    if op is not None:
        return "fraction" if quantity.match["whole"] else "compared"
    if per is Per.HALF_YEAR and quantity.value == 1 and _COUNTED.fullmatch(quantity.measure):
        return ""  # 每半年一次: its deadline says so
    if _WEEKLY.search(quantity.before) and quantity.measure == "次":
        return ""  # 每周1次: its deadline says so
    if quantity.is_hanzi and not quantity.after and quantity.value > 1 and per is None:
        return "in-words" if _rule_of_count(quantity) == "ordered" else ""
    if quantity.is_hanzi:
        return "per-period" if per is not None and _COUNTED.fullmatch(quantity.measure) else ""
    if quantity.measure in ("%", "个百分点"):
        return _rule_of_rate(quantity)
    return _rule_of_count(quantity)


def _rule_of_rate(quantity: _Quantity) -> str:
    """A rate that is reached (覆盖率100%), or by which something changes (压减20%)."""
    if quantity.match["tenths"] or quantity.match["whole"]:
        is_ordered = _REACHED.search(quantity.before) or _CHANGED.search(quantity.before[-_NEAR:])
        return "fraction" if is_ordered else ""
    about = bool(_ABOUT.match(quantity.after) or _ABOUT_BEFORE.search(quantity.before))
    if _CHANGED.search(quantity.before[-_NEAR:]):
        return "about" if about else "changed"
    return ("about" if about else "reached") if _REACHED.search(quantity.before) else ""


def _rule_of_count(quantity: _Quantity) -> str:
    """Whether a verb of completion orders that many: 打造…语料库40个, 梳理完善30个…目录."""
    if _BENEFITS.search(quantity.before):
        is_told = quantity.after.startswith("的") or quantity.match["measure"] not in _BENEFITED
        return "" if is_told else "benefits"
    noun_before = not quantity.after and _ITS_NOUN_BEFORE.search(quantity.before)
    if (_DESCRIBED.search(quantity.before) and not noun_before) or _KINDS.match(quantity.after):
        return ""
    if noun_before:
        return "ordered"
    verbs = [match.end() for match in _COMPLETED.finditer(quantity.before)]
    if not verbs:
        return "goes-on" if quantity.goes_on and not quantity.after else ""
    if _ABOUT.match(quantity.after) or _ABOUT_BEFORE.search(quantity.before):
        return "about"
    return "verb-far-off" if len(quantity.before) - verbs[-1] > _FAR else "ordered"


def _per(quantity: _Quantity) -> Per | None:
    """The period before the number (每年…1次), or behind it (1次/季度)."""
    if behind := _PER.match(quantity.after):
        return _PER_WORDS[behind[1][0]]
    found = [(match.end(), per) for per, pattern in _PERIODS for match in pattern.finditer(quantity.before)]
    return max(found)[1] if found else None


def _evidence(quantity: _Quantity, clause: Passage) -> Passage:
    """The clause without its lead-in, to the end of the measure (and of what is counted, where that follows)."""
    start = _LEAD_IN.match(quantity.before)
    end = quantity.match.end()
    more = _OR_MORE.match(quantity.clause, end) or _OR_LESS.match(quantity.clause, end)
    end = more.end() if more else end
    is_rate_or_time = quantity.measure == "%" or quantity.match["measure"] in (*_TIME.split("|"), *_MONEY.split("|"))
    if quantity.measure != "次" and (not more or not is_rate_or_time or quantity.match["tenths"]):
        counted = re.match(r"[^、（(以并且和及]{1,24}", quantity.clause[end:])
        end += counted.end() if counted else 0
    return clause[start.end() if start else 0 : end].strip()
