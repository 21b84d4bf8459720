"""Every word of ours that reaches a reader, in each language, side by side.

A wording with a bar has two forms, "1 day|{n} days": the first for n = 1. Braces name what is filled in; what is
filled in is never read as a wording itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from notifiers.burst_words import BURSTS
from notifiers.confirm_words import CONFIRM
from notifiers.date_words import DATES
from notifiers.digest_words import DIGEST
from notifiers.ending_words import ENDING
from notifiers.feed_words import FEEDS
from notifiers.label_words import LABELS
from notifiers.leaving_words import LEAVING
from notifiers.more_words import MORE
from notifiers.pause_words import PAUSES
from notifiers.product_words import PRODUCTS
from notifiers.reminder_words import REMINDERS
from notifiers.requirement_words import REQUIREMENTS
from notifiers.sign_in_words import SIGN_IN
from notifiers.starter_words import STARTER
from notifiers.watch_words import WATCH

#: The languages in which messages are written.
LANGUAGES = ("en", "zh")
#: Those in which some wordings stand besides: labels of late messages, and corrections whole.
MORE_LANGUAGES = (*LANGUAGES, "fr", "es")
#: What a reader of any other language gets.
FALLBACK = "en"

#: Name of a wording → in English, in Chinese; in French and in Spanish where it stands in those.
CATALOGUE: dict[str, tuple[str, ...]] = {
    # --- marks
    "colon": (": ", "：", " : ", ": "),
    "comma": (", ", "，"),
    "pause": (", ", "、", ", ", ", "),
    "semicolon": ("; ", "；"),
    "stop": (".", "。", ".", "."),
    "between": (" ", ""),
    "blank": (" ", " "),
    "bracketed": ("{text} ({note})", "{text}（{note}）", "{text} ({note})", "{text} ({note})"),
    "quoted": ("“{text}”", "“{text}”", "« {text} »", "«{text}»"),
    "more": ("and {n} more", "等共 {total} 项", "et {n} de plus", "y {n} más"),
    "from_to": ("{old} → {new}", "{old} → {new}"),
    # --- languages
    "language.en": ("English", "英文"),
    "language.zh": ("Chinese", "中文"),
    "language.fr": ("French", "法文"),
    "language.es": ("Spanish", "西班牙文"),
    "language.other": ("your language", "您的语言"),
    "fallback": (
        "This message is in English: messages in {language} are not offered yet.",
        "本消息以中文书写：暂不提供{language}消息。",
    ),
    "original": ("original wording in {language}", "原文为{language}"),
    # --- what happened: a headline, a sentence and a phrase for the subject, for every kind of change
    "headline.new_measure": ("New measure", "新措施"),
    "headline.deadline_moved": ("Comment deadline moved", "评议截止日期变更"),
    "headline.deadline_reopened": ("Comments open again", "重新开放评议"),
    "headline.adopted": ("Adopted", "已批准"),
    "headline.in_force": ("In force", "已生效"),
    "headline.withdrawn": ("Withdrawn", "已撤回"),
    "headline.products_changed": ("Products changed", "涵盖产品变更"),
    "headline.date_filled_in": ("Date now known", "日期已明确"),
    "headline.date_moved": ("Date moved", "日期变更"),
    "headline.text_replaced": ("Text replaced", "文本已替换"),
    "headline.further_information": ("Further information", "补充信息"),
    "headline.corrected": ("Corrected", "勘误"),
    "headline.other": ("News", "新消息"),
    # The first document recorded of a measure is a later one.
    "headline.later.addendum": (
        "Addendum to a measure whose earlier documents are not recorded here",
        "补遗通报（该措施此前的文件未在此收录）",
    ),
    "headline.later.corrigendum": (
        "Corrigendum to a measure whose earlier documents are not recorded here",
        "勘误通报（该措施此前的文件未在此收录）",
    ),
    "headline.later.revision": (
        "Revision of a measure whose earlier documents are not recorded here",
        "修订通报（该措施此前的文件未在此收录）",
    ),
    "headline.later.supplement": (
        "Supplement to a measure whose earlier documents are not recorded here",
        "补充通报（该措施此前的文件未在此收录）",
    ),
    "phrase.later.addendum": ("addendum, earlier documents not recorded", "补遗（此前文件未收录）"),
    "phrase.later.corrigendum": ("corrigendum, earlier documents not recorded", "勘误（此前文件未收录）"),
    "phrase.later.revision": ("revision, earlier documents not recorded", "修订（此前文件未收录）"),
    "phrase.later.supplement": ("supplement, earlier documents not recorded", "补充（此前文件未收录）"),
    "sentence.new_measure": ("A new measure has been notified.", "发布了一项新措施。"),
    "sentence.deadline_moved": ("The comment deadline has been moved.", "评议截止日期有变更。"),
    "sentence.deadline_reopened": (
        "Comments are asked for again: the comment period has been re-opened.",
        "评议期重新开放，可再次提交意见。",
    ),
    "sentence.adopted": ("The measure has been adopted.", "该措施已获批准。"),
    "sentence.in_force": ("The entry into force has been notified.", "已通报该措施生效。"),
    "sentence.withdrawn": ("The measure has been withdrawn.", "该措施已撤回。"),
    "sentence.products_changed": ("The products covered have changed.", "涵盖产品有变更。"),
    "sentence.date_filled_in": ("A date that was open is now known.", "原先未定的日期现已明确。"),
    "sentence.date_moved": ("A date has been moved.", "有日期变更。"),
    "sentence.text_replaced": (
        "A revision replaces the earlier text: read it anew.",
        "修订通报替换了原文本，请重新阅读。",
    ),
    "sentence.further_information": (
        "Further information has been published. None of the dates, products and codes we follow has changed.",
        "发布了补充信息；我们跟踪的日期、产品和编码均无变化。",
    ),
    "sentence.corrected": (
        "A correction or translation has been published. None of the dates, products and codes we follow has changed.",
        "发布了勘误或译文；我们跟踪的日期、产品和编码均无变化。",
    ),
    "sentence.other": ("There is news of this measure.", "该措施有新消息。"),
    "phrase.new_measure": ("new measure", "新措施"),
    "phrase.deadline_moved": ("comment deadline moved", "评议截止日期变更"),
    "phrase.deadline_moved.to": ("comment deadline moved to {new}", "评议截止改为{new}"),
    "phrase.deadline_moved.from_to": (
        "comment deadline moved from {old} to {new}",
        "评议截止由{old}改为{new}",
    ),
    "phrase.deadline_reopened": ("comments open again", "重新开放评议"),
    "phrase.adopted": ("adopted", "已批准"),
    "phrase.in_force": ("entry into force notified", "已通报生效"),
    "phrase.withdrawn": ("withdrawn", "已撤回"),
    "phrase.products_changed": ("products covered changed", "涵盖产品变更"),
    "phrase.date_filled_in": ("a date is now known", "日期已明确"),
    "phrase.date_moved": ("a date has moved", "日期变更"),
    "phrase.field_to": ("{field} now {new}", "{field}为{new}"),
    "phrase.text_replaced": ("text replaced", "文本已替换"),
    "phrase.further_information": ("further information", "补充信息"),
    "phrase.corrected": ("corrected", "勘误"),
    "phrase.other": ("news", "新消息"),
    "changed": ("Changed", "变更"),
    "late": (
        "Late: this was published on {published}, {n} day before this message.|"
        "Late: this was published on {published}, {n} days before this message.",
        "迟到的消息：原文{published}已发布，距今 {n} 天。",
    ),
    "reclassified": ("We reclassified this on {day}.", "我们于{day}重新分类了此措施。"),
    "correction": ("Correction: {text}", "更正：{text}"),
    # --- what it is
    "kind.technical_regulation": ("technical regulation", "技术法规"),
    "kind.conformity_procedure": ("conformity assessment procedure", "合格评定程序"),
    "kind.standard": ("standard", "标准"),
    "kind.publisher": ("regulator's own notice", "监管机构公告"),
    "kind.sps": ("sanitary or phytosanitary measure", "卫生与植物卫生措施"),
    "kind.urgent": ("urgent", "紧急通报"),
    "status.draft": ("draft", "草案"),
    "status.adopted": ("adopted", "已批准"),
    "status.in_force": ("in force", "已生效"),
    "status.withdrawn": ("withdrawn", "已撤回"),
    "status.unknown": ("stage not known", "阶段不明"),
    "kind_status": ("{kind}, {status}", "{kind}（{status}）"),
    "grade.direct": ("concerns you directly", "与您直接相关"),
    "grade.probable": ("probably concerns you", "很可能与您相关"),
    "grade.broad": ("may concern you", "可能与您相关"),
    "grade.direct.short": ("direct", "直接相关"),
    "grade.probable.short": ("probable", "很可能相关"),
    "grade.broad.short": ("possible", "可能相关"),
    "grade.market": ("you asked for everything from this market", "您订阅了该市场的全部措施"),
    "grade.further": ("has what you asked for", "符合您订阅的条件"),
    "grade.word": ("has your keyword {word}", "出现您的关键词{word}"),
    "sure": ("How sure", "可信程度"),
    "sure.market": (
        "You asked for everything from this market, whatever the product.",
        "您订阅了该市场的全部措施，不限产品。",
    ),
    "sure.further": (
        "You asked for measures of this kind or with this requirement, whatever the product.",
        "您订阅了此类措施或此项要求，不限产品。",
    ),
    "sure.inferred": (
        "{grade}: no such code is stated; we inferred {code} from {found} ({place}). "
        "Please check whether your product is meant.",
        "{grade}：文件未写明该编码；我们据{found}（{place}）推断为 {code}。请核对是否包括您的产品。",
    ),
    "sure.word": ("Your keyword {word} occurs here: {place}.", "您的关键词{word}出现在：{place}。"),
    "sure.word.probable": (
        "Your keyword {word} occurs here: {place}; not in the title or among the products stated. Please check.",
        "您的关键词{word}出现在：{place}；标题和涵盖产品中没有。请核对。",
    ),
    "sure.found": (
        "{grade}: judged by this alone: {place}: {found}. Please check whether your product is meant.",
        "{grade}：仅据此判断：{place}：{found}。请核对是否包括您的产品。",
    ),
    "place.further_text": ("addendum", "补遗通报"),
    "place.document_text": ("linked document", "所附文件"),
    "place.text": ("text", "正文"),
    "sure.direct": (
        "Direct: your code, or your product by name, is stated in the title, the products or the codes.",
        "直接相关：标题、涵盖产品或编码中写明了您的编码或产品名称。",
    ),
    "sure.probable": (
        "Probable: your product is named in the text, not among the products stated. Please check.",
        "很可能相关：正文提到您的产品，但涵盖产品中未写明。请核对。",
    ),
    "sure.broad": (
        "Possible: only a wider group of products is named. Please check whether yours is meant.",
        "可能相关：仅提及更宽泛的产品类别。请核对是否包括您的产品。",
    ),
    # --- by when what must be done
    "do": ("What to do", "要做什么"),
    "do.comment": (
        "Send your comments to your national enquiry point by {act_by}",
        "{act_by}前把意见交给国家通报咨询点",
    ),
    "do.comment.buffer": (
        "{n} day before the deadline, the time the enquiry point needs|"
        "{n} days before the deadline, the time the enquiry point needs",
        "比评议截止早 {n} 天，供咨询点处理",
    ),
    "do.comment.now": (
        "Send your comments to your national enquiry point at once: "
        "our act-by date {act_by} has passed, comments close on {deadline}.",
        "请立即把意见交给国家通报咨询点：内部截止日期{act_by}已过，评议截止 {deadline}。",
    ),
    "do.comment.today": (
        "Send your comments to your national enquiry point today: comments close on {deadline}.",
        "请今天就把意见交给国家通报咨询点：评议截止 {deadline}。",
    ),
    "do.comment.direct": (
        "Send your comments to your national enquiry point well before {deadline}.",
        "请在{deadline}之前尽早把意见交给国家通报咨询点。",
    ),
    "do.passed": ("The comment period is over.", "评议期已结束。"),
    "do.passed.n": (
        "The comment period ended yesterday.|The comment period ended {n} days ago.",
        "评议期已于 {n} 天前结束。",
    ),
    "do.publisher": (
        "Read the notice: it is the regulator's own, and no comments are asked for in it.",
        "请阅读公告原文：这是监管机构自己发布的公告，其中未征求意见。",
    ),
    "do.unknown.old": (
        "No comment deadline is known; after this long the period for comments is surely over.",
        "评议截止日期不详；通报已久，评议期应已结束。",
    ),
    "do.unknown": (
        "No comment deadline is known. If you want to comment, ask your national enquiry point soon.",
        "评议截止日期不详。如需评议，请尽快联系国家通报咨询点。",
    ),
    "do.unknown.wording": (
        "No comment deadline can be named: the document says {wording}. "
        "If you want to comment, ask your national enquiry point soon.",
        "无法确定评议截止日期：文件写的是{wording}。如需评议，请尽快联系国家通报咨询点。",
    ),
    "do.stage_unknown": (
        "Read the document: its first notification is not recorded here, and it does not say how far the measure has "
        "come. No comments are asked for in it.",
        "请阅读原文：首次通报未收录，文件也未说明该措施所处阶段；其中未征求意见。",
    ),
    "do.not_applicable": (
        "No comments are asked for.",
        "不征求评议意见。",
    ),
    "do.withdrawn": (
        "Nothing: the measure has been withdrawn.",
        "无需行动：该措施已撤回。",
    ),
    "do.prepare": ("Prepare for its entry into force: {date}.", "请为生效做好准备：{date}。"),
    "do.comply": ("It is in force: check that your products comply.", "该措施已生效：请核查您的产品是否符合要求。"),
    "do.read": ("Read the adopted text.", "请阅读已批准的文本。"),
    "act_by": ("act by {day}", "请于{day}前行动"),
    "act_by.passed": ("our act-by date {day} has passed", "内部截止日期{day}已过"),
    "days_left": ("1 day left|{n} days left", "还有 {n} 天"),
    "days_left.last": ("today is the last day", "今天是最后一天"),
    "days_left.passed": ("passed yesterday|passed {n} days ago", "已过 {n} 天"),
    "comments_by": ("comments by {day}", "{day}前可评议"),
    "comments_over": ("comments closed on {day}", "评议已于{day}截止"),
    "comments_unknown": ("comment deadline not known", "评议截止日期不详"),
    "comments_none": ("no comment period", "无评议期"),
    "computed.short": ("computed", "推算"),
    # --- dates and their quality
    **DATES,
    # --- names of facts
    "field.comment_deadline": ("Comment deadline", "评议截止"),
    "field.proposed_adoption": ("Proposed adoption", "拟批准日期"),
    "field.proposed_entry_into_force": ("Proposed entry into force", "拟生效日期"),
    "field.adopted_on": ("Adopted", "批准日期"),
    "field.published_on": ("Published", "公布日期"),
    "field.in_force_on": ("Entry into force", "生效日期"),
    "field.products_covered": ("Products covered", "涵盖产品"),
    "field.hs_codes": ("HS codes", "HS 编码"),
    "field.ics_codes": ("ICS codes", "ICS 编码"),
    "field.objectives": ("Objective", "目标"),
    "field.status": ("Status", "状态"),
    "field.title": ("Title", "标题"),
    "field.content_summary": ("Content", "内容简述"),
    "field.links": ("Documents", "文件"),
    "field.notifying_members": ("Notified by", "通报成员"),
    "field.responsible_agency": ("Agency responsible", "负责机构"),
    "field.legal_basis": ("Notified under Article", "通报依据条款"),
    "field.other": ("Change", "变更"),
    "field.area": ("Agreement", "协定"),
    "unchanged": ("Unchanged", "未变"),
    "by_notice": ("in {document}", "见 {document}"),
    "notice_quote": ("the document says {wording}", "文件原文：{wording}"),
    "nothing_before": ("nothing", "无"),
    "nothing_now": ("nothing", "无"),
    "added": ("added {codes}", "新增 {codes}"),
    "removed": ("removed {codes}", "删去 {codes}"),
    # --- sections
    "market": ("Market", "市场"),
    "markets.more": ("{name} +{n}", "{name}等 {total} 个成员", "{name} +{n}", "{name} +{n}"),
    "market.unknown": ("Market not stated", "市场未写明", "Marché non indiqué", "Mercado no indicado"),
    "products": ("Products", "产品"),
    "areas": ("product areas: {names}", "产品类别：{names}"),
    "areas.label": ("Product areas", "产品类别"),
    "published_on": ("published {day}", "{day}发布"),
    "products.none": ("not stated", "未写明"),
    "objective": ("Objective", "目标"),
    "documents": ("Documents", "文件"),
    "notification_link": ("Notification {symbol}", "通报 {symbol}", "Notification {symbol}", "Notificación {symbol}"),
    "document_link": ("Document {n}", "文件 {n}", "Document {n}", "Documento {n}"),
    "symbols": ("Symbols", "通报编号"),
    "summary": ("Content", "内容简述"),
    "untitled": ("(no title)", "（无标题）", "(sans titre)", "(sin título)"),
    "details": ("Details", "详情"),
    # --- why
    "why": ("Why you got this", "为什么收到"),
    "why.subscription": ("subscription {name}", "订阅{name}"),
    "why.market": ("market {asked}", "市场 {asked}"),
    "why.area": ("product area {name}", "产品类别 {name}"),
    "why.inferred": ("inferred: {code}, from {words}", "推断：{code}，依据{words}"),
    "why.kind": ("kind {name}", "措施类型 {name}"),
    "why.stage": ("stage {name}", "阶段 {name}"),
    "why.objective": ("objective {name}", "目标 {name}"),
    "why.scheme": ("scheme or mark {name}", "认证或标志 {name}"),
    "why.duty": ("duty {name}", "合规义务 {name}"),
    "why.standard": ("standard {name}", "引用标准 {name}"),
    "why.agency": ("agency {name}", "负责机构{name}"),
    "why.source": ("source {name}", "信息源 {name}"),
    "why.measure": ("followed: {name}", "已关注 {name}"),
    "why.keyword": ("keyword {word}", "关键词{word}"),
    "why.exclusion": ("without {word}", "不含{word}"),
    "why.grade": ("at least: {grade}", "至少：{grade}"),
    "why.change": ("wanted: {what}", "要求：{what}"),
    "why.way": (" · told here: {way}", " · 此地址：{way}"),
    "why.everything": ("everything", "全部"),
    "why.more": ("and 1 more subscription|and {n} more subscriptions", "以及另外 {n} 个订阅"),
    "why.for": ("for {names}", "订阅：{names}"),
    "told": ("Told before", "此前已告知"),
    "told.list": ("You were told on {list}.", "{list}。"),
    "told.one": ("{day} ({what})", "{day}（{what}）"),
    "told.and": (" and ", "、"),
    "told.more": ("and 1 earlier message|and {n} earlier messages", "以及更早的 {n} 条"),
    # --- how fresh
    "fresh": ("How fresh", "时效"),
    "fresh.sources": ("your 1 source checked|your {n} sources checked", "您关注的 {n} 个来源均已检查"),
    "fresh.sources.gaps": ("your 1 source|your {n} sources", "您关注的来源 {n} 个"),
    "fresh.documents": ("1 document in all|{n} documents in all", "共 {n} 份文件"),
    "fresh.line": ("As of {moment}: {parts}", "截至 {moment}：{parts}"),
    "fresh.no_gap": ("no gap", "无缺口"),
    "fresh.gaps": ("1 gap|{n} gaps", "{n} 处缺口"),
    "fresh.none": ("As of {moment}: no source has been checked yet.", "截至 {moment}：尚未检查任何来源。"),
    "fresh.elsewhere": (
        "As of {moment}: none of the sources in use speaks for your markets.",
        "截至 {moment}：在用来源均不涉及您关注的市场。",
    ),
    "gaps": ("Gaps", "缺口"),
    "gaps.more": ("and 1 more gap|and {n} more gaps", "以及另外 {n} 处缺口"),
    # --- how to change or end
    **ENDING,
    # --- digests
    **DIGEST,
    **CONFIRM,
    **PAUSES,
    **BURSTS,
    # --- sources
    **LEAVING,
    **WATCH,
    # --- late messages and corrections
    **LABELS,
    # --- what must be done
    **REQUIREMENTS,
    # --- the reader's own products
    **PRODUCTS,
    # --- by when
    **REMINDERS,
    **STARTER,
    # --- calendars, feeds, and the page to unsubscribe on
    **FEEDS,
    # --- signing in
    **SIGN_IN,
}


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language: `Words("en")("days_left", n=5)` is "5 days left".

    A wording that does not stand in French or Spanish is given in English.
    """

    language: str

    @property
    def tag(self) -> str:
        """The language as browsers and feed readers call it."""
        return "zh-Hans" if self.language == "zh" else self.language

    def __call__(self, name: str, /, **values: Any) -> str:
        """The wording of this name, filled in. Raises KeyError for a name or a value that is missing."""
        wordings, at = CATALOGUE[name], MORE_LANGUAGES.index(self.language)
        if at < len(wordings):
            wording = wordings[at]
        else:
            wording = MORE[name][at - len(LANGUAGES)] if name in MORE else wordings[0]
        if "n" in values and "|" in wording:
            one, many = wording.split("|")
            wording = one if values["n"] == 1 else many
        return wording.format(**values)

    def knows(self, name: str) -> bool:
        """Whether the catalogue has a wording of this name."""
        return name in CATALOGUE

    def either(self, name: str, otherwise: str, /, **values: Any) -> str:
        """The wording of this name, or of the other where the catalogue does not have it."""
        return self(name if name in CATALOGUE else otherwise, **values)

    def quote(self, text: str) -> str:
        """Somebody else's words, marked as such and never translated."""
        return self("quoted", text=text)

    def note(self, text: str, note: str) -> str:
        """A text with a note in brackets; without one, the text alone."""
        return self("bracketed", text=text, note=note) if note else text


def offered(language: str) -> str:
    """The language a message is written in for a reader who asked for this one: "zh" for "zh-CN", else "en"."""
    asked = language.strip().replace("_", "-").partition("-")[0].lower()
    return asked if asked in LANGUAGES else FALLBACK


def labelled_in(language: str) -> str:
    """The language in which labels and corrections are written for a reader who asked for this one."""
    asked = language.strip().replace("_", "-").partition("-")[0].lower()
    return asked if asked in MORE_LANGUAGES else FALLBACK
