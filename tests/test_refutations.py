"""Refutations, worked numbers and trials: each declaration is its own test, and can fail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import sympy
from sympy import E, Rational, exp, log, pi, sqrt

from derive import answers, catalogue
from derive.cli import main
from derive.errors import DeriveError, UnknownName
from derive.kernel import refutation as refutations
from derive.kernel.declared import About
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.facts import DifferentIndex, SameIndex
from derive.kernel.instance import at_instance
from derive.kernel.language import Cases, Eq, Indicator, Le, Ne, Partial, Product, Sum, delta
from derive.kernel.numbers import Builder as NumbersBuilder
from derive.kernel.numbers import numbers
from derive.kernel.refutation import Builder, refutation
from derive.kernel.rounding import (
    beginning,
    cut_off,
    enclosure,
    is_rounding,
    rounded,
    rounded_first,
)
from derive.kernel.trial import trial
from derive.kernel.verdicts import Status, Verdict
from derive.notation import D, K, W, d, i, j, k, p, x, z
from derive.render import latex
from derive.topics.softmax import softmax

REFUTATIONS = catalogue.all_refutations()
OTHERS = catalogue.all_others()
FALSE = [r for r in REFUTATIONS if r.right is not None]


@pytest.mark.parametrize("name", OTHERS)
def test_everything_comes_out_as_declared(name: str) -> None:
    assert answers.failures(OTHERS[name]) == []
    assert OTHERS[name].about.statement.endswith(".")
    assert OTHERS[name].about.references


@pytest.mark.parametrize("made", REFUTATIONS, ids=lambda r: r.name)
def test_the_witness_is_small_and_holds(made) -> None:
    found = made.evidence
    assert found.verdict.status is Status.REFUTED
    assert found.witness.sizes["K"] <= 3
    assert found.again is not None
    assert sympy.simplify(found.again[0] - found.again[1]) != 0


@pytest.mark.parametrize("made", FALSE, ids=lambda r: r.name)
def test_the_right_form_is_not_refuted(made) -> None:
    mended = replace(made, rhs=made.right)
    assert mended.failures()[0].startswith(f"{made.name}: the statement is not refuted: proved")
    assert recheck(made.lhs, made.right, made.context, conditions=made.context.facts).agrees


@pytest.mark.parametrize("made", FALSE, ids=lambda r: r.name)
def test_a_wrong_right_form_is_noticed(made) -> None:
    wrong = replace(made, right=2 * made.right)
    assert any("the right form is not established" in f for f in wrong.failures())
    assert any("does not say what is right" in f for f in replace(made, right=None).failures())


def test_a_wrong_gap_and_a_wrong_condition_are_noticed() -> None:
    made = catalogue.all_others()["chain-rule-cut-short"]
    assert "the difference of the sides" in replace(made, gap=-made.gap).failures()[0]
    wrong = replace(made, where=((SameIndex(i, j),),))
    assert "facts where it should hold" in wrong.failures()[0]
    other = catalogue.get("softmax-jacobian")
    assert "does not conclude the right form" in replace(made, derivations=(other,)).failures()[0]


def test_facts_that_exclude_each_other_save_nothing() -> None:
    made = OTHERS["jacobian-is-not-diagonal"]
    nowhere = replace(made, where=((SameIndex(i, j), DifferentIndex(i, j)),))
    assert "no instance satisfies the facts" in nowhere.failures()[0]


def test_components_of_a_matrix_are_shown_one_by_one() -> None:
    about = About("first", "T", "t", "S.")

    def write(made: Builder) -> None:
        made.stated(Sum(W[k, d] * x[d], (d, 1, D)), W[k, 1] * x[1], "The other terms are lost.")
        made.right(Sum(W[k, d] * x[d], (d, 1, D)))

    made = refutations._made(about, write)
    assert made.failures() == []
    shown = latex.worked(answers.page(made))
    assert "W_{1,1} = 1" in shown
    assert "W_{1,2} = 2" in shown


def test_a_wrong_witness_is_caught_by_the_second_evaluation(monkeypatch) -> None:
    made = OTHERS["jacobian-is-not-diagonal"]
    real = made.evidence.witness

    def tampered(*_):
        return Verdict(Status.REFUTED, witness=replace(real, lhs=real.lhs + 1))

    monkeypatch.setattr(refutations, "decide", tampered)
    assert "by the one evaluation" in replace(made).failures()[0]

    def agreeing(*_):
        same = replace(real, indices={"i": 1, "j": 1}, lhs=Rational(2, 9), rhs=Rational(2, 9))
        return Verdict(Status.REFUTED, witness=same)

    monkeypatch.setattr(refutations, "decide", agreeing)
    assert "do not differ" in replace(made).failures()[0]


def test_a_true_statement_cannot_be_declared_false() -> None:
    def write(made: Builder) -> None:
        softmax(made)
        made.stated(Sum(p[k], (k, 1, K)), 1, "Nothing is wrong.")

    made = refutations._made(About("true", "T", "t", "S."), write)
    assert made.failures() == ["true: the statement is not refuted: proved"]
    with pytest.raises(DeriveError, match="states nothing to refute"):
        refutations._made(About("none", "T", "t", "S."), lambda b: None)


# ---- an instance in plain SymPy ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["softmax-jacobian", "softmax-jacobian-cases", "softmax-jacobian-matrix",
     "cross-entropy-gradient", "cross-entropy-hessian", "multinomial-exponential-family",
     "linear-layer-gradient-weights"],
)  # fmt: skip
def test_true_statements_are_true_in_plain_sympy(name: str) -> None:
    """At the second route's own instances; sums over D and labels included."""
    made = catalogue.get(name)
    broken = made.equation.rhs + 1
    witness = recheck(made.equation.lhs, broken, made.context, conditions=made.facts).witness
    assert witness is not None
    places, values = refutations._setting(witness, made.context)
    sides = [at_instance(e, made.context, places, values) for e in (made.equation.lhs, broken)]
    assert sympy.simplify(sides[1] - sides[0]) == 1
    assert sympy.simplify(sides[0] - witness.lhs) == 0


