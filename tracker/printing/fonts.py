"""The faces that PDF papers are set in.

They are not part of the program: set-up fetches free ones, or the office puts its own into the folder.
"""

from pathlib import Path

import typst

from tracker.printing.layout import FACES, RARE_CHARACTERS
from tracker.rules.refusals import Refusal

_FREE = "Fandol"


class FontsMissing(Refusal):
    """A PDF cannot be set, because faces it needs are not in the fonts folder."""

    status = 503

    def __init__(self, faces: list[str]) -> None:
        super().__init__(
            f"服务器上缺少印制 PDF 文书所需的字体：{'、'.join(faces)}。请管理员在服务器上运行 make setup，"
            "或者把本单位的仿宋、黑体、楷体、宋体字体文件放入设置中指定的字体文件夹，然后再试。"
            "Word 文书和其他功能不受影响。"
        )


def installed(folder: Path) -> set[str]:
    """The families of the fonts in the folder, and of no others on the machine."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    return set(fonts.families())


def substitutes(families: dict[str, list[str]]) -> str:
    """Which free faces stand in for those that the standard names, in a sentence; empty where none does."""
    free = {role: names[0] for role, names in families.items() if names[0].startswith(_FREE)}
    if not free:
        return ""
    named = "、".join(dict.fromkeys(FACES[role].word for role in free))
    return f"本文件内嵌开源字体 {'、'.join(dict.fromkeys(free.values()))}，代替{named}；Word 文书使用规定的字体名称。"


def families(there: set[str]) -> dict[str, list[str]]:
    """For each face those families that set it, best first."""
    chosen = {role: [name for name in face.families if name in there] for role, face in FACES.items()}
    missing = [FACES[role].name for role, names in chosen.items() if not names]
    if missing:
        raise FontsMissing(list(dict.fromkeys(missing)))
    return {role: [*names, *({RARE_CHARACTERS} & there)] for role, names in chosen.items()}
