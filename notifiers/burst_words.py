"""What a message says that stands for many. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
BURSTS: dict[str, tuple[str, ...]] = {
    "burst.heading": (
        "1 measure concerns you this hour|{n} measures concern you this hour",
        "本小时有 {n} 项与您有关",
    ),
    "burst.subject": ("{heading}: {markets}", "{heading}：{markets}"),
    "burst.why": (
        "So much came at once that we tell it in one message: more than 1 message an hour is not sent here.|"
        "So much came at once that we tell it in one message: more than {n} messages an hour are not sent here.",
        "消息较多，合并为一条发送：本地址每小时最多 {n} 条。",
    ),
    "burst.new": ("New measures", "新措施"),
    "burst.changes": ("Changes", "变更"),
    "burst.rest": ("and 1 more|and {n} more", "另有 {n} 项"),
    "burst.list": ("Open the list", "打开列表"),
    "burst.list.until": ("{address} (until {day})", "{address}（{day}前有效）"),
    "burst.chat": ("Each in full", "查看全文"),
    "burst.chat.line": ("send /measure with its symbol", "发送 /measure 加编号"),
    # --- buttons under a message in a chat
    "deed.handled": ("Dealt with", "已处理"),
    "deed.not_relevant": ("Not relevant", "不相关"),
    "deed.remind": ("Remind me", "提醒我"),
    "deed.details": ("Details", "详情"),
    "deed.undo": ("Undo", "撤销"),
    # --- the page behind the link
    "list.unknown": (
        "There is no such list, or it is too old. What it named was told in the message it was linked from.",
        "没有这个列表，或列表已过期。所列内容均已在发给您的消息中写明。",
    ),
    "list.written": ("Written {moment}, to {address}", "写于 {moment}，发往 {address}"),
    "list.until": ("This page can be read until {day}.", "本页可查看至{day}。"),
}
