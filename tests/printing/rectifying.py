"""A finding as its papers are set from it, notified and not yet mended."""

from datetime import date

from tracker.rules.findings import FindingSource, RectificationPaper

PAPER = RectificationPaper(
    year=2025,
    number=3,
    issuer="示例县领导小组办公室",
    addressee="县司法局",
    dated=date(2025, 4, 8),
    check_word="检查",
    source=FindingSource.INSPECTION,
    criterion="及时",
    item="预公开重大行政决策草案",
    problem="专栏两个月未更新。",
    basis="计划要求及时公开。",
    demand="补齐内容。",
    due=date(2025, 4, 22),
)
