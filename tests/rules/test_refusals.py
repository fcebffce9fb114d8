import pytest

from tracker.rules.refusals import Forbidden, Invalid, NotFound, Refusal, Stale


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refusal("已办结。"), 409),
        (Stale("他人刚刚保存过。"), 409),
        (Invalid("请填写名称。"), 422),
        (Forbidden(), 403),
        (NotFound(), 404),
    ],
)
def test_every_refusal_has_its_status_and_a_sentence(refusal, status):
    assert refusal.status == status
    assert refusal.sentence == str(refusal)
    assert refusal.sentence.endswith("。")


def test_a_stale_save_carries_what_stands_now():
    assert Stale("他人刚刚保存过。", theirs="现在的内容").theirs == "现在的内容"
