"""What the words of a deadline mean in a year, as the reader has it."""

from tracker.reading import deadlines
from tracker.reading.passage import Passage
from tracker.rules.deadlines import Deadline


def day_in_year(text: str, year: int) -> Deadline | None:
    """Of several days that the words name, the first."""
    found = deadlines.deadlines(Passage.of(text), year)
    return next((read.deadline for read in found if read.deadline.due), None)
