"""Generated documents: plausible mathematics, broken mathematics, noise, and attacks."""

from __future__ import annotations

from random import Random

PARTS = (
    r"\frac{e^{z_i}}{\sum_k e^{z_k}}", r"\sum_{j \neq i}", r"\sum", r"\prod_{i=1}^{n}", "p_i",
    "y_k",
    r"\hat{y}_i", r"\partial", r"\frac{\partial L}{\partial z_i}", r"\delta_{ij}", r"1\{y=i\}",
    r"\begin{cases} a & i=j \\ b & i \neq j \end{cases}", r"\log", "ln", "exp(", ")", "(", "[", "]",
    "{", "}", "^", "_", "^{2}", "_{i}", "=", "=", "+", "-", "/", r"\cdot", r"\times", "&", r"\\",
    "0.5", "3", "10^{6}", r"\left(", r"\right)", r"\left[", r"\right.", "|", "'", "!", ",", ";",
    ":",
    r"\text{if } i=j", r"\mathbf{p}", "p^T", r"\nabla_z L", r"\operatorname{diag}(p)", r"\dots",
    "[p_1, \\dots, p_n]", r"\approx", r"\le", r"\Rightarrow", "其中", "σ(z)_i", "∂L/∂z_i",
    "Σ_k y_k",
    r"\unknown", r"\begin{matrix}", r"\end{matrix}", r"\over", "$", "$$", r"\(", r"\]", "\n",
    "\n\n",
    r"\newcommand{\a}{\b}", r"\a", r"\stackrel{def}{=}", "softmax(z)", "tanh(x)", r"x^{x^{x}}",
)  # fmt: skip
WRAPS = ("$%s$", "$$%s$$", r"\[%s\]", r"\begin{align}%s\end{align}", "```math\n%s\n```", "%s")


def generated(rng: Random) -> str:
    """One small document."""
    kind = rng.randrange(4)
    if kind == 0:
        inner = " ".join(rng.choice(PARTS) for _ in range(rng.randint(1, 14)))
        return rng.choice(WRAPS) % inner
    if kind == 1:
        sides = [" ".join(rng.choice(PARTS[:24]) for _ in range(rng.randint(1, 4))) for _ in "ab"]
        return rng.choice(WRAPS) % " = ".join(sides)
    if kind == 2:
        text = "$$" + "".join(rng.choice(PARTS) for _ in range(rng.randint(1, 8))) + " = p_i $$"
        place = rng.randrange(len(text))
        return text[:place] + rng.choice("{}()[]^_&\\$=|") + text[place + rng.randrange(3) :]
    return "".join(chr(rng.choice((rng.randrange(32, 127), rng.randrange(0x370, 0x3FF),
                                   rng.randrange(0x2200, 0x22FF), rng.randrange(1, 0xFFFF))))
                   for _ in range(rng.randint(1, 40)))  # fmt: skip


ATTACKS = {
    "a million braces": "$$" + "{" * 1_000_000 + " = 1$$",
    "a million closing braces": "$$ 1 = " + "}" * 1_000_000 + "$$",
    "a tower of powers": r"$$9^{9^{9^{9^{9}}}} = 1$$",
    "a long tower": "$$" + "9^{" * 500 + "9" + "}" * 500 + " = 1$$",
    "a long sum": r"$$\sum_{k=1}^{1000000000000} k = \sum_{k=1}^{10^{12}} 1$$",
    "a sum of powers": r"$$\sum_{k=1}^{100000} k^{100000} = 1$$",
    "deep brackets": "$$" + "(" * 5_000 + "x" + ")" * 5_000 + " = x$$",
    "deep fractions": "$$" + r"\frac{1}{" * 2_000 + "x" + "}" * 2_000 + " = x$$",
    "macros without an end": r"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a} $$\a = 1$$",
    "a bomb of macros": "".join(
        rf"\newcommand{{\a{chr(98 + n)}}}{{\a{chr(97 + n)}\a{chr(97 + n)}}}" for n in range(24)
    ) + r"\newcommand{\aa}{x} $$\ay = 1$$",
    "noise": "".join(chr(33 + (n * 7919) % 90) for n in range(1_500_000)),
    "a huge number": "$$" + "9" * 100_000 + " = 1$$",
    "a factorial": "$$99999999! = 1$$",
    "dollars": "$" * 200_000,
    "openers": r"\[ x = 1 " * 100_000,
    "environments": r"\begin{align}" * 50_000,
    "a long product": "$$" + " ".join("x_i" for _ in range(1_900)) + " = 1$$",
    "a long chain": "$$" + " = ".join("x" for _ in range(1_500)) + "$$",
    "nul": "$$x\0 = \0y$$",
    "big exponents": r"$$(1 + x)^{64} (1 + y)^{64} (1+z)^{64} = e^{e^{e^{e^{100}}}}$$",
    "recursion": "$$a = b$$ $$b = c$$ $$c = a$$ $$a = a + 1$$",
    "functions of each other": "$$f(x) = g(x) + 1$$ $$g(x) = f(x)$$ $$f(1) = g(2)$$",
}  # fmt: skip


def expression(rng: Random, depth: int = 3) -> str:
    """A well-formed expression in indexed quantities."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(
            ("p_i", "p_j", "y_i", "z_j", "e^{z_i}", "2", "1", "x", r"\delta_{ij}", "K")
        )
    inner = [expression(rng, depth - 1) for _ in range(2)]
    return rng.choice((
        "{0} + {1}", "{0} - {1}", "({0}) ({1})", r"\frac{{{0}}}{{{1}}}", r"\sum_k p_k ({0})",
        r"\sum_{{k \neq i}} y_k {0}", r"\log(1 + e^{{{0}}})", "({0})^2", "-{0}", "e^{{{0}}}",
        r"\sum_{{k=1}}^{{K}} e^{{z_k}}", r"\frac{{\partial p_i}}{{\partial z_j}}",
        r"\frac{{\partial}}{{\partial z_i}} ({0})", r"\sum_i p_i",
    )).format(*inner)  # fmt: skip


def equation(rng: Random) -> str:
    """A softmax, a loss, and an equation about them: of anything, or of two like things."""
    left = expression(rng)
    right = expression(rng) if rng.random() < 0.4 else left
    if right == left:
        old, new = rng.choice(
            (("+", "-"), ("p_i", "p_j"), ("y_k", "y_i"), ("(", "2("), ("_k", "_k"))
        )
        right = left.replace(old, new, 1)
    text = r"$$p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$" + "\n\n"
    return text + f"$${left} = {right}$$"
