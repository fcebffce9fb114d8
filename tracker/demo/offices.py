"""The five sample offices, one for each seed plan: who is in them and what their clerks settle by hand.

The plans are real; the rosters, the people and everything reported are invented and marked 示例.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.ledger.tables.units import UnitKind

DEPARTMENT, SECTION, TOWN = UnitKind.DEPARTMENT, UnitKind.SECTION, UnitKind.TOWN


@dataclass(frozen=True)
class Office:
    """`file` is how the seed's name begins, `logins` how those of its people do.

    `groups` gives each group's members; `aliases` what a name in the document stands for.  `title` is for a
    document that prints none, and a plan without a year is this year's.  Units of `takes_up` share the items of
    a plan that names no units.  `review_levels` as in `rules.reviews`: from two on, every unit has a head.
    `closed` is the quarter that is sealed, 0 for none.
    """

    file: str
    logins: str
    name: str
    units: Sequence[tuple[str, UnitKind]]
    title: str = ""
    groups: dict[str, Sequence[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    takes_up: Sequence[str] = ()
    review_levels: int = 1
    closed: int = 0


_DAYING_DEPARTMENTS = (
    "县政府办公室",
    "县司法局",
    "县行政审批局",
    "县文化广电旅游局",
    "县档案馆",
    "县财政局（示例）",
    "县教育局（示例）",
)
_DAYING_TOWNS = ("示例一镇", "示例二镇", "示例三镇")
_XUANZHOU_SECTIONS = ("办公室", "农财科", "行财科", "社保科（示例）", "监督局", "政务大厅", "金融服务中心")

OFFICES = (
    Office(
        file="001",
        logins="linshui",
        name="某市林业水利局（示例）",
        units=[
            (name, SECTION)
            for name in ("办公室（示例）", "政策法规处（示例）", "林业处（示例）", "水利处（示例）", "信息中心（示例）")
        ],
        takes_up=("办公室（示例）", "政策法规处（示例）", "林业处（示例）", "水利处（示例）", "信息中心（示例）"),
    ),
    Office(
        file="002",
        logins="daying",
        name="大英县人民政府（示例）",
        title="大英县2023年政务公开工作任务分解表",
        review_levels=2,
        closed=1,
        units=[(name, DEPARTMENT) for name in _DAYING_DEPARTMENTS]
        + [(name, TOWN) for name in (*_DAYING_TOWNS, "示例街道", "示例园区")],
        groups={
            "县级各相关部门": _DAYING_DEPARTMENTS,
            "各镇(园区、街道)": (*_DAYING_TOWNS, "示例街道", "示例园区"),
            "各镇(街道)": (*_DAYING_TOWNS, "示例街道"),
        },
    ),
    Office(
        file="000",
        logins="jinzhai",
        name="金寨县行政审批局（示例）",
        units=[
            (name, SECTION)
            for name in ("办公室（示例）", "政策法规股", "审批服务股（示例）", "数据资源股（示例）", "政务大厅（示例）")
        ],
        takes_up=("政策法规股", "办公室（示例）", "审批服务股（示例）", "数据资源股（示例）", "政务大厅（示例）"),
    ),
    Office(
        file="003",
        logins="zhen",
        name="某镇人民政府（示例）",
        units=[
            (name, SECTION)
            for name in ("党政综合办公室（示例）", "经济发展办公室（示例）", "便民服务中心（示例）", "财政所（示例）")
        ],
        takes_up=("党政综合办公室（示例）", "便民服务中心（示例）", "经济发展办公室（示例）", "财政所（示例）"),
    ),
    Office(
        file="004",
        logins="xuanzhou",
        name="宣州区财政局（示例）",
        units=[(name, SECTION) for name in _XUANZHOU_SECTIONS],
        groups={"各科室": _XUANZHOU_SECTIONS},
        aliases={"社???": "社保科（示例）"},
    ),
)
