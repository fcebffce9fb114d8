"""The figures of the leading group's page as files (CSV, XLSX) and as JSON: the same fold, other clothes."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, send_file
from flask.typing import ResponseReturnValue

from tracker.ledger import files
from tracker.printing import figures as paper
from tracker.printing.figures import FigureTable
from tracker.rules.dates import written
from tracker.rules.permissions import Action
from tracker.rules.refusals import NotFound
from tracker.rules.standing import Standing
from tracker.rules.summary import Tally
from tracker.rules.truths import REPORTED, Calendar, VerifiedAs
from tracker.web.access import needs, visitor
from tracker.web.dashboard_links import Asked, asked

pages = Blueprint("exports", __name__)

_COUNTED = ["项数", *(standing.label for standing in Standing)]


@pages.get("/figures.csv")
@needs(Action.SEE_OVERVIEW)
def as_csv() -> ResponseReturnValue:
    figures = _figures(_asked())
    answer = Response(paper.csv_lines(figures), mimetype="text/csv")
    named = {"filename": "figures.csv", "filename*": f"UTF-8''{quote(_name(figures, 'csv'))}"}  # RFC 6266
    answer.headers.set("Content-Disposition", "attachment", **named)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/figures.xlsx")
@needs(Action.SEE_OVERVIEW)
def as_xlsx() -> ResponseReturnValue:
    figures = _figures(_asked())
    return send_file(paper.xlsx(figures), as_attachment=True, download_name=_name(figures, "xlsx"), max_age=0)


@pages.get("/figures.json")
@needs(Action.SEE_OVERVIEW)
def as_json() -> ResponseReturnValue:
    """docs/dashboard.md tells its shape."""
    answer = jsonify(_told(_asked()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked() -> Asked:
    about = asked()
    if about is None:
        raise NotFound("还没有计划，没有可以导出的数字。")
    return about


def _name(figures: paper.Figures, ending: str) -> str:
    return files.showable(f"{figures.title}.{ending}")


# Files


def _figures(about: Asked) -> paper.Figures:
    sample = "（示例）" if visitor().office.sample else ""
    narrowed = f"筛选条件：{about.in_words}" if about.narrowing else "全部单位、全部板块"
    return paper.Figures(
        f"{about.plan.title}{about.quarter.label}进展数字{sample}",
        [f"截至{written(about.chosen.as_of)}", narrowed, about.board.summary.sentence],
        list(_tables(about)),
    )


def _tables(about: Asked) -> Iterable[FigureTable]:
    board = about.board
    summary, units = board.summary, board.units
    yield FigureTable(
        "各季度", ["季度", *_COUNTED], [[q.label, *_counts(s.total)] for q, s in board.quarters.items() if s]
    )
    yield FigureTable(
        "各单位",
        ["单位", "类别", "分工", *_COUNTED],
        [
            [unit.name, unit.kind.label, word, *_counts(summary.by_part.get((unit.id, lead), Tally()))]
            for unit in units.values()
            for word, lead in (("牵头", True), ("配合", False))
        ],
    )
    yield FigureTable("各板块", ["板块", *_COUNTED], [[n, *_counts(t)] for n, t in summary.by_section.items()])
    yield FigureTable(
        "单位与板块",
        ["单位", "板块", *_COUNTED],
        [
            [unit.name, section, *_counts(tally)]
            for unit in units.values()
            for section in summary.by_section
            if (tally := summary.by_cell.get((unit.id, section)))
        ],
    )
    yield FigureTable("三个口径", ["口径", "情况", "项数"], [list(row) for row in _truths(about)])
    yield FigureTable("期限与风险", ["指标", "数目"], [list(row) for row in _rest(about)])


def _counts(tally: Tally) -> list[int]:
    return [tally.total(), *(tally[standing] for standing in Standing)]


def _truths(about: Asked) -> Iterable[tuple[str, str, int]]:
    found = about.board.truths
    yield from (("填报", standing.label, found.reported[standing]) for standing in REPORTED)
    yield from (("核实", verified.label, found.verified[verified]) for verified in VerifiedAs)
    yield from (("日历", calendar.label, found.calendar[calendar]) for calendar in Calendar)
    yield "三者", "不一致", found.differing


def _rest(about: Asked) -> Iterable[tuple[str, int]]:
    board = about.board
    yield "已到期或已办结的应办事项", board.punctuality.total_due
    yield "按原定期限办结", board.punctuality.on_time_original
    yield "按调整后期限未逾期", board.punctuality.on_time_revised
    yield "逾期应办事项", len(board.overdue)
    yield "未按时填报", board.summary.report_late
    yield "指标有风险的任务", len(board.at_risk)
    yield "长期未动的单位", len(board.silent)


# JSON


def _told(about: Asked) -> dict[str, object]:
    board = about.board
    summary, kept = board.summary, board.punctuality
    return {
        "plan": {"id": about.plan.id, "title": about.plan.title, "year": about.plan.year},
        "quarter": str(about.quarter),
        "as_of": about.chosen.as_of.isoformat(),
        "narrowed": about.narrowing,
        "sentence": summary.sentence,
        "total": _tally(summary.total),
        "report_late": summary.report_late,
        "quarters": {
            str(quarter): _tally(counted.total) if counted else None for quarter, counted in board.quarters.items()
        },
        "units": [
            {
                "id": unit.id,
                "name": unit.name,
                "kind": unit.kind,
                "lead": _tally(summary.by_part.get((unit.id, True), Tally())),
                "support": _tally(summary.by_part.get((unit.id, False), Tally())),
                "sections": {
                    section: _tally(tally)
                    for section in summary.by_section
                    if (tally := summary.by_cell.get((unit.id, section)))
                },
                "silent_since": since.isoformat() if (since := board.silent.get(unit.id)) else None,
            }
            for unit in board.units.values()
        ],
        "sections": {section: _tally(tally) for section, tally in summary.by_section.items()},
        "truths": {
            "reported": {standing: board.truths.reported[standing] for standing in REPORTED},
            "verified": {verified: board.truths.verified[verified] for verified in VerifiedAs},
            "calendar": {calendar: board.truths.calendar[calendar] for calendar in Calendar},
            "differing": board.truths.differing,
        },
        "punctuality": {
            "due": kept.total_due,
            "on_time_original": kept.on_time_original,
            "on_time_revised": kept.on_time_revised,
        },
        "overdue_duties": len(board.overdue),
        "items_at_risk": sorted(board.at_risk),
    }


def _tally(tally: Tally) -> dict[str, int]:
    return {standing: tally[standing] for standing in Standing}