def test_every_node_has_a_value() -> None:
    made = Builder(About("x", "T", "t", "S."))
    softmax(made)
    at, known = {K: 3, i: 1, j: 2}, {f"z_{n}": log(n) for n in (1, 2, 3)}
    values = {
        Cases((p[i], Eq(i, j)), (p[j], Ne(i, j))): Rational(1, 3),
        Indicator(Le(i, j)): 1,
        Product(p[k], (k, 1, K)): Rational(1, 36),
        Sum(p[k], (k, 1, K), j): Rational(2, 3),
        Sum(p[k], (k, 3, 2)): 0,
        delta(i, j) + Partial(p[j], z[i]): Rational(-1, 18),
        Partial(Sum(p[k] ** 2, (k, 1, K)), p[j]): Rational(2, 3),
    }
    for expr, value in values.items():
        assert at_instance(expr, made.context, at, known) == value, expr
    with pytest.raises(DeriveError, match="has no value here"):
        at_instance(z[k], made.context, at)


# ---- written numbers -----------------------------------------------------------------------------


def test_rounding_is_judged_by_enclosures() -> None:
    third = exp(Rational(3, 2)) / (exp(-3) + exp(Rational(3, 2)) + exp(Rational(27, 10)))
    assert is_rounding(third, "0.2309")
    assert not is_rounding(third, "0.2308")
    first = rounded_first(third, "0.2308")
    assert first is not None
    assert (str(first), first.digits) == ("4.48/19.41", 2)
    assert rounded_first(third, "0.2307") is None
    assert rounded(third, 4) == "0.2309"
    assert beginning(third, 8) == "0.23088151…"
    for value in (E, pi, sqrt(2), -log(Rational(1, 5)), Rational(2, 3), exp(-40), 2**-pi):
        low, high = enclosure(value)
        assert low <= value.evalf(30) * (1 + Rational(1, 10**25))
        assert high >= value.evalf(30) * (1 - Rational(1, 10**25))
        assert high - low < Rational(1, 10**50)
    assert enclosure(Rational(1, 3)) == (Rational(1, 3), Rational(1, 3))


def test_halves_signs_and_cut_off_digits() -> None:
    assert is_rounding(Rational(1, 8), "0.12")
    assert is_rounding(Rational(1, 8), "0.13")
    assert (rounded(Rational(1, 8), 2), rounded(Rational(-1, 8), 2)) == ("0.13", "-0.13")
    assert rounded(Rational(5, 2), 0) == "3"
    assert is_rounding(Rational(-1, 3), "-0.333")
    assert not is_rounding(Rational(-1, 3), "0.333")
    assert beginning(Rational(3, 4), 4) == "0.7500"
    assert beginning(Rational(-2, 3), 3) == "-0.666…"
    assert cut_off(Rational(2, 3), "0.66")
    assert not cut_off(Rational(1, 3), "0.34")
    with pytest.raises(DeriveError, match="can be enclosed"):
        enclosure(sympy.Symbol("x"))


NUMBERS = [o for o in OTHERS.values() if hasattr(o, "claims")]


@pytest.mark.parametrize("made", NUMBERS, ids=lambda n: n.name)
def test_every_changed_digit_is_noticed(made) -> None:
    for n, claim in enumerate(made.claims):
        for m, text in enumerate(claim.texts):
            wrong = text[:-1] + str((int(text[-1]) + 5) % 10)
            texts = (*claim.texts[:m], wrong, *claim.texts[m + 1 :])
            claims = list(made.claims)
            claims[n] = replace(claim, texts=texts)
            assert replace(made, claims=tuple(claims)).failures(), (made.name, wrong)


