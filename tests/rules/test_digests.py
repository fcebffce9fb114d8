from datetime import date

from tracker.rules.alerts import AlertKind
from tracker.rules.digests import DigestLine, subject, text

DAY = date(2025, 4, 8)
COUNTS = {AlertKind.REPORT_MISSING: 2, AlertKind.DUE_SOON: 1}
MISSING = DigestLine("东镇", "1. 预公开", "2025年第一季度填报", AlertKind.REPORT_MISSING, date(2025, 4, 7))


def test_the_subject_counts_what_is_new():
    assert subject(COUNTS) == "工作计划台账提醒：季度未填报 2 项，即将到期 1 项"


def test_a_digest_names_unit_matter_day_and_how_late_and_where_to_look():
    said = text(DAY, COUNTS, [MISSING], "https://gongkai.example.gov.cn/alerts/").splitlines()
    assert said == [
        "2025年4月8日新增提醒：季度未填报 2 项，即将到期 1 项。",
        "",
        "1. 东镇：1. 预公开，2025年第一季度填报，应于2025年4月7日，未填报 1 天",
        "另有 2 项，请登录系统查看。",
        "",
        "查看全部：https://gongkai.example.gov.cn/alerts/",
    ]


def test_without_an_address_there_is_no_link_and_without_more_no_word_of_it():
    assert text(DAY, {AlertKind.REPORT_MISSING: 1}, [MISSING]).endswith("未填报 1 天")
