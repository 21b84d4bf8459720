"""The words of a proof of notice, in English and Chinese. As in `notifiers.wording`: a bar parts one from many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from notifiers.wording import offered

#: Name → in English, in Chinese.
PROOF: dict[str, tuple[str, str]] = {
    "title": ("Proof of notice", "告知证明"),
    "of": ("{enterprise} · {symbol}", "{enterprise} · {symbol}"),
    "made": ("As recorded on {at}; all times {zone}", "记录截至 {at}；时间均为 {zone}"),
    "program": ("made by tbtwatch {version}", "由 tbtwatch {version} 生成"),
    "comments_until": ("Comments until {day}", "评议截止 {day}"),
    # --- in short
    "summary": ("In short", "结论"),
    "told": (
        "{enterprise} was told of {symbol} on {at} by {channel} to {target}; the other side took the message{answer}.",
        "{enterprise} 于 {at} 通过{channel}（{target}）获告知 {symbol}；对方已接收该消息{answer}。",
    ),
    "answer": (" and answered “{text}”", "，应答为“{text}”"),
    "after": ("That was {span} after it was first recorded here.", "距首次记录 {span}。"),
    "before_deadline": (
        "That was 1 day before the comment deadline stated today.|That was {n} days before the comment deadline "
        "stated today.",
        "距目前所载评议截止日期 {n} 天。",
    ),
    "on_deadline": ("That was the day of the comment deadline stated today.", "当日为目前所载评议截止日。"),
    "past_deadline": (
        "That was 1 day after the comment deadline stated today.|That was {n} days after the comment deadline stated "
        "today.",
        "已过目前所载评议截止日期 {n} 天。",
    ),
    "on_the_way": (
        "A message to {enterprise} about {symbol} is written and not out yet.",
        "致 {enterprise} 关于 {symbol} 的消息已写好，尚未发出。",
    ),
    "in_digest": (
        "{enterprise} is owed news of {symbol}; it stands in the next digest.",
        "{enterprise} 应获告知 {symbol}，将列入下一期摘要。",
    ),
    "not_reached": (
        "{enterprise} was written to about {symbol}, and no message was taken by the other side.",
        "已就 {symbol} 致函 {enterprise}，但没有一条消息被对方接收。",
    ),
    "not_told": ("{enterprise} was not told of {symbol}.", "未告知 {enterprise} {symbol}。"),
    "no_subscription": (
        "{enterprise} has and had no subscription.",
        "{enterprise} 没有也未曾有过订阅。",
    ),
    "more_untold": (
        "1 piece of news was not told to one of its subscriptions; why stands below.|{n} pieces of news were not told "
        "to one or the other of its subscriptions; why stands below.",
        "另有 {n} 条变更未告知其某项订阅，原因见下。",
    ),
    "coverage": (
        "While this was so, 1 source that concerns the measure was not read for a time.|While this was so, sources "
        "that concern the measure were not read {n} times.",
        "其间有关来源曾 {n} 次未能读取。",
    ),
    "not_recorded": ("{symbol} itself is not recorded here.", "{symbol} 本身未收录。"),
    "taken_is_not_read": (
        "“Taken” means that the other side's server or chat took the message. Whether it was read is not known.",
        "“已接收”指对方服务器或聊天平台接受了该消息；是否阅读不得而知。",
    ),
    # --- sections
    "documents": ("What was known, and since when", "已知内容及时间"),
    "document": ("Document", "文件"),
    "distributed": ("Distributed", "散发日期"),
    "recorded": ("Recorded here", "本处记录"),
    "sources": ("Sources", "来源"),
    "changes": ("News", "变更"),
    "change": ("News", "变更"),
    "noticed": ("Noticed", "发现"),
    "judged": ("Gone through", "匹配"),
    "silent": ("recorded in silence: first reading or import", "静默记录：首次读取或导入"),
    "hold": ("held {since}", "自 {since} 起暂存"),
    "hold.open": ("held since {since}, staff have not decided", "自 {since} 起暂存，工作人员尚未决定"),
    "hold.counting": ("held since {since}, its poll is not over", "自 {since} 起暂存，采集尚未结束"),
    "hold.released": (
        "held since {since}, released {at} by {by}{reason}",
        "自 {since} 起暂存，{at} 由{by}放行{reason}",
    ),
    "hold.digest": (
        "held since {since}, for the next digest only: {at} by {by}{reason}",
        "自 {since} 起暂存，{at} 由{by}决定仅列入摘要{reason}",
    ),
    "hold.discarded": (
        "held since {since}, discarded {at} by {by}{reason}",
        "自 {since} 起暂存，{at} 由{by}决定不告知{reason}",
    ),
    "reason": (" (“{text}”)", "（“{text}”）"),
    "subscriptions": ("What the enterprise asks", "企业的订阅"),
    "subscription": ("Subscription {id}, version {version}: {name}", "订阅 {id}（第 {version} 版）：{name}"),
    "since": ("since {at}", "{at} 起"),
    "ended": ("ended {at} ({reason})", "{at} 结束（{reason}）"),
    "owed": ("What it was owed, and why", "应告知的变更及理由"),
    "owed.of": (
        "{what}, to subscription {subscription} (version {version}) under rule set {ruleset}, {grade}; owed {at}",
        "{what}；订阅 {subscription}（第 {version} 版），规则集第 {ruleset} 版，{grade}；{at} 确定",
    ),
    "late": ("told late, after our own reading had changed", "因我方重新归类而补告"),
    "withdrawn": ("taken back {at}", "{at} 撤回"),
    "yours": ("Products affected: {names}", "受影响的产品：{names}"),
    "no_condition": ("the subscription asks for every measure", "该订阅不限条件"),
    "evidence": ("{rule}: {field}: {quotes}", "{rule}：{field}：{quotes}"),
    "messages": ("Each message", "每条消息"),
    "message.alert": ("Alert", "提醒"),
    "message.burst": ("Message for many", "合并消息"),
    "message.digest": ("Digest", "摘要"),
    "message.correction": ("Correction", "更正"),
    "message.reinstated": ("Correction taken back", "撤回更正"),
    "message.other": ("Message", "消息"),
    "number": ("no. {n}", "第 {n} 期"),
    "to": ("to", "收件"),
    "written": ("written", "写就"),
    "due": ("not before", "不早于"),
    "subject": ("subject", "主题"),
    "message_id": ("Message-ID", "Message-ID"),
    "tells": ("tells", "内容"),
    "attempts": ("attempts", "发送"),
    "outcome": ("outcome", "结果"),
    "copies": ("copies", "份数"),
    "copies.one": ("taken once", "接收一次"),
    "copies.none": ("none taken", "未被接收"),
    "copies.more": (
        "; of 1 more attempt nobody knows whether it was taken|; of {n} more attempts nobody knows whether they were "
        "taken",
        "；另有 {n} 次发送不知是否被接收",
    ),
    "state.pending": ("waits", "待发"),
    "state.sending": ("is being sent", "发送中"),
    "state.sent": ("taken by the other side {at}", "对方于 {at} 接收"),
    "state.refused": ("refused {at}", "{at} 被拒"),
    "state.expired": ("given up {at}", "{at} 放弃"),
    "state.cancelled": ("cancelled {at}", "{at} 取消"),
    "try.Sent": ("taken", "已接收"),
    "try.TryAgain": ("not now", "稍后再试"),
    "try.Refused": ("refused", "被拒"),
    "try.given back": ("not begun: our own settings", "未发出：本方设置有误"),
    "try.CutShort": ("the program was ended meanwhile; not known whether it was taken", "程序中途结束，不知是否被接收"),
    "try.": ("its worker ended; not known whether it was taken", "进程中止，不知是否被接收"),
    "no_attempt": ("none yet", "尚未发送"),
    "untold": ("What was not told, and why", "未告知的变更及原因"),
    "untold.of": ("{what}, to subscription {id}", "{what}（订阅 {id}）"),
    "why.no_fit": ("{sentence}", "{sentence}"),
    "why.fits_later": (
        "When this news came it did not fit; it does by the rules and facts of today.",
        "变更发布时不符合；按目前的规则或内容才符合。",
    ),
    "why.unsure": (
        "It fits, but no address of the subscription is told of news that is only {grade}.",
        "符合，但订阅的任何地址都不接收仅属“{grade}”的措施。",
    ),
    "why.older": (
        "It was noticed {noticed}, before the subscription began ({began}).",
        "该变更于 {noticed} 发现，早于订阅开始（{began}）。",
    ),
    "why.ended": (
        "It was noticed {noticed}, after the subscription had ended ({ended}: {reason}).",
        "该变更于 {noticed} 发现，晚于订阅结束（{ended}：{reason}）。",
    ),
    "why.kind": ("{sentence}", "{sentence}"),
    "why.silent": (
        "It was recorded when its source was first read or imported as history, which tells nobody.",
        "该变更是首次读取或导入来源时记录的，不发送消息。",
    ),
    "why.held": ("It is kept back until staff decide.", "暂存，待工作人员决定。"),
    "why.discarded": ("Staff decided that it is not told: {hold}.", "工作人员决定不告知：{hold}。"),
    "why.waiting": ("It is not gone through yet.", "尚未匹配。"),
    "why.withdrawn": ("It was owed, and taken back {at}.", "曾应告知，{at} 撤回。"),
    "why.in_digest": ("It stands in the next {rhythm} digest.", "将列入下一期{rhythm}摘要。"),
    "why.no_address": (
        "It is owed, but no message was written: the subscription had no address.",
        "应告知但未写消息：订阅没有可用地址。",
    ),
    "why.not_written": (
        "It is owed, and no message that tells it is written: the subscription rests, or it is being worked on.",
        "应告知，尚无消息：订阅暂停中，或正在处理。",
    ),
    "why.on_its_way": ("The message is written and not out yet{answer}.", "消息已写好，尚未发出{answer}。"),
    "why.not_taken": ("No message was taken by the other side{answer}.", "没有一条消息被对方接收{answer}。"),
    "why.answer": (" (last: {text})", "（最近：{text}）"),
    "gaps": ("When sources were not read", "来源未能读取的时间"),
    "gap.from_to": ("{source}: from {since} to {until}", "{source}：{since} 至 {until}"),
    "gap.open": ("{source}: since {since}, still", "{source}：{since} 起，至今"),
    "gap.found": ("; 1 document was found afterwards|; {n} documents were found afterwards", "；恢复后发现 {n} 份文件"),
    "none": ("None.", "无。"),
    # --- the seal
    "check": ("Checksum", "校验码"),
    "check.how": (
        "This page can be checked where it was made: tbtwatch proof --check FILE says whether one character of it was "
        "changed. The checksum is reckoned over what stands here; the seal is this installation's.",
        "本页可在生成处核验：tbtwatch proof --check 文件 可判断是否有一字被改。校验码按内容计算；印记为本系统所有。",
    ),
    "seal": ("Seal", "印记"),
    "span.less": ("less than a minute", "不到一分钟"),
    "span.minutes": ("1 minute|{n} minutes", "{n} 分钟"),
    "span.hours": ("1 hour|{n} hours", "{n} 小时"),
    "span.days": ("1 day|{n} days", "{n} 天"),
    "channel.email": ("mail", "邮件"),
    "channel.telegram": ("Telegram", "Telegram"),
    "channel.file": ("file", "文件夹"),
    "stop": (".", "。"),
    "pause": (", ", "、"),
}


def say(name: str, language: str, /, **values: Any) -> str:
    """A wording of a proof, filled in; what is filled in is never read as a wording itself."""
    wording = PROOF[name][offered(language) == "zh"]
    if "n" in values and "|" in wording:
        one, many = wording.split("|")
        wording = one if values["n"] == 1 else many
    return wording.format(**values)


def either(name: str, otherwise: str, language: str, /, **values: Any) -> str:
    """A wording of this name, or of the other where there is none."""
    return say(name if name in PROOF else otherwise, language, **values)


def moment(instant: datetime) -> str:
    """An instant in the zone it carries, to the second; the zone is named once for the whole page."""
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def span(seconds: float, language: str) -> str:
    """How long, in one number: the reader of a proof asks for minutes or for days."""
    if seconds < 60:
        return say("span.less", language)
    for name, length in (("days", 172_800), ("hours", 7_200), ("minutes", 60)):
        if seconds >= length:
            unit = {"days": 86_400, "hours": 3_600, "minutes": 60}[name]
            return say(f"span.{name}", language, n=int(seconds // unit))
    return say("span.less", language)


def zone_words(instant: datetime, name: str) -> str:
    """A zone with its offset then: "Asia/Shanghai (UTC+08:00)"."""
    offset = instant.strftime("%z")
    return f"{name} (UTC{offset[:3]}:{offset[3:5]})"
