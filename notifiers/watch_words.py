"""What is said of sources: to staff when one turns bad, to readers when something could not be read.

Part of the catalogue in `notifiers.wording`, in its form.
"""

from __future__ import annotations

from watcher.health import SENTENCES, Cause

_CAUSES_ZH: dict[Cause, str] = {
    Cause.FRESH: "读取正常；最近一份新文件于 {day} 收录",
    Cause.QUIET: "读取正常；自 {day} 起没有新文件：已过 {days} 个工作日，按常规应有 {expected} 份",
    Cause.NOTHING_YET: "读取正常；自 {day} 首次读取以来没有新文件",
    Cause.STUMBLED: "最近一次读取失败，暂无大碍：{error}",
    Cause.NEVER: "尚未读取",
    Cause.NEVER_READ: "至今从未读到：{error}",
    Cause.UNREACHED: "无法读取：{error}",
    Cause.NOT_POLLED: "自 {moment} UTC 起没有再去读取：服务是否在运行？",
    Cause.UNREADABLE: "收到的内容无法解读：{error}",
    Cause.EMPTIED: "列表为空；此前每次都有 {least} 条或更多",
    Cause.SILENT: "自 {day} 起没有新文件：已过 {days} 个工作日，按常规应有 {expected} 份",
    Cause.TRICKLE: "自 {day} 起只有 {n} 份新文件：已过 {days} 个工作日，按常规应有 {expected} 份",
    Cause.RESTING: "{error}",
    Cause.GONE: "已停止发布：{error}",
}

