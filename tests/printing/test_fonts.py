from pathlib import Path

import pytest

from tracker.printing import fonts as faces

FREE = {"FandolFang R", "FandolHei", "FandolKai", "FandolSong"}


def test_an_empty_folder_is_refused_with_what_is_missing_and_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(faces.FontsMissing) as refusal:
        faces.families(faces.installed(tmp_path))
    assert refusal.value.status == 503
    assert "宋体、黑体、楷体、仿宋" in refusal.value.sentence
    assert "make setup" in refusal.value.sentence
    assert str(tmp_path) not in refusal.value.sentence


def test_a_folder_that_is_not_there_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(faces.FontsMissing):
        faces.families(faces.installed(tmp_path / "nowhere"))


def test_only_the_missing_face_is_named() -> None:
    with pytest.raises(faces.FontsMissing, match="所需的字体：楷体。"):
        faces.families(FREE - {"FandolKai"})


def test_the_four_faces_of_an_office_are_enough() -> None:
    chosen = faces.families({"SimSun", "SimHei", "KaiTi", "FangSong"})
    assert chosen["title"] == ["SimSun"]


def test_an_offices_own_face_goes_before_the_free_one() -> None:
    chosen = faces.families(FREE | {"FangSong_GB2312", "LXGW WenKai"})
    assert chosen["fang"] == ["FangSong_GB2312", "FandolFang R", "LXGW WenKai"]


def test_rare_characters_have_a_face_to_fall_back_on(fonts: Path) -> None:
    chosen = faces.families(faces.installed(fonts))
    assert all(names[-1] == "LXGW WenKai" for names in chosen.values())


def test_a_pdf_says_which_free_faces_stand_in_for_those_of_the_standard(fonts: Path) -> None:
    told = faces.substitutes(faces.families(faces.installed(fonts)))
    assert "FandolFang" in told
    assert all(name in told for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"))
    assert faces.substitutes({"fang": ["FangSong_GB2312"]}) == ""
