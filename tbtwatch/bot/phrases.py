"""What the bot says, in each language. HTML; values that are filled in are escaped by the caller.

A phrase with a bar has two forms, "1 day|{n} days": the first for n = 1.
"""

from __future__ import annotations

from typing import Final

from notifiers.wording import offered

#: Name of a phrase → language → phrase.
PHRASES: Final[dict[str, dict[str, str]]] = {
    # --- greeting, linking, language
    "hello": {
        "en": "I report what foreign markets change in their technical regulations, standards and conformity "
        "assessment.\n"
        "/recent Kenya 22 30d – measures of the last 30 days: market, HS, ICS or words, days\n"
        "/measure G/TBT/N/KEN/1514 – one measure and its history\n"
        "/why G/TBT/N/KEN/1514 – why you are told of it, or not\n"
        "/follow G/TBT/N/KEN/1514 – be told of each change of it\n"
        "/language zh – 中文\n"
        "You may also ask without a command: “batteries in Germany, last 30 days”.\n"
        "To link this chat to your enterprise send /start CODE; you make the code on the page “Chats”, or get it "
        "from your association.",
        "zh": "我报告国外市场技术法规、标准和合格评定程序的变化。\n"
        "/recent 肯尼亚 22 30天 – 最近 30 天的措施：市场、HS、ICS 或词、天数\n"
        "/measure G/TBT/N/KEN/1514 – 一项措施及其时间线\n"
        "/why G/TBT/N/KEN/1514 – 为什么收到或没收到\n"
        "/follow G/TBT/N/KEN/1514 – 关注，每次变更都通知\n"
        "/language en – English\n"
        "也可以直接提问：“近30天 德国 锂电池”。\n"
        "把本聊天与企业关联：发送 /start 关联码（在网页“聊天”中生成，或由您的协会提供）。",
    },
    "speaks_for": {
        "en": "This chat speaks for <b>{enterprise}</b>.",
        "zh": "本聊天已关联企业 <b>{enterprise}</b>。",
    },
    "linked": {
        "en": "Done: this chat now speaks for <b>{enterprise}</b>, which has {subscriptions}.\n"
        "/why SYMBOL says why it is told of a measure, or not.",
        "zh": "关联成功：本聊天现代表企业 <b>{enterprise}</b>，该企业有{subscriptions}。\n"
        "发送 /why 通报编号，可查询收到或没收到的原因。",
    },
    "subscriptions": {"en": "1 subscription|{n} subscriptions", "zh": " {n} 个订阅"},
    "bad_code": {
        "en": "This code is wrong, was used before or is too old. Make a new one on the page “Chats”, or ask your "
        "association.",
        "zh": "关联码有误、已使用或已过期。请在网页“聊天”中重新生成，或向您的协会索取。",
    },
    "too_many_codes": {
        "en": "Too many wrong codes came from this chat. Try again after {time}.",
        "zh": "本聊天多次输入错误的关联码。请在 {time} 之后再试。",
    },
    "which_language": {
        "en": "/language zh – 中文\n/language en – English",
        "zh": "/language zh – 中文\n/language en – English",
    },
    "language_set": {"en": "I will answer in English.", "zh": "以后用中文回答。"},
    "help": {
        "en": "I can only answer from records about measures and their dates. Name a market, an HS code or a product "
        "(“toys in Kenya”), or use /recent, /measure, /why, /language. For advice ask your national enquiry point.",
        "zh": "我只能根据记录回答措施和日期。请写明市场、HS 编码或产品（如“肯尼亚 玩具”），"
        "或使用 /recent、/measure、/why、/language。咨询请联系国家通报咨询点。",
    },
    "fault": {
        "en": "Something went wrong here; it was noted. Please ask again later.",
        "zh": "出错了，已记录。请稍后再试。",
    },
    # --- how a question was understood
    "found": {"en": "1 measure|{n} measures", "zh": "{n} 项"},
    "everything": {"en": "all markets and products", "zh": "所有市场和产品"},
    "with_eu": {"en": " (with the EU)", "zh": "（含欧盟）"},
    "with_states": {"en": " (with its member states)", "zh": "（含成员国）"},
    "markets_joined": {"en": ", ", "zh": "、"},
    "area": {"en": "{area}", "zh": "{area}"},
    "area_by_words": {"en": "{area} (“{words}”)", "zh": "{area}（“{words}”）"},
    "containing": {"en": "text contains “{words}”", "zh": "文中含“{words}”"},
    "period": {"en": "{days} ({n} day)|{days} ({n} days)", "zh": "{days}（{n} 天）"},
    "from_to": {"en": "{first} – {last}", "zh": "{first}—{last}"},
    "bare_hs": {
        "en": "“{number}” was read as HS chapter {number}; for days write {number}d.",
        "zh": "“{number}”按 HS 第 {number} 章理解；如指天数，请写“{number}天”。",
    },
    "bare_days": {
        "en": "“{number}” was read as {number} days; for the HS chapter write HS{number}.",
        "zh": "“{number}”按 {number} 天理解；如指 HS 编码，请写“HS{number}”。",
    },
    "unused": {"en": "Not made use of: {words}.", "zh": "未采用：{words}。"},
    "cut": {
        "en": "Only the first {n} characters of the question were read.",
        "zh": "仅读取了问题的前 {n} 个字符。",
    },
    "unlisted": {
        "en": "The Members of “{group}” are not listed here; all markets were searched.",
        "zh": "“{group}”的成员尚未列入，已查询所有市场。",
    },
    "unlisted_beside": {
        "en": "The Members of “{group}” are not listed here; it was left out.",
        "zh": "“{group}”的成员尚未列入，未计入查询。",
    },
    "without_words": {
        "en": "No record contains “{words}”; what follows is without these words.",
        "zh": "没有记录含“{words}”；以下为不限该词的结果。",
    },
    # --- lists
    "more": {
        "en": "… and 1 more.|… and {n} more; name a market or a product, or fewer days, to narrow it down.",
        "zh": "……另有 {n} 项；可写明市场、产品或减少天数以缩小范围。",
    },
    "details": {"en": "Send a symbol for details.", "zh": "发送通报编号可查看详情。"},
    "nothing": {
        "en": "Nothing recorded fits. Ask for more days (such as 365d), a wider market, fewer digits or fewer words.",
        "zh": "没有符合的记录。可放宽天数（如 365天）、市场，减少编码位数或词。",
    },
    "nothing_in_words": {
        "en": "Words are looked for as they stand in the documents, most of which are in English, French or Spanish.",
        "zh": "多数文件为英文、法文或西班牙文：请试英文词或 HS 编码。",
    },
    "no_deadline": {"en": "no comment deadline stated", "zh": "未注明评议截止日期"},
    "open_until": {"en": "comments until {day}", "zh": "{day}前可评议"},
    "closed_on": {"en": "comments closed on {day}", "zh": "评议已于{day}截止"},
    "not_available": {"en": "no comments asked for", "zh": "不征求评议"},
    # --- how much was looked at
    "covered": {
        "en": "Searched {measures} from {sources}, as of {as_of}.",
        "zh": "查了 {sources} 个来源的 {measures} 项措施，截至 {as_of}。",
    },
    "covered_measures": {"en": "1 recorded measure|{n} recorded measures", "zh": "{n}"},
    "covered_sources": {"en": "1 source|{n} sources", "zh": "{n}"},
    "no_source": {"en": " No source is in use.", "zh": "没有启用的来源。"},
    "gaps": {"en": " Gaps: {gaps}.", "zh": "缺口：{gaps}。"},
    "gaps_joined": {"en": "; ", "zh": "；"},
    "gaps_more": {"en": "1 more|{n} more", "zh": "另有 {n} 处"},
    "no_gaps": {"en": " No gaps known.", "zh": "没有已知缺口。"},
    # --- one measure
    "which_measure": {
        "en": "Send the symbol along: /measure G/TBT/N/KEN/1514",
        "zh": "请附上通报编号：/measure G/TBT/N/KEN/1514",
    },
    "which_measure_why": {
        "en": "Send the symbol along: /why G/TBT/N/KEN/1514",
        "zh": "请附上通报编号：/why G/TBT/N/KEN/1514",
    },
    "unknown_symbol": {
        "en": "I have no measure with the symbol {symbol}.",
        "zh": "没有编号为{symbol}的措施。",
    },
    "not_a_symbol": {
        "en": "{symbol} is not a document symbol; write it as G/TBT/N/KEN/1514.",
        "zh": "{symbol}不是通报编号；请写成 G/TBT/N/KEN/1514 的形式。",
    },
    "near": {"en": "Near ones that I have: {symbols}", "zh": "相近的编号：{symbols}"},
    "try_recent": {"en": "/recent lists what I have.", "zh": "发送 /recent 可列出已有的措施。"},
    "fact": {"en": "{label}: {value}", "zh": "{label}：{value}"},
    "status": {"en": "Status", "zh": "状态"},
    "status_draft": {"en": "draft", "zh": "草案"},
    "status_adopted": {"en": "adopted", "zh": "已批准"},
    "status_in_force": {"en": "in force", "zh": "已生效"},
    "status_withdrawn": {"en": "withdrawn", "zh": "已撤回"},
    "status_unknown": {"en": "stage not known", "zh": "阶段不明"},
    "deadline": {"en": "Comments until", "zh": "评议截止"},
    "adoption": {"en": "Adoption", "zh": "批准"},
    "force": {"en": "Entry into force", "zh": "生效"},
    "products": {"en": "Products", "zh": "产品"},
    "codes": {"en": "Codes", "zh": "编码"},
    "areas": {"en": "Product areas", "zh": "产品类别"},
    "areas_joined": {"en": ", ", "zh": "、"},
    "graded": {"en": "{area} ({grade})", "zh": "{area}（{grade}）"},
    "with_how": {"en": "{day} ({how})", "zh": "{day}（{how}）"},
    "more_symbols": {"en": "and {n} more", "zh": "等共 {total} 个编号"},
    "link_document": {"en": "Document {n}", "zh": "文件 {n}"},
    "link_page": {"en": "Page of the notification", "zh": "通报页面"},
    "history": {"en": "What happened", "zh": "时间线"},
    "earlier": {
        "en": "1 earlier change is not shown.|{n} earlier changes are not shown.",
        "zh": "另有 {n} 项更早的变更未显示。",
    },
    # --- handled
    "which_measure_handled": {
        "en": "Send the symbol along, and what was done: /handled G/TBT/N/KEN/1514 comments sent",
        "zh": "请附上通报编号和处理情况：/handled G/TBT/N/KEN/1514 意见已提交",
    },
    "handled_done": {
        "en": "{enterprise} has dealt with {symbol}: no more reminders of it, news of it comes as before. "
        "/handled {symbol} undo takes it back.",
        "zh": "{enterprise}已处理 {symbol}：不再就此发送到期提醒，其后续动态照常通知。"
        "发送 /handled {symbol} 撤销 可恢复。",
    },
    # --- buttons under a message
    "button_unknown": {
        "en": "This button does nothing any more. /measure with the symbol shows a measure.",
        "zh": "此按钮已失效。发送 /measure 加编号可查看措施。",
    },
    "button_over": {
        "en": "No subscription that is answered in this chat is told of {symbol} any more, so there is nothing to do.",
        "zh": "本聊天已没有会收到 {symbol} 消息的订阅，无需操作。",
    },
    "button_muted": {
        "en": "Not relevant: nothing more of {symbol} for {names} until {day}, and no reminders. Other measures come "
        "as before.",
        "zh": "已标记不相关：{day}前不再就 {symbol} 通知或提醒（订阅：{names}）。其他措施照常通知。",
    },
    "button_undone": {
        "en": "{symbol} is told again for {names}, with what came meanwhile.",
        "zh": "已恢复 {symbol} 的通知（订阅：{names}），期间的消息一并补发。",
    },
    "button_nothing_undone": {
        "en": "{symbol} is not muted by this chat; there is nothing to undo.",
        "zh": "本聊天没有对 {symbol} 设置不相关，无需撤销。",
    },
    "button_reminds": {
        "en": "You are reminded of {symbol} {days} days before the last day to hand in comments, for {names}.",
        "zh": "将在提交意见的内部截止日期前 {days} 天提醒 {symbol}（订阅：{names}）。",
    },
    "handled_undone": {
        "en": "{symbol} is open again for {enterprise}.",
        "zh": "{enterprise}对 {symbol} 的处理标记已撤销。",
    },
    "handled_not": {
        "en": "{enterprise} had not dealt with {symbol}.",
        "zh": "{enterprise}此前未标记 {symbol} 已处理。",
    },
    # --- follow
    "which_measure_follow": {
        "en": "Send the symbol along: /follow G/TBT/N/KEN/1514, /unfollow G/TBT/N/KEN/1514",
        "zh": "请附上通报编号：/follow G/TBT/N/KEN/1514 关注，/unfollow G/TBT/N/KEN/1514 取消关注",
    },
    "follow_name": {"en": "Following {symbol}", "zh": "关注 {symbol}"},
    "following": {
        "en": "{enterprise} follows {symbol} here: each change of a fact (deadline, adoption, products, text) comes to "
        "this chat. /unfollow {symbol} ends it.",
        "zh": "{enterprise}已关注 {symbol}：其截止日期、批准、产品、文本等每次变更都会发到本聊天。"
        "发送 /unfollow {symbol} 取消关注。",
    },
    "followed_already": {
        "en": "{symbol} is followed here already. /unfollow {symbol} ends it.",
        "zh": "本聊天已关注 {symbol}。发送 /unfollow {symbol} 取消关注。",
    },
    "unfollowed": {
        "en": "{symbol} is followed here no longer. Subscriptions that it fits tell of it as before.",
        "zh": "已取消关注 {symbol}。符合其他订阅的变更照常通知。",
    },
    "not_followed": {
        "en": "{symbol} is not followed here. /why {symbol} says why you are told of it.",
        "zh": "本聊天未关注 {symbol}。发送 /why {symbol} 可查询收到的原因。",
    },
    "follow_shared": {
        "en": "A subscription follows {symbol} with others and tells it elsewhere too; ask your association to change "
        "it.",
        "zh": "有一个订阅同时关注 {symbol} 和其他措施，并发送到其他地址；请联系您的协会更改。",
    },
    "follow_ended": {"en": "ended in the chat", "zh": "在聊天中取消关注"},
    "follow_unknown": {
        "en": "No measure is recorded by {symbol}, and only what is recorded can be followed. "
        "/recent finds what is recorded.",
        "zh": "没有收录 {symbol}，只能关注已收录的措施。可用 /recent 查找。",
    },
    "follow_suppressed": {
        "en": "This chat asked never to be written to, so nothing can be followed here. Ask your association to lift "
        "that.",
        "zh": "本聊天曾要求不再接收消息，因此无法关注。请联系您的协会解除。",
    },
    # --- why
    "not_linked": {
        "en": "This chat has no subscription and no enterprise. Send /start CODE; you make the code on the "
        "page “Chats”, or get it from your association.",
        "zh": "本聊天没有订阅，也未关联企业。请发送 /start 关联码（在网页“聊天”中生成，或由您的协会提供）。",
    },
    "no_subscriptions": {
        "en": "This chat's enterprise has no live subscription, so it is told of nothing.",
        "zh": "本聊天关联的企业没有生效的订阅，因此不会收到任何消息。",
    },
    "of_subscriptions": {
        "en": "It fits {fits} of {n} subscription.|It fits {fits} of {n} subscriptions.",
        "zh": "共 {n} 个订阅，其中 {fits} 个符合。",
    },
    "subscription": {"en": "{mark} <b>{name}</b>: {sentence}", "zh": "{mark} <b>{name}</b>：{sentence}"},
    "told_on": {"en": "Told on {day}: {what}.", "zh": "{day}已告知：{what}。"},
    "told_late_on": {
        "en": "Told on {day}, late, after we classified it anew: {what}.",
        "zh": "重新分类后，于{day}补发：{what}。",
    },
    "taken_back": {
        "en": "Taken back on {day}, it does not concern this subscription: {what}.",
        "zh": "已于{day}撤回，与此订阅无关：{what}。",
    },
    "told_joined": {"en": ", ", "zh": "、"},
    "in_digest": {"en": "Waits for the next {frequency} digest: {what}.", "zh": "等待下一期{frequency}汇总：{what}。"},
    "being_sent": {"en": "Being sent: {what}.", "zh": "正在发送：{what}。"},
    "not_delivered": {
        "en": "Owed since {day} and not delivered: {what}. Ask your association to check the address.",
        "zh": "{day}起应告知但未能送达：{what}。请联系您的协会核对地址。",
    },
    "document_not_recorded": {
        "en": "The document {symbol} is not recorded here. This is the measure it belongs to by its symbol.",
        "zh": "此处未收录文件 {symbol}。以下是按编号它所属的措施。",
    },
    "being_reclassified": {
        "en": "1 measure is still to be classified by the rules in force.|"
        "{n} measures are still to be classified by the rules in force.",
        "zh": "尚有 {n} 项措施待按现行规则分类。",
    },
    "alert_of": {"en": "{at}  alert: {what}", "zh": "{at}  提醒：{what}"},
    "not_told_ended": {"en": "Not told: the subscription ended ({reason}).", "zh": "未告知：订阅已结束（{reason}）。"},
    "not_told_older": {
        "en": "Not told: all its news is older than the subscription.",
        "zh": "未告知：该措施的全部变更都早于订阅。",
    },
    "not_told_unsure": {
        "en": "Not told: no address of the subscription is told of news that is so unsure.",
        "zh": "未告知：订阅的任何地址都不接收如此不确定的措施。",
    },
    "not_told_unwanted": {
        "en": "Not told: none of its news is of a kind this subscription asks for, or it did not fit when it came.",
        "zh": "未告知：该措施的变更不属于订阅要求的类型，或变更发布时不符合。",
    },
    "not_told_silent": {
        "en": "Not told: the measure was recorded when its source was first read or imported, which tells nobody.",
        "zh": "未告知：该措施是首次读取或导入来源时记录的，不发送消息。",
    },
    "not_told_before": {
        "en": "Not told: all its news is older than the subscription (of {day}).",
        "zh": "未告知：该措施的全部变更都早于订阅（{day}开始）。",
    },
    "not_told_waiting": {
        "en": "Not told yet: its latest news is being worked on.",
        "zh": "尚未告知：最新变更正在处理。",
    },
    "not_told_kind": {"en": "Not told: {sentence}", "zh": "未告知：{sentence}"},
    "not_told_later": {
        "en": "Not told: when its news came, it did not fit; it does under the rules or facts of today.",
        "zh": "未告知：变更发布时不符合，按目前的规则或内容才符合。",
    },
    "more_subscriptions": {
        "en": "… and 1 more subscription.|… and {n} more subscriptions.",
        "zh": "……另有 {n} 个订阅。",
    },
    # --- leaving
    "leave_nothing": {
        "en": "Nothing is sent to this chat by subscription; there is nothing to end.",
        "zh": "本聊天没有接收任何订阅，无需退订。",
    },
    "leave_list": {
        "en": "Sent to this chat (tap a command; it asks before anything ends):",
        "zh": "发送至本聊天的订阅（点击命令后会先询问，不会直接退订）：",
    },
    "leave_all_hint": {"en": "All of them: /stop", "zh": "全部退订：/stop"},
    "leave_unknown": {
        "en": "No subscription {number} is sent to this chat; /unsubscribe lists them.",
        "zh": "本聊天没有编号为 {number} 的订阅；发送 /unsubscribe 查看列表。",
    },
    "leave_ask": {
        "en": "End “{name}” for this chat? Nothing has changed yet.\nYes: /unsubscribe_{number}_yes",
        "zh": "是否在本聊天退订“{name}”？目前尚未更改。\n确认：/unsubscribe_{number}_yes",
    },
    "leave_ask_all": {
        "en": "End the 1 subscription of this chat? Nothing has changed yet.\nYes: /stop_yes|"
        "End all {n} subscriptions of this chat? Nothing has changed yet.\nYes: /stop_yes",
        "zh": "是否退订本聊天的全部 {n} 个订阅？目前尚未更改。\n确认：/stop_yes",
    },
    "leave_done": {"en": "Done. Not sent to this chat any more:", "zh": "已退订，本聊天不再收到："},
    "leave_others": {
        "en": "Others who are told of it go on being told.",
        "zh": "该订阅的其他接收人不受影响。",
    },
    # --- the chat program's menu
    "menu_unsubscribe": {"en": "What is sent here, and how to end it", "zh": "本聊天的订阅与退订"},
    "menu_recent": {"en": "Recent measures: market, HS or words, days", "zh": "最近的措施：市场、HS 或词、天数"},
    "menu_measure": {"en": "One measure and its history", "zh": "一项措施及其时间线"},
    "menu_follow": {"en": "Follow a measure: every change comes here", "zh": "关注一项措施：每次变更都发到这里"},
    "menu_unfollow": {"en": "Follow a measure no longer", "zh": "取消关注一项措施"},
    "menu_handled": {"en": "You have dealt with a measure: no more reminders", "zh": "标记已处理，不再提醒"},
    "menu_why": {"en": "Why you are told of a measure, or not", "zh": "为什么收到或没收到"},
    "menu_language": {"en": "Language", "zh": "语言"},
    "menu_start": {"en": "Greeting; link this chat by a code", "zh": "问候；用关联码关联企业"},
}  # fmt: skip


def say(name: str, language: str, /, **values: object) -> str:
    """A phrase in the language, or in English where that is not offered, filled in. Raises KeyError."""
    phrase = PHRASES[name][offered(language)]
    if "n" in values and "|" in phrase:
        one, many = phrase.split("|")
        phrase = one if values["n"] == 1 else many
    return phrase.format(**values)
