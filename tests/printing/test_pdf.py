from tracker.printing.pdf import PAPERS


def test_papers_are_found_beside_the_program() -> None:
    assert (PAPERS / "official.typ").is_file()
    assert (PAPERS / "inspection.typ").is_file()


def test_no_paper_names_a_font_of_its_own() -> None:
    """Families come from layout by way of the inputs; one that is written into a paper would escape the check."""
    for paper in PAPERS.glob("*.typ"):
        assert 'font: "' not in paper.read_text(encoding="utf-8"), paper.name
