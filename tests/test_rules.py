"""Every rule is its own test: its example comes out, its refusal refuses, both routes agree."""

import pytest

from derive.errors import RuleDoesNotApply
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.language import Equation
from derive.kernel.matching import alike
from derive.kernel.normal.prove import prove
from derive.rules import all_rules

RULES = sorted(all_rules().values(), key=lambda r: r.name)
RATIO = [r for r in RULES if not isinstance(r.example.before, Equation)]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_example_comes_out(rule):
    shown = rule.example
    after = rule(*shown.args).apply(shown.before, shown.context)
    assert alike(after, shown.after), f"{rule.name} gives {after}"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_refused_case_raises(rule):
    refused = rule.refuses
    with pytest.raises(RuleDoesNotApply):
        rule(*refused.args).apply(refused.before, refused.context)


@pytest.mark.parametrize("rule", RATIO, ids=lambda r: r.name)
def test_both_routes_confirm_the_example(rule):
    shown = rule.example
    if rule.proves is not None:
        made = rule(*shown.args)
        proof = rule.proves(made, shown.before, shown.after, shown.context, None)
        found = proof.check(shown.before, shown.after, shown.context)
        assert found.established, found
        return
    proof = prove(shown.before, shown.after, shown.context)
    assert proof.proved, proof.why
    second = recheck(shown.before, shown.after, shown.context, conditions=shown.context.facts)
    assert second.agrees, second.why


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_declaration_is_complete(rule):
    for text in (rule.title, rule.law, rule.words, rule.domain, rule.reference):
        assert text.strip()
