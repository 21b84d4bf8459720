"""Messages' words in French and in Spanish, where pages say them; what does not stand here is said in English.

Apart from `notifiers.wording`, because most wordings are of messages, which are written in English and Chinese alone.
"""

from __future__ import annotations

from typing import Final

#: Name of a wording → in French, in Spanish.
MORE: Final[dict[str, tuple[str, str]]] = {
    "comma": (", ", ", "),
    "semicolon": (" ; ", "; "),
    "between": (" ", " "),
    "blank": (" ", " "),
    "from_to": ("{old} → {new}", "{old} → {new}"),
    "original": ("texte d’origine en {language}", "texto original en {language}"),
    "language.en": ("anglais", "inglés"),
    "language.zh": ("chinois", "chino"),
    "language.fr": ("français", "francés"),
    "language.es": ("espagnol", "español"),
    "headline.new_measure": ("Nouvelle mesure", "Medida nueva"),
    "headline.deadline_moved": ("Délai d’observations déplacé", "Plazo de observaciones modificado"),
    "headline.deadline_reopened": ("Observations de nouveau possibles", "Se admiten de nuevo observaciones"),
    "headline.adopted": ("Adoptée", "Adoptada"),
    "headline.in_force": ("En vigueur", "En vigor"),
    "headline.withdrawn": ("Retirée", "Retirada"),
    "headline.products_changed": ("Produits modifiés", "Productos modificados"),
    "headline.date_filled_in": ("Date désormais connue", "Fecha ya conocida"),
    "headline.date_moved": ("Date déplacée", "Fecha modificada"),
    "headline.text_replaced": ("Texte remplacé", "Texto sustituido"),
    "headline.further_information": ("Informations complémentaires", "Información adicional"),
    "headline.corrected": ("Corrigée", "Corregida"),
    "headline.other": ("Nouvelle", "Novedad"),
    "headline.later.addendum": (
        "Addendum à une mesure dont les documents antérieurs ne sont pas enregistrés ici",
        "Addendum a una medida cuyos documentos anteriores no están registrados aquí",
    ),
    "headline.later.corrigendum": (
        "Corrigendum à une mesure dont les documents antérieurs ne sont pas enregistrés ici",
        "Corrigendum a una medida cuyos documentos anteriores no están registrados aquí",
    ),
    "headline.later.revision": (
        "Révision d’une mesure dont les documents antérieurs ne sont pas enregistrés ici",
        "Revisión de una medida cuyos documentos anteriores no están registrados aquí",
    ),
    "headline.later.supplement": (
        "Supplément à une mesure dont les documents antérieurs ne sont pas enregistrés ici",
        "Suplemento a una medida cuyos documentos anteriores no están registrados aquí",
    ),
    "sentence.new_measure": ("Une nouvelle mesure a été notifiée.", "Se ha notificado una medida nueva."),
    "sentence.deadline_moved": (
        "Le délai pour présenter des observations a été déplacé.",
        "Se ha modificado el plazo para presentar observaciones.",
    ),
    "sentence.deadline_reopened": (
        "Des observations sont de nouveau demandées : le délai a été rouvert.",
        "Se piden de nuevo observaciones: se ha reabierto el plazo.",
    ),
    "sentence.adopted": ("La mesure a été adoptée.", "La medida ha sido adoptada."),
    "sentence.in_force": ("L’entrée en vigueur a été notifiée.", "Se ha notificado la entrada en vigor."),
    "sentence.withdrawn": ("La mesure a été retirée.", "La medida ha sido retirada."),
    "sentence.products_changed": ("Les produits visés ont changé.", "Han cambiado los productos abarcados."),
    "sentence.date_filled_in": (
        "Une date restée ouverte est désormais connue.",
        "Ya se conoce una fecha que estaba abierta.",
    ),
    "sentence.date_moved": ("Une date a été déplacée.", "Se ha modificado una fecha."),
    "sentence.text_replaced": (
        "Une révision remplace le texte antérieur : relisez-le.",
        "Una revisión sustituye el texto anterior: léalo de nuevo.",
    ),
    "sentence.further_information": (
        "Des informations complémentaires ont été publiées. Aucune des dates, aucun des produits et des codes que nous "
        "suivons n’a changé.",
        "Se ha publicado información adicional. No ha cambiado ninguna de las fechas, productos y códigos que "
        "seguimos.",
    ),
    "sentence.corrected": (
        "Une correction ou une traduction a été publiée. Aucune des dates, aucun des produits et des codes que nous "
        "suivons n’a changé.",
        "Se ha publicado una corrección o traducción. No ha cambiado ninguna de las fechas, productos y códigos que "
        "seguimos.",
    ),
    "sentence.other": ("Il y a du nouveau sur cette mesure.", "Hay novedades sobre esta medida."),
    "kind.technical_regulation": ("règlement technique", "reglamento técnico"),
    "kind.conformity_procedure": (
        "procédure d’évaluation de la conformité",
        "procedimiento de evaluación de la conformidad",
    ),
    "kind.standard": ("norme", "norma"),
    "kind.publisher": ("avis de l’autorité elle-même", "aviso de la propia autoridad"),
    "kind.sps": ("mesure sanitaire ou phytosanitaire", "medida sanitaria o fitosanitaria"),
    "kind.urgent": ("urgente", "urgente"),
    "status.draft": ("projet", "proyecto"),
    "status.adopted": ("adopté", "adoptado"),
    "status.in_force": ("en vigueur", "en vigor"),
    "status.withdrawn": ("retiré", "retirado"),
    "status.unknown": ("stade inconnu", "fase desconocida"),
    "kind_status": ("{kind}, {status}", "{kind}, {status}"),
    "grade.direct.short": ("certain", "directo"),
    "grade.probable.short": ("probable", "probable"),
    "grade.broad.short": ("possible", "posible"),
    "sure": ("Degré de certitude", "Grado de certeza"),
    "sure.inferred": (
        "{grade} : aucun code de ce genre n’est indiqué ; nous avons déduit {code} de {found} ({place}). Vérifiez que "
        "votre produit est bien visé.",
        "{grade}: no se indica tal código; hemos deducido {code} de {found} ({place}). Compruebe si se trata de su "
        "producto.",
    ),
    "sure.found": (
        "{grade} : jugé sur ce seul point : {place} : {found}. Vérifiez que votre produit est bien visé.",
        "{grade}: juzgado solo por esto: {place}: {found}. Compruebe si se trata de su producto.",
    ),
    "sure.direct": (
        "Certain : votre code, ou votre produit nommément, figure dans le titre, les produits ou les codes.",
        "Directo: su código, o su producto por su nombre, figura en el título, los productos o los códigos.",
    ),
    "sure.probable": (
        "Probable : votre produit est nommé dans le texte, non parmi les produits indiqués. Vérifiez.",
        "Probable: su producto se nombra en el texto, no entre los productos indicados. Compruébelo.",
    ),
    "sure.broad": (
        "Possible : seul un groupe de produits plus large est nommé. Vérifiez que le vôtre est visé.",
        "Posible: solo se nombra un grupo de productos más amplio. Compruebe si se trata del suyo.",
    ),
    "do": ("Que faire", "Qué hacer"),
    "do.comment": (
        "Envoyez vos observations à votre point d’information national avant le {act_by}",
        "Envíe sus observaciones a su servicio nacional de información antes del {act_by}",
    ),
    "do.comment.buffer": (
        "{n} jour avant l’échéance, le temps qu’il faut au point d’information|"
        "{n} jours avant l’échéance, le temps qu’il faut au point d’information",
        "{n} día antes del vencimiento, el tiempo que necesita el servicio de información|"
        "{n} días antes del vencimiento, el tiempo que necesita el servicio de información",
    ),
    "do.comment.now": (
        "Envoyez tout de suite vos observations à votre point d’information national : notre date limite interne, le "
        "{act_by}, est passée ; le délai expire le {deadline}.",
        "Envíe ya sus observaciones a su servicio nacional de información: nuestra fecha límite interna, el {act_by}, "
        "ha pasado; el plazo vence el {deadline}.",
    ),
    "do.comment.today": (
        "Envoyez aujourd’hui vos observations à votre point d’information national : le délai expire le {deadline}.",
        "Envíe hoy sus observaciones a su servicio nacional de información: el plazo vence el {deadline}.",
    ),
    "do.comment.direct": (
        "Envoyez vos observations à votre point d’information national bien avant le {deadline}.",
        "Envíe sus observaciones a su servicio nacional de información bastante antes del {deadline}.",
    ),
    "do.passed": ("Le délai d’observations est écoulé.", "El plazo de observaciones ha terminado."),
    "do.passed.n": (
        "Le délai d’observations a expiré hier.|Le délai d’observations a expiré il y a {n} jours.",
        "El plazo de observaciones venció ayer.|El plazo de observaciones venció hace {n} días.",
    ),
    "do.publisher": (
        "Lisez l’avis : il émane de l’autorité elle-même et n’appelle pas d’observations.",
        "Lea el aviso: es de la propia autoridad y no pide observaciones.",
    ),
    "do.unknown.old": (
        "Aucun délai d’observations n’est connu ; après tout ce temps, il est sûrement écoulé.",
        "No se conoce plazo de observaciones; después de tanto tiempo, sin duda ha terminado.",
    ),
    "do.unknown": (
        "Aucun délai d’observations n’est connu. Si vous voulez en présenter, interrogez vite votre point "
        "d’information national.",
        "No se conoce plazo de observaciones. Si quiere presentarlas, consulte pronto a su servicio nacional de "
        "información.",
    ),
    "do.unknown.wording": (
        "Aucun délai d’observations ne peut être donné : le document dit {wording}. Si vous voulez en présenter, "
        "interrogez vite votre point d’information national.",
        "No puede darse un plazo de observaciones: el documento dice {wording}. Si quiere presentarlas, consulte "
        "pronto a su servicio nacional de información.",
    ),
    "do.stage_unknown": (
        "Lisez le document : sa première notification n’est pas enregistrée ici et il ne dit pas où en est la mesure. "
        "Il n’appelle pas d’observations.",
        "Lea el documento: su primera notificación no está registrada aquí y no dice en qué fase está la medida. No "
        "pide observaciones.",
    ),
    "do.not_applicable": ("Aucune observation n’est demandée.", "No se piden observaciones."),
    "do.withdrawn": ("Rien : la mesure a été retirée.", "Nada: la medida ha sido retirada."),
    "do.prepare": ("Préparez son entrée en vigueur : {date}.", "Prepare su entrada en vigor: {date}."),
    "do.comply": (
        "Elle est en vigueur : vérifiez la conformité de vos produits.",
        "Está en vigor: compruebe que sus productos cumplen.",
    ),
    "do.read": ("Lisez le texte adopté.", "Lea el texto adoptado."),
    "days_left": ("reste 1 jour|restent {n} jours", "queda 1 día|quedan {n} días"),
    "days_left.last": ("c’est le dernier jour", "hoy es el último día"),
    "days_left.passed": ("passé hier|passé depuis {n} jours", "venció ayer|venció hace {n} días"),
    "comments_by": ("observations jusqu’au {day}", "observaciones hasta el {day}"),
    "computed.short": ("calculé", "calculado"),
    "quality.stated": ("indiqué dans le document", "indicado en el documento"),
    "quality.stated.as": ("indiqué dans le document : {wording}", "indicado en el documento: {wording}"),
    "quality.stated.text": ("indiqué seulement dans le texte : {wording}", "indicado solo en el texto: {wording}"),
    "quality.stated_in": ("indiqué dans {document}", "indicado en {document}"),
    "quality.computed": (
        "calculé : {rule} ; le document dit {wording}",
        "calculado: {rule}; el documento dice {wording}",
    ),
    "quality.computed.rule": ("calculé : {rule}", "calculado: {rule}"),
    "quality.computed.wording": ("calculé ; le document dit {wording}", "calculado; el documento dice {wording}"),
    "quality.computed.bare": ("calculé, non indiqué", "calculado, no indicado"),
    "quality.says": ("le document dit {wording}", "el documento dice {wording}"),
    "quality.doubted": ("{said} ; mis en doute : {doubt}", "{said}; en duda: {doubt}"),
    "date.unknown": ("inconnue", "no conocida"),
    "date.not_stated": ("non indiquée", "no indicada"),
    "date.not_applicable": ("sans objet", "no procede"),
    "date.earliest": ("{day} au plus tôt", "{day} como muy pronto"),
    "rule.earlier": ("la plus proche lecture, {first} ou {second}", "la lectura más temprana, {first} o {second}"),
    "rule.later": ("la plus lointaine lecture, {first} ou {second}", "la lectura más tardía, {first} o {second}"),
    "rule.same": ("le jour même : {anchor}", "el mismo día: {anchor}"),
    "rule.plus": ("{span} après : {anchor}", "{span} después de: {anchor}"),
    "rule.minus": ("{span} avant : {anchor}", "{span} antes de: {anchor}"),
    "anchor.notification": ("notification", "notificación"),
    "anchor.adoption": ("adoption", "adopción"),
    "anchor.publication": ("publication", "publicación"),
    "anchor.entry_into_force": ("entrée en vigueur", "entrada en vigor"),
    "anchor.stated_day": ("le jour indiqué", "el día indicado"),
    "span.day": ("{n} jour|{n} jours", "{n} día|{n} días"),
    "span.working day": ("{n} jour ouvrable|{n} jours ouvrables", "{n} día hábil|{n} días hábiles"),
    "span.week": ("{n} semaine|{n} semaines", "{n} semana|{n} semanas"),
    "span.month": ("{n} mois|{n} mois", "{n} mes|{n} meses"),
    "span.year": ("{n} an|{n} ans", "{n} año|{n} años"),
    "field.comment_deadline": ("Délai pour les observations", "Plazo para observaciones"),
    "field.proposed_adoption": ("Adoption prévue", "Adopción propuesta"),
    "field.proposed_entry_into_force": ("Entrée en vigueur prévue", "Entrada en vigor propuesta"),
    "field.adopted_on": ("Adoptée le", "Adoptada el"),
    "field.published_on": ("Publiée le", "Publicada el"),
    "field.in_force_on": ("Entrée en vigueur", "Entrada en vigor"),
    "field.products_covered": ("Produits visés", "Productos abarcados"),
    "field.hs_codes": ("Codes SH", "Códigos SA"),
    "field.ics_codes": ("Codes ICS", "Códigos ICS"),
    "field.objectives": ("Objectif", "Objetivo"),
    "field.status": ("Stade", "Fase"),
    "field.title": ("Titre", "Título"),
    "field.content_summary": ("Teneur", "Contenido"),
    "field.links": ("Documents", "Documentos"),
    "field.notifying_members": ("Notifiée par", "Notificada por"),
    "field.responsible_agency": ("Organisme responsable", "Organismo responsable"),
    "field.legal_basis": ("Notifiée au titre de l’article", "Notificada en virtud del artículo"),
    "field.other": ("Changement", "Cambio"),
    "field.area": ("Accord", "Acuerdo"),
    "by_notice": ("dans {document}", "en {document}"),
    "products": ("Produits", "Productos"),
    "areas": ("domaines de produits : {names}", "categorías de productos: {names}"),
    "areas.label": ("Domaines de produits", "Categorías de productos"),
    "products.none": ("non indiqués", "no indicados"),
    "objective": ("Objectif", "Objetivo"),
    "documents": ("Documents", "Documentos"),
    "summary": ("Teneur", "Contenido"),
}
