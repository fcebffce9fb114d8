import json
from collections import Counter
from pathlib import Path

import plotly
import plotly.graph_objects as go
import pytest

from tracker.rules.standing import Standing
from tracker.web import charts
from tracker.web.charts import Bar

SCRIPT = Path(charts.__file__).parent / "static" / "dashboard.js"


def bar(name="县司法局", note="", **counts):
    tally = Counter({Standing(standing): number for standing, number in counts.items()})
    return Bar(name, tally, {standing: f"/items/?standing={standing}" for standing in Standing}, note)


def test_a_lying_figure_counts_each_standing_that_occurs_and_knows_where_it_leads():
    figure = json.loads(charts.rows([bar(overdue=2, ahead=1), bar("东镇", overdue=1)]))
    late, ahead = figure["data"]
    assert (late["name"], late["x"], late["orientation"]) == ("逾期", [2, 1], "h")
    assert (ahead["name"], ahead["x"]) == ("超进度", [1, 0])
    assert late["customdata"] == ["/items/?standing=overdue"] * 2
    assert late["hovertext"] == ["县司法局：逾期 2 项", "东镇：逾期 1 项"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["县司法局", "东镇"]
    assert figure["layout"]["barmode"] == "stack"


def test_a_standing_figure_says_what_has_not_begun():
    figure = json.loads(charts.columns([bar("第一季度", overdue=3), bar("第二季度", note="未开始")]))
    assert figure["data"][0]["y"] == [3, 0]
    assert figure["layout"]["xaxis"]["ticktext"] == ["第一季度", "第二季度<br>未开始"]


def test_a_short_axis_counts_in_whole_steps():
    assert json.loads(charts.columns([bar(overdue=2)]))["layout"]["yaxis"]["dtick"] == 1
    assert "dtick" not in json.loads(charts.columns([bar(overdue=60)]))["layout"]["yaxis"]


def test_the_words_of_the_colours_are_shown_even_where_there_is_one_alone():
    assert json.loads(charts.rows([bar(overdue=2)]))["layout"]["showlegend"] is True


def test_units_of_the_same_short_name_stay_two_bars():
    name = "示例市经济技术开发区管理委员会"
    figure = json.loads(charts.rows([bar(f"{name}办公室", overdue=1), bar(f"{name}财政局", overdue=2)]))
    assert figure["data"][0]["y"] == [0, 1]
    assert figure["layout"]["yaxis"]["ticktext"] == ["示例市经济技术开发区管…"] * 2


@pytest.mark.parametrize("draw", [charts.rows, charts.columns, charts.small_columns])
@pytest.mark.parametrize("bars", [[], [bar(overdue=2)], [bar(overdue=2, ahead=70), bar("东镇", note="未开始")]])
def test_plotly_understands_every_word_of_a_figure(draw, bars):
    figure = go.Figure(json.loads(draw(bars)))  # refuses what it does not know
    assert len(figure.data) == len({standing for each in bars for standing in each.tally})


def test_a_bar_that_the_page_draws_has_a_part_for_each_standing_worst_first():
    drawn = charts.pieces(bar(ahead=1, overdue=3).tally, 8)
    assert [(piece.colour, piece.start, piece.length) for piece in drawn] == [("red", 0, 37.5), ("green", 37.5, 12.5)]
    assert charts.pieces(bar().tally, 0) == []


def test_standings_that_share_a_sign_stand_together_in_the_legend():
    assert ("yellow", "▲", "退回待改、欠进度") in charts.LEGEND
    assert len(charts.LEGEND) == 5


@pytest.mark.parametrize("draw", [charts.rows, charts.columns])
def test_nothing_to_draw_is_a_figure_too(draw):
    assert json.loads(draw([]))["data"] == []


def test_standings_that_share_a_colour_differ_in_their_pattern():
    looks = list(charts._LOOKS.values())
    assert set(charts._LOOKS) == set(Standing)
    assert len(set(looks)) == len(looks)


def test_a_name_is_shown_as_text_and_never_read_as_a_tag():
    written = charts.rows([bar("<a href='//e'>局</a>", overdue=1)])
    assert "<a" not in json.dumps(json.loads(written))


def test_a_figure_brings_no_template_along():
    assert len(charts.rows([bar(overdue=1)])) < 1500


def test_the_script_is_the_installed_packages_own():
    assert b"plotly.js v" in charts.plotly_script()[:200]
    assert plotly.__version__ == charts.PLOTLY_VERSION


def test_no_chart_offers_to_share_itself_with_a_cloud():
    text = SCRIPT.read_text("utf-8")
    assert 'modeBarButtonsToRemove: ["sendChartToCloud"]' in text
    assert "displayModeBar: false" in text
    assert "displaylogo: false" in text
