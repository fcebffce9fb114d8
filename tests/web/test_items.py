import re
from datetime import date

import pytest
from lxml import html

from tests import finding, reporting
from tests.conftest import noon
from tests.instructing import give
from tracker.ledger import evidence, occurrences, plans, report_ticks, reports, reviews
from tracker.ledger.db import db, transaction
from tracker.ledger.report_content import ReportContent
from tracker.ledger.tables.duties import Duty
from tracker.ledger.tables.extensions import Extension
from tracker.ledger.tables.occurrences import Occurrence
from tracker.ledger.tables.plans import Item, ItemTarget, Origin
from tracker.ledger.tables.units import Unit
from tracker.rules.duties import DutyKind
from tracker.rules.extensions import ExtensionState
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass, ReportText, Verdict

Q1 = Quarter(2025, 1)
LATER = date(2025, 4, 20)


def report_duty(item_id, unit_id, quarter=Q1):
    return db.session.scalars(
        db.select(Duty).where(
            Duty.item_id == item_id,
            Duty.unit_id == unit_id,
            Duty.kind == DutyKind.QUARTER_REPORT,
            Duty.quarter == quarter,
        )
    ).one()


def hand_in(cast, unit="县司法局", item=0, on=date(2025, 4, 2), login="handler", **said):
    """A unit reports on one of the plan's items and that all is done which is due; inside an application context."""
    said = {"progress": "已开展。", "problems": "人手不足。", "progress_class": ProgressClass.ON_SCHEDULE} | said
    figures = {target: reporting.percent(90) for target in db.session.scalars(targets_of(cast.items[item]))}
    with transaction():
        duty = report_duty(cast.items[item], cast.units[unit])
        known = reports.report_on(duty)
        done = {owed.id: owed.due for owed in report_ticks.open_duties(duty) if owed.due and owed.due <= on}
        content = ReportContent(ReportText(**said), figures, done, reporting.MISSING)
        return reports.submit(cast.act(login, on), duty, content, known.version if known else None)


def targets_of(item_id):
    return db.select(ItemTarget.id).where(ItemTarget.item_id == item_id)


def review(cast, report, verdict, on, reason="请补充数据。"):
    with transaction():
        reviews.review(cast.act("clerk", on), report, verdict, reason, len(report.versions))


def main_of(answer):
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text).get_element_by_id("main")


def titles(answer):
    return [link.text_content().strip() for link in main_of(answer).iterfind(".//tbody//th/a")]


# The list


def test_the_list_shows_the_whole_plan_in_its_order(as_):
    answer = as_("leader").get("/items/?quarter=2025Q1")
    assert titles(answer) == ["预公开重大行政决策草案", "定期开展“政府开放日”活动", "每季度检查各单位政务公开工作"]
    assert "共 3 项。" in answer.text


def test_a_line_says_who_by_when_how_much_and_how_it_stands(as_):
    line = main_of(as_("leader").get("/items/?quarter=2025Q1")).find(".//tbody/tr")
    assert line.find(".//b").text == "县司法局"
    words = line.text_content()
    for word in ("深化决策公开", "配合：各镇(园区、街道)", "2025年8月底前", "预公开率达95%", "4 天后到期", "待填报"):
        assert word in words


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("section=强化监督", ["每季度检查各单位政务公开工作"]),
        ("q=开放日", ["定期开展“政府开放日”活动"]),
        ("q=95%25", ["预公开重大行政决策草案"]),
        ("q=没有这样的字", []),
        ("section=没有这个板块", []),
        ("standing=overdue", []),
        ("standing=unreported&late=1", ["定期开展“政府开放日”活动"]),
        ("standing=completed", ["每季度检查各单位政务公开工作"]),
        ("light=yellow", ["定期开展“政府开放日”活动"]),
        ("part=support&standing=unreported", ["定期开展“政府开放日”活动", "预公开重大行政决策草案"]),
        ("part=lead&standing=on_schedule", ["预公开重大行政决策草案"]),
        ("unit_kind=town", ["定期开展“政府开放日”活动", "预公开重大行政决策草案"]),
        ("unit_kind=section", []),
    ],
)
def test_the_address_filters(app, as_, cast, move_to, query, expected):
    with app.app_context():
        hand_in(cast)
        hand_in(cast, item=2, progress_class=ProgressClass.COMPLETED)
    move_to(LATER)
    answer = as_("leader").get(f"/items/?quarter=2025Q1&{query}")
    assert sorted(titles(answer)) == sorted(expected)
    assert f"共 3 项，符合条件 {len(expected)} 项。" in answer.text


