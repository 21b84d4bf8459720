"""What is said when an address takes nothing any more, and of subscriptions that never brought anything.

Part of the catalogue in `notifiers.wording`, in its form.
"""

from __future__ import annotations

LEAVING: dict[str, tuple[str, ...]] = {
    "ended.subject": ("{address} is not written to any more", "不再向 {address} 发送"),
    "ended.heading": (
        "{address} is not written to any more, because {why}.",
        "不再向 {address} 发送消息：{why}。",
    ),
    "ended.why.recipient_unknown": (
        "the other side says that there is no such recipient",
        "对方称收件人不存在",
    ),
    "ended.why.blocked": ("the other side refuses our messages", "对方拒收我们的消息"),
    "ended.why.bounce": (
        "a message came back: there is no such recipient, or they refuse our messages",
        "消息被退回：收件人不存在或拒收",
    ),
    "ended.why.complaint": ("its owner reported a message as unwanted", "收件人将消息举报为垃圾邮件"),
    "ended.why.staff": ("staff ended it", "工作人员停用"),
    "ended.said": ("They said", "对方答复"),
    "ended.concerns": ("It concerns", "涉及订阅"),
    "ended.you": ("What you can do", "您可以"),
    "ended.you.line": (
        "You go on being told here. If the address is right or there is a new one, tell whoever looks after your "
        "subscriptions.",
        "您在此处继续收到消息。如该地址无误或已有新地址，请告知为您管理订阅的人员。",
    ),
    "ended.left": ("Left", "其余地址"),
    "ended.left.none": (
        "nobody is told of 1 subscription now|nobody is told of {n} subscriptions now",
        "无：{n} 个订阅目前无人接收",
    ),
    "ended.left.some": ("every subscription goes on at another address", "各订阅均有其他地址继续接收"),
    "ended.do.line": (
        "ask them for an address; when this one takes messages again: tbtwatch address restore {address} --by NAME, "
        "which also sends what was refused since",
        "请向企业索取地址；该地址恢复后运行：tbtwatch address restore {address} --by 姓名，此间被拒的消息将一并补发",
    ),
    "ended.do.complaint": (
        "do not write there unless its owner asks for it: tbtwatch address restore {address} --by NAME; ask the "
        "enterprise who is to be told instead",
        "除非本人要求，不要再向该地址发送（恢复：tbtwatch address restore {address} --by 姓名）；"
        "请向企业询问改由何人接收",
    ),
    "ended.many.subject": (
        "Many addresses refuse at once: none is ended any more",
        "多个地址同时拒收：暂不再停用",
    ),
    "ended.many.heading": (
        "1 address was ended within an hour; further ones by {channel} are not, until the hour is over.|{n} addresses "
        "were ended within an hour; further ones by {channel} are not, until the hour is over.",
        "一小时内已停用 {n} 个{channel}地址；本小时内不再停用其他地址。",
    ),
    "ended.many.why": (
        "So many at once are rather a fault of a server, or of our own sender, than of the recipients. The last: "
        "{said}",
        "同时如此之多，多为服务器或本方发件设置之故，而非收件人。最近一次：{said}",
    ),
    "ended.many.do": (
        "look at `tbtwatch deliveries --state refused` and `tbtwatch address list`; `tbtwatch address restore` takes "
        "back what was ended wrongly",
        "请查看 `tbtwatch deliveries --state refused` 和 `tbtwatch address list`；"
        "误停用的地址可用 `tbtwatch address restore` 恢复",
    ),
    "ageing.subject": (
        "1 subscription has brought nothing for {months} months|{n} subscriptions have brought nothing for {months} "
        "months",
        "{n} 个订阅已 {months} 个月没有消息",
    ),
    "ageing.heading": (
        "This subscription has brought you nothing for {months} months. Perhaps it asks for too little, or you no "
        "longer need it.|These {n} subscriptions have brought you nothing for {months} months. Perhaps they ask for "
        "too little, or you no longer need them.",
        "以下 {n} 个订阅已 {months} 个月没有消息，可能条件过窄，也可能不再需要。",
    ),
    "ageing.since": ("since {day}; no news ever", "自 {day} 起，从无消息"),
    "ageing.last": ("since {day}; last news {last}", "自 {day} 起，最近消息 {last}"),
    "ageing.do": (
        "To change or end one, write to whoever looks after your subscriptions. You need do nothing: they go on.",
        "如需修改或结束，请联系为您管理订阅的人员。不作处理则继续有效。",
    ),
}
