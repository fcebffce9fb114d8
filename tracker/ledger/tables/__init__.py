"""The tables, a file for each noun.  The drawing of them is in docs/model.md."""

import importlib
import pkgutil


def load() -> None:
    """Import every table, so that relationships and migrations know them all."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
