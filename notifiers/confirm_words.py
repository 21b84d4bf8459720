"""What is said when an address is asked for its owner's consent. Part of the catalogue in `notifiers.wording`."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
CONFIRM: dict[str, tuple[str, ...]] = {
    "confirm.subject": (
        "Do you want messages about foreign technical rules for {enterprise}?",
        "请确认：是否接收 {enterprise} 的技贸消息",
    ),
    "confirm.heading": (
        "{enterprise} wishes that messages about foreign technical measures be sent to {address}. Nothing is sent "
        "until you say yes.",
        "{enterprise} 希望将国外技术性贸易措施消息发送至 {address}。在您确认之前不会发送任何消息。",
    ),
    "confirm.by": ("Arranged by", "代办单位"),
    "confirm.about": ("About", "内容"),
    "confirm.about.contact": (
        "what the enterprise subscribes to, and what concerns its subscriptions",
        "企业所订阅的消息，以及订阅的有关事项",
    ),
    "confirm.until": ("Until", "有效期至"),
    "confirm.do": ("To say yes", "如需接收"),
    "confirm.do.link": ("open the link below and press the button", "请打开下方链接并点击按钮"),
    "confirm.do.mail": (
        "write to {where} with the subject “confirm {code}”",
        "请发送邮件至 {where}，主题写“confirm {code}”",
    ),
    "confirm.do.code": ("or tell them this code: {code}", "也可将此确认码告知代办人员：{code}"),
    "confirm.no": (
        "If you do not know what this is about, do nothing: nothing is sent to you, and the question is not repeated "
        "for ever.",
        "如与您无关，无需理会：不会向您发送消息，也不会一再询问。",
    ),
    "confirm.link": ("Answer", "确认"),
    "confirm.title": ("Messages about foreign technical measures", "技贸消息确认"),
    "confirm.page.asks": (
        "{enterprise} wishes to have messages sent to {address}. Nothing is sent until you press the button.",
        "{enterprise} 希望将消息发送至 {address}。点击按钮之前不会发送任何消息。",
    ),
    "confirm.page.button": ("Yes, send me these messages", "确认接收"),
    "confirm.page.done": (
        "Thank you. Messages for {enterprise} are sent to {address} from now on; each says how to end them.",
        "已确认。{enterprise} 的消息今后将发送至 {address}；每封消息都写明退订方法。",
    ),
    "confirm.page.over": (
        "This question is over: it was not answered in time, or the subscription has ended. Ask whoever looks after "
        "the subscriptions to send it again.",
        "该确认已失效：未在期限内答复，或订阅已结束。如仍需接收，请联系代办人员重新发送。",
    ),
    "confirm.page.unknown": (
        "There is no question behind this link. Perhaps it was cut off: copy all of it from the mail.",
        "该链接无对应的确认事项，可能不完整，请从邮件中完整复制。",
    ),
    "confirmed.subject": ("{address} was confirmed", "{address} 已确认"),
    "confirmed.heading": (
        "The owner of {address} agreed to messages for {enterprise}.",
        "{address} 的使用人已同意接收 {enterprise} 的消息。",
    ),
    "consent.agreed": ("{address}: agreed on {at}; {how}", "{address}：{at} 同意接收；{how}"),
    "consent.open": ("{address}: asked since {at}, no answer yet", "{address}：{at} 起询问，尚未答复"),
    "consent.link": ("the button of the link was pressed", "通过链接按钮确认"),
    "consent.mail": ("by an answer by mail", "通过邮件答复确认"),
    "consent.code": ("staff entered the code that was told them", "由工作人员录入确认码"),
    "consent.file": ("a folder of this service, nobody is asked", "本服务的文件夹，无需询问"),
    "consent.chat": ("a chat that has called the bot, which need not be asked", "已与机器人对话的聊天，无需询问"),
    "consent.signed_in": ("its owner signed in by a link that was sent there", "通过发送至该地址的链接登录"),
    "consent.not_asked": ("nobody was asked then", "当时未要求确认"),
    "consent.in_use": ("in use before anybody was asked", "要求确认之前已在使用"),
    "pause.confirmed": (
        "This address was confirmed on {until}; what had come since {since} is told now",
        "本地址已于{until}确认；{since}以来的消息现一并发送",
    ),
    "arranged": (
        "Arranged by {manager}: ask them if anything here is to be changed",
        "本订阅由 {manager} 代为办理，如需调整请与其联系",
    ),
    "ended.why.unconfirmed": (
        "its owner did not confirm it in time",
        "使用人未在期限内确认",
    ),
    "ended.do.unconfirmed": (
        "ask the enterprise whether the address is right; to ask its owner once more: "
        "tbtwatch address restore {address} --by NAME, which also keeps what waited",
        "请向企业核实该地址；如需再次询问：tbtwatch address restore {address} --by 姓名，所留消息一并保留",
    ),
}
