"""Numerical forms: proved derivations that end in what is computed."""

import numpy as np
import pytest

from derive.catalogue import all_derivations
from derive.codegen.function import generated_function
from derive.codegen.stabilise import numerical, stabilised
from derive.kernel.language import Cases, Ranged, Sum, exp, log, walk
from derive.kernel.verdicts import Status
from derive.notation import K, Quantity, i, k, shift, z
from tests.codegen_tools import function_of, made
from tests.test_codegen_lower import CASES, case

WITH_FUNCTION = [d for d in all_derivations() if d.function is not None]
PROVED = [
    "softmax", "jacobian", "logsumexp", "log-softmax", "cross-entropy", "gradient-label",
    "tempered", "tempered-log", "focal", "sigmoid", "sigmoid-derivative", "entropy-of-logits",
    "inverse-link", "log-partition", "log-likelihood", "log-pmf-of-the-product", "link",
    "regression-loss", "probabilities",
]  # fmt: skip


@pytest.mark.parametrize("derivation", WITH_FUNCTION, ids=lambda d: d.name)
def test_every_line_of_a_numerical_form_is_proved_and_confirmed(derivation):
    for form, output in zip(stabilised(derivation), derivation.function.outputs, strict=True):
        assert form.name.startswith(f"{derivation.name}-numerical")
        assert form.start == output.value or output.value.has(Ranged, exp)
        if not form.steps:
            continue
        for step, evidence in zip((*form.steps, None), form.evidence, strict=True):
            assert evidence.established, step
            assert evidence.verdict.status is Status.PROVED, step


@pytest.mark.parametrize("name", PROVED)
def test_other_formulas_are_proved_too(name):
    (form,) = stabilised(case(name))
    assert form.steps
    for evidence in form.evidence:
        assert evidence.established, evidence


def test_a_shift_holds_for_every_s():
    form = numerical(case("softmax"))
    assert form.value.base.name == "p̃"
    (copy,) = [d for d in form.derivation.definitions if d.name == form.value.base]
    assert copy.body == exp(z[i] - shift) / Sum(exp(z[k] - shift), (k, 1, K))
    assert form.choices[shift].kind == "shift"


def test_log_sum_exp_sets_one_term_apart():
    form = numerical(case("logsumexp"))
    (pivot,) = [s for s, choice in form.choices.items() if choice.kind == "pivot"]
    rest = Sum(exp(z[k] - shift), (k, 1, K), pivot)
    assert form.value == shift + log(exp(z[pivot] - shift) + rest)
    assert form.choices[shift].finite


def test_a_log_sum_exp_beside_a_logit_may_not_hide_an_infinity():
    assert not numerical(case("log-softmax")).choices[shift].finite


def test_the_diagonal_has_no_difference_left():
    value = numerical(case("jacobian")).value
    assert isinstance(value, Cases)
    assert not any(node == 1 for node in value.pairs[0][0].args)
    assert any(isinstance(node, Sum) and node.excluded == (i,) for node in walk(value))


def test_a_sum_that_may_be_empty_has_no_term_apart():
    def write(b):
        b.quantity(Quantity(z, "all but the last", shape=(K - 1,)))
        b.start(log(Sum(exp(z[k]), (k, 1, K - 1))))
        b.function("f", (z,), (), "Log-sum-exp.")

    function = function_of(made(write))
    assert function([]) == -np.inf
    assert function([1.0, 1.0]) == pytest.approx(1 + np.log(2))


def test_equal_sums_share_one_shift_and_different_ones_do_not():
    assert len(numerical(case("entropy-of-logits")).choices) == 2  # one shift, one place
    two = made(
        lambda b: (
            b.start(log(Sum(exp(z[k]), (k, 1, K))) - log(Sum(exp(2 * z[k]), (k, 1, K)))),
            b.function("f", (z,), (), "Two."),
        )
    )
    kinds = [choice.kind for choice in numerical(two).choices.values()]
    assert sorted(kinds) == ["pivot", "pivot", "shift", "shift"]
    text = generated_function(two).text
    assert text.count("_log_sums(") == 2  # the exponentials of each sum, once
    assert "np.exp(" not in text


def test_without_a_rewrite_the_docstring_says_so():
    text = generated_function(case("ratio")).text
    assert "no stabilising rewrite applies" in " ".join(text.split())
    assert not numerical(case("ratio")).rewritten


def test_what_is_an_argument_is_not_written_out():
    entropy = case("entropy")
    assert not numerical(entropy).rewritten
    assert set(CASES["entropy"][2]) == set(entropy.function.arguments)