def test_for_a_unit_an_item_stands_as_its_own_share(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast)
        hand_in(cast, item=2, progress_class=ProgressClass.COMPLETED)
    move_to(LATER)
    own = f"/items/?quarter=2025Q1&unit={cast.units['县司法局']}"
    assert len(titles(as_("leader").get(own))) == 2
    assert titles(as_("leader").get(f"{own}&standing=on_schedule")) == ["预公开重大行政决策草案"]
    assert titles(as_("leader").get(f"{own}&standing=overdue")) == []


def test_the_worst_comes_first_where_asked(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast, item=2)
    move_to(LATER)
    first, *_ = titles(as_("leader").get("/items/?quarter=2025Q1&sort=worst"))
    *_, last = titles(as_("leader").get("/items/?quarter=2025Q1&sort=worst"))
    assert first == "预公开重大行政决策草案"
    assert last == "每季度检查各单位政务公开工作"


def test_a_unit_sees_the_items_it_takes_part_in_and_its_own_standing(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast, unit="东镇", login="town")
    move_to(LATER)
    answer = as_("town").get("/items/?quarter=2025Q1")
    assert titles(answer) == ["预公开重大行政决策草案", "定期开展“政府开放日”活动"]
    assert titles(as_("town").get("/items/?quarter=2025Q1&standing=on_schedule")) == ["预公开重大行政决策草案"]
    units = main_of(answer).xpath(".//select[@name='unit']/option[@value!='']")
    assert [option.text for option in units] == ["东镇"]


def test_another_unit_cannot_be_asked_for(as_, cast):
    assert as_("town").get(f"/items/?unit={cast.units['西镇']}").status_code == 404
    assert as_("clerk").get(f"/items/?unit={cast.units['邻县司法局']}").status_code == 404
    assert as_("town").get(f"/items/duties?unit={cast.units['西镇']}").status_code == 404
    assert as_("town").get("/items/?unit_kind=department").status_code == 404


def test_the_kinds_of_the_register_are_offered_to_those_who_see_all_units(as_, cast):
    def offered(login):
        options = main_of(as_(login).get("/items/")).xpath(".//select[@name='unit_kind']/option[@value!='']")
        return [option.text for option in options]

    assert offered("leader") == ["部门", "乡镇（街道、园区）"]
    assert offered("town") == []
    assert "乡镇（街道、园区）的任务，进展为这些单位的情况" in as_("leader").get("/items/?unit_kind=town").text
    assert "筛选条件：单位类型：乡镇（街道、园区）" in as_("leader").get("/items/list.csv?unit_kind=town").text


@pytest.mark.parametrize("query", ["standing=bad", "unit_kind=bad", "light=pink", "sort=id;drop", "part=all"])
def test_a_choice_that_no_list_offers_is_refused_in_words(as_, query):
    answer = as_("leader").get(f"/items/?{query}")
    assert answer.status_code == 422
    assert "这个筛选项" in answer.text


@pytest.mark.parametrize("unit", ["x", "-1", "9" * 5000])
def test_a_unit_that_is_none_is_not_found(as_, unit):
    assert as_("leader").get(f"/items/?unit={unit}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-3", "2", "x", "9" * 5000])
def test_a_page_that_is_not_there_shows_the_nearest(as_, page):
    assert len(titles(as_("leader").get(f"/items/?quarter=2025Q1&page={page}"))) == 3


def test_a_long_list_has_pages_that_keep_the_filters(app, as_, cast):
    with app.app_context():
        plan_id = add_plan(cast, 120)
    leader, address, seen = as_("leader"), f"/items/?plan={plan_id}&quarter=2025Q1&standing=unreported&sort=worst", []
    while address:
        page = main_of(leader.get(address))
        seen += [head.text_content() for head in page.iterfind(".//tbody//th")]
        further = page.find(".//a[@rel='next']")
        address = further.get("href") if further is not None else None
    assert len(seen) == len(set(seen)) == 120


def test_a_date_that_lies_ahead_is_refused_in_words(as_, cast):
    for address in ("/items/", "/items/duties", f"/items/{cast.items[0]}"):
        answer = as_("leader").get(f"{address}?as_of=2025-04-04")
        assert answer.status_code == 422
        assert "截至日期2025年4月4日尚未到来" in answer.text


