"""How a message is answered and a subscription ended. Part of the catalogue in `notifiers.wording`, in its form."""

from __future__ import annotations

#: Name of a wording → in English, in Chinese, in French, in Spanish.
ENDING: dict[str, tuple[str, ...]] = {
    "change_or_end": (
        "Change or end this subscription",
        "更改订阅或退订",
        "Modifier ou résilier cet abonnement",
        "Cambiar o cancelar esta suscripción",
    ),
    "end.write": (
        "Change or unsubscribe: write to {where} with the subject “{subject}”",
        "更改订阅或退订：写信给 {where}，主题写“{subject}”",
        "Modifier ou résilier : écrivez à {where} avec l'objet « {subject} »",
        "Cambiar o cancelar: escriba a {where} con el asunto «{subject}»",
    ),
    "end.link": (
        "Change or unsubscribe: {where}",
        "更改订阅或退订：{where}",
        "Modifier ou résilier : {where}",
        "Cambiar o cancelar: {where}",
    ),
    "end.answer": (
        "Change or unsubscribe: answer this mail and say what you want.",
        "更改订阅或退订：请回复本邮件说明您的要求。",
        "Modifier ou résilier : répondez à ce courriel et dites ce que vous souhaitez.",
        "Cambiar o cancelar: responda a este correo y diga lo que desea.",
    ),
}
