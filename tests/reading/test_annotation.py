from tracker.reading.annotation import annotation


def test_the_annotation_has_the_keys_of_each_kind(plan):
    """
    某县司法局2024年工作要点
    一、公开率达99.5%。6月底前完成，每季度检查，发布后3个工作日内解读，x月xx日前公布。（县司法局，各镇）
    """
    written = annotation(plan)
    assert written["plan"] == {"title": "某县司法局2024年工作要点", "issuer": "某县司法局", "year": 2024}
    (item,) = written["items"]
    assert item["targets"] == [{"text": "公开率达99.5%", "op": ">=", "value": 99.5, "unit": "%", "per": None}]
    assert (item["lead_units"], item["supporting_units"]) == (["县司法局"], ["各镇"])
    assert item["deadlines"] == [
        {"text": "6月底前", "kind": "date", "due": "2024-06-30"},
        {"text": "每季度", "kind": "recurring", "every": "quarter"},
        {"text": "发布后3个工作日内", "kind": "relative", "days": 3, "workdays": True},
        {"text": "x月xx日前", "kind": "undetermined"},
    ]
