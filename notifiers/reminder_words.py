"""What a reminder of a comment deadline says. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
REMINDERS: dict[str, tuple[str, ...]] = {
    "remind.subject.left": (
        "Reminder: 1 day left to act, {measure}|Reminder: {n} days left to act, {measure}",
        "到期提醒：距内部截止日期还有 {n} 天，{measure}",
    ),
    "remind.subject.today": ("Reminder: act today, {measure}", "到期提醒：今天是内部截止日期，{measure}"),
    "remind.subject.passed": (
        "Reminder: act now, comments close on {day}, {measure}",
        "到期提醒：请立即行动，评议截止 {day}，{measure}",
    ),
    "remind.heading.left": (
        "1 day left until {act_by}, the last day to hand in comments|"
        "{n} days left until {act_by}, the last day to hand in comments",
        "距{act_by}还有 {n} 天：这是提交意见的内部截止日期",
    ),
    "remind.heading.today": (
        "Today, {act_by}, is the last day to hand in comments",
        "今天（{act_by}）是提交意见的内部截止日期",
    ),
    "remind.heading.passed": (
        "{act_by}, the day to act by, has passed; comments are still taken",
        "内部截止日期{act_by}已过，评议尚未截止",
    ),
    "remind.late": (
        "This reminder comes 1 day late: it was due on {day}, and could not be written then.|"
        "This reminder comes {n} days late: it was due on {day}, and could not be written then.",
        "本提醒迟到 {n} 天：原定 {day} 发出，当时未能写出。",
    ),
    "remind.overtaken": (
        "It stands for the 1 earlier reminder that was missed too.|"
        "It stands for the {n} earlier reminders that were missed too.",
        "同期错过的 {n} 次较早提醒由本次代替。",
    ),
    "remind.coarse": (
        "The document names no exact day; we count from the first day it can mean, so that you are not late.",
        "文件未写明具体日期；为免误期，按其可能的最早一日计算。",
    ),
    "remind.computed": (
        "The deadline is computed, not stated: check it in the document.",
        "截止日期系推算，文件未直接写明：请核对原文。",
    ),
    "remind.again": (
        "You had marked this measure as dealt with on {day} ({by}); comments have been opened anew since.",
        "贵方曾于 {day} 标记本措施已处理（{by}）；此后评议重新开放。",
    ),
    "remind.measure": ("Measure", "措施"),
    "remind.deadline": ("Comment deadline", "评议截止"),
    "remind.do": ("What to do", "怎么办"),
    "remind.documents": ("Documents", "文件"),
    "remind.next": ("Next reminder", "下次提醒"),
    "remind.next.none": ("none; this is the last one", "无，这是最后一次"),
    "remind.stop": ("To stop these", "停止提醒"),
    "remind.stop.line": (
        "once you have dealt with it, tell us, and you are reminded of this measure no more",
        "处理完毕后请告知我们，即不再就本措施提醒",
    ),
    "remind.stop.chat": (
        "once you have dealt with it, send /handled {symbol} and what you did",
        "处理完毕后发送 /handled {symbol} 及处理情况，即不再就本措施提醒",
    ),
}
