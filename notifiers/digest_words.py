"""What is said in digests only. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
DIGEST: dict[str, tuple[str, ...]] = {
    "digest.weekly": ("TBT weekly no. {number} ({period})", "技贸周报 第 {number} 期（{period}）"),
    "digest.daily": ("TBT daily no. {number} ({period})", "技贸日报 第 {number} 期（{period}）"),
    "digest.immediate": ("TBT digest no. {number} ({period})", "技贸摘要 第 {number} 期（{period}）"),
    "digest.catch_up": ("TBT news that waited for you ({period})", "为您保留的技贸消息（{period}）"),
    "digest.new": ("1 new measure|{n} new measures", "{n} 项新措施"),
    "digest.changes": ("1 change|{n} changes", "{n} 项变更"),
    "digest.ahead": ("1 deadline ahead|{n} deadlines ahead", "{n} 个截止日临近"),
    "digest.nothing": ("nothing new", "没有新内容"),
    "digest.first": ("Look here first", "先看这里"),
    "digest.first.line": (
        "{day}, {market}: {what}, {title} ({left})",
        "{day} {market} {what}：{title}（{left}）",
    ),
    "digest.new.title": ("New measures", "新措施"),
    "digest.changes.title": ("Changes", "变更"),
    "digest.group": ("{market} · {area}", "{market} · {area}"),
    "digest.no_area": ("other products", "其他产品"),
    "digest.deadlines": ("Dates in the next 30 days", "未来 30 天的日期"),
    "digest.deadlines.more": ("and 1 more date|and {n} more dates", "以及另外 {n} 个日期"),
    "digest.quiet.weekly": ("Nothing new this week for: {names}", "本周没有新内容的订阅：{names}"),
    "digest.quiet.daily": ("Nothing new on this day for: {names}", "当日没有新内容的订阅：{names}"),
    "digest.quiet.immediate": ("Nothing new for: {names}", "没有新内容的订阅：{names}"),
    "digest.more": (
        "1 more measure is not listed here, to keep this message short.|"
        "{n} more measures are not listed here, to keep this message short.",
        "另有 {n} 项措施未在此列出，以免消息过长。",
    ),
    "digest.more.in_text": (
        "1 more measure is listed in the plain text part of this mail.|"
        "{n} more measures are listed in the plain text part of this mail.",
        "另有 {n} 项措施列在本邮件的纯文本部分。",
    ),
    "digest.brief": ("In brief", "简列"),
    "column.day": ("Date", "日期"),
    "column.market": ("Market", "市场"),
    "column.what": ("What", "事项"),
    "column.measure": ("Measure", "措施"),
    "column.left": ("Left", "剩余"),
}
