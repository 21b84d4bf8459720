"""How the peers that are libraries mail: what anybody would write, one connection, a mail an entry."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.message import EmailMessage


def mail(port: int, entries: Sequence[tuple[str, str, str]]) -> None:
    """Send each entry, a title, a link and a text of HTML, as a mail of its own."""
    if not entries:
        return
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for title, link, text in entries:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "watch@example.org", "all@example.com", title
            message.set_content(f"{text}\n{link}\n")
            message.add_alternative(f'<p>{text}</p><p><a href="{link}">{link}</a></p>', subtype="html")
            connection.send_message(message)
