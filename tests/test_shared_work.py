"""What is shared between the mutants of a line changes no answer: each is judged as if alone."""

import pytest

from derive.catalogue import get
from derive.kernel.check import check_equation, check_pair, claim_of
from derive.kernel.explicit.instantiate import Rivals, recheck
from derive.kernel.facts import Context
from derive.kernel.language import Partial, Sum, delta, exp
from derive.kernel.normal.prove import Known, prove
from derive.kernel.slips import mutants
from derive.kernel.verdicts import Status
from derive.notation import K, i, j, k, l, p, x, y, z

LINES = [
    ("softmax-jacobian", 5),
    ("cross-entropy-gradient", 10),
    ("multinomial-log-partition-gradient", 3),
    ("cross-entropy-gradient-label", 1),
    ("softmax-regression-logits", 4),
]


def _claims(name, step):
    made = get(name)
    conditions = made.evidence[step].verdict.conditions
    line = made.steps[step]
    claims = [claim_of(line.before, broken) for _, broken in mutants(line.after)]
    return made.context, conditions, claims


@pytest.mark.parametrize(("name", "step"), LINES)
def test_a_proof_with_shared_readings_is_the_proof_alone(name, step):
    context, conditions, claims = _claims(name, step)
    under, known = context.only_facts(conditions), Known()
    for lhs, rhs in claims:
        alone = prove(lhs, rhs, under)
        shared = prove(lhs, rhs, under, known)
        assert (shared.proved, shared.least) == (alone.proved, alone.least), rhs
        assert shared.why == alone.why


@pytest.mark.parametrize(("name", "step"), LINES)
def test_rivals_are_refuted_exactly_where_each_alone_is(name, step):
    context, conditions, claims = _claims(name, step)
    rivals = Rivals(claims[0][0], [rhs for _, rhs in claims], context, conditions)
    found = [rivals.recheck(n).agrees for n in range(len(claims))]
    alone = [recheck(lhs, rhs, context, conditions=conditions).agrees for lhs, rhs in claims]
    assert found == alone
    assert not all(found)


def test_one_rival_that_cannot_be_evaluated_does_not_harm_the_others():
    unknown = Partial(z[i], k)
    rivals = Rivals(z[i], [z[i], unknown, 2 * z[i]], Context())
    agrees = [rivals.recheck(n).agrees for n in range(3)]
    assert agrees == [True, False, False]
    assert "not evaluated" in rivals.recheck(1).why
    assert rivals.recheck(2).witness is not None


def test_equal_sums_under_different_conditions_are_read_apart():
    known, plain = Known(), Context()
    inner = Sum(exp(z[l]), (l, 1, K))
    without = Sum(exp(z[l]), (l, 1, K), i)
    assert not prove(inner, without, plain, known).proved
    assert prove(inner, without + exp(z[i]), plain, known).proved
    assert prove(without, inner - exp(z[i]), plain, known).proved
    twice = Sum(Sum(x[k] * y[l], (l, 1, K)), (k, 1, K))
    assert prove(twice, Sum(x[k], (k, 1, K)) * Sum(y[k], (k, 1, K)), plain, known).proved
    assert not prove(twice, K * Sum(x[k] * y[k], (k, 1, K)), plain, known).proved
    short = Sum(delta(k, j) * x[k], (k, 1, K - 1))
    assert not prove(short, x[j], plain, known).proved
    assert prove(Sum(delta(k, j) * x[k], (k, 1, K)), x[j], plain, known).proved


def test_a_name_inside_a_sum_over_the_same_range_captures_nothing():
    made = get("softmax-jacobian")
    known = Known()
    square = Sum(p[k] * exp(z[k]), (k, 1, K))
    total = Sum(exp(z[k]), (k, 1, K))
    assert prove(square * total, Sum(exp(2 * z[k]), (k, 1, K)), made.context, known).proved
    assert not prove(square, K * exp(z[i]), made.context, known).proved


def test_the_first_line_and_the_statement_share_their_left_side():
    made = get("softmax-jacobian")
    right, wrong = made.conclusion, p[i] * (1 - p[j])
    both = check_pair(made.start, (right, wrong), made.context)
    assert [e.verdict.status for e in both] == [Status.PROVED, Status.REFUTED]
    assert both[0] == check_equation(made.start, right, made.context)
