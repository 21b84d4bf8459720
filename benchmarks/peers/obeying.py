"""How a side that is a program of ours is told to poll: a line of JSON on its input, one answer each.

The time of the polling itself is from the order to the answer: the program is loaded, its database open, its feeds are
known. The time of the whole is that of the process, from outside.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


def obey(poll: Callable[[bool], None]) -> None:
    """Poll whenever told, until the input ends. `poll` is told whether what is new is to be mailed."""
    for line in sys.stdin:
        began = time.perf_counter()
        poll(json.loads(line)["mails"])
        print(json.dumps({"work_s": time.perf_counter() - began}), flush=True)


def order(*, mails: bool) -> str:
    """What to write on the input of such a program."""
    return json.dumps({"mails": mails}) + "\n"


def seconds(said: str) -> float:
    """What it answered."""
    told: float = json.loads(said.splitlines()[-1])["work_s"]
    return told
