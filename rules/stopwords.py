"""Words that stand in nearly every notification: a rule that looks for one alone would match everything."""

from __future__ import annotations

from rules.plurals import forms
from rules.terms import fold, is_word_character
from watcher.said import said

_COMMON = """
a an and any are as at be by for from in into is it its no not of on or other shall than that the their these this to
under with all new draft final proposed general technical
standard regulation requirement requirements product products good goods measure article articles part parts item items
notification amendment addendum law act order decree rule safety quality health protection test method procedure
specification import export trade market use type label labelling conformity assessment certification environment human
de des du la le les un une et ou pour par sur dans aux au en projet reglement norme produit produits exigences mesure
el los las una y o para por con sin del al que se reglamento proyecto norma producto productos requisitos medida
的 和 或 与 及 在 对 为 本 该 其 是 有 不 产品 商品 标准 法规 规定 要求 通报 措施 技术 技术法规 技术要求 安全 质量
规范 草案 修订 修正案 国家标准 适用 范围 管理 进口 出口 贸易 市场 使用 检验 检测 认证 标签 标志 合格评定 健康 环境
"""
_SEEN_EVERYWHERE = frozenset(form for word in _COMMON.split() for form in forms(fold(word).text))


def too_common(folded: str, *, of_products: bool = True) -> str | None:
    """Why a folded phrase may not stand alone in a rule, as the end of a sentence; None if it may.

    A rule that is not `of_products` may use the words of notifications: "labelling" says what kind of rule it is.
    """
    letters = [character for character in folded if not character.isspace()]
    if len(letters) == 1 and is_word_character(letters[0]):
        return said("one letter or digit occurs everywhere; write a whole word")
    if not of_products and len(letters) > 4:
        return None
    if not of_products and not folded.isascii() and len(letters) > 1:
        return None
    if all(word in _SEEN_EVERYWHERE for word in folded.split()):
        return said(
            "it stands in nearly every notification, so the rule would match everything; write a phrase of the trade"
        )
    return None


def is_common(word: str) -> bool:
    """Whether a folded word stands in nearly every notification."""
    return word in _SEEN_EVERYWHERE
