"""The printer: what a careful author would write, letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Function, Integer, Rational, Symbol, sin

from derive.errors import DeriveError
from derive.kernel.facts import Context
from derive.kernel.language import (
    Cases,
    Eq,
    Equation,
    Expr,
    IndexedBase,
    Indicator,
    Mul,
    Ne,
    Partial,
    Pow,
    Product,
    Sum,
    delta,
    exp,
    factorial,
    log,
)
from derive.kernel.matrices import Component, Diag, Entry, Eye, Kron, Ones, Outer, Pair, Vec
from derive.notation import (
    D,
    K,
    L,
    N,
    Quantity,
    T,
    W,
    a,
    b,
    c,
    d,
    e,
    ell,
    eta,
    gamma,
    i,
    index,
    j,
    k,
    l,
    m,
    p,
    phi,
    q,
    shift,
    tau,
    x,
    y,
    z,
)
from derive.render.html import mathml
from derive.render.maths import latex, plain

S = Sum(exp(z[k]), (k, 1, K))
SUM = r"\sum_{k=1}^{K} e^{z_{k}}"
f = Function("f")
J = Diag(Vec(p)) - Outer(Vec(p), Vec(p))

WRITTEN = [
    # components
    (z[i], "z_{i}", "z_i"),
    (W[k, d], "W_{kd}", "W_kd"),
    (eta[i], r"\eta_{i}", "η_i"),
    (phi[K], r"\phi_{K}", "φ_K"),
    (z[i + 1], "z_{i+1}", "z_{i+1}"),
    (W[1, 2], "W_{1,2}", "W_{1,2}"),
    (W[k, 1], "W_{k1}", "W_k1"),
    (W[k, K - 1], "W_{k,K-1}", "W_{k,K−1}"),
    (z[index("k'")], "z_{k'}", "z_k'"),
    (ell, r"\ell", "ℓ"),
    (Symbol("x_1"), "x_{1}", "x_1"),
    (IndexedBase("w_1")[i], "{w_{1}}_{i}", "w_1_i"),
    (Symbol("loss"), r"\mathrm{loss}", "loss"),
    (f(x[i], 2), r"f\left(x_{i}, 2\right)", "f(x_i, 2)"),
    # sums and signs
    (p[i] - y[i], "p_{i} - y_{i}", "p_i − y_i"),
    (y[i] - p[i], "y_{i} - p_{i}", "y_i − p_i"),
    (1 - p[i], "1 - p_{i}", "1 − p_i"),
    (p[i] - 1, "p_{i} - 1", "p_i − 1"),
    (K - 1, "K - 1", "K − 1"),
    (gamma + 1, r"\gamma + 1", "γ + 1"),
    (-p[i] - p[j], "-p_{i} - p_{j}", "−p_i − p_j"),
    (z[i] - log(S), rf"z_{{i}} - \log {SUM}", "z_i − log Σ_k exp(z_k)"),
    (1 - Sum(phi[k], (k, 1, K - 1)), r"1 - \sum_{k=1}^{K-1} \phi_{k}", "1 − Σ_{k=1}^{K−1} φ_k"),
    (b[k] + Sum(W[k, d] * x[d], (d, 1, D)), r"b_{k} + \sum_{d=1}^{D} W_{kd} x_{d}",
     "b_k + Σ_d W_kd x_d"),
    # products
    (-p[i] * p[j], "-p_{i} p_{j}", "−p_i p_j"),
    (p[i] * (delta(i, j) - p[j]), r"p_{i} \left(\delta_{ij} - p_{j}\right)", "p_i (δ_ij − p_j)"),
    (-2 * x[1], "-2 x_{1}", "−2 x_1"),
    (K * p[i], "K p_{i}", "K p_i"),
    (2 * Pow(3, x[i]), r"2 \cdot 3^{x_{i}}", "2 · 3^(x_i)"),
    (p[i] * Sum(y[k], (k, 1, K)) - y[i], r"p_{i} \sum_{k=1}^{K} y_{k} - y_{i}",
     "p_i Σ_k y_k − y_i"),
    (Sum(x[k], (k, 1, K)) * Sum(y[k], (k, 1, K)),
     r"\left(\sum_{k=1}^{K} x_{k}\right) \sum_{k=1}^{K} y_{k}", "(Σ_k x_k) Σ_k y_k"),
    (log(p[i]) * log(q[i]), r"\left(\log p_{i}\right) \log q_{i}", "(log p_i) log q_i"),
    (exp(z[i]) * exp(z[j]), "e^{z_{i}} e^{z_{j}}", "exp(z_i) exp(z_j)"),
    (Mul(p[i], Mul(-1, q[i], evaluate=False), evaluate=False),
     r"p_{i} \left(-q_{i}\right)", "p_i (−q_i)"),
    # fractions
    (exp(z[i]) / S, rf"\frac{{e^{{z_{{i}}}}}}{{{SUM}}}", "exp(z_i) / (Σ_k exp(z_k))"),
    (-y[k] / p[k], r"-\frac{y_{k}}{p_{k}}", "−y_k / p_k"),
    (1 / S**2, rf"\frac{{1}}{{\left({SUM}\right)^{{2}}}}", "1 / (Σ_k exp(z_k))^2"),
    (Rational(1, 2) * x[i], r"\frac{1}{2} x_{i}", "(1/2) x_i"),
    (x[i] / (2 * y[i]), r"\frac{x_{i}}{2 y_{i}}", "x_i / (2 y_i)"),
    (Sum(y[k], (k, 1, K)) / m, r"\frac{1}{m} \sum_{k=1}^{K} y_{k}", "(1 / m) Σ_k y_k"),
    (factorial(N) / Product(factorial(y[k]), (k, 1, K)) * Product(phi[k] ** y[k], (k, 1, K)),
     r"\frac{N!}{\prod_{k=1}^{K} y_{k}!} \prod_{k=1}^{K} \phi_{k}^{y_{k}}",
     "(N! / (Π_k y_k!)) Π_k φ_k^(y_k)"),
    (exp(z[i]) / S * (delta(i, j) - exp(z[j]) / S),
     rf"\frac{{e^{{z_{{i}}}}}}{{{SUM}}} "
     rf"\left(\delta_{{ij}} - \frac{{e^{{z_{{j}}}}}}{{{SUM}}}\right)",
     "(exp(z_i) / (Σ_k exp(z_k))) (δ_ij − exp(z_j) / (Σ_k exp(z_k)))"),
    # powers, exp, log
    (x[i] ** 2, "x_{i}^{2}", "x_i^2"),
    (S**2, rf"\left({SUM}\right)^{{2}}", "(Σ_k exp(z_k))^2"),
    ((1 - p[i]) ** gamma, r"\left(1 - p_{i}\right)^{\gamma}", "(1 − p_i)^γ"),
    ((1 - p[i]) ** (gamma - 1), r"\left(1 - p_{i}\right)^{\gamma - 1}", "(1 − p_i)^(γ − 1)"),
    (x[i] ** Rational(1, 2), r"\sqrt{x_{i}}", "√x_i"),
    (exp(z[i] - shift), "e^{z_{i} - s}", "exp(z_i − s)"),
    (exp(z[i] / tau), r"\exp\left(\frac{z_{i}}{\tau}\right)", "exp(z_i / τ)"),
    (exp(Sum(eta[k] * T[k], (k, 1, K - 1)) - a),
     r"\exp\left(\sum_{k=1}^{K-1} \eta_{k} T_{k} - a\right)", "exp(Σ_{k=1}^{K−1} η_k T_k − a)"),
    (log(S), rf"\log {SUM}", "log Σ_k exp(z_k)"),
    (log(S - 1), rf"\log \left({SUM} - 1\right)", "log (Σ_k exp(z_k) − 1)"),
    (log(phi[i] / phi[K]), r"\log \frac{\phi_{i}}{\phi_{K}}", "log (φ_i / φ_K)"),
    (log(p[i] * q[i]), r"\log \left(p_{i} q_{i}\right)", "log (p_i q_i)"),
    (log(p[i] ** 2, evaluate=False), r"\log \left(p_{i}^{2}\right)", "log (p_i^2)"),
    (log(p[i]) ** 2, r"\left(\log p_{i}\right)^{2}", "(log p_i)^2"),
    (factorial(N - 1), r"\left(N - 1\right)!", "(N − 1)!"),
    # binders
    (Sum(y[k] * log(p[k]), (k, 1, K)), r"\sum_{k=1}^{K} y_{k} \log p_{k}", "Σ_k y_k log p_k"),
    (Sum(x[k] + y[k], (k, 1, K)), r"\sum_{k=1}^{K} \left(x_{k} + y_{k}\right)",
     "Σ_k (x_k + y_k)"),
    (Sum(-y[k], (k, 1, K)), r"\sum_{k=1}^{K} \left(-y_{k}\right)", "Σ_k (−y_k)"),
    (Sum(phi[k], (k, 1, K), i), r"\sum_{k \neq i} \phi_{k}", "Σ_{k≠i} φ_k"),
    (Sum(phi[k], (k, 1, K - 1), i), r"\sum_{k=1,\, k \neq i}^{K-1} \phi_{k}",
     "Σ_{k=1,k≠i}^{K−1} φ_k"),
    (Sum(Sum(x[i] * x[j], (j, 1, K)), (i, 1, K)),
     r"\sum_{i=1}^{K} \sum_{j=1}^{K} x_{i} x_{j}", "Σ_i Σ_j x_i x_j"),
    (Sum(x[k], (k, 2, 5)), r"\sum_{k=2}^{5} x_{k}", "Σ_{k=2}^5 x_k"),
    # deltas, cases, indicators
    (delta(i, K), r"\delta_{iK}", "δ_iK"),
    (delta(i, 1), r"\delta_{i1}", "δ_i1"),
    (delta(i, c), r"\delta_{ic}", "δ_ic"),
    (delta(j, i + 1), r"\delta_{j,i+1}", "δ_{j,i+1}"),
    (Cases((p[i] * (1 - p[i]), Eq(i, j)), (-p[i] * p[j], Ne(i, j))),
     r"\begin{cases} p_{i} \left(1 - p_{i}\right) & \text{if } i = j \\ "
     r"-p_{i} p_{j} & \text{if } i \neq j \end{cases}",
     "{ p_i (1 − p_i) if i = j; −p_i p_j if i ≠ j }"),
    (x[i] * Indicator(i < K), r"x_{i} \mathbf{1}\left\{i < K\right\}", "x_i · 1{i < K}"),
    # derivatives
    (Partial(p[i], z[j]), r"\frac{\partial p_{i}}{\partial z_{j}}", "∂p_i/∂z_j"),
    (Partial(Partial(L, z[j]), z[i]), r"\frac{\partial^{2} L}{\partial z_{i} \partial z_{j}}",
     "∂²L/∂z_i∂z_j"),
    (Partial(Partial(L, z[i]), z[i]), r"\frac{\partial^{2} L}{\partial z_{i}^{2}}", "∂²L/∂z_i²"),
    (Partial(log(S), z[j]), rf"\frac{{\partial}}{{\partial z_{{j}}}} \log {SUM}",
     "∂/∂z_j log Σ_k exp(z_k)"),
    (Partial(x[i] * y[i], z[j]), r"\frac{\partial}{\partial z_{j}} \left(x_{i} y_{i}\right)",
     "∂/∂z_j (x_i y_i)"),
    (Partial(exp(z[i]), z[j]) * S,
     rf"\left({SUM}\right) \frac{{\partial}}{{\partial z_{{j}}}} e^{{z_{{i}}}}",
     "(Σ_k exp(z_k)) ∂/∂z_j exp(z_i)"),
    (Sum(-phi[j], (j, 1, K)) + Sum(delta(i, j), (j, 1, K)),
     r"\sum_{j=1}^{K} \delta_{ij} + \sum_{j=1}^{K} \left(-\phi_{j}\right)",
     "Σ_j δ_ij + Σ_j (−φ_j)"),
    (Sum(y[k] / p[k] * Partial(p[k], z[j]), (k, 1, K)),
     r"\sum_{k=1}^{K} \frac{y_{k}}{p_{k}} \frac{\partial p_{k}}{\partial z_{j}}",
     "Σ_k (y_k / p_k) ∂p_k/∂z_j"),
    # vectors and matrices
    (J, r"\operatorname{diag}\left(\mathbf{p}\right) - \mathbf{p} \mathbf{p}^{\top}",
     "diag(p) − p pᵀ"),
    (Entry(J, i, j),
     r"\left(\operatorname{diag}\left(\mathbf{p}\right) - \mathbf{p} \mathbf{p}^{\top}\right)_{ij}",
     "(diag(p) − p pᵀ)_ij"),
    (Outer(Vec(p) - Vec(y), Vec(x)),
     r"\left(\mathbf{p} - \mathbf{y}\right) \mathbf{x}^{\top}", "(p − y) xᵀ"),
    (Entry(Kron(Outer(Vec(x), Vec(x)), J), Pair(d, j), Pair(e, i)),
     r"\left(\mathbf{x} \mathbf{x}^{\top} \otimes "
     r"\left(\operatorname{diag}\left(\mathbf{p}\right) - "
     r"\mathbf{p} \mathbf{p}^{\top}\right)\right)_{dj,ei}", "(x xᵀ ⊗ (diag(p) − p pᵀ))_{dj,ei}"),
    (Outer(Vec(W, i), Vec(x)), r"\mathbf{W}_{i} \mathbf{x}^{\top}", "W_i xᵀ"),
    (Component(2 * Vec(eta), l), r"\left(2 \boldsymbol{\eta}\right)_{l}", "(2 η)_l"),
    (Eye() + Outer(Ones(), Ones()), r"\mathbf{I} + \mathbf{1} \mathbf{1}^{\top}", "I + 𝟏 𝟏ᵀ"),
    # whole lines
    (Equation(Partial(L, z[i]), p[i] - y[i]),
     r"\frac{\partial L}{\partial z_{i}} = p_{i} - y_{i}", "∂L/∂z_i = p_i − y_i"),
    (K >= 2, r"K \geq 2", "K ≥ 2"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "tex", "text"), WRITTEN, ids=[text for *_, text in WRITTEN])
def test_written_as_expected(expr: Expr, tex: str, text: str) -> None:
    assert latex(expr, Context()) == tex
    assert plain(expr, Context()) == text


@pytest.mark.parametrize("tex", [tex for _, tex, _ in WRITTEN])
def test_every_formula_becomes_mathml(tex: str) -> None:
    assert mathml(tex, display=True).startswith("<math")


def test_names_come_from_the_declared_quantities() -> None:
    context = Context().with_quantities(Quantity(phi, "means", shape=(K,), latex=r"\mu"))
    assert latex(phi[i], context) == r"\mu_{i}"
    assert latex(Vec(phi), context) == r"\boldsymbol{\mu}"
    assert latex(phi[i]) == r"\phi_{i}"


@pytest.mark.parametrize("expr", [sin(z[i]), z[i] * sin(z[i]), Integer(2) ** 3 + 0.5])
def test_what_is_outside_the_language_raises(expr: Expr) -> None:
    with pytest.raises(DeriveError, match=r"no way to write|not exact"):
        latex(expr)


# --- a reader of one's own: what is printed has one meaning ---------------------------------------

ATOMS = [p[i], p[j], y[i], z[k], tau, Integer(2), Integer(3)]
EXPRESSIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds(lambda s, t: s + t, inner, inner),
        st.builds(lambda s, t: s - t, inner, inner),
        st.builds(lambda s, t: s * t, inner, inner),
        st.builds(lambda s, t: s / (t * t + 1), inner, inner),
        st.builds(lambda s, n: s**n, inner, st.sampled_from([2, 3, -1, -2])),
        st.builds(exp, inner),
        st.builds(lambda s: log(s * s + 1), inner),
    ),
    max_leaves=7,
)
VALUES = {p[i]: 3, p[j]: 5, y[i]: 7, z[k]: 2, tau: 11}


@given(EXPRESSIONS)
def test_the_text_says_what_the_expression_is(expr: Expr) -> None:
    import mpmath

    if expr.has(1 / Integer(0)) or (not expr.is_finite and expr.is_number):
        return
    read = _Reader(plain(expr)).read()
    exact = expr.xreplace({s: Integer(n) for s, n in VALUES.items()})
    assert mpmath.almosteq(mpmath.mpmathify(exact.evalf(30)), read, 1e-9)


class _Reader:
    """A recursive descent over the plain text, written from its conventions and not its code."""

    def __init__(self, text: str) -> None:
        import re

        names = {"p_i": 3, "p_j": 5, "y_i": 7, "z_k": 2, "τ": 11}
        self.names = names
        self.tokens = [*re.findall(r"exp|log|[a-zτ](?:_[a-z])?|\d+|[()^/+−·√]", text), "end"]

    def read(self):  # type: ignore[no-untyped-def]
        value = self.total()
        assert self.tokens == ["end"]
        return value

    def total(self):  # type: ignore[no-untyped-def]
        sign = -1 if self.tokens[0] == "−" and self.tokens.pop(0) else 1
        value = sign * self.product()
        while self.tokens[0] in "+−":
            sign = 1 if self.tokens.pop(0) == "+" else -1
            value += sign * self.product()
        return value

    def product(self):  # type: ignore[no-untyped-def]
        value = self.factor()
        while self.tokens[0] not in ("+", "−", ")", "end", "/"):
            if self.tokens[0] == "·":
                self.tokens.pop(0)
            value *= self.factor()
        if self.tokens[0] == "/":
            self.tokens.pop(0)
            value /= self.factor()
            assert self.tokens[0] in ("+", "−", ")", "end")  # nothing may follow a quotient
        return value

    def factor(self):  # type: ignore[no-untyped-def]
        value = self.unit()
        if self.tokens[0] == "^":
            self.tokens.pop(0)
            value = value ** self.unit()
        return value

    def unit(self):  # type: ignore[no-untyped-def]
        import mpmath

        token = self.tokens.pop(0)
        if token == "exp":
            return mpmath.exp(self.unit())
        if token == "log":
            return mpmath.log(self.unit())
        if token == "√":
            return mpmath.sqrt(self.unit())
        if token == "(":
            value = self.total()
            assert self.tokens.pop(0) == ")"
            return value
        return mpmath.mpf(self.names.get(token) or int(token))
