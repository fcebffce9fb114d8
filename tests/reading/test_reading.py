def test_an_item_keeps_its_text_as_printed_and_its_lines(plan):
    """
    一、任务
    (一)推進公開。及時發(fā)布目錄。
    責任單位：縣財政局
    (二)做好解讀。
    """
    item = plan.items[0]
    assert item.as_printed == "(一)推進公開。及時發(fā)布目錄。\n責任單位：縣財政局"
    assert item.task == "推进公开。及时发布目录。"
    assert (item.first_line, item.last_line) == (2, 3)
    assert "\n".join(plan.source[span.start : span.end] for span in item.spans) == item.as_printed


def test_evidence_is_marked_in_the_source_before_repair(plan):
    """
    一、每年公開目錄不少于2次，6月底前發(fā)布。（責任單位：縣財政局）
    """
    (item,) = plan.items
    read = [item.units[0], item.targets[0], item.deadlines[0]]
    assert [plan.source[each.span.start : each.span.end] for each in read] == [
        "縣財政局",
        "每年公開目錄不少于2次",
        "6月底前",
    ]


def test_a_remark_about_a_place_goes_to_the_item_on_its_line(plan):
    """
    一、任务
    1.公开目录。（责任科室:社???）
    2.及時發(fā)布。（责任科室:办公室）
    """
    assert [remark.code for remark in plan.items[0].remarks] == ["garbled"]
    assert [remark.code for remark in plan.items[1].remarks] == ["pinyin"]
    assert "garbled" not in [remark.code for remark in plan.remarks]


def test_a_missing_number_is_doubted(plan):
    """
    1.公开目录。
    3.及时发布。
    """
    (remark,) = [remark for remark in plan.remarks if remark.code == "number-gap"]
    assert (remark.line, remark.doubt) == (2, True)


def test_all_remarks_are_the_documents_and_the_items_in_order(plan):
    """
    1.在x月xx日前公布。
    2.责任科室:社???。
    """
    assert [remark.line for remark in plan.all_remarks] == sorted(remark.line for remark in plan.all_remarks)
    assert {"no-title", "undetermined-date", "garbled"} <= {remark.code for remark in plan.all_remarks}
