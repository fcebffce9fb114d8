"""Settings: good ones load, bad ones stop the start with a sentence that names them."""

import pytest

import config

LONG = "a-long-and-random-key-0123456789-abcdef"


def test_without_any_setting_everything_has_a_default():
    settings = config.load({})
    assert settings.database_url.startswith("sqlite:///")
    assert settings.timezone == "Asia/Shanghai"


@pytest.mark.parametrize("key", ["", "secret", config.DEMO_KEY, "a" * 40])
def test_outside_the_demo_a_missing_default_or_weak_key_is_refused(key):
    with pytest.raises(config.BadSetting, match="TRACKER_SECRET_KEY"):
        config.load({"TRACKER_SECRET_KEY": key}).fit_to_serve()


def test_a_good_key_serves_outside_the_demo():
    assert config.load({"TRACKER_SECRET_KEY": LONG}).fit_to_serve().secret_key == LONG


def test_the_demo_has_a_key_of_its_own():
    assert config.load({"TRACKER_DEMO": "1"}).fit_to_serve().secret_key == config.DEMO_KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DEMO", "perhaps"),
        ("TRACKER_HTTPS", "2"),
        ("TRACKER_UPLOAD_MB", "0"),
        ("TRACKER_UPLOAD_MB", "many"),
        ("TRACKER_IDLE_MINUTES", "100000"),
        ("TRACKER_TIMEZONE", "Mars/Olympus"),
        ("TRACKER_SCAN_COMMAND", "no-such-scanner --quiet"),
        ("TRACKER_SCAN_COMMAND", "sh 'not closed"),
        ("TRACKER_DATABASE_URL", "mysql://somewhere"),
    ],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(config.BadSetting, match=name):
        config.load({name: value})
