"""The pages' own words, in each language side by side. What messages say already is said as they say it.

French and Spanish stand in `tbtwatch.web.catalogues`; what is not there is said in English.

As in `notifiers.wording`: a bar parts "1 day|{n} days", braces name what is filled in.
"""

from __future__ import annotations

import re
from typing import Any, Final

from notifiers.wording import Words
from tbtwatch.web.account_words import ACCOUNTS
from tbtwatch.web.catalogues.es import SPANISH
from tbtwatch.web.catalogues.fr import FRENCH
from tbtwatch.web.catalogues.saying import retold
from tbtwatch.web.mine_words import MINE
from tbtwatch.web.passkey_words import PASSKEYS
from tbtwatch.web.place_words import PLACES
from tbtwatch.web.program_words import PROGRAM_WORDS
from tbtwatch.web.provider_words import PROVIDERS
from tbtwatch.web.rule_words import RULES
from tbtwatch.web.source_words import SOURCE_WORDS
from tbtwatch.web.staff_words import STAFF
from watcher.said import sentences_of

LANGUAGES: Final = ("zh", "en", "fr", "es")
#: As a language is called in itself, and as browsers call it.
NAMES: Final = {"zh": "中文", "en": "English", "fr": "Français", "es": "Español"}
TAGS: Final = {"zh": "zh-Hans", "en": "en", "fr": "fr", "es": "es"}
_HAN: Final = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{2}")  # a sentence in Chinese, not a quoted sign
_BESIDE: Final[dict[str, dict[str, str]]] = {"fr": FRENCH, "es": SPANISH}

