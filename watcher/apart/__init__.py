"""Documents read in a process of their own, so that a hostile one costs seconds and not the service.

`Readers` keeps a few child processes; each reads one document at a time within bounds of time and memory, and is
replaced when it breaks them.
"""

from watcher.apart.chunks import chunks_of
from watcher.apart.readers import Limits, Readers, Reading

__all__ = ["Limits", "Readers", "Reading", "chunks_of"]
