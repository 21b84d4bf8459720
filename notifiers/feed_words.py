"""What calendars and feeds say. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
FEEDS: dict[str, tuple[str, ...]] = {
    "feed.calendar": ("TBT deadlines: {name}", "技术性贸易措施截止日期：{name}"),
    "feed.atom": ("TBT news: {name}", "技术性贸易措施动态：{name}"),
    "feed.act_by": ("Act by today: comments on {measure}", "内部截止：提交意见，{measure}"),
    "feed.deadline": ("Comments close: {measure}", "评议截止：{measure}"),
    "feed.entry": ("Enters into force: {measure}", "生效：{measure}"),
    "feed.cancelled": ("Cancelled: {summary}", "已取消：{summary}"),
    "unsubscribe.title": ("Unsubscribe", "退订"),
    "unsubscribe.asks": (
        "Stop messages to {address} about:",
        "停止向 {address} 发送以下订阅的消息：",
    ),
    "unsubscribe.button": ("Stop these messages", "确认退订"),
    "unsubscribe.done": ("Done. {address} gets no more messages about:", "已退订。{address} 不再收到以下订阅的消息："),
    "unsubscribe.nothing": (
        "Nothing that this link names is sent to {address} any more.",
        "本链接所涉订阅已不再发送至 {address}。",
    ),
    "unsubscribe.going_on": ("Still sent to {address}:", "仍发送至 {address} 的订阅："),
    "unsubscribe.unknown": (
        "This link is not one of ours, or it is not whole. Copy it again from the message, or write to the sender.",
        "链接无效或不完整。请从消息中重新复制，或写信给发件人。",
    ),
}
