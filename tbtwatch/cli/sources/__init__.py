"""sources: the list when nothing else is said, and what can be done with one source. A new command is a new file.

A module of this folder with `register(app)` adds its commands; one without it stops the program at start, so that a
command is never left out by a typing error.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

app = typer.Typer(help="The sources, and how they are.", invoke_without_command=True, rich_markup_mode=None)

for _name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_name}").register(app)
