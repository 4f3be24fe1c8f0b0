"""The two ways of setting a formula: LaTeX, and plain Unicode text for the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Level(IntEnum):
    """How tightly a piece holds together."""

    RELATION = 0
    SUM = 1
    PRODUCT = 2
    FRACTION = 3
    POWER = 4
    ATOM = 5


@dataclass(frozen=True)
class Piece:
    """Text that has been set. ``open``: what follows in a product would be taken in by it."""

    text: str
    level: Level = Level.ATOM
    open: bool = False
    tall: bool = False


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "ell": "ℓ", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip


def _small_signs() -> dict[str, tuple[str, str]]:
    """Raised and lowered Unicode letters: sign → "^" or "_" and the letter itself."""
    found = {}
    blocks = (range(0xB2, 0xBA), range(0x2B0, 0x2E5), range(0x1D2C, 0x1DC0), range(0x2070, 0x209D))
    for code in (*(c for block in blocks for c in block), 0x2C7C, 0x2C7D):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind in ("<super>", "<sub>") and len(letters) == 1:
            letter = chr(int(letters[0], 16)).replace("\N{MINUS SIGN}", "-")
            found[chr(code)] = ("^" if kind == "<super>" else "_", letter)
    return found


SMALL = _small_signs()


def name_parts(name: str) -> tuple[str, str, str]:
    """``x_1'`` or ``x1'`` → stem, own subscript, primes."""
    found = re.fullmatch(r"([^\W\d_]+?)_?(\d+|(?<=_)\w+)?('*)", name)
    return (found[1], found[2] or "", found[3]) if found else (name, "", "")


class Style(Protocol):
    """What the printer needs from a way of setting."""

    minus: str
    relations: Mapping[str, str]

    def name(self, name: str) -> str: ...
    def parens(self, text: str) -> str: ...
    def subscript(self, base: str, indices: list[str]) -> Piece: ...
    def fraction(self, top: Piece, bottom: Piece) -> Piece: ...
    def power(self, base: Piece, exponent: Piece) -> Piece: ...
    def root(self, base: Piece) -> Piece: ...
    def exponential(self, exponent: Piece) -> Piece: ...
    def log(self, argument: Piece, bare: bool) -> Piece: ...
    def big(self, kind: str, index: str, ends: tuple[str, str] | None, out: list[str]) -> str: ...
    def partial(self, top: Piece | None, below: list[str]) -> Piece: ...
    def cases(self, pairs: list[tuple[str, str]]) -> Piece: ...
    def indicator(self, relation: str) -> Piece: ...
    def bold(self, name: str) -> str: ...
    def special(self, what: str, *inner: str) -> str: ...


def subscript_text(indices: list[str]) -> str:
    """``ij`` where each index is one sign, else with commas: ``i,j+1``."""
    numbers = sum(1 for s in indices if s.isdigit())
    compact = all(re.fullmatch(r"\w'*|\\[a-zA-Z]+'*", s) for s in indices) and numbers < 2
    if not compact:
        return ",".join(indices)
    return "".join(
        s + (" " if s.startswith("\\") and s is not indices[-1] else "") for s in indices
    )


class Latex:
    """LaTeX for the mathematical mode: braces on every subscript and superscript."""

    minus = "-"
    relations: Mapping[str, str] = {
        "==": "=",
        "!=": r"\neq",
        "<": "<",
        "<=": r"\leq",
        ">": ">",
        ">=": r"\geq",
    }

    def name(self, name: str) -> str:
        stem, sub, primes = name_parts(name)
        base = f"\\{stem}" if stem in GREEK else stem if len(stem) == 1 else f"\\mathrm{{{stem}}}"
        return base + primes + (f"_{{{sub}}}" if sub else "")

    def parens(self, text: str) -> str:
        return rf"\left({text}\right)"

    def subscript(self, base: str, indices: list[str]) -> Piece:
        base = f"{{{base}}}" if "_" in base else base
        return Piece(f"{base}_{{{subscript_text(indices)}}}")

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        return Piece(rf"\frac{{{top.text}}}{{{bottom.text}}}", Level.FRACTION, tall=True)

    def power(self, base: Piece, exponent: Piece) -> Piece:
        text = base.text if base.level == Level.ATOM else self.parens(base.text)
        return Piece(f"{text}^{{{exponent.text}}}", Level.POWER, tall=base.tall)

    def root(self, base: Piece) -> Piece:
        return Piece(rf"\sqrt{{{base.text}}}", tall=base.tall)

    def exponential(self, exponent: Piece) -> Piece:
        if exponent.tall or visible(exponent.text) > LONG_EXPONENT:
            return Piece(rf"\exp{self.parens(exponent.text)}", Level.POWER, tall=exponent.tall)
        return Piece(f"e^{{{exponent.text}}}", Level.POWER)

    def log(self, argument: Piece, bare: bool) -> Piece:
        inner = argument.text if bare else self.parens(argument.text)
        return Piece(rf"\log {inner}", Level.PRODUCT, open=True, tall=argument.tall)

    def big(self, kind: str, index: str, ends: tuple[str, str] | None, out: list[str]) -> str:
        left = "".join(rf",\, {index} \neq {e}" for e in out)
        if ends:
            return rf"\{kind}_{{{index}={ends[0]}{left}}}^{{{ends[1]}}} "
        return rf"\{kind}_{{{left[4:]}}} "

    def partial(self, top: Piece | None, below: list[str]) -> Piece:
        order = f"^{{{len(below)}}}" if len(below) > 1 else ""
        numerator = rf"\partial{order}" + (f" {top.text}" if top else "")
        denominator = " ".join(
            rf"\partial {var}" + (f"^{{{n}}}" if n > 1 else "") for var, n in _runs(below)
        )
        return Piece(rf"\frac{{{numerator}}}{{{denominator}}}", Level.FRACTION, tall=True)

    def cases(self, pairs: list[tuple[str, str]]) -> Piece:
        rows = r" \\ ".join(rf"{f} & \text{{if }} {c}" for f, c in pairs)
        return Piece(rf"\begin{{cases}} {rows} \end{{cases}}", Level.SUM, tall=True)

    def indicator(self, relation: str) -> Piece:
        return Piece(rf"\mathbf{{1}}\left\{{{relation}\right\}}")

    def bold(self, name: str) -> str:
        command = "boldsymbol" if name.startswith("\\") else "mathbf"
        return rf"\{command}{{{name}}}"

    def special(self, what: str, *inner: str) -> str:
        match what:
            case "ones":
                return r"\mathbf{1}"
            case "eye":
                return r"\mathbf{I}"
            case "diag":
                return rf"\operatorname{{diag}}{self.parens(inner[0])}"
            case "outer":
                return rf"{inner[0]} {inner[1]}^{{\top}}"
            case "kron":
                return rf"{inner[0]} \otimes {inner[1]}"
            case "infinity":
                return r"\infty"
            case "call":
                return inner[0] + self.parens(", ".join(inner[1:]))
            case _:
                return {"join": r" \cdot "}[what]


LONG_EXPONENT = 16


def visible(latex: str) -> int:
    """About how many signs wide a reader sees it: the wider half of a fraction, small indices."""
    text = re.sub(r"\\(left|right|begin\{\w+\}|end\{\w+\}|text)(?![a-z])", "", latex)
    text = re.sub(r"\\[a-zA-Z]+", lambda m: m[0] if m[0] == r"\frac" else "x", text)
    before = ""
    while text != before:
        before = text
        text = re.sub(r"[_^]\{([^{}]*)\}", lambda m: _blank(0.6 * _signs(m[1])), text)
        text = re.sub(
            r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda m: _blank(max(map(_signs, m.groups()))), text
        )
    return max(_signs(row) for row in text.split(r"\\"))


def _blank(signs: float) -> str:
    return "x" * round(signs)


def _signs(text: str) -> int:
    return len(re.sub(r"[{}\s&]", "", text))


def _runs(names: list[str]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for name in names:
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + 1)
        else:
            found.append((name, 1))
    return found


class Plain:
    """Unicode text on one line, as one types it."""

    minus = "−"
    relations: Mapping[str, str] = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}

    def name(self, name: str) -> str:
        stem, sub, primes = name_parts(name)
        return GREEK.get(stem, stem) + (f"_{sub}" if sub else "") + primes

    def parens(self, text: str) -> str:
        return f"({text})"

    def subscript(self, base: str, indices: list[str]) -> Piece:
        sub = subscript_text(indices)
        return Piece(f"{base}_{sub}" if re.fullmatch(r"\w+'*", sub) else f"{base}_{{{sub}}}")

    def fraction(self, top: Piece, bottom: Piece) -> Piece:
        above = self.parens(top.text) if top.level < Level.PRODUCT or top.open else top.text
        below = bottom.text if bottom.level >= Level.POWER else self.parens(bottom.text)
        if above.isdigit() and below.isdigit():
            return Piece(f"{above}/{below}", Level.PRODUCT, open=True)
        return Piece(f"{above} / {below}", Level.PRODUCT, open=True)

    def power(self, base: Piece, exponent: Piece) -> Piece:
        text = base.text if base.level == Level.ATOM else self.parens(base.text)
        unit = exponent.level == Level.ATOM and "_" not in exponent.text
        above = exponent.text if unit else self.parens(exponent.text)
        return Piece(f"{text}^{above}", Level.POWER)

    def root(self, base: Piece) -> Piece:
        return Piece(f"√{base.text if base.level == Level.ATOM else self.parens(base.text)}")

    def exponential(self, exponent: Piece) -> Piece:
        return Piece(f"exp({exponent.text})")

    def log(self, argument: Piece, bare: bool) -> Piece:
        inner = argument.text if bare else self.parens(argument.text)
        return Piece(f"log {inner}", Level.PRODUCT, open=True)

    def big(self, kind: str, index: str, ends: tuple[str, str] | None, out: list[str]) -> str:
        sign = {"sum": "Σ", "prod": "Π"}[kind]
        left = ",".join(f"{index}≠{e}" for e in out)
        if ends is None:
            return f"{sign}_{{{left}}} "
        if ends == ("", ""):
            return f"{sign}_{index} "
        comma = "," if left else ""
        top = ends[1] if len(ends[1]) == 1 else f"{{{ends[1]}}}"
        return f"{sign}_{{{index}={ends[0]}{comma}{left}}}^{top} "

    def partial(self, top: Piece | None, below: list[str]) -> Piece:
        order = {1: "", 2: "²", 3: "³"}.get(len(below), f"^{len(below)}")
        denominator = "".join(
            f"∂{var}" + ({1: "", 2: "²", 3: "³"}.get(n, f"^{n}")) for var, n in _runs(below)
        )
        text = f"∂{order}{top.text if top else ''}/{denominator}"
        return Piece(text, Level.FRACTION)

    def cases(self, pairs: list[tuple[str, str]]) -> Piece:
        return Piece("{ " + "; ".join(f"{f} if {c}" for f, c in pairs) + " }", Level.SUM)

    def indicator(self, relation: str) -> Piece:
        return Piece(f"1{{{relation}}}")

    def bold(self, name: str) -> str:
        return name

    def special(self, what: str, *inner: str) -> str:
        match what:
            case "ones":
                return "𝟏"
            case "eye":
                return "I"
            case "diag":
                return f"diag({inner[0]})"
            case "outer":
                return f"{inner[0]} {inner[1]}ᵀ"
            case "kron":
                return f"{inner[0]} ⊗ {inner[1]}"
            case "infinity":
                return "∞"
            case "call":
                return f"{inner[0]}({', '.join(inner[1:])})"
            case _:
                return {"join": " · "}[what]
