"""What the first message to a new subscriber says. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
STARTER: dict[str, tuple[str, ...]] = {
    "starter.subject.open": (
        "Subscribed: 1 measure is still open for comment, {name}|"
        "Subscribed: {n} measures are still open for comment, {name}",
        "订阅成功：{n} 项措施仍可评议，{name}",
    ),
    "starter.subject.none": (
        "Subscribed: nothing is open for comment now, {name}",
        "订阅成功：目前没有可评议的措施，{name}",
    ),
    "starter.subject.known": (
        "Subscribed: what is open for comment you know already, {name}",
        "订阅成功：仍可评议的措施此前均已告知，{name}",
    ),
    "starter.heading.open": (
        "1 measure that fits your question is still open for comment.|"
        "{n} measures that fit your question are still open for comment.",
        "有 {n} 项符合您订阅条件的措施仍可评议。",
    ),
    "starter.heading.none": (
        "Nothing that fits your question is open for comment now. We watch for you.",
        "目前没有符合您订阅条件且仍可评议的措施。我们会持续关注。",
    ),
    "starter.heading.known": (
        "1 measure that fits your question is still open for comment; you were told of it here before.|"
        "{n} measures that fit your question are still open for comment; you were told of all of them here before.",
        "有 {n} 项符合您订阅条件的措施仍可评议，此前均已在此告知。",
    ),
    "starter.then": (
        "This is said once; from now on you hear what is new and what changes, {how}.",
        "本消息只发一次；此后有新措施或变更，将{how}告知。",
    ),
    "starter.how.immediate": ("at once", "即时"),
    "starter.how.daily": ("in a daily digest", "以每日汇总"),
    "starter.how.weekly": ("in a weekly digest", "以每周汇总"),
    "starter.before": (
        "1 more is open that you were told of here before; it is not repeated.|"
        "{n} more are open that you were told of here before; they are not repeated.",
        "另有 {n} 项仍可评议，此前已在此告知，不再重复。",
    ),
    "starter.by": ("By when", "期限"),
    "starter.grade.direct": ("direct", "直接相关"),
    "starter.grade.probable": ("probable", "可能相关"),
    "starter.grade.broad": ("broad", "大类相关"),
    "starter.more.label": ("Not named here", "未列出"),
    "starter.more": (
        "1 more, with a later date to act by; ask us for the whole list|"
        "{n} more, with later dates to act by; ask us for the whole list",
        "另有 {n} 项，内部截止日期较晚；如需完整清单请告知我们",
    ),
    "starter.asked": ("You asked for", "订阅条件"),
    "starter.expected": ("To be expected", "预计数量"),
    "starter.expected.week": (
        "about 1 message a week, by the last twelve months|about {n} messages a week, by the last twelve months",
        "按近 12 个月推算，每周约 {n} 条消息",
    ),
    "starter.expected.year": (
        "about 1 message a year, by the last twelve months|about {n} messages a year, by the last twelve months",
        "按近 12 个月推算，每年约 {n} 条消息",
    ),
    "starter.expected.rare": (
        "hardly any: in the last twelve months nothing fitted",
        "很少：近 12 个月没有符合条件的消息",
    ),
    "starter.expected.none": (
        "not known yet: too little is recorded to say",
        "尚不清楚：目前记录不足，无法推算",
    ),
}
