"""What is said of days and how they were come by. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese.
DATES: dict[str, tuple[str, ...]] = {
    "quality.stated": ("stated in the document", "通报写明"),
    "quality.stated.as": ("stated in the document as {wording}", "通报写明：{wording}"),
    "quality.stated.text": ("stated in the text only: {wording}", "正文写明：{wording}"),
    "quality.stated_in": ("stated in {document}", "{document} 写明"),
    "quality.computed": ("computed: {rule}; the document says {wording}", "推算：{rule}；文件原文：{wording}"),
    "quality.computed.rule": ("computed: {rule}", "推算：{rule}"),
    "quality.computed.wording": ("computed; the document says {wording}", "推算；文件原文：{wording}"),
    "quality.computed.bare": ("computed, not stated", "推算，文件未写明"),
    "quality.says": ("the document says {wording}", "文件原文：{wording}"),
    # The doubt is a sentence in English, of our own program's; a Chinese reader is sent to the document.
    "quality.doubted": ("{said}; not believed: {doubt}", "{said}；此日期未予采信，请核对原文"),
    "date.unknown": ("not known", "不详"),
    "date.not_stated": ("not stated", "未写明"),
    "date.not_applicable": ("not applicable", "不适用"),
    "date.earliest": ("{day} at the earliest", "最早{day}"),
    "rule.earlier": ("the earlier reading, {first} or {second}", "{first}或{second}，取较早者"),
    "rule.later": ("the later reading, {first} or {second}", "{first}或{second}，取较晚者"),
    "rule.same": ("the day of {anchor}", "{anchor}之日"),
    "rule.plus": ("{span} after {anchor}", "{anchor}后 {span}"),
    "rule.minus": ("{span} before {anchor}", "{anchor}前 {span}"),
    "anchor.notification": ("notification", "通报"),
    "anchor.adoption": ("adoption", "批准"),
    "anchor.publication": ("publication", "公布"),
    "anchor.entry_into_force": ("entry into force", "生效"),
    "anchor.stated_day": ("the day stated", "文中日期"),
    "span.day": ("{n} day|{n} days", "{n} 天"),
    "span.working day": ("{n} working day|{n} working days", "{n} 个工作日"),
    "span.week": ("{n} week|{n} weeks", "{n} 周"),
    "span.month": ("{n} month|{n} months", "{n} 个月"),
    "span.year": ("{n} year|{n} years", "{n} 年"),
}
