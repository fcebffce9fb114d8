"""Users' text as it may be printed."""

import unicodedata
from typing import Any

_NOT_IN_XML = {"\ufffe", "\uffff"}


def printable(text: str) -> str:
    """The text without what no paper can show: control and formatting characters, blank lines, loose ends.

    Half a surrogate pair or a control character pasted from another program would otherwise stop the whole paper.
    """
    lines = text.replace("\t", " ").splitlines()
    return "\n".join(filter(None, ("".join(filter(_shows, line)).strip() for line in lines)))


def printable_throughout(value: Any) -> Any:
    """`printable` for every text within lists and dictionaries."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_throughout(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable_throughout(each) for each in value]
    return value


def _shows(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} and letter not in _NOT_IN_XML
