from datetime import date
from pathlib import Path

import pytest

from tracker.printing import pdf


def test_no_paper_names_a_font_of_its_own() -> None:
    """Families come from layout by way of the inputs; one that is written into a paper would escape the check."""
    papers = list(pdf.PAPERS.glob("*.typ"))
    assert papers
    for paper in papers:
        assert 'font: "' not in paper.read_text(encoding="utf-8"), paper.name


def test_a_paper_that_cannot_be_set_says_why(fonts: Path) -> None:
    with pytest.raises(RuntimeError, match='does not contain key "title"'):
        pdf.render("inspection_sheets", {}, date(2026, 3, 31), fonts)