#: Name of a wording → in English, in Chinese.
WATCH: dict[str, tuple[str, str]] = {
    **{f"cause.{cause}": (SENTENCES[cause], _CAUSES_ZH[cause]) for cause in Cause},
    # --- states, in a sentence: "KATS is broken"
    "state.healthy": ("well", "正常"),
    "state.late": ("late", "逾期未读到"),
    "state.silent": ("silent", "异常沉默"),
    "state.broken": ("broken", "内容异常"),
    "state.resting": ("resting", "停用"),
    "state.ended": ("ended", "已终止"),
    # --- of a subscription with nothing new while something could not be read
    "digest.doubtful": (
        "Nothing found for: {names}, but not everything could be read, see the gaps",
        "未发现内容的订阅：{names}（但部分来源未能读取，见缺口）",
    ),
    # --- in the last line of messages
    "gap.never": ("{source} has not been read yet", "{source} 尚未读取"),
    "gap.off": (
        "{source} is not being read: it was switched off here on {since}",
        "{source} 目前未读取：本服务已于 {since} 将其停用",
    ),
    "gap.late": (
        "{source} not read since {since}; what was missed will be read when it answers again",
        "{source} 自 {since} 起未能读取，恢复后补查",
    ),
    "gap.broken": (
        "{source} gives nothing that can be read since {since}; what was missed will be read when it does again",
        "{source} 自 {since} 起内容异常、无法解读，恢复后补查",
    ),
    "gap.silent": (
        "{source} has shown nothing new since {since}, which is unusual: something may be missing",
        "{source} 自 {since} 起没有新内容，情况反常，可能有遗漏",
    ),
    "gap.ended": (
        "{source} has ended; nothing of it has been read since {since}",
        "{source} 已停止发布，自 {since} 起未再读取",
    ),
    # --- to staff
    "staff.bad": ("{source} is {state} since {since}", "{source} 自 {since} 起{state}"),
    "staff.bad.subject": ("Source {state}: {source}", "来源{state}：{source}"),
    "staff.bad.many": ("{n} sources are in trouble", "{n} 个来源出现问题"),
    "staff.well": ("{source} is well again since {since}", "{source} 自 {since} 起恢复正常"),
    "staff.well.subject": ("Source well again: {source}", "来源已恢复：{source}"),
    "staff.well.many": ("{n} sources are well again", "{n} 个来源已恢复"),
    "staff.why": ("What happened", "情况"),
    "staff.read_until": ("Last read", "最近一次读取"),
    "staff.read_until.never": ("never", "从未"),
    "staff.was": ("It was", "此前"),
    "staff.was.line": ("{state} since {since}", "自 {since} 起{state}"),
    "staff.waiting": ("Waiting on it", "受影响的订阅"),
    "staff.waiting.line": ("1 subscription|{n} subscriptions", "{n} 个订阅"),
    "staff.told.no": ("nobody has been told yet (limit {hours} h)", "尚未告知任何订户（时限 {hours} 小时）"),
    "staff.told.no_gap": ("they are told in the last line of their messages", "订户在消息末行可见"),
    "staff.told": ("1 address has been told|{n} addresses have been told", "已告知 {n} 个地址"),
    "staff.found": ("Found since", "补查"),
    "staff.found.line": ("1 new notice|{n} new notices", "新收录 {n} 份文件"),
    "staff.do": ("What to do", "处理"),
    "staff.do.line": (
        "look: tbtwatch sources show {name} · try now: tbtwatch poll {name}",
        "查看：tbtwatch sources show {name} · 立即重试：tbtwatch poll {name}",
    ),
    "held.subject": (
        "1 notice waits for your decision: {source}|{n} notices wait for your decision: {source}",
        "{n} 份文件待您决定是否发送：{source}",
    ),
    "held.heading": (
        "{source} brought {n} notices with news in one poll, more than the {allowed} it may bring",
        "{source} 一次读取带来 {n} 份有新内容的文件，超过允许的 {allowed} 份",
    ),
    "held.counts": (
        "{new} new and {changed} changed notices of {measures} measures; nobody is told of them before you decide",
        "新文件 {new} 份，有变动的文件 {changed} 份，涉及 {measures} 项措施；在您决定之前不告知任何订户",
    ),
    "held.first": ("For instance", "例如"),
    "held.do": (
        "look: tbtwatch sources held · decide: tbtwatch sources release {number}, or digest, or discard, "
        "each with --reason",
        "查看：tbtwatch sources held · 决定：tbtwatch sources release {number}（照常发送）、digest（仅列入摘要）"
        "或 discard（不发送），均须加 --reason 说明理由",
    ),
    # --- to subscribers
    "reader.open": ("{source} has not been read since {since}.", "{source} 自 {since} 起未能读取。"),
    "reader.open.subject": ("Not read since {since}: {source}", "{since} 起未能读取：{source}"),
    "reader.open.then": (
        "What it has published since may reach you late. It is read as soon as it can be, and you will be told "
        "when that is.",
        "此后发布的内容可能晚到。恢复后会立即补查，届时通知您。",
    ),
    "reader.open.ended": (
        "The publisher has given this address up. We are looking for where it publishes now.",
        "发布机构已停用该地址，我们正在查找新的发布位置。",
    ),
    "reader.what": ("What we know", "原因"),
    "reader.what.late": ("it cannot be reached", "无法访问"),
    "reader.what.broken": ("what it sends cannot be read", "返回的内容无法解读"),
    "reader.what.ended": ("it has ended", "已停止发布"),
    "reader.do": ("If it is urgent", "如情况紧急"),
    "reader.do.line": ("look at the publisher's own pages meanwhile", "请先直接查看发布机构网站"),
    "reader.closed": (
        "{source} is being read again. It was not read from {since} to {until}.",
        "{source} 已恢复读取。{since} 至 {until} 期间未能读取。",
    ),
    "reader.closed.subject": ("Read again: {source}", "已恢复读取：{source}"),
    "reader.closed.found": (
        "1 document of that time was found late. If it concerns you, it comes as an ordinary message.|"
        "{n} documents of that time were found late. Those that concern you come as ordinary messages.",
        "恢复后补查到 {n} 份文件，与您有关的会照常通知您。",
    ),
    "reader.closed.nothing": (
        "Nothing new was found when it was read again.",
        "恢复后补查，没有发现新文件。",
    ),
    "reader.given_up": (
        "{source} is not watched any more. Nothing it has published since {since} was read.",
        "{source} 已不再监测。{since} 之后发布的内容未能读取。",
    ),
    "reader.given_up.subject": ("No longer watched: {source}", "不再监测：{source}"),
}
