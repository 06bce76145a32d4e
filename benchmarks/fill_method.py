"""Write the tables that method_figures.py prints into docs/method.md.

``python benchmarks/fill_method.py --data DIR``
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from method_figures import figures

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "method.md"


def fill(text: str, tables: dict[str, str]) -> str:
    """Put each table behind its mark, in place of the one that stands there."""
    for name, table in tables.items():
        block = f"<!-- {name} -->\n\n{table}\n\n<!-- end -->"
        place = re.compile(rf"<!-- {name} -->.*?<!-- end -->", re.DOTALL)
        text = place.sub(lambda _, block=block: block, text)
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path, help="folder of official tables")
    filled = fill(DOCUMENT.read_text(encoding="utf-8"), figures(parser.parse_args().data))
    DOCUMENT.write_text(filled, encoding="utf-8")
