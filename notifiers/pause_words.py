"""What is said of a time in which a reader was to be left alone. Part of the catalogue in `notifiers.wording`."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
PAUSES: dict[str, tuple[str, ...]] = {
    "pause.all": (
        "“{name}” was paused from {since} to {until} by {by}",
        "订阅“{name}”自{since}至{until}暂停发送，由 {by} 设定",
    ),
    "pause.one": (
        "{symbol} was muted for “{name}” from {since} to {until} by {by}",
        "订阅“{name}”自{since}至{until}不接收 {symbol} 的消息，由 {by} 设定",
    ),
    "pause.why": (" ({why})", "（{why}）"),
    "pause.news": ("; 1 piece of news came meanwhile.|; {n} pieces of news came meanwhile.", "；期间有 {n} 条消息。"),
    "pause.over": (
        " Comments on 1 measure ended in that time; you were not reminded of it.|"
        " Comments on {n} measures ended in that time; you were not reminded of them.",
        "期间有 {n} 项措施的评议已截止，未作提醒。",
    ),
    "pause.no_news": ("; nothing came meanwhile.", "；期间没有新消息。"),
}
