"""Words that ask and do not describe: a question is the same without them."""

from __future__ import annotations

from typing import Final

from tbtwatch.bot.places import HAN

_ASKING: Final = (
    "an the of for in on at to from about with by and or any all new newest recent recently latest last "
    "past current measure measures regulation regulations rule rules notification notifications notice "
    "notices notified wto what whats which who are is was were be there has have had do does did show me "
    "my us our we you can could will would tell list give please find search get see want need know if "
    "it its this that these those happened news day days ago since between hi le la les de du des un une "
    "en pour sur dans au aux et ou quelles quels quelle quel sont est il mesures mesure règlement "
    "règlements reglements nouvelles nouveaux récentes récents dernières derniers jours el los las del "
    "una unos para sobre qué que cuáles cuales hay son es medidas medida reglamento reglamentos "
    "notificaciones nuevas nuevos recientes últimas últimos ultimas ultimos días dias"
)
_WORDS: Final = frozenset(_ASKING.split())


def _longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=len, reverse=True))


_HAN_BEFORE: Final = _longest_first(
    "有没有 有什么 有哪些 有无 请问 查询 查一下 查查 查看 看看 看一下 我想知道 我想 想知道 我们 关于 "
    "对于 有关 相关 针对 出口到 出口 最近 最新 近期 新出的 新发布的 新增 销售的 所有 全部 哪些 什么 的"
)
_HAN_BEHIND: Final = _longest_first(
    "有没有 有哪些 有什么 哪些 什么 怎么样 如何 那个 这个 一下 最近 最新 近期 所有 全部 有关 相关 相关的 "
    "方面 关于 销售 的 了 吗 呢 吧 啊 技术法规 新法规 法规 新规 技术性贸易措施 新措施 措施 新通报 通报 "
    "新规定 规定 新要求 要求 情况 变化 消息 新闻 动态 产品 市场"
)


def is_filler(word: str) -> bool:
    """Whether a word as it stands only asks. A single Latin letter says nothing."""
    return word.casefold() in _WORDS or (len(word) == 1 and word.isascii())


def shorter(word: str) -> str:
    """A Chinese word without one filler at its beginning or end; the word itself if there is none."""
    if HAN.search(word):
        for filler in _HAN_BEFORE:
            if word.startswith(filler):
                return word[len(filler) :]
        for filler in _HAN_BEHIND:
            if word.endswith(filler):
                return word[: -len(filler)]
    return word


def without_fillers(word: str) -> str:
    """The word without what only asks; "" if nothing is left."""
    if is_filler(word):
        return ""
    while (less := shorter(word)) != word:
        word = less
    return word
