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
}
