"""What Vietnamese republications of addenda say, as clues: the plainest forms only. `¤` is a date, `§` a symbol."""

from __future__ import annotations

import re
from typing import Final

from watcher.addenda.clues import Clue, Says
from watcher.later import later


def _vi(pattern: str) -> re.Pattern[str]:
    return later(pattern, re.IGNORECASE)


_DAY: Final = r"(?P<d>¤+)"
_NOT_DONE: Final = _vi(r"\b(?:dự\s+kiến|sẽ|nếu|chưa|khi|sau\s+khi|trước\s+khi|không)\s+(?:\w+\s+){0,2}$")
_PLANNED: Final = _vi(r"\b(?:dự\s+kiến|dự\s+thảo|đề\s+xuất|nếu)\b")
_COMMENT: Final = _vi(r"\b(?:góp\s+ý|ý\s+kiến|bình\s+luận)")

CLUES: Final = (
    Clue(
        says=Says.ADOPTED,
        wording=_vi(
            r"\b(?:đã\s+(?:được\s+)?|được\s+)(?:ban\s+hành|thông\s+qua|phê\s+duyệt)(?:(?:(?!hiệu\s+lực"
            rf"|áp\s+dụng)[^¤;.]){{0,60}}?\s{_DAY})?"
        ),
        unless=_NOT_DONE,
        unless_anywhere=_vi(r"\bsau\s+khi\b|\bdự\s+kiến\b"),
    ),
    Clue(
        says=Says.WILL_BE_IN_FORCE,
        wording=_vi(
            rf"\b(?:có|bắt\s+đầu\s+có)\s+hiệu\s+lực[^¤;.]{{0,30}}?{_DAY}"
            rf"|\bngày\s+có\s+hiệu\s+lực\s*:?\s*(?:là\s+)?{_DAY.replace('<d>', '<d2>')}"
        ),
        tentative=_PLANNED,
    ),
    Clue(
        says=Says.WITHDRAWN,
        wording=_vi(r"\b(?:đã\s+(?:bị\s+|được\s+)?|bị\s+)(?:rút\s+lại|thu\s+hồi|hủy\s+bỏ|bãi\s+bỏ)\b"),
        needs=_vi(r"§|\bdự\s+thảo\b|\bthông\s+báo\b|\bbiện\s+pháp\b"),
        unless=_vi(r"\b(?:giấy|sản\s+phẩm|nếu)\b[^,;.]{0,30}$"),
    ),
    Clue(
        says=Says.COMMENTS_UNTIL,
        wording=_vi(
            rf"(?:gia\s+hạn|hạn\s+(?:góp\s+ý|cuối)|góp\s+ý|ý\s+kiến)[^¤;.]{{0,80}}?(?:đến|tới|trước|:"
            rf"|là)\s*(?:hết\s+)?{_DAY}"
        ),
        needs_anywhere=_COMMENT,
    ),
)
