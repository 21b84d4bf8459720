"""The form with its boxes, where a source has no field for it: in the description, or in the title."""

from __future__ import annotations

from datetime import date

import pytest

from tests.watcher.threads import a_base, an_addendum, news
from watcher.addenda.boxes import read_form
from watcher.measure import ChangeKind

A, F, W = ChangeKind.ADOPTED, ChangeKind.IN_FORCE, ChangeKind.WITHDRAWN
FILLED, TOLD, SCOPE = ChangeKind.DATE_FILLED_IN, ChangeKind.FURTHER_INFORMATION, ChangeKind.PRODUCTS_CHANGED
REOPENED = ChangeKind.DEADLINE_REOPENED

ADOPTED_AND_TO_COME = {(A, "2026-11-12"), (FILLED, "2027-05-12")}
FORMS = [
    (
        "Reason for Addendum: [ ] Comment period changed - date: [ ] Notified measure adopted - date: "
        "[ ] enters into force - date: [X] Notified measure withdrawn or revoked - date: 1 November 2026",
        {(W, "withdrawn")},
    ),
    (
        "[X] Notified measure adopted - date: 12 November 2026 [X] Notified measure enters into force - date: "
        "12 May 2027",
        ADOPTED_AND_TO_COME,
    ),
    (
        "[ ] Comment period changed - date:\n[x] Notified measure adopted - date:\n12 November 2026\n[ ] Notified "
        "measure published - date:\n[x] Notified measure enters into force - date: 12 May 2027\n[ ] Text of final "
        "measure available from1:\n[ ] Notified measure withdrawn or revoked - date:\nRelevant symbol if measure "
        "re-notified:\n[ ] Content or scope of notified measure changed and text available from1:\nNew deadline for "
        "comments (if applicable):\n[ ] Interpretive guidance issued and text available from1:\n[ ] Other:\n"
        "Description: the label is set out in annex II.",
        ADOPTED_AND_TO_COME,
    ),
    (
        "【X】通报措施通过-日期:2026年11月12日【 】通报措施公布-日期:【X】通报措施生效-日期:2027年5月12日【 】其他:",
        ADOPTED_AND_TO_COME,
    ),
    ("□评议期变更-日期: ☑通报措施撤回或撤销-日期:2026年11月1日 □其他: 卫生部通知如下。", {(W, "withdrawn")}),
    (
        "☐ Modification du délai de présentation des observations - date: ☒ Mesure notifiée adoptée - date: "
        "12 novembre 2026 ☐ Mesure notifiée publiée - date: ☒ Entrée en vigueur de la mesure notifiée - date: "
        "12 mai 2027",
        ADOPTED_AND_TO_COME,
    ),
    (
        "( ) Modificación del plazo para presentar observaciones - fecha: (X) Medida notificada adoptada - fecha: "
        "12 de noviembre de 2026 ( ) Medida notificada publicada - fecha: (X) Entrada en vigor de la medida "
        "notificada - fecha: 12 de mayo de 2027",
        ADOPTED_AND_TO_COME,
    ),
    ("✓ Notified measure adopted - date: 12 November 2026", {(A, "2026-11-12")}),
    ("(X) Comment period changed - date: 1 February 2027", {(REOPENED, "2027-02-01")}),
    (
        "[x] Content or scope of notified measure changed and text available from: https://example.org/a.pdf New "
        "deadline for comments (if applicable): 1 February 2027",
        {(SCOPE, ""), (REOPENED, "2027-02-01")},
    ),
    ("[ ] Comment period changed - date: 1 February 2027\n[ ] Notified measure adopted - date:", {(TOLD, "")}),
]
#: The prose around the form is read too.
FORMS_IN_PROSE = [
    (
        "The scope is unchanged. ☐ Comment period changed - date: ☒ Notified measure adopted - date: 12 November 2026 "
        "☐ Other. The regulation enters into force on 12 May 2027.",
        ADOPTED_AND_TO_COME,
    ),
    (
        "[ ] Notified measure adopted - date: [ ] Other: Description: The regulation was adopted on 12 November 2026.",
        {(A, "2026-11-12")},
    ),
    (
        "[X] Notified measure adopted - date: 12 November 2026\n[X] Other: the entry into force is postponed until "
        "12 May 2027.",
        ADOPTED_AND_TO_COME,
    ),
]


@pytest.mark.parametrize(("form", "told"), FORMS, ids=[form[:40] for form, _ in FORMS])
def test_the_field_of_the_form_is_read(form: str, told: set[tuple[ChangeKind, str]]) -> None:
    """A ticked box is news; an empty one is not."""
    addendum = an_addendum(distribution_date=date(2026, 11, 20), addendum_reason=form)

    assert {(kind, new) for kind, _, new in news(a_base(), addendum)} == told


@pytest.mark.parametrize("field", ["content_summary", "title"])
@pytest.mark.parametrize(
    ("form", "told"), FORMS + FORMS_IN_PROSE, ids=[form[:40] for form, _ in FORMS + FORMS_IN_PROSE]
)
def test_the_form_is_read_within_prose(form: str, told: set[tuple[ChangeKind, str]], field: str) -> None:
    """The form means the same in the description and in the title, and the prose around it is read as well."""
    addendum = an_addendum(distribution_date=date(2026, 11, 20), **{field: form})

    assert {(kind, new) for kind, _, new in news(a_base(), addendum)} == told


@pytest.mark.parametrize(
    "text",
    [
        "Samples marked [X] in table 2 are exempt.",
        "(iv) the label; (v) adopted methods of test; (x) notified measure withdrawn from the annex.",
        "□ Entry into force: 1 January 2027\n□ Agency: Ministry of Health",
        "A × B [x] and [ ] are intervals.",
    ],
)
def test_marks_of_another_kind_are_prose(text: str) -> None:
    """A mark is a box only before the words of the form; numbers and bullets of a list are not."""
    form = read_form(text)

    assert (form.ticked, form.prose) == ((), text)


def test_the_form_is_blanked_and_nothing_moves() -> None:
    """The prose keeps its places, so that quotations stay the words of the text."""
    text = "Before. [X] Notified measure adopted - date: 12 November 2026 [ ] Other: after it."
    prose = read_form(text).prose

    assert len(prose) == len(text)
    assert prose.split() == ["Before.", "after", "it."]