def test_without_a_plan_the_lists_say_what_to_do(as_):
    assert "导入工作计划" in main_of(as_("stranger").get("/items/")).text_content()
    assert "还没有入账的计划" in as_("stranger").get("/items/duties").text
    assert "导入工作计划" not in main_of(as_("strange_handler").get("/items/")).text_content()


# Overdue duties


def test_overdue_duties_are_listed_longest_first(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast)
    move_to(date(2025, 9, 10))
    leader = as_("leader")
    answer = leader.get("/items/duties?quarter=2025Q3")
    days = [int(number) for number in re.findall(r"(?:逾期|未填报) (\d+) 天", answer.text)]
    assert days == sorted(days, reverse=True)
    assert days[0] == 156
    assert "2025年8月底前" in answer.text
    assert f"共 {len(days)} 条。" in answer.text
    own = leader.get(f"/items/duties?quarter=2025Q3&unit={cast.units['县司法局']}&section=强化监督").text
    assert re.search(r"共 \d+ 条，符合条件 4 条。", own)


def test_a_unit_sees_its_own_overdue_duties_alone(as_, cast, move_to):
    move_to(LATER)
    words = main_of(as_("town").get("/items/duties?quarter=2025Q1")).text_content()
    assert "东镇" in words
    assert "西镇" not in words


def test_where_nothing_is_overdue_the_page_says_so(as_):
    assert "没有逾期事项" in as_("leader").get("/items/duties?quarter=2025Q1").text


# One item


def item_page(client, cast, item=0, query="quarter=2025Q1"):
    return client.get(f"/items/{cast.items[item]}?plan={cast.plan}&{query}")


def test_the_items_page_shows_what_is_demanded_and_who_says_so(as_, cast):
    words = main_of(item_page(as_("leader"), cast)).text_content()
    for word in (
        "预公开重大行政决策草案。",
        "2025年8月底前建成专栏，预公开率达95%。",
        "县司法局 文件载明",
        "2025年1月6日分工时共 2 个单位：东镇、西镇",
        "（2025年8月31日前）",
        "（不少于95%）",
        "该任务由办公室补充，文件中没有对应文字。",
        "系统，2025-01-06 12:00",
    ):
        assert word in words


def test_what_the_office_added_is_marked_as_the_offices(app, as_, cast):
    with app.app_context():
        plan_id = add_plan(cast, 1)
        item_id = db.session.scalars(db.select(Item.id).where(Item.plan_id == plan_id)).one()
    words = main_of(as_("leader").get(f"/items/{item_id}")).text_content()
    assert "县行政审批局 办公室补充" in words
    assert "第 4—6 行" in words
    assert "做好第1项工作。\n（责任单位：县司法局）" in words
    assert "第 5 行 繁体字已转换为简体 “開” 存疑" in words


def test_the_time_line_says_what_became_of_each_duty(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast, on=date(2025, 4, 9))
    move_to(LATER)
    lines = main_of(item_page(as_("leader"), cast)).findall(".//table[@class='list time-line']/tbody/tr")
    lead, *others = ["".join(line.text_content().split()) for line in lines]
    assert lead.startswith("县司法局牵头✓逾期完成季度填报4月9日办结，应于4月7日")
    assert "○未到期2025年8月底前8月31日前报送" in lead
    assert [other[:13] for other in others] == ["东镇配合●逾期13天季度填", "西镇配合●逾期13天季度填"]


def month_of(page, name):
    [month] = [li for li in page.xpath(".//ol[@class='months']/li") if li.findtext("h3") == name]
    return " ".join(month.text_content().split())


def test_the_years_months_tell_what_falls_due_and_the_day_stands_among_them(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast, on=date(2025, 4, 9))
    move_to(LATER)
    page = main_of(item_page(as_("leader"), cast))
    told = "4月 4月7日 2025年第一季度填报 ● 逾期 13 天 2 个单位 ✓ 逾期完成 1 个单位 ▼ 今天 4月20日"
    assert month_of(page, "4月") == told
    assert month_of(page, "8月") == "8月 8月31日 2025年8月底前 ○ 未到期"
    assert month_of(page, "5月") == "5月"
    assert month_of(page, "2026年1月").startswith("2026年1月 1月5日 2025年第四季度填报")


def test_the_head_says_who_by_when_and_what_comes_next(as_, cast):
    head = main_of(item_page(as_("leader"), cast)).xpath("string(.//dl[@class='head-facts'])")
    assert "2025年4月7日 2025年第一季度填报 （还有 4 天）" in " ".join(head.split())


