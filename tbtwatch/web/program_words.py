"""The words of what programs and files are offered by: exports, feeds, the reference of the API."""

from __future__ import annotations

from typing import Final

PROGRAM_WORDS: Final[dict[str, tuple[str, str]]] = {
    "export.take": ("Take these with you", "导出结果"),
    "export.csv": ("CSV", "CSV"),
    "export.xlsx": ("Excel", "Excel"),
    "export.json": ("JSON", "JSON"),
    "export.atom": ("Feed (Atom)", "订阅源（Atom）"),
    "export.first_rows": ("the first {n}", "前 {n} 条"),
    "export.api": ("For programs (API)", "程序接口（API）"),
    "export.feed": ("TBT measures", "技术性贸易措施"),
    "export.feed.all": ("all", "全部"),
    "export.too_often": (
        "Too many files were asked for from your address. Wait a minute and ask again.",
        "您的地址请求文件过于频繁，请一分钟后再试。",
    ),
    "export.symbol": ("Symbol", "通报编号"),
    "export.title": ("Title", "标题"),
    "export.markets": ("Market", "市场"),
    "export.codes": ("Market code", "市场代码"),
    "export.status": ("Status", "状态"),
    "export.deadline": ("Comments until", "评议截止日期"),
    "export.quality": ("The day is", "日期来源"),
    "export.act_by": ("Act by", "建议提交日期"),
    "export.hs": ("HS codes", "HS 编码"),
    "export.inferred": ("HS codes, inferred", "HS 编码（推断）"),
    "export.ics": ("ICS codes", "ICS 编码"),
    "export.areas": ("Product areas", "产品类别"),
    "export.first": ("First document", "首次发布"),
    "export.last": ("Latest document", "最近发布"),
    "export.page": ("Page", "页面"),
    # --- the reference of the API
    "api.title": ("The API", "程序接口（API）"),
    "api.intro": (
        "What the pages show, for programs: read-only, as JSON. Anybody may ask for measures and for what is looked "
        "at; with a token a program asks more often, and for what belongs to its enterprise.",
        "以 JSON 格式只读提供网页上的内容。措施和来源状况任何人都可查询；"
        "持令牌的程序可更频繁地查询，并可读取本企业的订阅和消息。",
    ),
    "api.openapi": ("Described for programs (OpenAPI 3.1)", "OpenAPI 3.1 描述"),
    "api.token": ("A token is shown in a header, never in an address", "令牌放在请求头中，不可放在网址里"),
    "api.limits": (
        "{token} requests a minute with a token, {address} from an address without one; RateLimit says what is left.",
        "持令牌每分钟 {token} 次，无令牌的地址每分钟 {address} 次；响应头 RateLimit 说明剩余次数。",
    ),
    "api.limits.token": (
        "{token} requests a minute with a token; without one nothing is answered here.",
        "持令牌每分钟 {token} 次；此处无令牌不予应答。",
    ),
    "api.lists": (
        "Lists go on by next in the answer, and by the Link header; sort=recorded misses nothing while new ones come.",
        "列表用响应中的 next 或 Link 头继续；sort=recorded 在有新内容加入时也不会遗漏。",
    ),
    "api.tags": (
        "Every answer has an ETag: ask again with If-None-Match and get 304 if nothing is another.",
        "每个响应都带 ETag：用 If-None-Match 再次请求，内容未变则返回 304。",
    ),
    "api.problems": (
        "What is wrong is said in a sentence, as application/problem+json (RFC 9457).",
        "出错时以 application/problem+json（RFC 9457）用一句话说明原因。",
    ),
    "api.in_english": ("Parameters and fields are described in English.", "参数和字段的说明为英文。"),
    "api.all": ("All addresses", "全部接口"),
    "api.type": ("Type", "类型"),
    "api.meaning": ("Meaning", "含义"),
    "api.parameter": ("Parameter", "参数"),
    "api.field": ("Field", "字段"),
    "api.answer": ("The answer", "响应内容"),
    "api.parameters_of": ("Parameters: {name}", "参数：{name}"),
    "api.fields_of": ("Fields: {name}", "字段：{name}"),
    "api.public": ("Without a token, or with one.", "无需令牌，也可持令牌。"),
    "api.scope": ("With a token that is good for {scope}.", "需要具有 {scope} 权限的令牌。"),
    "api.op.index": ("What there is", "接口目录"),
    "api.op.list_measures": ("List measures", "措施列表"),
    "api.op.search": ("Search with counts", "检索并统计"),
    "api.op.measure_by_symbol": ("One measure by its symbol", "按通报编号查措施"),
    "api.op.measure": ("One measure", "单项措施"),
    "api.op.timeline": ("Its documents and what each changed", "变更历程"),
    "api.op.evidence": ("Why it is classified so", "归类依据"),
    "api.op.list_subscriptions": ("Your subscriptions", "本企业订阅"),
    "api.op.subscription": ("One subscription", "单个订阅"),
    "api.op.receipts": ("What it was told, and why", "已告知内容及原因"),
    "api.op.why": ("Why it fits a measure, or not", "为何匹配或不匹配"),
    "api.op.list_deliveries": ("Your messages", "本企业消息"),
    "api.op.delivery": ("One message", "单条消息"),
    "api.op.coverage": ("What is looked at", "来源状况"),
    "api.op.list_rules": ("The rules in force", "现行规则"),
    "api.op.rule_versions": ("All versions of the rules", "规则各版本"),
    "api.op.rule": ("One rule in force", "单条规则"),
}
