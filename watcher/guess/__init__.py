"""What kind of source an address is, guessed from one document, as an entry of sources.yaml to be edited."""

from watcher.guess.guess import Guess, guess
from watcher.guess.other_forms import LOOK

__all__ = ["LOOK", "Guess", "guess"]
