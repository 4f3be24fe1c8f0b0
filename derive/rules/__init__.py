"""The rules, by subject. Each is declared once, with its law, an example and a refused case."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from derive.kernel.rule import Rule
from derive.kernel.rule import rules as declared


def all_rules() -> dict[str, Rule]:
    """Every rule, by name: importing a module of this package declares its rules."""
    for module in sorted(m.name for m in iter_modules(__path__)):
        import_module(f"{__name__}.{module}")
    return declared()
