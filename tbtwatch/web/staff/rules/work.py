"""What takes longer than a page may: done beside, one at a time, and looked at by another page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog

from watcher.said import sentence_of

log = structlog.get_logger()

Progress = Callable[[int, int], None]
#: What may be said to staff as it is: sentences of the rules and of the pipeline.
SAID: Final = (LookupError, ValueError)


@dataclass(slots=True)
class Job:
    """One piece of work; its numbers grow while it runs."""

    name: str  #: "backtest 4", "settle", "suggest"
    by: str
    began_at: datetime
    done: int = 0
    total: int = 0
    running: bool = True
    result: Any = None
    sentence: str = ""  #: why it came to nothing
    failed: bool = False  #: by a fault of ours; the log says which
    ended: threading.Event = field(default_factory=threading.Event)


class Work:
    """The work of one process. It is lost when the process ends; everything it writes, it writes when it is done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current: Job | None = None
        self._last: dict[str, Job] = {}

    def begin(
        self, name: str, run: Callable[[Progress], Any], *, by: str, now: datetime, after: Callable[[Job], object] = id
    ) -> Job | None:
        """Begin in a thread of its own; None while something else runs. `after` is called there when it is done."""
        with self._lock:
            if self._current is not None:
                return None
            job = self._current = self._last[name] = Job(name, by, now)
        threading.Thread(target=self._run, args=(job, run, after), name=f"rules: {name}", daemon=True).start()
        return job

    @property
    def current(self) -> Job | None:
        """What runs now."""
        return self._current

    def last(self, name: str) -> Job | None:
        """The newest work of this name, running or done."""
        return self._last.get(name)

    def wait(self, seconds: float = 30) -> None:
        """Until nothing runs, for tests."""
        if (job := self._current) is not None:
            job.ended.wait(seconds)

    def _run(self, job: Job, run: Callable[[Progress], Any], after: Callable[[Job], object]) -> None:
        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total

        try:
            job.result = run(progress)
            after(job)
        except SAID as error:
            job.sentence = sentence_of(error)
        except Exception as error:
            log.exception("rules_work_failed", work=job.name, error=type(error).__name__)
            job.failed = True
        finally:
            job.running = False
            with self._lock:
                self._current = None
            job.ended.set()
