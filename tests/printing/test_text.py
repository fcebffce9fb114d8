from tracker.printing.text import printable, printable_throughout


def test_control_and_formatting_characters_are_dropped() -> None:
    assert printable("第一\x00行\x0b\u202e\ufeff\ud800\uffff") == "第一行"


def test_lines_stay_and_blank_ones_go() -> None:
    assert printable("  第一行\r\n\r\n第二行\t完\u2028第三行 ") == "第一行\n第二行 完\n第三行"


def test_rare_and_new_characters_stay() -> None:
    assert printable("镕喆堃𠮷\U00031350") == "镕喆堃𠮷\U00031350"


def test_it_reaches_every_text_within() -> None:
    assert printable_throughout({"甲": ("一\x00", ["二\x07", 3, None])}) == {"甲": ["一", ["二", 3, None]]}