def test_a_line_said_to_be_wrong_must_be_wrong() -> None:
    made = OTHERS["rounded-too-early"]
    *rest, last = made.claims
    right = replace(last, texts=("0.0026", "0.2309", "0.7666"))
    assert "every number" in replace(made, claims=(*rest, right)).failures()[0]
    few = replace(last, texts=("0.0026", "0.2309"))
    with pytest.raises(DeriveError, match="2 numbers for the 3 values"):
        replace(made, claims=(few,)).failures()


def test_numbers_are_text_with_digits() -> None:
    made = NumbersBuilder(About("n", "T", "t", "S."))
    for text in ("0.5e3", "1/2", "x", ".5", ""):
        with pytest.raises(DeriveError, match="not a written number"):
            made.states(z[i], text)


# ---- code ----------------------------------------------------------------------------------------


def test_code_that_does_not_fail_is_noticed() -> None:
    made = OTHERS["naive-softmax-overflows"]
    safe = replace(made, code="exp(z - max(z)) / sum(exp(z - max(z)))")
    assert "the code gives numbers" in answers.failures(safe)[0]
    small = replace(made, given={"z": ("1", "0")})
    assert "the code gives numbers" in answers.failures(small)[0]


def test_ours_is_compared_with_the_exact_values() -> None:
    from derive.codegen.trial import run

    found = run(OTHERS["naive-softmax-overflows"])
    assert found.worst < 4
    wrong = replace(found, worst=5.0)
    assert "is wrong too" in wrong.failures()[0]
    assert "is wrong too" in replace(found, ours=(float("nan"), 0.0)).failures()[0]


# ---- catalogue and command line ------------------------------------------------------------------


def test_check_counts_them(capsys) -> None:
    wanted = ["chain-rule-cut-short", "rounded-too-early", "naive-softmax-overflows"]
    assert main(["check", *wanted, "--json", "--jobs", "1"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["refutations_and_numbers"] == 3
    assert counts["derivations"] == counts["steps"] == 0


def test_check_fails_where_one_does(monkeypatch, capsys) -> None:
    from derive import build

    made = OTHERS["chain-rule-cut-short"]
    mended = replace(made, rhs=made.right)
    monkeypatch.setattr(build, "all_others", lambda: {made.name: mended})
    assert main(["check", made.name, "--jobs", "1"]) == 1
    assert "the statement is not refuted" in capsys.readouterr().out


def test_list_names_them_and_a_wrong_name_gets_a_suggestion(capsys) -> None:
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in OTHERS)
    assert main(["check", "chain-rule-cut-shorter"]) == 2
    assert "did you mean chain-rule-cut-short" in capsys.readouterr().err
    with pytest.raises(UnknownName):
        catalogue.split(["nothing-of-the-kind"])
    made, others = catalogue.split(["four-logits", "softmax-positive"])
    assert [d.name for d in made] == ["softmax-positive"]
    assert [o.name for o in others] == ["four-logits"]


OWN = """
from derive.kernel.derivation import derivation
from derive.kernel.refutation import refutation
from derive.notation import K, i, k, p
from derive.kernel.language import Sum
from derive.rules.definitions import expand
from derive.topics.softmax import softmax

@derivation("own", title="T", statement="S.", reference="r")
def own(d):
    softmax(d)
    d.start(p[i])
    d.by(expand(p))

@refutation("own-mistake", title="T", statement="S.", reference="r")
def mistake(d):
    softmax(d)
    d.stated(Sum(p[k], (k, 1, K)), {value}, "The sum is another.")
    d.right(1)
"""


def test_a_refutation_in_a_file_of_ones_own_is_checked(tmp_path) -> None:
    file = tmp_path / "own.py"
    file.write_text(OWN.format(value="K"))
    assert [d.name for d in catalogue.load_file(file)] == ["own"]
    file.write_text(OWN.format(value="1"))
    with pytest.raises(DeriveError, match="own-mistake: the statement is not refuted"):
        catalogue.load_file(file)
    assert "own-mistake" not in refutation.found


def test_names_are_kept_apart() -> None:
    names = [*catalogue.names(), *OTHERS]
    assert len(set(names)) == len(names)
    for kind in (refutation, numbers, trial):
        with pytest.raises(DeriveError, match="cannot be the name"):
            kind("Two Words", title="T", statement="S.")(lambda d: None)
        taken = next(iter(kind.found))
        with pytest.raises(DeriveError, match="two declarations"):
            kind(taken, title="T", statement="S.")(lambda d: None)
