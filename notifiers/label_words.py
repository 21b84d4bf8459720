"""What is said of a message that comes late or takes another back.

Part of the catalogue in `notifiers.wording`; these wordings stand in four languages: English, Chinese, French, Spanish.
"""

from __future__ import annotations

#: Name of a wording → in English, Chinese, French, Spanish.
LABELS: dict[str, tuple[str, ...]] = {
    # --- marks and days of a message that stands in four languages
    "label.subject": ("{label}: {subject}", "{label}：{subject}", "{label} : {subject}", "{label}: {subject}"),
    "label.late": ("Late", "迟到的消息", "Tardif", "Con retraso"),
    "label.correction": ("Correction", "更正", "Rectificatif", "Corrección"),
    "label.reinstated": ("It does concern you", "仍与您相关", "Cela vous concerne", "Sí le concierne"),
    # --- the first line of a late message
    "late.reclassified": (
        "Late: we reclassified this on {day}; it was published on {published}.",
        "迟到的消息：我们于{day}重新分类了此措施；原文{published}已发布。",
        "Tardif : nous avons reclassé cette mesure le {day} ; elle a été publiée le {published}.",
        "Con retraso: reclasificamos esta medida el {day}; se publicó el {published}.",
    ),
    "late.reclassified.only": (
        "Late: we reclassified this on {day}.",
        "迟到的消息：我们于{day}重新分类了此措施。",
        "Tardif : nous avons reclassé cette mesure le {day}.",
        "Con retraso: reclasificamos esta medida el {day}.",
    ),
    "late.published": (
        "Late: we have reclassified this; it was published on {published}.",
        "迟到的消息：我们重新分类了此措施；原文{published}已发布。",
        "Tardif : nous avons reclassé cette mesure ; elle a été publiée le {published}.",
        "Con retraso: hemos reclasificado esta medida; se publicó el {published}.",
    ),
    "late.bare": (
        "Late: we have reclassified this.",
        "迟到的消息：我们重新分类了此措施。",
        "Tardif : nous avons reclassé cette mesure.",
        "Con retraso: hemos reclasificado esta medida.",
    ),
    "reinstated": (
        "It does concern you after all: we told you otherwise, and that was wrong. We are sorry.",
        "此措施仍与您相关：我们此前的更正有误，谨致歉意。",
        "Cette mesure vous concerne bien : nous vous avions dit le contraire, à tort. Veuillez nous en excuser.",
        "Esta medida sí le concierne: le dijimos lo contrario por error. Le pedimos disculpas.",
    ),
    # --- why our reading changed: keys of `notifiers.labels.REASONS`
    "because.rules": (
        "The rules by which we sort measures were changed.",
        "我们修改了措施分类规则。",
        "Les règles selon lesquelles nous classons les mesures ont été modifiées.",
        "Se modificaron las reglas con las que clasificamos las medidas.",
    ),
    "because.override": (
        "A person of our staff read this measure and decided what it is about.",
        "我们的工作人员阅读了此措施并确定了其内容所属。",
        "Une personne de notre équipe a lu cette mesure et décidé de quoi elle traite.",
        "Una persona de nuestro equipo leyó esta medida y decidió de qué trata.",
    ),
    "because.undo": (
        "A change of the rules by which we sort measures was taken back.",
        "我们撤销了对措施分类规则的一次修改。",
        "Une modification des règles selon lesquelles nous classons les mesures a été annulée.",
        "Se anuló un cambio de las reglas con las que clasificamos las medidas.",
    ),
    "because.stated": ("Reason: {reason}.", "原因：{reason}。", "Motif : {reason}.", "Motivo: {reason}."),
    # --- a correction
    "correction.heading": (
        "Correction: this measure does not concern your subscription {names}, although we told you so. We are sorry.|"
        "Correction: this measure does not concern your subscriptions {names}, although we told you so. We are sorry.",
        "更正：此措施与您的订阅{names}无关，我们此前的告知有误，谨致歉意。",
        "Rectificatif : cette mesure ne concerne pas votre abonnement {names}, contrairement à ce que nous vous avons "
        "dit. Veuillez nous en excuser.|"
        "Rectificatif : cette mesure ne concerne pas vos abonnements {names}, contrairement à ce que nous vous avons "
        "dit. Veuillez nous en excuser.",
        "Corrección: esta medida no concierne a su suscripción {names}, aunque se lo comunicamos. Le pedimos "
        "disculpas.|"
        "Corrección: esta medida no concierne a sus suscripciones {names}, aunque se lo comunicamos. Le pedimos "
        "disculpas.",
    ),
    "correction.heading.bare": (
        "Correction: this measure does not concern you, although we told you so. We are sorry.",
        "更正：此措施与您无关，我们此前的告知有误，谨致歉意。",
        "Rectificatif : cette mesure ne vous concerne pas, contrairement à ce que nous vous avons dit. Veuillez nous "
        "en excuser.",
        "Corrección: esta medida no le concierne, aunque se lo comunicamos. Le pedimos disculpas.",
    ),
    "correction.heading.below": (
        "Correction: by our rules as they are now this measure is only {now} to your subscription {names}, which asks "
        "for what is at least {asked}. We told you it was more than that and are sorry.|"
        "Correction: by our rules as they are now this measure is only {now} to your subscriptions {names}, which ask "
        "for what is at least {asked}. We told you it was more than that and are sorry.",
        "更正：按现行规则，此措施与您的订阅{names}仅为{now}，低于该订阅要求的程度（至少{asked}）；"
        "我们此前的告知过于肯定，谨致歉意。",
        "Rectificatif : selon nos règles actuelles, cette mesure n'est que {now} à votre abonnement {names}, qui "
        "demande au moins une mesure {asked}. Nous vous avions dit davantage ; veuillez nous en excuser.|"
        "Rectificatif : selon nos règles actuelles, cette mesure n'est que {now} à vos abonnements {names}, qui "
        "demandent au moins une mesure {asked}. Nous vous avions dit davantage ; veuillez nous en excuser.",
        "Corrección: según nuestras reglas actuales, esta medida solo está {now} con su suscripción {names}, que pide "
        "al menos una medida {asked}. Le dijimos más que eso; le pedimos disculpas.|"
        "Corrección: según nuestras reglas actuales, esta medida solo está {now} con sus suscripciones {names}, que "
        "piden al menos una medida {asked}. Le dijimos más que eso; le pedimos disculpas.",
    ),
    "correction.grade.broad": (
        "broadly related",
        "宽泛相关",
        "liée de façon large",
        "relacionada de forma amplia",
    ),
    "correction.grade.probable": (
        "probably related",
        "很可能相关",
        "probablement liée",
        "probablemente relacionada",
    ),
    "correction.grade.direct": ("directly related", "直接相关", "directement liée", "directamente relacionada"),
    "correction.told": ("What we told you", "我们曾告知您", "Ce que nous vous avons dit", "Lo que le comunicamos"),
    "correction.told.on": ("{day}: {what}", "{day}：{what}", "{day} : {what}", "{day}: {what}"),
    "correction.told.more": (
        "and 1 earlier message|and {n} earlier messages",
        "以及更早的 {n} 条",
        "et 1 message antérieur|et {n} messages antérieurs",
        "y 1 mensaje anterior|y {n} mensajes anteriores",
    ),
    "correction.told.news": (
        "a message about this measure",
        "一条关于此措施的消息",
        "un message sur cette mesure",
        "un mensaje sobre esta medida",
    ),
    "correction.wrong": ("What was wrong", "错在哪里", "Ce qui était faux", "Qué estaba mal"),
    "correction.took": (
        "We took it to fit {name}: {met}",
        "我们曾认为它符合{name}：{met}",
        "Nous pensions qu'elle répondait à {name} : {met}",
        "Creímos que cumplía {name}: {met}",
    ),
    "correction.do": ("What to do", "要做什么", "Que faire", "Qué hacer"),
    "correction.do.nothing": (
        "Nothing more because of our earlier message; if it made you act, check whether that is still needed.",
        "无需再按此前的消息行动；如已据此采取行动，请核对是否仍有必要。",
        "Plus rien du fait de notre message précédent ; s'il vous a fait agir, vérifiez si c'est encore nécessaire.",
        "Nada más por nuestro mensaje anterior; si le hizo actuar, compruebe si sigue siendo necesario.",
    ),
    "correction.do.below": (
        "It may still matter to you: look at the measure itself before you set it aside.",
        "此措施仍可能与您有关：搁置之前请先查看原文。",
        "Elle peut encore vous intéresser : consultez la mesure elle-même avant de l'écarter.",
        "Aún puede interesarle: consulte la medida antes de descartarla.",
    ),
    "correction.do.then": (
        "You get no further news of this measure for it, unless it fits again.",
        "除非此措施再次符合该订阅，您不会再收到它的消息。",
        "Vous n'en recevrez plus de nouvelles à ce titre, sauf si elle y répond de nouveau.",
        "No recibirá más noticias de esta medida por ello, salvo que vuelva a cumplir.",
    ),
    "correction.measure": ("Measure", "措施", "Mesure", "Medida"),
    "correction.documents": ("Documents", "文件", "Documents", "Documentos"),
}