def test_what_an_extension_moved_stands_at_both_dates(app, as_, cast):
    with app.app_context(), transaction():
        duty = reporting.duty_of_kind(cast, DutyKind.MILESTONE, 0, quarter=Quarter(2025, 3))
        db.session.add(approved(duty, date(2025, 10, 31)))
    page = main_of(item_page(as_("leader"), cast))
    assert month_of(page, "8月") == "8月 8月31日 2025年8月底前 → 已延至10月31日"
    assert month_of(page, "10月").endswith("10月31日 2025年8月底前 ○ 未到期 延期后的时限")
    words = " ".join(page.text_content().split())
    assert "2025年8月底前：原定2025年8月31日，延至2025年10月31日" in words
    assert "申请延至2025年10月31日 已批准" in words


def approved(duty, new_due):
    return Extension(
        organisation_id=duty.organisation_id,
        duty_id=duty.id,
        state=ExtensionState.APPROVED,
        new_due=new_due,
        reason="资金未到位。",
        progress="已完成前期工作。",
        applied_on=date(2025, 4, 1),
        applied_at=noon(date(2025, 4, 1)),
        decided_on=date(2025, 4, 2),
    )


def test_what_was_taken_back_is_listed_with_its_reason(app, as_, cast):
    with app.app_context(), transaction():
        for unit in ("东镇", "西镇"):
            report_duty(cast.items[0], cast.units[unit], Quarter(2025, 4)).cancelled_on = date(2025, 4, 2)
    [ended] = main_of(item_page(as_("leader"), cast)).xpath(".//details[@class='ended-duties']")
    words = " ".join(ended.text_content().split())
    assert words.startswith("已撤销的应办事项（2 条） 2025年第四季度填报")
    assert "东镇、西镇；2025年4月2日起撤销。分工或时限调整后不再要求" in words
    before = main_of(item_page(as_("leader"), cast, query="quarter=2025Q1&as_of=2025-04-01"))
    assert not before.xpath(".//details[@class='ended-duties']")


def test_the_quarters_stand_side_by_side_with_a_word_for_each(app, as_, cast, move_to):
    with app.app_context():
        hand_in(cast)
    move_to(LATER)
    units = main_of(item_page(as_("leader"), cast)).xpath(".//details[@class='told']/summary")
    lines = [" ".join(unit.text_content().split()) for unit in units]
    assert lines[0] == "县司法局 牵头 一季度 达进度 待审核 二季度 尚未填报 三季度 未到填报期 四季度 未到填报期"
    assert lines[1] == "东镇 配合 一季度 ● 逾期未报 二季度 尚未填报 三季度 未到填报期 四季度 未到填报期"


def test_no_heading_stands_over_nothing(as_, cast):
    page = main_of(item_page(as_("leader"), cast, item=2))
    headings = [heading.text_content().strip() for heading in page.iterfind(".//h2")]
    assert headings == ["任务要求", "文件原文", "应办事项", "各季度填报", "办理记录（2 条）"]


def test_the_passage_is_marked_in_the_document(app, as_, cast):
    with app.app_context(), transaction():
        item = db.session.get_one(Item, cast.items[0])
        item.plan.source, item.spans, item.first_line, item.last_line = "标题\n一、预公开。\n二、其他。", [[3, 9]], 2, 2
    leader = as_("leader")
    [link] = main_of(item_page(leader, cast)).xpath(".//a[@class='to-source no-print']/@href")
    [marked] = main_of(leader.get(link.partition("#")[0])).xpath(".//li[@id='passage']")
    assert marked.text_content() == "2一、预公开。"
    assert as_("town").get(link).status_code == 403
    assert as_("stranger").get(link).status_code == 404


def test_figures_stand_beside_their_target(app, as_, cast):
    with app.app_context():
        hand_in(cast)
    target = main_of(item_page(as_("leader"), cast)).xpath("string(.//section[@class='attainment'])")
    assert "90% 尚未达到" in " ".join(target.split())


