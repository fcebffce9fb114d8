from tracker.reading.clauses import clauses, is_condition, is_grant, masked
from tracker.reading.passage import Passage


def test_brackets_are_part_of_their_clause():
    passage = Passage.of("人数达25%（超过100人的，达15%）的，可申请；其他")
    assert [clause.text for clause, _ in clauses(passage)] == ["人数达25%（超过100人的，达15%）的", "可申请", "其他"]


def test_a_comma_in_a_number_ends_no_clause():
    assert [clause.text for clause, _ in clauses(Passage.of("达1,200人,共3次"))] == ["达1,200人", "共3次"]


def test_names_and_slogans_are_masked_at_their_length():
    assert masked("打造“10分钟”圈，按《2024年要点》") == "打造“＿＿＿＿”圈，按《＿＿＿＿＿＿＿》"


def test_conditions_and_grants_are_told():
    assert is_condition("人数达到职工人数25%的", "，")
    assert not is_condition("达到25%", "，")
    assert is_grant("每人最高不超过3000元")
