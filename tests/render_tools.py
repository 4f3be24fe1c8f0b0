"""Small derivations built by hand, for the tests of the write-ups."""

from dataclasses import replace

from derive.kernel.derivation import Builder, Derivation
from derive.kernel.facts import OneHot
from derive.kernel.language import Expr, Partial, Sum, delta, exp, log
from derive.kernel.rule import Example, Rule
from derive.kernel.verdicts import Evidence, Recheck, Status, Verdict
from derive.notation import K, L, c, i, j, k, p, y, z

S = Sum(exp(z[k]), (k, 1, K))
PROVED = Evidence(Verdict(Status.PROVED), Recheck(True, (1, 2, 3, 4), (7,), 40))


def step_to(after: Expr, title: str = "a rule") -> Rule:
    """A rule that produces one line whatever stands before it."""
    same = Example(p[i], p[i])
    return Rule(
        title, title, "f_{j} = f_{j}", "a_1 & b%", "$x > 0$", "nobody", same, same, lambda *_: after
    )


def jacobian(**example: object) -> Derivation:
    d = Builder("the-jacobian", "The Jacobian", "softmax", "It is p_i (δ_ij − p_j).", ("A & B",))
    d.define(p[i], exp(z[i]) / S)
    d.start(Partial(p[i], z[j]))
    d.by(step_to(Partial(exp(z[i]) / S, z[j])), "Definition 100% of p_i.")
    d.by(step_to(p[i] * (delta(i, j) - p[j])))
    d.example("Three classes.", **(example or {"z": ("-3", "3/2", "27/10")}))
    return with_evidence(d.finish())


def with_evidence(made: Derivation, one: Evidence = PROVED) -> Derivation:
    made.__dict__["evidence"] = (one,) * (len(made.steps) + 1)
    return made


def label_gradient(**example: object) -> Derivation:
    d = Builder("the-gradient", "The gradient", "loss", "For a label.")
    d.define(p[i], exp(z[i]) / S)
    d.define(L, -Sum(y[k] * log(p[k]), (k, 1, K)))
    d.assume(OneHot(y, c))
    d.start(Partial(L, z[i]))
    d.by(step_to(p[i] - delta(i, c)))
    d.example(**example)
    made = replace(d.finish(), uses=("the-jacobian",))
    return with_evidence(
        made,
        Evidence(Verdict(Status.CONDITIONAL, (OneHot(y, c),)), Recheck(True, (1, 2, 3), (), 9)),
    )


def both() -> list[Derivation]:
    return [jacobian(), label_gradient(z=("1", "2"), c=1)]
