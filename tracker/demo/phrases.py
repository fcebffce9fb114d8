"""The words of made-up plans and reports: drawn by a seeded chance, so that the same seed always says the same."""

from decimal import Decimal
from random import Random

from tracker.ledger.tables.units import UnitKind


def _words(written: str) -> list[str]:
    return written.split()


_BUREAUS = _words(
    "县政府办公室 县发展和改革局 县教育局 县科学技术局 县工业和信息化局 县公安局 县民政局 县司法局 县财政局 "
    "县人力资源和社会保障局 县自然资源局 县生态环境局 县住房和城乡建设局 县交通运输局 县水利局 县农业农村局 "
    "县商务局 县文化和旅游局 县卫生健康局 县退役军人事务局 县应急管理局 县审计局 县市场监督管理局 县统计局 "
    "县医疗保障局 县行政审批局 县城市管理局 县乡村振兴局 县林业局 县信访局 县档案馆 县融媒体中心 县税务局 "
    "县气象局 县供销合作社 县公共资源交易中心 县政务服务中心 县机关事务服务中心 县残疾人联合会 县总工会"
)
_TOWN_FIRST, _TOWN_SECOND = "东西南北上下青白石云龙凤金银清安", "岭河坪桥口溪塘湾坝丰泉山"

SECTIONS = (
    "深化行政决策公开",
    "加强重点领域信息公开",
    "提升政务服务效能",
    "优化营商环境",
    "保障和改善民生",
    "推进城乡建设",
    "强化监督保障",
    "夯实基层基础",
)
_ACTS = _words("推进 完善 规范 加强 优化 落实 深化 健全 开展 建立 编制 更新")
_OBJECTS = _words(
    "重大行政决策预公开 行政规范性文件清理 政策解读和回应 基层政务公开标准化 公共资源交易信息公开 "
    "惠民惠农补贴发放公开 高频事项一网通办 企业开办全程网办 工程建设项目审批 城镇老旧小区改造 "
    "农村人居环境整治 义务教育学校布局调整 基层医疗卫生服务 养老服务设施建设 就业创业服务 安全生产隐患排查 "
    "饮用水水源地保护 农村公路养护 防汛抗旱准备 食品安全抽检 政务新媒体管理 政府网站内容保障 政务公开专区建设 "
    "依申请公开办理 12345热线办理 行政执法公示 预决算公开 招商引资项目服务 高标准农田建设 文化惠民活动"
)
_MEANS = (
    "建立工作台账，明确责任人和完成时限",
    "逐项梳理清单并动态更新",
    "在政府网站设置专栏集中公开",
    "定期开展检查并通报结果",
    "组织业务培训，提升经办人员能力",
    "主动听取群众和企业意见",
    "与有关单位建立会商机制",
)
_DONE = (
    "召开专题推进会{n}次，研究解决问题{m}个",
    "走访企业和村（社区）{n}家，收集意见{m}条",
    "通过政府网站、政务新媒体公开信息{n}条，发布解读材料{m}件",
    "组织业务培训{n}期，培训{k}人次",
    "完成现场核查{n}处，整改问题{m}个",
    "办理群众来信来访{n}件，办结{m}件",
    "修订工作制度{m}项，编制办事指南{n}份",
    "印制并发放宣传材料{k}份，接受咨询{n}人次",
)
_EFFECTS = (
    "办理时间平均缩短{m}个工作日，群众满意度进一步提高。",
    "有关事项全部按时公开，查询更加方便。",
    "企业和群众跑动次数明显减少，累计服务{k}人次。",
    "工作规范化水平有所提升，未发生超期办理情况。",
    "相关经验在全县作了交流。",
)
_PROBLEMS = (
    "部分镇（街道）人员变动较大，材料报送不够及时。",
    "项目前期手续办理较慢，资金拨付尚未全部到位。",
    "受连续降雨影响，现场施工进度滞后约{n}天。",
    "与有关单位的数据尚未打通，仍需人工核对。",
    "个别指标进展不平衡，需进一步加大调度力度。",
)
_NEXT = (
    "下一季度重点完成剩余{m}项任务，逐项销号。",
    "加强与配合单位会商，每月调度一次进展。",
    "对存在的问题列出清单，于下季度第一个月底前整改到位。",
    "继续做好信息更新和解读回应，组织一次回头看。",
    "组织第三方评估，巩固已有成果。",
)
RETURNED = (
    "工作进展过于笼统，请补充具体做法、数量和完成时间。",
    "数据与上季度不衔接，请核对后重新填报。",
    "请说明进度滞后的原因和追赶措施。",
    "取得成效中有的内容属于上季度，请删减后再报。",
)
EXTENSION_REASON = "因项目设计变更，需重新报批，预计不能按原定时间完成。"
EXTENSION_PROGRESS = "前期工作已完成，正在办理变更手续。"
MISSING_NOTE = "配合单位尚未填报，已逐一电话催报，报齐后更新。"
UNCHANGED = "与上季度相比没有变化。"


def unit_names(count: int) -> list[tuple[str, UnitKind]]:
    """Two in three are departments while their names last; the others are towns."""
    departments = min(len(_BUREAUS), max(1, count * 2 // 3))
    towns = [f"{first}{second}镇" for second in _TOWN_SECOND for first in _TOWN_FIRST]
    more = [f"第{number}街道办事处" for number in range(1, count + 1)]
    found = [(name, UnitKind.DEPARTMENT) for name in _BUREAUS[:departments]]
    return (found + [(name, UnitKind.TOWN) for name in towns + more])[:count]


def task(chance: Random) -> str:
    act, subject = chance.choice(_ACTS), chance.choice(_OBJECTS)
    means = "，".join(chance.sample(_MEANS, chance.randint(1, 3)))
    return f"{act}{subject}。{means}。"


def goal(task_text: str, chance: Random) -> str:
    return f"{task_text.split('。')[0]}取得明显成效。" if chance.random() < 0.6 else ""


def progress(chance: Random) -> str:
    """One to four things done, as in the reports of real offices: from 40 to 200 characters."""
    opening = chance.choice(("本季度，", "按照计划安排，", "对照年度目标，", ""))
    done = [_told(each, chance) for each in chance.sample(_DONE, chance.randint(1, 4))]
    means = chance.choice(_MEANS)
    return f"{opening}{means}；{'；'.join(done)}。"


def achievements(chance: Random) -> str:
    return _told(chance.choice(_EFFECTS), chance) if chance.random() < 0.75 else ""


def problems(chance: Random) -> str:
    return _told(chance.choice(_PROBLEMS), chance)


def next_steps(chance: Random) -> str:
    return "".join(_told(each, chance) for each in chance.sample(_NEXT, chance.randint(1, 2)))


def _told(template: str, chance: Random) -> str:
    n, m, k = chance.randint(3, 28), chance.randint(1, 9), chance.randint(30, 600)
    return template.format(n=n, m=m, k=k)


def reached(target: Decimal, part: float) -> Decimal:
    """A count on the way to its target."""
    return (target * Decimal(str(round(part, 2)))).quantize(Decimal(1))
