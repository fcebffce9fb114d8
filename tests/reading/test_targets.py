import pytest

from tracker.reading.doubts import REASONS
from tracker.reading.passage import Passage
from tracker.reading.targets import targets


def read(text: str) -> list[str]:
    """Each target as `op value measure/per`."""
    return [
        f"{t.target.op} {t.target.value}{t.target.measure}" + (f"/{t.target.per}" if t.target.per else "")
        for t in targets(Passage.of(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预公开率达95%。", [">= 95%"]),
        ("行政执法案件应做到100%公开。", ["== 100%"]),
        ("形式不少于1种。", [">= 1种"]),
        ("扩大至30%以上，进一步整合", [">= 30%"]),
        ("力争达到100项以上，自贸区力争达到150项。", [">= 100项", ">= 150项"]),
        ("平均审查周期压缩至4个月以内。", ["<= 4个月"]),
        ("办件差错率控制在2%以内。", ["<= 2%"]),
        ("集聚人才超1000名。", [">= 1000名"]),
        ("每年举行“政府开放日”活动不少于1次。", [">= 1次/year"]),
        ("每年遴选不超过10个，给予奖励", ["<= 10个/year"]),
        ("至少每季度召开一次会议。", [">= 1次/quarter"]),
        ("讲党课不少于1次/季度。", [">= 1次/quarter"]),
        ("每月开展2次检查。", ["== 2次/month"]),
        ("梳理完善30个重点领域公开标准目录。", ["== 30个"]),
        ("培育企业100家，打造语料库40个。", ["== 100家", "== 40个"]),
        ("重点打造1—2个特色社区。", [">= 1个", "<= 2个"]),
        ("满意率不低于百分之九十五。", [">= 95%"]),
        ("组织集中学习24次，专题研讨4次。", ["== 24次", "== 4次"]),
        ("完成投资5亿元以上。", [">= 5亿元"]),
        ("培训干部1.2万人次。", ["== 1.2万人次"]),
        ("覆盖率达到５０％。", [">= 50%"]),
        ("审批时限压减20%。", ["== 20%"]),
        ("产值增长15%以上。", [">= 15%"]),
        ("审批时间缩短一半以上。", [">= 50%"]),
        ("产值实现翻番。", [">= 100%"]),
        ("营收倍增。", [">= 100%"]),
        ("召开推进会2次。", ["== 2次"]),
        ("补贴发放准确率达到99%以上。", [">= 99%"]),
        ("举办培训班3期。", ["== 3期"]),
        ("建设两个以上示范点。", [">= 2个"]),
        ("群众满意率保持在九成以上。", [">= 90%"]),
        ("三分之二以上的村达标。", [">= 66.67%"]),
        ("粮食播种面积稳定在50万亩。", ["== 50万亩"]),
    ],
)
def test_a_quantity_that_is_ordered_is_a_target(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "深入推进实施46项民生实事。",
        "加快构建“2+4”产业体系，开展“三个年”活动。",
        "对12345政务服务热线提质增效。",
        "进行“7*24”检测。",
        "打造“10分钟创业便利圈”。",
        "给予每户不超过购买费用的60%补贴，全市每年总额最高不超过500万元。",
        "数量达到职工人数25%（超过100人的企业达到15%）的，可申请贷款。",
        "对首年业绩排名前50名的创业者给予支持。",
        "全县每年补助上限100名。",
        "服务期应不少于5年。",
        "将就业见习范围扩展至16—24岁失业青年。",
        "将多张许可证整合为一张许可证，推行一次申报。",
        "差评件件有整改、有反馈。",
        "从3个方面抓好落实。",
        "第2年租金五折。",
        "培育一批龙头企业。",
        "实施收入倍增计划。",
        "项目建成投用，机制成立。",
        "每半年开展一次检查。",
    ],
)
def test_a_number_that_describes_grants_or_names_is_none(text):
    assert read(text) == []


def test_the_text_of_a_target_is_its_clause_without_the_lead_in():
    (target,) = targets(Passage.of("除涉及秘密外的重点领域信息公开率达100%；其他"))
    assert target.text == "重点领域信息公开率达100%"
    (target,) = targets(Passage.of("建设3个以上示范社区。"))
    assert target.text == "建设3个以上示范社区"
    (target,) = targets(Passage.of("原则上解读形式不少于1种。"))
    assert target.text == "解读形式不少于1种"


def test_the_evidence_of_a_target_is_marked_in_the_source():
    source = "做好公开。公开率达95%。"
    (target,) = targets(Passage.of(source))
    assert source[target.span.start : target.span.end] == "公开率达95%"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("公开率达95%。", "compared"),
        ("培育企业100家。", "ordered"),
        ("能耗下降3%。", "changed"),
        ("产值翻一番。", "doubled"),
        ("时间减半。", "halved"),
        ("增长6%左右。", "about"),
    ],
)
def test_a_target_says_by_which_rule_it_was_read(text, rule):
    (found,) = targets(Passage.of(text))
    assert (found.rule, found.sure) == (rule, rule not in REASONS)


def test_a_number_behind_its_noun_is_ordered_and_one_before_it_describes():
    assert read("实施技改项目30个。") == ["== 30个"]
    assert read("实施30个技改项目。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("带动农户500户", ["== 500户"]),
        ("惠及群众2万人", ["== 2万人"]),
        ("带动1000名脱贫人口增收", ["== 1000名"]),
        ("带动就业1000人以上", [">= 1000人"]),
        ("实施惠及2万人的工程", []),
    ],
)
def test_whom_the_work_is_to_benefit_is_counted_and_doubted(text, expected):
    found = list(targets(Passage.of(text)))
    assert [f"{each.target.op} {each.target.value}{each.target.measure}" for each in found] == expected
    assert all(each.sure is (each.rule == "compared") for each in found)
