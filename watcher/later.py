"""Regular expressions that are compiled when they are first used.

Hundreds of wordings in five languages take longer to compile than most commands take to run, and most commands read no
text at all.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

_ALL: Final = (
    *("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn"),
    *("flags", "groups", "groupindex"),
)


class _Later:
    """Stands for a pattern; what is asked of it is there from the first use on."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _ALL:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        # Found on the object itself the next time: this method is called once.
        self.__dict__.update({each: getattr(compiled, each) for each in _ALL})
        return self.__dict__[name]


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, with all that `re.Pattern` offers; not to be passed to the functions of `re`.

    What is wrong with it is raised at its first use, so each pattern needs a test that uses it.
    """
    return cast("re.Pattern[str]", _Later(pattern, flags))
