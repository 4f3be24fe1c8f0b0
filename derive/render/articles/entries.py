"""Refutations, worked numbers and trials as blocks of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Ne

from derive.kernel.declared import About
from derive.kernel.derivation import Derivation
from derive.kernel.facts import Context
from derive.kernel.language import Equation, Expr
from derive.kernel.numbers import Claim as Stated
from derive.kernel.numbers import Number, WorkedNumbers
from derive.kernel.refutation import Refutation
from derive.kernel.rounding import rounded
from derive.kernel.trial import Trial, Tried
from derive.render.articles.blocks import (
    ELSEWHERE,
    Also,
    Article,
    Block,
    Code,
    Display,
    Proved,
    Runs,
    Words,
)
from derive.render.assumptions import definition, fact_formula, formula
from derive.render.document import Link
from derive.render.prose import Formula, plain_text, prose

PLACES = 4  # decimals of what is no fraction


def page(about: About, blocks: Iterable[Block]) -> Article:
    """One of them as an article of its own."""
    statement = plain_text(prose(about.statement))
    return Article(about.name, about.title, statement, tuple(blocks), ELSEWHERE)


def failed(failures: list[str]) -> tuple[Block, ...]:
    """What does not come out as declared."""
    return tuple(Words((f"This does not come out as declared: {f}.",)) for f in failures)


def refuted(made: Refutation) -> tuple[Block, ...]:
    """The statement, an instance on which it fails, the right form, and where it does hold."""
    context, found = made.context, made.evidence
    stated = formula(Equation(made.lhs, made.rhs), context)
    sign = formula(Ne(made.lhs, made.rhs, evaluate=False), context)
    lead = "In general" if made.rightly else "As stated"
    granted = listed(fact_formula(f, context) for f in context.facts)
    under: Runs = (f"{lead}, where ", *granted, ":") if granted else (f"{lead}:",)
    out: list[Block] = [Words(under), Display(sign if made.rightly else stated)]
    out += [Words((*prose(made.why), " ", *_instance(made)))]
    if made.right is not None:
        right = formula(Equation(made.lhs, made.right), context)
        out += [Words(("As it should be:",)), *_right(right, made.derivations)]
    if made.gap is not None and found.gap is not None:
        gap = formula(made.gap, context)
        lead = "The left side less the right side as stated is "
        out += [Words((lead, gap, ": the line is right exactly where this vanishes."))]
    if made.where:
        each = [listed(fact_formula(f, context) for f in facts) for facts in made.where]
        out += [Words(("It does hold where ", *joined(each, ", ", " or where "), "."))]
    return tuple(out)


def _right(right: Formula, derivations: tuple[Derivation, ...]) -> list[Block]:
    if not derivations:
        return [Display(right)]
    return [Proved(Link(d.name, d.title), right) for d in derivations]


def _instance(made: Refutation) -> Runs:
    """The witness as a sentence."""
    found, context = made.evidence, made.context
    witness = found.witness
    sizes = {**witness.sizes, **witness.indices}
    counts = [Formula(f"{_name(n, context).latex} = {v}", f"{_name(n, context).plain} = {v}")
              for n, v in sizes.items()]  # fmt: skip
    values = {n: v for n, v in witness.values.items() if n not in sizes}
    given = [*counts, *_values(values, context)]
    named = listed(_values(found.named, context))
    so: Runs = (", so that ", *named, ",") if named else (",",)
    left, right = (_number(side, context) for side in (witness.lhs, witness.rhs))
    sides: Runs = (" the left side is ", *left, " and the right side is ", *right, ".")
    return ("For instance, at ", *listed(given), *so, *sides)


def _number(value: Expr, context: Context) -> Runs:
    shown = formula(value, context)
    if value.is_Rational:
        return (shown,)
    about = rounded(value, PLACES)
    return (Formula(rf"{shown.latex} \approx {about}", f"{shown.plain} ≈ {about}"),)


def _values(values: Mapping[str, Expr], context: Context) -> list[Formula]:
    """Components together: z = (0, log 2)."""
    groups: dict[str, list[tuple[str, Expr]]] = {}
    for name, value in values.items():
        stem, _, place = name.rpartition("_")
        is_component = bool(stem) and place.isdigit() and stem in context.quantities
        groups.setdefault(stem if is_component else name, []).append((name, value))
    out = []
    for name, found in groups.items():
        head = _name(name, context)
        numbers = [formula(v, context) for _, v in found]
        if len(found) > 1 or found[0][0] != name:
            latex, plain = (", ".join(getattr(n, a) for n in numbers) for a in ("latex", "plain"))
            latex, plain = rf"\left({latex}\right)", f"({plain})"
        else:
            latex, plain = numbers[0].latex, numbers[0].plain
        out.append(Formula(f"{head.latex} = {latex}", f"{head.plain} = {plain}"))
    return out


def _name(name: str, context: Context) -> Formula:
    stem, _, place = name.rpartition("_")
    if stem in context.quantities:  # a component
        head = _name(stem, context)
        return Formula(f"{head.latex}_{{{place}}}", name)
    declared = context.quantities.get(name)
    return formula(declared.symbol, context) if declared else Formula(name, name)


def listed(found: Iterable[Formula]) -> Runs:
    """Formulas with commas, and "and" before the last."""
    return joined([(f,) for f in found], ", ", " and ")


def joined(found: list[Runs], between: str, last: str) -> Runs:
    """Runs one after the other, with words between them."""
    out: list[str | Formula | Code] = []
    for n, runs in enumerate(found):
        lead = last if n == len(found) - 1 else between
        out += [lead, *runs] if n else [*runs]
    return tuple(out)


def numbers(made: WorkedNumbers) -> tuple[Block, ...]:
    """What is given, what is stated, and each wrong number with what it should be."""
    context = made.context
    given = [_list_of(_name(n, context), v, "=") for n, v in made.given.items()]
    out: list[Block] = [Words(("Given ", *listed(given), ":"))]
    out += [Display(definition(d, context)) for d in context.definitions]
    for claim, found in zip(made.claims, made.evidence, strict=True):
        out += [Display(_claimed(claim, context))]
        out += [Words(_wrong(n)) for n in found if not n.right]
    if all(n.right for found in made.evidence for n in found):
        out += [Words(("Every number is a correct rounding of the exact value.",))]
    links = tuple(Link(d.name, d.title) for d in made.derivations)
    return (*out, Also("See", links)) if links else tuple(out)


def _claimed(claim: Stated, context: Context) -> Formula:
    shown = formula(claim.expr, context)
    if claim.is_list:
        return _list_of(shown, claim.texts, "≈")
    return Formula(rf"{shown.latex} \approx {claim.texts[0]}", f"{shown.plain} ≈ {claim.texts[0]}")


def _list_of(head: Formula, texts: tuple[str, ...], sign: str) -> Formula:
    latex, plain = r",\ ".join(texts), ", ".join(_digits(t).plain for t in texts)
    relation = {"≈": r"\approx", "=": "="}[sign]
    if len(texts) == 1:
        return Formula(f"{head.latex} {relation} {latex}", f"{head.plain} {sign} {plain}")
    return Formula(
        rf"{head.latex} {relation} \left({latex}\right)", f"{head.plain} {sign} ({plain})"
    )


def _wrong(number: Number) -> Runs:
    text, should = _digits(number.text), _digits(number.should)
    exact = Formula(number.exact.replace("…", r"\dots"), number.exact)
    lead: Runs = (text, " should be ", should, ": the exact value is ", exact, ".")
    if number.because is None:
        return lead
    parts, rounds = number.because.parts, rounded(number.because.value, PLACES)
    shown = parts[0] if len(parts) == 1 else rf"\frac{{{parts[0]}}}{{{parts[1]}}}"
    how = Formula(rf"{shown} \approx {rounds}", f"{'/'.join(parts)} ≈ {rounds}")
    why = f" Exponentials rounded to {number.because.digits} decimals before the division give "
    return (*lead, why, how, ".")


def _digits(text: str) -> Formula:
    return Formula(text.replace("−", "-"), text.replace("-", "−"))


def tried(made: Trial, found: Tried) -> tuple[Block, ...]:
    """The code, what it gives, and what the generated function gives."""
    spec = made.derivation.function
    assert spec is not None
    given = [_list_of(_name(n, made.derivation.context), v, "=") for n, v in made.given.items()]
    calls: Runs = ("At ", *listed(given), " it gives ", _shown(found.stated))
    ours: Runs = ("; the generated function ", Code(spec.name), " gives ", _shown(found.ours), ".")
    link = Link(made.derivation.name, made.derivation.title)
    return (
        Words(("As stated: ", Code(made.code))),
        Words((*prose(made.why), " ", *calls, *ours)),
        Also("See", (link,)),
    )


def _shown(numbers: tuple[float, ...]) -> Code:
    return Code(", ".join(f"{n:.12g}" for n in numbers))
