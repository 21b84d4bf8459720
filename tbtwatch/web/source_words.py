"""The words of the pages on which a source is switched and set up, in English and in Chinese."""

from __future__ import annotations

from typing import Final

SOURCE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "entry.title": ("How {source} is set up", "{source} 的设置"),
    "entry.new": ("Add a source", "新增来源"),
    "entry.link": ("Change how it is set up, and who changed what", "修改设置，查看修改记录"),
    "entry.asked": ("Whether it is asked", "是否询问"),
    "entry.on": ("It is asked.", "正在询问。"),
    "entry.off": ("It is not asked.", "未在询问。"),
    "entry.off.by": (
        "Switched off on {moment} by {by}: {reason}",
        "{by} 于 {moment} 停用：{reason}",
    ),
    "entry.on.by": ("Switched on on {moment} by {by}: {reason}", "{by} 于 {moment} 启用：{reason}"),
    "entry.rests": ("It is switched on and rests all the same: {why}", "已启用，但仍暂停：{why}"),
    "entry.switch.on": ("Switch it on", "启用"),
    "entry.switch.off": ("Switch it off", "停用"),
    "entry.switch.note": (
        "It counts within ten seconds in every process, and after a restart. A source that is switched off is no "
        "failure; readers whom it concerns are told for a month that it is not read.",
        "十秒内对所有进程生效，重启后仍有效。停用不算故障；在一个月内，相关用户会在消息末行看到该来源未读取。",
    ),
    "entry.lead": (
        "One entry, as it would stand in sources.yaml. It counts more than the files until it is left to them again. "
        "What is secret is ***: leave it as it is.",
        "一个条目，写法与 sources.yaml 相同。在交还给文件之前，以此处为准。密钥显示为 ***，请保持原样。",
    ),
    "entry.lead.new": (
        "One entry, as “Try an address” shows it. Try it before you add it: its first poll tells nobody.",
        "一个条目，与“试读一个网址”给出的相同。请先试读再新增；首次询问不通知任何人。",
    ),
    "entry.text": ("The entry (YAML)", "条目（YAML）"),
    "entry.compare": ("Check it and show the difference", "检查并显示差异"),
    "entry.try": ("Try it, in a new window", "试读（在新窗口打开）"),
    "entry.save": ("Save what is shown here", "保存此处所示内容"),
    "entry.add": ("Add this source", "新增此来源"),
    "entry.wrong": ("It is not saved: the entry has to be put right.", "未保存：条目需要更正。"),
    "entry.look": ("Nothing is saved yet. This would change:", "尚未保存。将作如下更改："),
    "entry.same": ("This says what counts already.", "与现行设置相同。"),
    "entry.diff": ("The difference", "差异"),
    "entry.again": (
        "{by} has changed it since you looked at it. Your text is kept below; the difference is to what counts now.",
        "在您查看之后，{by} 已作修改。您写的内容仍在下方；差异是相对于现行设置。",
    ),
    "entry.saved": (
        "Saved. It counts within ten seconds in every process.",
        "已保存，十秒内对所有进程生效。",
    ),
    "entry.switched.on": ("Switched on.", "已启用。"),
    "entry.switched.off": ("Switched off.", "已停用。"),
    "entry.overtaken": (
        "The files describe it otherwise than when this entry was written (a release, or your operator). This entry "
        "counts. Take over what you need and save, save it as it is, or leave it to the files.",
        "文件中的条目在此条目写成之后已有变化（新版本发布，或由运维修改）。目前以此条目为准。可采纳所需内容后保存、原样保存，或交还给文件。",
    ),
    "entry.overtaken.diff": ("What changed in the files", "文件中的变化"),
    "entry.gone": ("The files do not describe it any more.", "文件中已没有此来源。"),
    "entry.problem": ("This release cannot use it: {why}", "当前版本无法使用：{why}"),
    "entry.history": ("Who changed what", "修改记录"),
    "entry.history.none": ("Nobody has said anything of it; it is as the files have it.", "无人修改过，以文件为准。"),
    "entry.number": ("No.", "序号"),
    "entry.when": ("When", "时间"),
    "entry.what": ("What", "内容"),
    "entry.who": ("Who", "操作人"),
    "entry.why": ("Why", "理由"),
    "entry.settings": ("Settings", "设置版本"),
    "entry.deed.enable": ("switched on", "启用"),
    "entry.deed.disable": ("switched off", "停用"),
    "entry.deed.describe": ("set up", "修改设置"),
    "entry.deed.restore": ("set up as before", "恢复设置"),
    "entry.restore": ("Set it up again as it was", "恢复为以前的设置"),
    "entry.restore.which": ("As of which number", "恢复到哪一序号"),
    "entry.restore.files": ("0: as the files have it", "0：以文件为准"),
    "entry.restore.end": ("0: no file describes it, so it ends", "0：文件中没有，来源将结束"),
    "entry.restore.one": ("{n}: {moment}, {by}", "{n}：{moment}，{by}"),
    "entry.restored": ("Set up as it was.", "已恢复。"),
    "entry.ended": (
        "{source} is no source any more; what was read of it stays.",
        "{source} 已不再是来源；已读取的内容保留。",
    ),
    "entry.back": ("Back to the source", "返回来源"),
    "fill.link": ("Read its history", "补收历史"),
    "fill.title": ("History of {source}", "{source} 的历史"),
    "fill.lead": (
        "Its publisher can be asked for a range of days. What is found is recorded, classified and findable; nobody is "
        "told. It goes on while you look at other pages; nobody else asks the source meanwhile.",
        "该来源可按日期范围查询。所得内容会被记录、分类并可检索；不通知任何人。可离开本页，补收会继续；期间不会另行询问该来源。",
    ),
    "fill.since": ("First day", "起始日"),
    "fill.until": ("Last day", "截止日"),
    "fill.begin": ("Read these days", "开始补收"),
    "fill.no_range": (
        "Nothing was begun: give a first and a last day, the earlier one first.",
        "未开始：请填写起始日与截止日，较早的在前。",
    ),
    "fill.future": ("Nothing was begun: the last day is still to come.", "未开始：截止日尚未到来。"),
    "fill.busy": (
        "Nothing was begun: the history of {source} is being read; one at a time.",
        "未开始：正在补收 {source}，一次只能进行一项。",
    ),
    "fill.begun": ("Begun.", "已开始。"),
    "fill.now": ("How far it is", "进度"),
    "fill.range": ("{since} to {until}", "{since} 至 {until}"),
    "fill.figure": ("{days} of {total} days ({percent} %)", "{total} 天中的 {days} 天（{percent}%）"),
    "fill.counts": (
        "{requests} documents read; {n} notices: {new} new, {changed} changed, {unchanged} unchanged, {unreadable} "
        "could not be read.",
        "已读取 {requests} 份文件；{n} 条通报：新增 {new}，变更 {changed}，未变 {unchanged}，无法读取 {unreadable}。",
    ),
    "fill.running": ("It is being read since {moment}, by {by}.", "{by} 于 {moment} 开始，正在进行。"),
    "fill.stopping": ("It is being broken off; what was read is kept.", "正在中断；已读取的内容保留。"),
    "fill.stopped": ("It was broken off by a person; it can be gone on with.", "已由人员中断，可继续。"),
    "fill.ended": ("It is done.", "已完成。"),
    "fill.failed": ("It was broken off: {why}. What was read is kept.", "已中断：{why}。已读取的内容保留。"),
    "fill.fault": (
        "It was broken off by a fault of this program; the log says which.",
        "因本程序故障中断，详见日志。",
    ),
    "fill.too_full": (
        "These days were not read, as the publisher never gives them whole:",
        "以下日期未读取，因为发布方从不完整提供：",
    ),
    "fill.look": ("Look again", "刷新进度"),
    "fill.cancel": ("Break it off", "中断"),
    "fill.over": ("Nothing is being read any more.", "没有正在进行的补收。"),
    "fill.runs": ("It is being read just now: break it off first.", "正在补收，请先中断。"),
    "fill.open": ("Begun and not done", "已开始而未完成"),
    "fill.left": ("{range}: {days} of {of} days are left", "{range}：{of} 天中还剩 {days} 天"),
    "fill.go_on": ("Go on", "继续"),
    "fill.forget": ("Do not read the rest", "放弃剩余部分"),
    "fill.forgotten": ("The rest is not read.", "已放弃剩余部分。"),
    "entry.by.number": ("no. {n}", "第 {n} 号"),
    "entry.fields": (
        "What each setting means stands in docs/sources.md.",
        "各项设置的含义见 docs/sources.md。",
    ),
}
