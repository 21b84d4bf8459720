"""Which of a publisher's names means which field: the words that publishers use, in their languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: Of each field the words of its name, best first. Whole names count before parts of names.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "id": (
        *("id", "guid", "uid", "uuid", "identifier", "key", "nid", "recall_id", "document_number", "codigo", "编号"),
        *("doc_id", "document_id", "notice_id", "news_id", "article_id", "record_id", "item_id"),
    ),
    "number": ("number", "reference", "symbol", "document_number", "recall_number", "ref", "numero", "doc_no", "文号"),
    "title": (
        *("title", "heading", "headline", "subject", "titre", "titulo", "título", "libelle", "name"),
        *("标题", "名称", "件名", "제목"),
    ),
    "summary": (
        *("summary", "abstract", "description", "excerpt", "content", "text", "body", "resumen", "resume"),
        *("摘要", "内容", "概要"),
    ),
    "link": ("url", "link", "html_url", "href", "web_url", "permalink", "enlace", "lien", "loc", "链接"),
    "published": (
        *("published", "publication_date", "published_date", "date_published", "pub_date"),
        *("posted_date", "release_date"),
        *("date", "issued", "created", "public_timestamp", "fecha", "date_publication", "发布日期", "日期", "公布日"),
        *("last_updated", "updated", "modified", "lastmod"),
    ),
    "deadline": (
        *("comments_close_on", "comment_end_date", "comment_deadline", "deadline", "closing_date", "due_date"),
        *("feedback_end_date", "end_date", "fecha_limite", "date_limite", "截止日期", "締切"),
    ),
    "entry_into_force": ("effective_on", "effective_date", "entry_into_force", "in_force", "生效日期", "施行日"),
    "agency": ("agency", "agencies", "agency_names", "organisation", "organization", "authority", "organismo", "机构"),
    "products": ("products", "product", "product_name", "productos", "produits", "产品"),
}  # fmt: skip

_TOUCHED: Final = re.compile(r"(?:^|_)(?:last|modified|updated|modification|changed)(?:_|$)")
_NAME: Final = re.compile(r"[^0-9a-z\u00df-\uffff]+")


def normalised(name: str) -> str:
    """A name as the words above are written: comments close on, CommentsCloseOn and comments-close-on are one."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return _NAME.sub("_", apart.casefold()).strip("_")


def best(field: str, names: Iterable[str], *, taken: Iterable[str] = ()) -> str | None:
    """The name among these that most likely means the field; None: none does."""
    used = set(taken)
    known = {name: normalised(name) for name in names if name not in used}
    for word in WORDS[field]:
        for name, plain in known.items():
            if plain == word:
                return name
    # When something was last touched is the last resort for when it was published.
    known = dict(sorted(known.items(), key=lambda pair: bool(_TOUCHED.search(pair[1]))))
    for word in WORDS[field]:
        if len(word) < 3:
            continue
        for name, plain in known.items():
            if plain.endswith("_" + word) or plain.startswith(word + "_"):
                return name
    return None
