"""Every derivation: both routes on every line, and the checker objects when a line is broken."""

from dataclasses import replace

import pytest

from derive.catalogue import all_derivations, names
from derive.errors import DeriveError, GoalNotReached, RuleDoesNotApply
from derive.kernel.check import check_equation, report, step_mutants
from derive.kernel.derivation import Builder
from derive.kernel.facts import SumsTo
from derive.kernel.induction import Induction
from derive.kernel.language import Equation, Partial, Sum, delta, exp
from derive.kernel.slips import everywhere, mutants, slips
from derive.kernel.verdicts import Status
from derive.notation import K, i, j, k, p, y, z
from derive.rules.calculus import product_rule, quotient_rule
from derive.rules.definitions import expand

ALL = all_derivations()
MAIN = ("softmax-jacobian", "cross-entropy-gradient", "multinomial-exponential-family")


@pytest.mark.parametrize("made", ALL, ids=lambda d: d.name)
def test_both_routes_establish_every_step(made):
    for step, evidence in zip((*made.steps, "the statement"), made.evidence, strict=True):
        assert evidence.established, f"{step}: {evidence.verdict}; {evidence.recheck.why}"
        exactly = evidence.recheck.exact_sizes or evidence.recheck.why.startswith("exact")
        followed = evidence.recheck.words  # limits and inductions, by numbers
        assert exactly or followed, f"the second route computed nothing exactly: {evidence.recheck}"
        assert set(evidence.verdict.conditions) <= set(made.facts)


@pytest.mark.parametrize("made", ALL, ids=lambda d: d.name)
def test_it_can_be_cited_and_read(made):
    assert made.title
    assert made.statement.endswith(".")
    assert made.references
    assert made.steps
    inductive = any(isinstance(s.proof, Induction) for s in made.steps)
    assert made.examples or inductive, "a write-up shows numbers"


def test_the_main_derivations_are_there():
    assert set(MAIN) <= set(names())


def test_names_say_their_family_and_are_unique():
    assert len(set(names())) == len(names())


@pytest.mark.parametrize("name", MAIN)
def test_a_broken_step_is_refuted_with_a_witness(name):
    made = next(d for d in ALL if d.name == name)
    last = made.steps[-1]
    broken = next(new for slip, new in mutants(last.after) if slip.name == "sign")
    wrong = replace(made, steps=(*made.steps[:-1], replace(last, after=broken)))
    evidence = wrong.evidence[len(made.steps) - 1]
    assert evidence.verdict.status is Status.REFUTED
    assert evidence.verdict.witness is not None
    assert not evidence.recheck.agrees
    counts = report(wrong, with_mutants=False)
    assert not counts.clean
    assert counts.refuted == 1
    assert any(f"step {len(made.steps)}" in line for line in counts.failures)


def test_a_wrong_conclusion_is_refuted_even_if_every_step_is_right():
    made = next(d for d in ALL if d.name == "softmax-jacobian")
    wrong = replace(made, conclusion=p[i] * (1 - p[j]))
    assert wrong.evidence[-1].verdict.status is Status.REFUTED


def test_a_dropped_assumption_is_noticed():
    made = next(d for d in ALL if d.name == "cross-entropy-gradient-normalised")
    bare = replace(made, context=made.context.only_facts(()))
    assert not all(e.established for e in bare.evidence)
    assert made.evidence[-1].verdict.conditions == (SumsTo(y),)


@pytest.mark.parametrize("name", MAIN)
def test_no_mutant_of_the_main_derivations_survives(name):
    counts = report(next(d for d in ALL if d.name == name))
    assert counts.clean, counts.failures
    assert counts.mutants > 200
    assert counts.mutants == counts.mutants_refuted + counts.mutants_equivalent
    assert counts.mutants_missed == counts.normal_form_false_proofs == 0


def test_mutants_of_equations_and_of_positivity_are_tried():
    for name in ("multinomial-inverse-link", "softmax-positive"):
        counts = report(next(d for d in ALL if d.name == name))
        assert counts.clean, counts.failures
        assert counts.mutants_refuted > 10


def test_a_lazy_checker_would_be_caught(monkeypatch):
    """If the normal form proved everything, the mutation test would count false proofs."""
    from derive.kernel import check
    from derive.kernel.normal.prove import Proof

    monkeypatch.setattr(check, "prove", lambda *_, **__: Proof(True))
    made = next(d for d in ALL if d.name == "softmax-jacobian")
    evidence = made.evidence[-2]
    found = list(step_mutants(made.steps[-1], made.context, evidence.verdict.conditions))
    assert sum(m.false_proof for m in found) > 10


@pytest.mark.parametrize("slip", slips().values(), ids=lambda s: s.name)
def test_every_slip_makes_a_mistake(slip):
    offered = list(everywhere(slip, slip.example, frozenset({i, j})))
    assert offered
    assert all(new != slip.example for new in offered)
    assert slip.words


def _builder():
    d = Builder("mine", "Mine", "own", "A statement.")
    d.define(p[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, K)))
    return d


def test_a_rule_that_does_not_apply_says_which_step_and_what_to_do():
    d = _builder()
    d.start(Partial(p[i], z[j]))
    d.by(expand(p))
    with pytest.raises(RuleDoesNotApply) as error:
        d.by(quotient_rule, at=z[i] + 1)
    text = str(error.value)
    assert "mine, step 2" in text
    assert "quotient rule" in text
    assert "hint:" in text


def test_a_goal_that_is_not_reached_shows_both():
    d = _builder()
    d.start(Partial(p[i], z[j]))
    d.by(expand(p))
    d.by(quotient_rule)
    d.conclude(p[i] * (delta(i, j) - p[j]))
    with pytest.raises(GoalNotReached) as error:
        d.finish()
    assert "last line" in str(error.value)
    assert "goal" in str(error.value)


def test_a_derivation_without_a_start_is_refused():
    with pytest.raises(DeriveError):
        _builder().finish()
    with pytest.raises(DeriveError):
        _builder().by(product_rule)


def test_an_equation_is_not_called_positive():
    d = _builder()
    d.start(p[i], p[i])
    with pytest.raises(DeriveError, match="an equation has no sign"):
        d.conclude_positive()


@pytest.mark.parametrize(
    "name", ["softmax-order", "kl-divergence-nonnegative", "temperature-limit-winner"]
)
def test_a_wrong_conclusion_of_a_chain_is_noticed(name):
    made = next(d for d in ALL if d.name == name)
    wrong = replace(made, conclusion=made.conclusion - 1)
    assert not wrong.evidence[-1].established
    assert made.evidence[-1].established


def test_a_bound_letter_does_not_keep_a_goal_from_being_reached():
    d = _builder()
    d.start(p[i])
    d.by(expand(p))
    d.conclude(exp(z[i]) / Sum(exp(z[j]), (j, 1, K)))
    assert d.finish().steps


def test_an_equation_line_is_checked_by_its_own_sides():
    made = next(d for d in ALL if d.name == "multinomial-inverse-link")
    assert isinstance(made.conclusion, Equation)
    sides = (made.conclusion.lhs, made.conclusion.rhs)
    assert check_equation(*sides, made.context).established