def test_the_last_version_and_what_the_office_said_of_it_are_shown_as_of_the_day(app, as_, cast, move_to):
    with app.app_context():
        report = hand_in(cast, progress="初稿内容。")
        review(cast, report, Verdict.RETURN, date(2025, 4, 4))
        hand_in(cast, progress="改稿内容。", on=date(2025, 4, 6))
    move_to(LATER)
    leader = as_("leader")
    words = {}
    for day in ("03", "05", "07"):
        words[day] = main_of(item_page(leader, cast, query=f"quarter=2025Q1&as_of=2025-04-{day}")).text_content()
    assert "初稿内容。" in words["03"]
    assert "请补充数据。" not in words["03"]
    assert "审核意见：请补充数据。" in words["05"]
    assert "改稿内容。" in words["07"]
    assert "初稿内容。" not in words["07"]
    assert "历次提交（2 次）" in words["07"]


def test_a_draft_is_nobodys_to_see(app, as_, cast):
    with app.app_context(), transaction():
        duty = report_duty(cast.items[0], cast.units["县司法局"])
        content = ReportContent(ReportText(progress="还在写。"))
        reports.save(cast.act("handler"), duty, content, None)
    assert "还在写。" not in item_page(as_("leader"), cast).text


def test_a_unit_sees_its_own_part_of_an_item_alone(app, as_, cast):
    with app.app_context():
        hand_in(cast, progress="司法局的进展。")
        hand_in(cast, unit="东镇", login="town", progress="东镇的进展。")
    own = item_page(as_("town"), cast).text
    assert "东镇的进展。" in own
    assert "司法局的进展。" not in own
    assert "handler（示例）" not in own
    assert "司法局的进展。" in item_page(as_("leader"), cast).text


def test_the_history_is_told_in_words(app, as_, cast):
    with app.app_context():
        report = hand_in(cast)
        review(cast, report, Verdict.RETURN, date(2025, 4, 3))
        with transaction():
            duty = report_duty(cast.items[0], cast.units["县司法局"])
            evidence.add_link(cast.act("handler"), duty, "专栏网址", "https://www.example.gov.cn/")
    acts = main_of(item_page(as_("leader"), cast)).find(".//ol[@class='acts']").text_content()
    for words in (
        "确认计划入账",
        "县司法局2025年第一季度：第 1 次提交填报",
        "退回修改（第 1 次提交）：请补充数据。",
        "添加佐证材料“专栏网址”",
    ):
        assert words in acts
    assert not re.search(r"[a-z]{3,}", acts.replace("handler", "").replace("clerk", ""))


def test_what_happened_between_the_quarters_is_listed_and_told_in_the_history(app, as_, cast):
    with app.app_context(), transaction():
        item, unit = db.session.get_one(Item, cast.items[1]), db.session.get_one(Unit, cast.units["东镇"])
        what = occurrences.Registered("春季开放日", date(2025, 4, 2), target_id=item.targets[0].id)
        event = occurrences.register(cast.act("town"), item, unit, what).id
    words = " ".join(main_of(item_page(as_("leader"), cast, item=1)).text_content().split())
    assert "2025年4月2日 东镇 春季开放日 计入“每年不少于1次”1次" in words
    assert "东镇：登记“春季开放日”（2025年4月2日）" in words
    assert "东镇“每年不少于1次”：登记事项累计达到要求（2025年4月2日）" in words
    with app.app_context(), transaction():
        occurrences.revoke(cast.act("town"), db.session.get_one(Occurrence, event), "重复登记。")
    page = main_of(item_page(as_("leader"), cast, item=1))
    assert not page.xpath(".//ul[@class='between']")
    assert "东镇：撤回登记“春季开放日”：重复登记。" in page.text_content()
    assert "春季开放日" not in main_of(item_page(as_("handler"), cast, item=0)).text_content()


def test_each_visitor_is_offered_what_they_can_do_now(app, as_, cast):
    def offered(login, **more):
        found = main_of(item_page(as_(login), cast, **more)).findall(".//a[@class='btn btn-primary']")
        return [link.text for link in found]

    assert offered("handler") == ["填报2025年第一季度进展"]
    assert offered("clerk") == offered("leader") == []
    with app.app_context():
        hand_in(cast)
    assert offered("handler") == ["查看2025年第一季度进展"]
    assert offered("clerk") == ["审核县司法局的填报"]
    assert offered("clerk", query="quarter=2025Q1&as_of=2025-04-03") == []


def test_strangers_find_no_item(as_, cast):
    for login, item in (("stranger", 0), ("strange_handler", 0), ("town", 2)):
        assert as_(login).get(f"/items/{cast.items[item]}").status_code == 404
    assert as_("leader").get("/items/999999").status_code == 404


