import json

from tracker.reading.plan import as_json, from_json


def test_an_item_goes_to_json_and_back(plan):
    """
    二、任务
    1.公开率达99.5%，每年培训不少于1次。6月底前完成，发布后3个工作日内解读，x月xx日前公布。（县司法局，各镇(街道)）
    2.每季度检查。
    """
    for item in plan.items:
        assert from_json(json.loads(json.dumps(as_json(item)))) == item
