"""Whether an addendum says that the notified draft is given up: wordings made up, in four languages."""

from __future__ import annotations

from datetime import date

import pytest

from watcher.measure import MeasureStatus
from watcher.notice import Notice, NoticeType
from watcher.revise import revise

GIVEN_UP = (
    ("en", "The notified draft has been withdrawn."),
    (
        "en",
        "Kenya informs Members that it is no longer pursuing the draft regulation notified in G/TBT/N/KEN/9001.",
    ),
    ("en", "The draft notified under G/TBT/N/KEN/9001 is no longer being pursued."),
    ("en", "Work on the notified draft has been terminated."),
    ("en", "The proposal has been abandoned."),
    ("en", "The Ministry has decided to discontinue the draft order notified in G/TBT/N/KEN/9001."),
    ("en", "The notification G/TBT/N/KEN/9001 should be considered withdrawn."),
    ("en", "The notification is hereby cancelled."),
    ("en", "The agency is withdrawing its proposed rule."),
    ("en", "The draft regulation lapsed and will not be pursued further."),
    ("zh", "现撤回通报G/TBT/N/KEN/9001。"),
    ("zh", "所通报的草案已撤回。"),
    ("zh", "决定不再推进该技术法规草案。"),
    ("zh", "该通报草案已终止制定。"),
    ("zh", "肯尼亚决定撤销通报的法规草案。"),
    ("zh", "特此通知撤回G/TBT/N/KEN/9001号通报。"),
    ("fr", "Le projet notifié est retiré."),
    ("fr", "Le projet de règlement notifié a été retiré."),
    ("fr", "Le Kenya retire la notification G/TBT/N/KEN/9001."),
    ("fr", "Le projet d'arrêté notifié sous la cote G/TBT/N/KEN/9001 a été abandonné."),
    ("fr", "Il a été décidé de ne pas donner suite au projet notifié."),
    ("fr", "La procédure d'adoption du projet notifié a été interrompue définitivement."),
    ("es", "El proyecto notificado se retira."),
    ("es", "Se retira la notificación G/TBT/N/KEN/9001."),
    ("es", "El proyecto de reglamento notificado ha sido retirado."),
    ("es", "Kenya informa que ha decidido no continuar con el proyecto notificado."),
    ("es", "Se deja sin efecto el proyecto notificado."),
    ("es", "El proyecto de resolución notificado fue archivado."),
)
STANDS = (
    ("en", "The regulation notified repeals the Toys Regulations 2010."),
    ("en", "Standard KS 1 of 2010 will be withdrawn when the notified draft is adopted."),
    ("en", "Non-compliant products shall be withdrawn from the market."),
    ("en", "The certificate may be withdrawn by the authority."),
    ("en", "The previous draft was withdrawn and replaced by the draft notified here."),
    ("en", "The final rule was adopted and the old order was revoked."),
    ("en", "The date for comments has been extended."),
    ("zh", "新法规生效后，2010年玩具条例同时废止。"),
    ("zh", "本标准代替KS 1-2010，旧标准废止。"),
    ("zh", "不合格产品应撤回。"),
    ("zh", "主管机关可撤销证书。"),
    ("zh", "评议期延长，原定日期取消。"),
    ("fr", "Le décret de 2010 est abrogé par le présent arrêté."),
    ("fr", "Les produits non conformes sont retirés du marché."),
    ("fr", "L'autorisation peut être retirée."),
    ("es", "Se deroga el Decreto de 2010."),
    ("es", "Los productos no conformes se retiran del mercado."),
    ("es", "La autorización podrá ser retirada."),
    ("es", "Queda sin efecto la Resolución 10 de 2010."),
)


def _status(language: str, text: str) -> MeasureStatus:
    known: dict[str, str] = {"issuer": "WTO", "title": "Toys", "language": language}
    first = Notice(
        symbols=("G/TBT/N/KEN/9001",),
        type=NoticeType.REGULAR,
        distribution_date=date(2026, 1, 1),
        **known,  # type: ignore[arg-type]
    )
    addendum = Notice(
        symbols=("G/TBT/N/KEN/9001/Add.1",),
        type=NoticeType.ADDENDUM,
        distribution_date=date(2026, 6, 1),
        content_summary=text,
        **known,  # type: ignore[arg-type]
    )
    return revise(revise(None, first).measure, addendum).measure.facts.status


@pytest.mark.parametrize(("language", "text"), GIVEN_UP)
def test_a_draft_that_is_given_up_is_withdrawn(language: str, text: str) -> None:
    """Whichever word the Member has for it: withdrawn, abandoned, no longer pursued."""
    assert _status(language, text) is MeasureStatus.WITHDRAWN


@pytest.mark.parametrize(("language", "text"), STANDS)
def test_what_else_is_withdrawn_or_repealed_leaves_the_draft_standing(language: str, text: str) -> None:
    """An old rule that the new one repeals, certificates, products on the market."""
    assert _status(language, text) is not MeasureStatus.WITHDRAWN
