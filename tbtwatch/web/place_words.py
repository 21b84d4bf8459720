"""Words about where somebody is told: chats and addresses. Part of the catalogue in `tbtwatch.web.words`."""

from __future__ import annotations

from typing import Final

#: Name of a wording → in English, in Chinese.
PLACES: Final[dict[str, tuple[str, str]]] = {
    # --- chats
    "chats.title": ("Chats", "聊天"),
    "chats.lead": (
        "A chat on Telegram, your own or a group's, can be told of news and may ask the bot. Link it by a code: that "
        "shows that it is yours.",
        "可将您个人或群组的 Telegram 聊天关联到企业，在其中接收消息并向机器人提问。关联码用于确认该聊天属于您。",
    ),
    "chats.off": (
        "This service has no chat program set up, so no chat can be linked.",
        "本服务未开通聊天，无法关联。",
    ),
    "chats.link": ("Link a chat", "关联聊天"),
    "chats.enterprise": ("For which enterprise", "所属企业"),
    "chats.firm": ("Your enterprise (optional)", "企业名称（可不填）"),
    "chats.make": ("Make a code", "生成关联码"),
    "chats.code": ("Your code, shown this once:", "您的关联码（仅显示一次）："),
    "chats.until": (
        "It works once, until {at}, for {enterprise}. Whoever sends it to the bot links their chat: give it to nobody "
        "else.",
        "仅可使用一次，{at} 前有效，用于 {enterprise}。任何人发送此码即可关联其聊天，请勿外传。",
    ),
    "chats.by_link": (
        "On the device that has Telegram, open this link and press “Start”:",
        "在装有 Telegram 的设备上打开此链接，点击“开始”（Start）：",
    ),
    "chats.by_hand": ("Or write to the bot {bot}:", "或向机器人 {bot} 发送："),
    "chats.by_hand.nameless": ("Write to the bot of this service on Telegram:", "在 Telegram 中向本服务的机器人发送："),
    "chats.in_group": (
        "For a group: add the bot {bot} to it, and send the same line there.",
        "如用于群组：将机器人 {bot} 加入群组，并在群内发送同样的内容。",
    ),
    "chats.then": (
        "The bot answers that the chat is linked. Then it can be chosen for a subscription.",
        "机器人会回复关联成功，之后即可在订阅中选择该聊天。",
    ),
    "chats.look": ("Look whether it is linked", "查看是否已关联"),
    "chats.many": (
        "You made {n} codes within an hour. Use one of them, or come back in an hour.",
        "您在一小时内已生成 {n} 个关联码。请使用其中之一，或一小时后再试。",
    ),
    "chats.linked": ("Linked chats", "已关联的聊天"),
    "chats.none": ("No chat is linked yet.", "尚未关联聊天。"),
    "chats.chat": ("Chat", "聊天"),
    "chats.number": ("Telegram, number {chat}", "Telegram，编号 {chat}"),
    "chats.since": ("linked on {day}", "{day} 关联"),
    "chats.unlinked": ("told here, but not linked", "接收消息，但未关联"),
    "chats.told": ("What is told there", "在此接收"),
    "chats.told.none": ("nothing yet", "暂无"),
    "chats.unlink": ("Unlink", "解除关联"),
    "chats.unlink.what": (
        "It speaks for the enterprise no more, and nothing of it is told there any more.",
        "解除后，该聊天不再代表企业，也不再接收其消息。",
    ),
    "chats.unlink.alone": (
        "End what is told nowhere else: {names}",
        "同时结束仅发送至此的订阅：{names}",
    ),
    "chats.unlink.wrong": (
        "Nothing was changed: {names} is told in this chat alone. Tick that it ends, or give it another address first.",
        "未作更改：{names} 仅发送至此聊天。请勾选“同时结束”，或先为其添加其他地址。",
    ),
    "chats.unlink.why": ("the chat was unlinked on the page", "在网页上解除聊天关联"),
}