#: Name of a wording → in English, in Chinese.
CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    # --- every page
    "site": ("tbtwatch", "tbtwatch"),
    "site.line": ("What foreign markets change in their technical rules", "国外技术性贸易措施动态"),
    "skip": ("Skip to the content", "跳到正文"),
    "nav.main": ("Pages", "页面"),
    "nav.languages": ("Languages", "语言"),
    "nav.start": ("Start", "首页"),
    "nav.search": ("Search", "检索"),
    "nav.calendar": ("Calendar", "日历"),
    "nav.coming": ("Coming up", "即将到来"),
    "foot.what": (
        "Read from the WTO's notifications and regulators' own publications. It gives no legal advice: what counts is "
        "the notified document; ask your national enquiry point.",
        "内容来自世贸组织通报和各国监管机构的公告，不构成法律意见；以通报文件原文为准，如有疑问请联系国家通报咨询点。",
    ),
    "foot.as_of": ("As of {moment}", "截至 {moment}"),
    "of_pages": ("Page {page} of {pages}", "第 {page} 页，共 {pages} 页"),
    "previous": ("Previous", "上一页"),
    "next": ("Next", "下一页"),
    "new_window": ("(another site)", "（其他网站）"),
    "table_behind": ("The numbers as a table", "以表格显示数字"),
    "not_classified": ("not classified", "未归类"),
    "dash": ("–", "–"),
    # --- search
    "search": ("Search", "检索"),
    "search.title": ("Search measures", "检索措施"),
    "search.q": ("Words, HS code or symbol", "关键词、HS 编码或通报编号"),
    "search.words": ("Words", "关键词"),
    "search.example": ("lithium battery, 8507.60, G/TBT/N/EU/1024", "锂电池、8507.60、G/TBT/N/EU/1024"),
    "search.hint": (
        'All words must occur. Use "quotation marks" for a phrase and -word to exclude.',
        "须包含全部词语；短语加“引号”，排除某词在前面加减号（-词）。",
    ),
    "search.more": ("More filters", "更多筛选"),
    "search.market": ("Market or group", "市场或国家集团"),
    "search.area": ("Product area", "产品类别"),
    "search.kind": ("Kind of measure", "措施类型"),
    "search.stage": ("Stage", "阶段"),
    "search.hs": ("HS code begins with", "HS 编码开头"),
    "search.ics": ("ICS code begins with", "ICS 编码开头"),
    "search.since": ("Distributed since", "发布日期不早于"),
    "search.open": ("Open for comments", "可评议"),
    "search.groups": ("Groups of markets", "国家集团"),
    "search.members": ("Markets", "成员"),
    "search.any": ("any", "不限"),
    "search.sort": ("Order", "排序"),
    "sort.relevance": ("best match", "最相关"),
    "sort.newest": ("newest", "最新"),
    "sort.deadline": ("comment deadline", "评议截止日"),
    "search.found": ("1 measure|{n} measures", "{n} 项措施"),
    "search.found.of": ("of {of} recorded", "（共收录 {of} 项）"),
    "search.found.open": ("1 open for comments|{n} open for comments", "其中 {n} 项可评议"),
    "search.none": ("Nothing found", "没有找到"),
    "search.none.advice": (
        "Take a filter away, use fewer words, or ask in another language: titles stay in the language they were "
        "notified in.",
        "请减少筛选条件或关键词，或换一种语言检索：标题保留通报原文语言。",
    ),
    "search.clear": ("Clear everything", "全部清除"),
    "search.filters": ("Narrow down", "缩小范围"),
    "search.chosen": ("Chosen filters", "已选条件"),
    "search.remove": ("remove", "移除"),
    "search.selected": ("chosen", "已选"),
    "search.show_more": ("1 more|{n} more", "另外 {n} 项"),
    "search.meant": ("Also found as", "同时按以下含义检索"),
    "search.meant.market": ("market {name}", "市场：{name}"),
    "search.meant.area": ("product area {name}", "产品类别：{name}"),
    "search.meant.hs": ("HS {code}", "HS {code}"),
    "search.meant.exactly": ('To search for the words alone, put them in "quotation marks".', "只检索字面请加引号。"),
    "search.loosely": (
        "Nobody writes {word} in one piece; these have its parts.",
        "没有措施含有完整的{word}；以下含有其中各部分。",
    ),
    "search.filling": (
        "1 measure is still being made searchable.|{n} measures are still being made searchable.",
        "还有 {n} 项措施正在建立检索。",
    ),
    "search.results": ("Measures found", "检索结果"),
    "search.to_filters": ("To the filters", "转到筛选"),
    "facet.market": ("Market", "市场"),
    "facet.area": ("Product area", "产品类别"),
    "facet.kind": ("Kind", "措施类型"),
    "facet.stage": ("Stage", "阶段"),
    "facet.hs": ("HS chapter", "HS 章"),
    "facet.ics": ("ICS field", "ICS 领域"),
    "list.deadline": ("Comments until", "评议截止"),
    "list.market": ("Market", "市场"),
    "list.measure": ("Measure", "措施"),
    "list.areas": ("Product areas", "产品类别"),
    "list.stage": ("Stage", "阶段"),
    "list.distributed": ("Latest document", "最新文件"),
    "list.inferred": ("inferred", "推断"),
    # --- start
    "start.title": ("What is changing abroad for your product?", "国外规则有变，您的产品受影响吗？"),
    "start.new": ("New", "最新发布"),
    "start.closing": ("Comments close soon", "评议即将截止"),
    "start.all_new": ("All, newest first", "全部（按发布日期）"),
    "start.all_closing": ("All that are open for comments", "全部可评议措施"),
    "start.areas": ("By product area", "按产品类别"),
    "start.empty": (
        "Nothing is recorded yet. As soon as the first source has been read, it stands here.",
        "尚未收录任何措施；读取第一个来源后将显示在此。",
    ),
    "start.none_closing": ("No comment deadline lies ahead.", "暂无未到期的评议。"),
    "start.count": ("1 measure|{n} measures", "收录 {n} 项措施"),
    "start.sources": ("from 1 source|from {n} sources", "来自 {n} 个来源"),
    # --- a measure
    "measure.facts": ("Facts", "基本信息"),
    "measure.todo": ("Who must do what by when", "谁须在何时之前做什么"),
    "measure.todo.who": ("Who", "谁"),
    "measure.todo.what": ("What", "做什么"),
    "measure.todo.when": ("By when", "何时之前"),
    "measure.todo.how": ("How the day was come by", "日期依据"),
    "measure.todo.left": ("Left", "剩余"),
    "measure.todo.none": ("No day is known.", "尚无已知日期。"),
    "who.you": ("You, the exporter", "您（出口企业）"),
    "who.enquiry": ("Your national enquiry point", "国家通报咨询点"),
    "who.market": ("The authority in charge ({market})", "主管机构（{market}）"),
    "who.all": ("Whoever sells there", "在当地销售者"),
    "what.act_by": ("hand in your comments", "提交评议意见"),
    "what.comment_deadline": ("pass comments on to the market", "将意见转交该市场"),
    "what.proposed_adoption": ("plans to adopt it", "拟批准"),
    "what.adopted_on": ("adopted it", "批准"),
    "what.published_on": ("published it", "公布"),
    "what.proposed_entry_into_force": ("comply, if it enters into force as planned", "如按计划生效，须符合要求"),
    "what.in_force_on": ("comply: it enters into force", "生效，须符合要求"),
    "what.transition": ("comply without exception: a transition ends", "过渡期结束，须完全符合要求"),
    "how.buffer": (
        "the deadline less 1 day that the enquiry point needs|the deadline less {n} days that the enquiry point needs",
        "评议截止日前 {n} 天，供咨询点处理",
    ),
    "how.classified": ("read from the text by a rule: {words}", "由规则从原文读出：{words}"),
    "left.days": ("1 day|{n} days", "{n} 天"),
    "left.today": ("today", "今天"),
    "left.over": ("over", "已过"),
    "measure.timeline": ("What happened", "变更历程"),
    "measure.timeline.newest": ("The newest first.", "最新的在前。"),
    "measure.was": ("was", "原为"),
    "measure.is": ("now", "现为"),
    "measure.diff": ("Changes in the text: {field}", "文本变化：{field}"),
    "diff.removed": ("removed:", "删去："),
    "diff.added": ("added:", "新增："),
    "diff.end": ("end.", "完。"),
    "diff.skipped": ("… {n} words unchanged …", "……{n} 个词未变……"),
    "diff.long": ("The texts are too long to be compared here.", "文本过长，此处不作比较。"),
    "measure.no_change": ("No fact that we follow changed.", "我们跟踪的事实均无变化。"),
    "measure.evidence": ("Why it is classified so", "归类依据"),
    "measure.evidence.what": ("Found", "归类"),
    "measure.evidence.grade": ("How sure", "可信程度"),
    "measure.evidence.why": ("Rests on", "依据"),
    "measure.evidence.rule": ("rule {rule}", "规则 {rule}"),
    "measure.evidence.in": ("in {field}", "位于{field}"),
    "measure.evidence.none": ("No rule says what it is about.", "尚无规则说明其归类。"),
    "measure.documents": ("Documents", "文件"),
    "measure.documents.none": ("No document is linked.", "未附文件链接。"),
    "measure.read": ("1 of {all} pages read|{n} of {all} pages read", "已读 {n}/{all} 页"),
    "measure.sources": ("Where this comes from", "信息来源"),
    "measure.sources.stated": ("Last change", "最近变动"),
    "measure.sources.checked": ("Last checked", "最近检查"),
    "measure.never": ("never since", "此后未检查"),
    "measure.missing": (
        "The document {symbol} is not recorded here. This is the measure it belongs to by its symbol.",
        "文件 {symbol} 未收录；按其编号，它属于下面这项措施。",
    ),
    "measure.symbols": ("Symbols", "通报编号"),
    "measure.notified_by": ("Notified by", "通报成员"),
    "measure.demands": ("What it asks for", "要求"),
    "measure.text": ("Text", "原文"),
    "measure.text.further": ("Added by later documents", "后续文件补充"),
    "measure.more_text": ("Show all of it", "显示全文"),
    "type.regular": ("notification", "通报"),
    "type.addendum": ("addendum", "补遗"),
    "type.corrigendum": ("corrigendum", "勘误"),
    "type.revision": ("revision", "修订"),
    "type.supplement": ("supplement", "补充"),
    "facet_name.market": ("Group of markets", "市场集团"),
    "facet_name.affected": ("Market affected", "受影响市场"),
    "facet_name.hs": ("HS code", "HS 编码"),
    "facet_name.ics": ("ICS code", "ICS 编码"),
    "facet_name.kind": ("Kind", "措施类型"),
    "facet_name.stage": ("Stage", "阶段"),
    "facet_name.urgency": ("Urgency", "紧急程度"),
    "facet_name.objective": ("Objective", "目标"),
    "facet_name.scheme": ("Scheme or mark", "认证或标志"),
    "facet_name.duty": ("Duty", "合规义务"),
    "facet_name.standard": ("Standard", "标准"),
    "facet_name.transition": ("End of a transition", "过渡期结束"),
    "facet_name.area": ("Product area", "产品类别"),
    # --- nothing there
    "missing.title": ("There is no such measure here", "没有这项措施"),
    "missing.symbol": ("No measure with the symbol {symbol} is recorded.", "未收录编号为 {symbol} 的措施。"),
    "missing.near": ("Did you mean", "您是不是要找"),
    "missing.search": ("Search for it", "改为检索"),
    "lost.title": ("There is no such page", "没有这个页面"),
    "lost.text": ("The address leads nowhere. These pages are here:", "此地址没有内容。您可以从这里开始："),
    "trouble.title": ("Not now", "暂时无法显示"),
    "trouble.text": (
        "The database does not answer just now. Please try again in a minute.",
        "数据库暂时没有响应，请稍后再试。",
    ),
    "fault.text": (
        "This page could not be made. The fault is written down; the other pages work.",
        "此页面无法生成。错误已记录，其他页面不受影响。",
    ),
    # --- calendar
    "calendar.title": ("Deadlines in {month}", "{month}的截止与生效"),
    "calendar.heading": ("Calendar of deadlines", "截止日日历"),
    "calendar.previous": ("Earlier month", "上个月"),
    "calendar.next": ("Later month", "下个月"),
    "calendar.this": ("This month", "本月"),
    "calendar.what": ("Show", "显示"),
    "calendar.all": ("all days", "全部日期"),
    "calendar.deadline": ("comments close", "评议截止"),
    "calendar.adoption": ("planned adoption", "拟批准"),
    "calendar.force": ("entry into force", "生效"),
    "calendar.grid": ("Month", "月历"),
    "calendar.list": ("Day by day", "按日列出"),
    "calendar.none": ("No day that we know of falls in this month.", "本月没有已知日期。"),
    "calendar.exact": (
        "Only days that are known to the day stand here. Computed days are marked.",
        "只列出精确到日的日期；推算的日期有标注。",
    ),
    "calendar.more": (
        "1 more on this page's days; narrow it down by market or product area.|"
        "{n} more; narrow it down by market or product area.",
        "另有 {n} 项；请按市场或产品类别缩小范围。",
    ),
    "calendar.show": ("Show", "显示"),
    "calendar.legend": (
        "C comments close, A planned adoption, F entry into force",
        "评＝评议截止，批＝拟批准，生＝生效",
    ),
    "calendar.short.deadline": ("C", "评"),
    "calendar.short.adoption": ("A", "批"),
    "calendar.short.force": ("F", "生"),
    # --- coming up
    "coming.title": ("Coming up", "即将到来"),
    "coming.lead": (
        "What the next {n} weeks bring, as far as it is known to the day.",
        "未来 {n} 周的已知日期（精确到日）。",
    ),
    "coming.weeks": ("By week", "按周"),
    "coming.markets": ("By market", "按市场"),
    "coming.areas": ("By product area", "按产品类别"),
    "coming.map": ("Markets side by side", "各市场一览"),
    "coming.map.note": (
        "Every WTO Member and observer is one square, sorted by region; a square says nothing of a territory's size "
        "or borders. The stronger the colour, the more is coming.",
        "世贸组织成员和观察员各占一格，按地区排列；方格不表示领土大小或边界。颜色越浓，即将到来的日期越多。",
    ),
    "coming.week_of": ("week of {day}", "{day}起一周"),
    "coming.number": ("Days ahead", "日期数"),
    "coming.none": ("Nothing is known to come in these weeks.", "这些周内没有已知日期。"),
    "coming.bars.desc": (
        "A bar for each of the first {n}; the table below has all.",
        "前 {n} 项各一条；下表列出全部。",
    ),
    "coming.weeks.desc": (
        "A column for each week: comment deadlines, planned adoptions and entries into force, one above the other.",
        "每周一柱，自下而上为评议截止、拟批准、生效。",
    ),
    # --- regions
    "region.africa": ("Africa", "非洲"),
    "region.americas": ("Americas", "美洲"),
    "region.east-asia": ("East and South-East Asia", "东亚和东南亚"),
    "region.south-asia": ("South and Central Asia", "南亚和中亚"),
    "region.middle-east": ("Middle East", "中东"),
    "region.europe": ("Europe", "欧洲"),
    "region.oceania": ("Oceania", "大洋洲"),
    **ACCOUNTS,
    **PASSKEYS,
    **PROVIDERS,
    **PROGRAM_WORDS,
    **MINE,
    **PLACES,
    **STAFF,
    **SOURCE_WORDS,
    **RULES,
}


