import pytest

from tracker.ledger.draft_parts import joined, parted, places

EMPTY = {"section": [], "goal": "", "units": [], "targets": [], "deadlines": []}


def content(task: str, source: str, **more) -> dict[str, object]:
    """An item whose evidence is the whole source."""
    read = {
        "number": "1.", "section": [], "task": task, "goal": None, "as_printed": source, "first_line": 1,
        "last_line": source.count("\n") + 1, "spans": [[0, len(source)]], "units": [], "targets": [], "deadlines": [],
        "remarks": [],
    }  # fmt: skip
    return {**EMPTY, "task": task, "read": read, **more}


def said(text: str, source: str) -> dict[str, object]:
    start = source.index(text)
    return {"text": text, "span": [start, start + len(text)], "origin": "document"}


@pytest.mark.parametrize(
    ("task", "goal", "parts"),
    [
        ("建专栏。发年报；办活动。", "", ["建专栏。", "发年报；", "办活动。"]),
        ("讲“怎么办？”的办法。", "", ["讲“怎么办？”", "的办法。"]),
        ("建专栏，发年报。", "", ["建专栏，", "发年报。"]),
        ("建专栏", "建成。公开", ["建专栏", "建成。", "公开"]),
        ("建专栏", "", ["建专栏"]),
        ("第一行\n第二行", "", ["第一行\n", "第二行"]),
    ],
)
def test_an_item_can_be_split_between_its_sentences(task, goal, parts):
    text, cuts = task + goal, [0, *places(task, goal), len(task + goal)]
    assert [text[start:end] for start, end in zip(cuts, cuts[1:], strict=False)] == parts


def test_the_same_words_in_both_parts_go_by_their_place():
    source = "1.每季度检查。每季度通报。"
    both = [said("每季度", source), {**said("每季度", source), "span": [8, 11]}]
    first, second = parted(content("每季度检查。每季度通报。", source, deadlines=both), source, 6)
    assert first["deadlines"] == both[:1]
    assert second["deadlines"] == both[1:]


def test_a_part_is_found_in_a_document_that_was_repaired():
    source = "1.規(guī)范發(fā)布信息,更新目錄。落實(shí)解讀責任,8月底前完成。"
    task = "规范发布信息,更新目录。落实解读责任,8月底前完成。"
    first, second = parted(content(task, source, deadlines=[said("8月底前", source)]), source, task.index("落"))
    assert second["read"]["as_printed"] == "落實(shí)解讀責任,8月底前完成。"
    assert (len(first["deadlines"]), len(second["deadlines"])) == (0, 1)


def test_a_part_in_words_of_the_clerk_keeps_all_evidence():
    source = "1.建设政务公开专区。"
    first, second = parted(content("另写一句话。又写了一句。", source), source, 6)
    assert first["read"]["spans"] == second["read"]["spans"] == [[0, len(source)]]


def test_an_item_of_the_offices_own_is_split_without_evidence():
    first, second = parted({**EMPTY, "task": "培训。考核。", "read": None}, "", 3)
    assert (first["task"], second["task"]) == ("培训。", "考核。")
    assert first["read"] is second["read"] is None


def test_the_goal_follows_the_second_part_and_can_be_split_itself():
    item = {**EMPTY, "task": "建专栏。发年报。", "goal": "六月建成。七月发布。", "read": None}
    assert [(part["task"], part["goal"]) for part in parted(item, "", 4)] == [
        ("建专栏。", ""),
        ("发年报。", "六月建成。七月发布。"),
    ]
    assert [(part["task"], part["goal"]) for part in parted(item, "", 13)] == [
        ("建专栏。发年报。", "六月建成。"),
        ("七月发布。", ""),
    ]


def test_a_doubt_is_asked_once_at_the_part_that_has_its_words():
    source = "1.建专栏。在x月前发布。"
    item = content("建专栏。在x月前发布。", source)
    remark = {"code": "undetermined-date", "line": 1, "text": "", "excerpt": "x月前", "doubt": True}
    item["read"]["remarks"] = [remark]
    first, second = parted(item, source, 4)
    assert (first["read"]["remarks"], second["read"]["remarks"]) == ([], [remark])


def test_joined_texts_are_parted_by_a_sign():
    first, second = ({**EMPTY, "task": task, "read": None} for task in ("建专栏", "发年报。"))
    assert joined(first, second, "")["task"] == "建专栏；发年报。"


def test_a_unit_that_leads_one_of_two_joined_items_leads_the_whole():
    support, lead = ({"name": "县司法局", "lead": lead, "origin": "office", "span": None} for lead in (False, True))
    first = {**EMPTY, "task": "建专栏。", "units": [support], "read": None}
    assert joined(first, {**first, "units": [lead]}, "")["units"] == [lead]
