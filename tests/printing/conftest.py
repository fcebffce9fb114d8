"""A sample inspection: two units and every state of an item.  Units and people are marked 示例."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tracker.rules.inspection_sheets import InspectedItem, InspectionSheets, UnitSheet
from tracker.rules.quarters import Quarter

FONTS = Path(__file__).parents[2] / "build" / "fonts"

ON_TIME = InspectedItem(
    number=1,
    section="一、深化重点领域信息公开",
    task="公开重大建设项目批准服务信息、批准结果信息、招标投标信息和征收土地信息，及时更新项目实施进展。",
    goal="重大建设项目信息应公开尽公开",
    role="牵头",
    targets=("公开率达到 100%",),
    deadlines=("每季度末更新一次", "12月31日前完成全年公开"),
    light_sign="■",
    light_word="绿",
    standing="正常推进，距下一节点 91 天",
    late=(),
    report_state="已审核",
    progress_class="达进度",
    progress="本季度公开重大建设项目批准结果信息 12 条、招标投标信息 9 条，由示例科张喆、李镕具体承办。",
    achievements="项目信息公开平均用时由 7 个工作日缩短到 4 个工作日。",
    problems="个别项目单位报送信息不及时。",
    next_steps="4月底前对未按时报送的项目单位逐一提醒。",
)

NOT_REPORTED = InspectedItem(
    number=2,
    section="二、规范政务公开活动",
    task="举办政府开放日活动。",
    goal="",
    role="配合",
    targets=(),
    deadlines=("3月20日前",),
    light_sign="●",
    light_word="红",
    standing="逾期 11 天",
    late=("政府开放日活动应于3月20日前完成，至今未办结。", "第一季度填报表应于4月7日前报送，尚未报送。"),
    report_state="",
    progress_class="",
    progress="",
    achievements="",
    problems="",
    next_steps="",
)

UNITS = (
    UnitSheet("示例县行政审批局", (ON_TIME, NOT_REPORTED)),
    UnitSheet("示例镇人民政府", (replace(NOT_REPORTED, number=3),)),
)


@pytest.fixture
def on_time() -> InspectedItem:
    return ON_TIME


@pytest.fixture
def not_reported() -> InspectedItem:
    return NOT_REPORTED


@pytest.fixture
def sheets() -> InspectionSheets:
    return InspectionSheets(
        organisation="示例县政务公开领导小组办公室",
        plan="示例县2026年政务公开工作要点任务分解方案",
        quarter=Quarter(2026, 1),
        as_of=date(2026, 3, 31),
        check_word="检查",
        units=UNITS,
        sample=True,
    )


@pytest.fixture
def alone(sheets: InspectionSheets) -> InspectionSheets:
    """The same inspection with one unit only."""
    return replace(sheets, units=UNITS[:1])


@pytest.fixture(scope="session")
def fonts() -> Path:
    if not any(FONTS.rglob("*.[ot]tf")):
        pytest.skip("the fonts are not there: run make setup, which fetches them into build/fonts")
    return FONTS
