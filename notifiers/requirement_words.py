"""What is said of kinds, duties, standards and inferred codes.

Part of the catalogue in `notifiers.wording`; these wordings stand in English, Chinese, French and Spanish.
"""

from __future__ import annotations

#: Name of a wording → in English, Chinese, French, Spanish.
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "must": ("What must be done", "合规要求", "Ce qu'il faut faire", "Qué se exige"),
    "must.schemes": ("Scheme or mark: {names}", "认证或标志：{names}", "Marque : {names}", "Marca: {names}"),
    "must.duties": ("Duties: {names}", "义务：{names}", "Obligations : {names}", "Obligaciones: {names}"),
    "must.standards": (
        "Standards named: {names}",
        "引用标准：{names}",
        "Normes citées : {names}",
        "Normas citadas: {names}",
    ),
    "must.transition": (
        "Transition ends: {day}",
        "过渡期截止：{day}",
        "Fin de la période de transition : {day}",
        "Fin del período de transición: {day}",
    ),
    "must.probable": ("{name} (probable)", "{name}（可能）", "{name} (probable)", "{name} (probable)"),
    "must.source": (
        "Read from the text by our rules; check in the document.",
        "由规则从文本中读出，请核对原文。",
        "Lu dans le texte par nos règles ; vérifiez dans le document.",
        "Leído en el texto por nuestras reglas; compruébelo en el documento.",
    ),
    "inferred": (
        "{code}: not stated, inferred from {words}",
        "{code}：文件未写明，据{words}推断",
        "{code} : non indiqué, déduit de {words}",
        "{code}: no indicado, deducido de {words}",
    ),
    "inferred.short": ("{code} (inferred)", "{code}（推断）", "{code} (déduit)", "{code} (deducido)"),
    "status.recalled": ("recalled", "已召回", "rappelé", "retirado del mercado"),
}
