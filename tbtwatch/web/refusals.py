"""What ends the making of a page: somebody has to sign in first, there is no such page, a form is not believed."""

from __future__ import annotations

from starlette.exceptions import HTTPException


class SignInNeededError(Exception):
    """Nobody is signed in, and the page is somebody's. It becomes the way to the page to sign in on."""


class FormRefusedError(Exception):
    """A form did not come from a page of ours, or came too late. `why` is a wording's name."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.why, self.status = why, status


def no_such_page() -> HTTPException:
    """The page for an unknown address. Also for what there is but is not the asker's: nothing is to be learnt of it."""
    return HTTPException(status_code=404)
