"""Derivations of softmax, cross-entropy and the multinomial family, for every number of classes.

>>> import derive
>>> derive.get("softmax-jacobian").result
(KroneckerDelta(i, j) - p[j])*p[i]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Derivation", "check", "decide", "get", "load_file", "names", "verify", "verify_function",
]  # fmt: skip

if TYPE_CHECKING:
    from derive.catalogue import get, load_file, names
    from derive.judge.code.verdict import verify_function
    from derive.judge.report import verify
    from derive.kernel.check import report as check
    from derive.kernel.decide import decide
    from derive.kernel.derivation import Derivation

_HOMES = {
    "get": ("derive.catalogue", "get"),
    "names": ("derive.catalogue", "names"),
    "load_file": ("derive.catalogue", "load_file"),
    "check": ("derive.kernel.check", "report"),
    "decide": ("derive.kernel.decide", "decide"),
    "verify": ("derive.judge.report", "verify"),
    "verify_function": ("derive.judge.code.verdict", "verify_function"),
    "Derivation": ("derive.kernel.derivation", "Derivation"),
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import derive`` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
