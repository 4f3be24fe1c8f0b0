"""The normal form on true and false statements, and against the second route."""

import pytest

from derive.errors import LanguageError
from derive.kernel.decide import decide
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.explicit.witness import differs, find_witness
from derive.kernel.facts import AtLeast, Context, Definition, OneHot, Positive, SumsTo, words
from derive.kernel.language import Mul, Partial, Pow, Sum, Symbol, delta, exp, log
from derive.kernel.normal.prove import prove
from derive.kernel.verdicts import Status
from derive.notation import K, L, eta, i, j, k, p, phi, scalar, y, z
from tests.statements import FALSE, LINK, LOSS, SOFTMAX, TRUE, quotient


@pytest.mark.parametrize("s", TRUE, ids=str)
def test_true_statements_are_proved(s):
    proof = prove(s.lhs, s.rhs, s.context)
    assert proof.proved, f"{proof.why}: {proof.residual}"


@pytest.mark.parametrize("s", TRUE, ids=str)
def test_second_route_agrees(s):
    second = recheck(s.lhs, s.rhs, s.context, conditions=s.context.facts)
    assert second.agrees, second.why
    assert second.instances > 0


@pytest.mark.parametrize("s", FALSE, ids=str)
def test_false_statements_are_not_proved(s):
    assert not prove(s.lhs, s.rhs, s.context).proved


@pytest.mark.parametrize("s", FALSE, ids=str)
def test_false_statements_are_refuted(s):
    assert not recheck(s.lhs, s.rhs, s.context, conditions=s.context.facts).agrees
    witness = find_witness(s.lhs, s.rhs, s.context, conditions=s.context.facts)
    assert witness is not None
    assert witness.lhs != witness.rhs


NOT_CONDITIONAL = {"log of signs", "without the total"}


@pytest.mark.parametrize("s", [s for s in FALSE if s.name not in NOT_CONDITIONAL], ids=str)
def test_false_statements_have_the_verdict_refuted(s):
    verdict = decide(s.lhs, s.rhs, s.context)
    assert verdict.status is Status.REFUTED, str(verdict)


def test_missing_total_is_named():
    verdict = decide(Partial(L, z[i]), p[i] - y[i], LOSS)
    assert verdict.status is Status.CONDITIONAL
    assert verdict.conditions == (SumsTo(y),)
    assert str(verdict).startswith("conditional if Σ_k y_k = 1")
    assert verdict.residual is not None
    assert verdict.residual.has(Sum)


def test_declared_facts_are_used_only_if_needed():
    context = LOSS.with_facts(SumsTo(y), AtLeast(K, 2))
    assert decide(Partial(L, z[i]), p[i] - y[i], context).conditions == (SumsTo(y),)
    assert decide(Partial(p[i], z[j]), p[i] * (delta(i, j) - p[j]), context).conditions == ()


def test_signs_of_a_logarithm_are_named():
    a, b = scalar("a"), scalar("b")
    verdict = decide(log(Mul(a, b, evaluate=False)), log(a) + log(b))
    assert verdict.status is not Status.PROVED
    known = Context().with_facts(Positive(a), Positive(b))
    assert prove(log(Mul(a, b, evaluate=False)), log(a) + log(b), known).proved


def test_index_coincidence_is_never_assumed_unasked():
    verdict = decide(Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX)
    assert verdict.status is Status.REFUTED
    assert verdict.witness is not None
    assert verdict.witness.sizes["K"] == 2
    assert verdict.witness.lhs.is_Rational
    assert verdict.witness.rhs.is_Rational


@pytest.mark.parametrize(
    ("lhs", "rhs", "context"),
    [
        (Partial(p[i], z[j]), p[i] * (1 - p[j]), SOFTMAX),
        (Partial(L, z[i]), y[i] * (p[i] - 1), LOSS),
        (phi[i], exp(eta[i]) / Sum(exp(eta[k]), (k, 1, K - 1)), LINK),
    ],
)
def test_famous_mistakes_have_witnesses_in_fractions(lhs, rhs, context):
    verdict = decide(lhs, rhs, context)
    assert verdict.status is Status.REFUTED
    assert verdict.witness is not None
    assert verdict.witness.rhs.is_Rational or verdict.witness.rhs.is_infinite is not False
    assert verdict.witness.lhs.is_Rational


def test_undefined_on_one_side_is_not_equal():
    assert not prove(quotient(y[i], y[i]), 1 + 0 * y[i], Context()).proved
    # Both sides need it: the equation holds wherever it means something.
    assert prove(quotient(z[i], y[i]), z[i] / y[i], Context()).proved


def test_same_name_different_symbol_is_an_error_not_a_proof():
    other = Symbol("K", real=True)
    assert not prove(K * z[i], other * z[i], Context()).proved


def test_ambiguous_partial_derivative_is_undecided():
    proof = prove(Partial(p[i] * z[i], p[j]), z[i] * delta(i, j), SOFTMAX)
    assert not proof.proved
    assert "ambiguous" in proof.why


def test_derivative_of_what_a_name_is_made_of_is_undecided():
    """η is a name for log(φ_i/φ_K); by that name φ is neither constant nor a variable."""
    assert not prove(Partial(phi[i], eta[j]), 0 * z[i], LINK).proved


def test_self_reference_is_refused():
    with pytest.raises(LanguageError):
        Context().with_definitions(Definition(p[i], p[i] + 1))


def test_loose_index_in_a_definition_is_refused():
    with pytest.raises(LanguageError):
        Definition(p[i], z[j])


def test_one_hot_refines_the_total():
    one_hot = LOSS.with_facts(OneHot(y, Symbol("c", integer=True, positive=True)))
    assert prove(Partial(L, z[i]), p[i] - y[i], one_hot).proved


def test_every_fact_has_words():
    for fact in (SumsTo(y), AtLeast(K, 2), Positive(y)):
        assert words(fact)


def test_differs_agrees_with_the_normal_form_on_a_power():
    wrong = Pow(p[i], 2) * (delta(i, j) - p[j])
    assert differs(Partial(p[i], z[j]), wrong, SOFTMAX, conditions=()) is not None