def test_an_item_of_another_plan_than_was_looked_at_shows_its_own(app, as_, cast):
    with app.app_context():
        other = add_plan(cast, 1)
    leader = as_("leader")
    leader.get(f"/items/?plan={other}")
    assert "2025年政务公开工作计划" in leader.get(f"/items/{cast.items[0]}").text


def told_by(answer):
    """Without the frame, whose form has a token of its own second."""
    return answer.text.split("<main")[1]


def test_a_page_that_was_asked_for_is_told_again_without_its_item_being_read(app, as_, cast):
    leader = as_("leader")
    first = told_by(item_page(leader, cast))
    with app.app_context(), reporting.queries(remembering=True) as asked:
        assert told_by(item_page(leader, cast)) == first
    assert not [statement for statement in asked if "FROM duty" in statement or "FROM quarter_report" in statement]
    assert len(asked) <= 10


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda cast: hand_in(cast, progress="刚刚提交。"), "刚刚提交。"),
        (lambda cast: hand_in(cast, item=2, progress="别项的进展。"), ""),
        (lambda cast: give(cast, text="请抓紧办理。"), "请抓紧办理。"),
        (lambda cast: give(cast, text="别项请抓紧。", item=2), ""),
        (lambda cast: finding.record(cast, problem="卷宗不全。"), "卷宗不全。"),
    ],
    ids=["report", "report on another item", "instruction", "instruction on another item", "finding"],
)
def test_an_act_on_the_item_is_on_its_page_at_once(app, as_, cast, act, told):
    leader = as_("leader")
    before = main_of(item_page(leader, cast)).text_content()
    with app.app_context():
        act(cast)
    after = main_of(item_page(leader, cast)).text_content()
    assert told in after
    assert (after == before) is (not told)


def test_the_kept_page_holds_no_token(app, as_, cast):
    answer = item_page(as_("leader"), cast)
    assert "csrf_token" in answer.text  # the frame's
    assert "csrf_token" not in html.tostring(main_of(answer), encoding="unicode")


def test_hostile_text_is_shown_and_never_run(app, as_, cast):
    with app.app_context():
        hand_in(cast, progress="<script>alert(1)</script>{{7*7}}")
    text = item_page(as_("leader"), cast).text
    assert "<script>alert" not in text
    assert "{{7*7}}" in text


def add_plan(cast, items, units=2):
    """A plan of so many items, each with so many units; the document prints the first, the office added the others."""
    with transaction():
        known = db.session.scalars(db.select(Unit).where(Unit.organisation_id == cast.county).order_by(Unit.id)).all()
        facts = [
            plans.ItemFacts(
                section=["重点任务"],
                number=f"{turn + 1}.",
                task=f"做好第{turn + 1}项工作。",
                as_printed=f"做好第{turn + 1}项工作。\n（责任单位：县司法局）",
                first_line=4,
                last_line=6,
                remarks=[
                    {"code": "traditional", "line": 5, "text": "繁体字已转换为简体", "excerpt": "開", "doubt": True}
                ],
                responsible=[
                    (unit, place == 0, "", Origin.OFFICE if place else Origin.DOCUMENT)
                    for place, unit in enumerate(known[:units])
                ],
            )
            for turn in range(items)
        ]
        by = cast.act(on=date(2025, 1, 6))
        return plans.register(by, plans.PlanFacts("2025年重点任务分工方案", "示例县", 2025), facts).id


def test_more_reports_ask_no_more_of_the_database(app, as_, cast):
    def queries():
        leader = as_("leader")
        with app.app_context(), reporting.queries() as asked:
            item_page(leader, cast)
        return len(asked)

    with app.app_context():
        hand_in(cast)
    one = queries()
    with app.app_context():
        review(cast, hand_in(cast, unit="东镇", login="town"), Verdict.ACCEPT, date(2025, 4, 3))
        hand_in(cast, unit="西镇", login="colleague")
    assert queries() - one <= 1  # who reviewed is asked for once there is a review
    assert one <= 45  # the leaders of the plan are asked for once, and remembered; its inspections at each page


def test_more_units_and_quarters_ask_no_more_of_the_database(app, as_, cast):
    def queries(units):
        with app.app_context():
            plan_id = add_plan(cast, 1, units=units)
            item = db.session.scalars(db.select(Item.id).where(Item.plan_id == plan_id)).one()
        leader = as_("leader")
        with app.app_context(), reporting.queries() as asked:
            assert leader.get(f"/items/{item}?quarter=2025Q1").status_code == 200
        return len(asked)

    assert queries(units=1) == queries(units=4)
