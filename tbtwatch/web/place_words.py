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
    # --- addresses of a subscription
    "places.title": ("Where messages go", "发送至"),
    "places.hint": (
        "Each address may have its own rhythm, and be told only of what is sure enough for it.",
        "每个地址可单独设置频率和匹配程度。",
    ),
    "places.own": ("your own address", "您本人的地址"),
    "places.asked_first": ("its owner is asked first", "将先征得其所有者同意"),
    "places.waits": ("waits for its owner's yes", "等待其所有者同意"),
    "places.tell": ("Tell {address}", "发送至 {address}"),
    "places.new": ("A colleague's mail address", "同事的邮箱"),
    "places.new.hint": (
        "We ask them first: until they say yes nothing is sent to them but that question. At most {n} a day.",
        "我们会先征求其同意，同意之前除该询问外不发送任何邮件。每天最多添加 {n} 个。",
    ),
    "places.new.off": (
        "This service does not ask owners of addresses, so only staff add colleagues' addresses.",
        "本服务不向地址所有者征求同意，同事的地址须由管理员添加。",
    ),
    "places.chats": ("Link a chat", "关联聊天"),
    "places.soon": ("Rhythm", "频率"),
    "places.soon.as": ("as above", "同上"),
    "places.soon.keep": ("as it is: {ways}", "保持：{ways}"),
    "places.sure": ("How sure", "匹配程度"),
    "places.nobody": ("Choose at least one address.", "请至少选择一个地址。"),
    "places.wrong": (
        "“{address}” is not a mail address that can be written to. Look for a missing @ or dot.",
        "“{address}”不是可用的邮箱地址，请检查是否缺少 @ 或点号。",
    ),
    "places.gone": (
        "A chat that was chosen is not linked with this enterprise. Look at the addresses again.",
        "所选聊天未与该企业关联，请重新查看地址。",
    ),
    "places.too_many": ("At most {n} addresses can be told by one subscription.", "一项订阅最多可设 {n} 个地址。"),
    "places.invited": (
        "Nothing was saved: in a day at most {n} owners of addresses are asked by your wish. Leave some out, or come "
        "back tomorrow.",
        "未保存：每天最多可按您的要求询问 {n} 个地址的所有者。请减少地址，或明天再试。",
    ),
    "places.link": (
        "Nothing was saved: whom you add is asked in a mail that names your enterprise and the words you look for. "
        "Take the web address out of them first.",
        "未保存：征求同意的邮件会写明企业名称和关键词，请先删去其中的网址。",
    ),
    "places.nobody_asked": (
        "Nothing was saved: this service does not ask owners of addresses, so only staff add colleagues' addresses.",
        "未保存：本服务不向地址所有者征求同意，同事的地址须由管理员添加。",
    ),
    "places.suppressed": (
        "Nothing was saved: one of these addresses was erased once and is written to no more. Ask whoever runs this "
        "service to lift that.",
        "未保存：其中一个地址曾被删除，不再接收邮件。请联系管理员解除。",
    ),
    "places.way": ("What, how often", "内容与频率"),
    "places.state.agreed": ("confirmed on {day}: {how}", "{day} 已确认：{how}"),
    "places.state.waiting": ("waits for its owner's yes, until {day}", "等待其所有者同意，{day} 前有效"),
    "places.state.not_yet": ("its owner is asked soon", "即将征求其所有者同意"),
    "places.state.stopped": ("stopped on {day}: {why}", "{day} 已停止：{why}"),
    "places.how.link": ("its owner pressed the button of the link", "所有者点击了链接中的按钮"),
    "places.how.mail": ("its owner answered by mail", "所有者以邮件答复"),
    "places.how.code": ("staff entered the code its owner told them", "工作人员录入了所有者告知的确认码"),
    "places.how.file": ("a folder of this service", "本服务的文件夹"),
    "places.how.chat": ("a chat that has called the bot", "该聊天曾与机器人联系"),
    "places.how.signed_in": ("its owner signed in", "所有者曾登录"),
    "places.how.not_asked": ("it was not asked for here", "当时无需确认"),
    "places.how.in_use": ("it was in use before", "此前已在使用"),
    "places.why.recipient_unknown": ("there is no such recipient", "没有此收件人"),
    "places.why.blocked": ("the recipient refuses our messages", "收件方拒收"),
    "places.why.bounce": ("a message came back", "邮件被退回"),
    "places.why.complaint": ("the recipient complained", "收件人投诉"),
    "places.why.staff": ("ended by staff", "由工作人员停止"),
    "places.why.unconfirmed": ("its owner did not say yes in time", "所有者未在期限内同意"),
    # --- unlinking
    "chats.unlink.why": ("the chat was unlinked on the page", "在网页上解除聊天关联"),
}
