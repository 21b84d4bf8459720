"""`python -m tests.recorded [WORD]`: the table, or everything that stands in the notices of the samples with that word.

`python -m tests.recorded --keep` writes the table into `table.txt`, to which the test holds what is read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.recorded.reading import ABSENT, SAMPLES, read_all
from tests.recorded.table import shown, table


def main(word: str | None = None) -> int:
    """Print the table, or what was read."""
    if not SAMPLES.exists():
        print(ABSENT, file=sys.stderr)
        return 1
    found = list(read_all())
    if word == "--keep":
        Path(__file__).with_name("table.txt").write_text("\n".join(table(found)) + "\n", encoding="utf-8")
    elif word is None:
        print("\n".join(table(found)))
    else:
        print("\n".join(line for reading in found if word in reading.sample for line in shown(reading)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2]))