class PageWords:
    """The words of the pages in one language; what is not theirs is said as messages say it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.messages = Words(language)

    @property
    def tag(self) -> str:
        """The language as browsers call it."""
        return TAGS[self.language]

    def __call__(self, name: str, /, **values: Any) -> str:
        """The wording of this name, filled in. Raises KeyError for a name or a value that is missing."""
        found = CATALOGUE.get(name)
        if found is None:
            return self.messages(name, **values)
        beside = _BESIDE.get(self.language, {}).get(name)
        wording = beside if beside is not None else found[1 if self.language == "zh" else 0]
        if "n" in values and "|" in wording:
            one, many = wording.split("|")
            wording = one if values["n"] == 1 else many
        said: str = wording.format(**{key: _number(value) for key, value in values.items()})
        return said

    def why(self, error: BaseException) -> list[str]:
        """What a refusal of ours says, in the language of the page: a sentence, or several."""
        return [self.retold(one) for one in sentences_of(error)]

    def retold(self, sentence: str) -> str:
        """A sentence of ours in the language of the page; anything else as it is."""
        return retold(sentence, self.language)

    def told(self, sentence: str) -> tuple[str, str]:
        """The same, and the language it is in where that is not the page's: "en" or ""."""
        found = self.retold(sentence)
        return found, "" if self.language == "en" or _HAN.search(found) else "en"

    def knows(self, name: str) -> bool:
        """Whether there is such a wording."""
        return name in CATALOGUE or self.messages.knows(name)

    def number(self, value: int) -> str:
        """A number as it is read."""
        return str(_number(value))


def _number(value: Any) -> Any:
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else value


def preferred(accepted: str) -> str:
    """The language that a browser asks for ("en-GB,en;q=0.8,zh;q=0.6"), as far as it is offered; else English."""
    best, found = 0.0, ""
    for part in accepted[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            weight = float(rest.partition("=")[2] or 1)
        except ValueError:
            weight = 0.0
        if language in LANGUAGES and weight > best:
            best, found = weight, language
    return found or "en"
