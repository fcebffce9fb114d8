"""typst in a process of its own: run as a program, it reads an order from standard input and writes the PDF out.

Within the server typst would keep what it once set for the next time: 2 GB after ten papers of 200 pages.
The program imports nothing else of the tracker, so that it starts in a tenth of a second.
"""

import json
import sys

import typst


def main() -> None:
    order = json.load(sys.stdin.buffer)
    # No fonts but those of the folder: a paper must not change with what else the machine has installed.
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
    pdf = typst.compile(
        order["paper"],
        root=order["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs=order["inputs"],
        timestamp=order["timestamp"],
        format="pdf",
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
