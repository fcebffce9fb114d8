import pytest

from tracker.rules.light_presets import PRESETS, preset
from tracker.rules.lights import Light, LightFacts, light_by
from tracker.rules.standing import ShareStanding, Standing


def light(key, standing=Standing.ON_SCHEDULE, days_left=None, **facts):
    share = ShareStanding(1, 1, lead=True, standing=standing, days_left=days_left, reviewed=False, late=0)
    return light_by(LightFacts(share, **facts), preset(key).rule).light


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        ("default", {"days_left": 15}, Light.YELLOW),
        ("default", {"days_left": 16}, Light.GREEN),
        ("xian", {"days_left": 4}, Light.GREEN),
        ("xian", {"days_left": 3}, Light.YELLOW),
        ("yinchuan", {"points_behind": 9}, Light.GREEN),
        ("yinchuan", {"points_behind": 10}, Light.YELLOW),
        ("yinchuan", {"points_behind": 30}, Light.YELLOW),
        ("yinchuan", {"points_behind": 31}, Light.RED),
        ("sanming", {"standing": Standing.OVERDUE, "days_left": -1}, Light.BLUE),
        ("sanming", {"standing": Standing.OVERDUE, "days_left": -10}, Light.ORANGE),
        ("sanming", {"standing": Standing.OVERDUE, "days_left": -30}, Light.RED),
        ("suqian", {"days_left": 2}, Light.BLUE),
        ("suqian", {"standing": Standing.BEHIND}, Light.YELLOW),
        ("ouhai", {"made_up": 1}, Light.YELLOW),
        ("longxian", {}, Light.BLUE),
    ],
)
def test_every_place_lights_what_its_rule_says(key, given, expected):
    assert light(key, **given) is expected


@pytest.mark.parametrize("key", [each.key for each in PRESETS])
def test_what_is_overdue_for_a_month_is_red_everywhere(key):
    assert light(key, Standing.OVERDUE, -40) is Light.RED


@pytest.mark.parametrize("key", [each.key for each in PRESETS])
def test_every_rule_has_a_light_for_whatever_is_left(key):
    for standing in Standing:
        assert light(key, standing) in Light
