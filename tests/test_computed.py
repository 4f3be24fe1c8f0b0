"""What a function computes is tied to its derivation: a line, a definition, or proved equal."""

from dataclasses import replace

import pytest

from derive.catalogue import get
from derive.errors import DeriveError
from derive.kernel.check import report
from derive.kernel.computed import check_default, ties, written_out
from derive.kernel.derivation import Builder
from derive.kernel.language import Partial, Sum, delta, exp, log
from derive.kernel.step import Output
from derive.kernel.verdicts import Status
from derive.notation import K, L, ell, i, j, k, p, tau, y, z


def _with_value(name, value):
    made = get(name)
    return replace(made, function=replace(made.function, value=value))


def test_a_line_and_a_definition_need_no_proof():
    assert [t.evidence for t in ties(get("softmax-jacobian"))] == [None]
    assert [t.evidence for t in ties(get("log-sum-exp-gradient"))] == [None]
    named = _with_value("log-sum-exp-gradient", ell)
    assert [t.evidence for t in ties(named)] == [None]
    renamed = _with_value("log-sum-exp-gradient", log(Sum(exp(z[j]), (j, 1, K))))
    assert [t.evidence for t in ties(renamed)] == [None]


def test_another_form_is_proved_and_its_mutants_are_tried():
    made = get("log-sum-exp-hessian")
    [tie] = ties(made)
    assert tie.evidence.verdict.status is Status.PROVED
    assert tie.evidence.recheck.agrees
    counts = report(made)
    bare = report(replace(made, function=None))
    assert counts.steps == bare.steps + 1
    assert counts.mutants > bare.mutants
    assert counts.clean


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("softmax-jacobian", p[i] * (1 - p[j])),
        ("log-sum-exp-hessian", p[i] * delta(i, j)),
        ("cross-entropy-gradient", p[i] - y[i]),
        ("log-sum-exp-gradient", Sum(exp(z[k]), (k, 1, K))),
    ],
)
def test_a_wrong_value_is_objected_to(name, value):
    counts = report(_with_value(name, value), with_mutants=False)
    assert not counts.clean
    assert counts.refuted == 1
    assert any("what the function returns as value" in line for line in counts.failures)


def test_each_result_of_a_function_is_looked_at():
    made = get("softmax-jacobian")
    both = replace(made.function, also=(Output("probabilities", p[i], (i,)),))
    assert report(replace(made, function=both), with_mutants=False).clean
    both = replace(made.function, also=(Output("probabilities", 2 * p[i], (i,)),))
    counts = report(replace(made, function=both), with_mutants=False)
    assert any("returns as probabilities" in line for line in counts.failures)


def test_a_function_may_return_what_its_derivation_rests_on():
    gradient = get("cross-entropy-gradient")
    d = Builder("both", "Both", "own", "A statement.")
    d.context = gradient.context
    d.start(L)
    with pytest.raises(DeriveError, match="not in force"):
        d.rest_on(get("multinomial-log-partition"))
    d.rest_on(gradient)
    also = (Output("gradient", gradient.conclusion, (i,)),)
    d.function("both", (z, y), (), "Both.", also=also)
    made = d.finish()
    assert made.uses == ("cross-entropy-gradient",)
    assert all(t.evidence is None for t in ties(made))


def _softmax_at(body, name="softmax", **options):
    d = Builder(f"own-{name}", "Own", "own", "A statement.")
    d.define(p[i], body / Sum(body.xreplace({i: k}), (k, 1, K)))
    d.start(p[i])
    d.function(name, (z, tau), (i,), "Softmax.", **options)
    return d.finish()


def test_a_general_form_must_agree_at_its_defaults():
    from derive.kernel.step import Option

    public = get("softmax-positive")
    options = {tau: Option("temperature", 1)}
    right = _softmax_at(exp(z[i] / tau), options=options, widens=True)
    assert check_default(right, public).established
    wrong = _softmax_at(exp(z[i] * (1 + tau)), options=options, widens=True)
    assert check_default(wrong, public).verdict.status is Status.REFUTED


def test_names_are_written_out_without_capture():
    context = get("cross-entropy-gradient").context
    total = Sum(exp(z[k]), (k, 1, K))
    shown = written_out(context, Sum(p[k] * y[k], (k, 1, K)))
    assert shown == Sum(exp(z[k]) / total * y[k], (k, 1, K))
    assert not written_out(context, Partial(L, z[i])).has(L)
