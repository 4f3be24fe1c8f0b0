"""Letters that a document uses without saying what they are, by the roles that they play.

Nothing here is silent: each assumption is kept with its words and named in every verdict that
rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from derive.judge import functions, tree
from derive.judge.assumptions import rest_of
from derive.judge.declarations import Declared, base_name
from derive.judge.domains import PROBABILITIES
from derive.judge.model import Model
from derive.judge.outright import exponents, given_outright
from derive.judge.patterns import free_letters, replaced
from derive.judge.scope import is_loss, shown
from derive.judge.state import PLAIN
from derive.judge.tree import Big, Diff, Div, Fn, Name, Neg, Node, Sub

_WEIGHTS = {"w", "W", "b", "x", "X", "e", "A", "theta", "Theta", "H", "a", "h", "beta", "R"}
MAX_CHOICES = 6


def assume(model: Model) -> None:
    """Find what plays the part of prediction, logits, target and cost where nothing says so."""
    trees = [t for c in model.document.claims if c.trees for t in c.trees]
    scope = model.scope_at(len(model.document.claims) + 1, data=False)
    defined = {*scope.definitions, *scope.functions, *scope.concrete}
    plain = {n for n in model.known.arity if n + PLAIN in scope.definitions}
    defined |= {d.name for d in model._all() if not _opaque(d.body, model)} - plain
    open_ = {n for n in model.known.arity if n not in defined and n not in ("delta", "1", "ones")}
    predicted, logits = _differentiated(trees, open_, defined)
    predicted -= given_outright(model, trees)
    if not predicted and not any(_is_softmax(d.body) for d in model._all()):
        predicted |= _usual_output(trees, open_ - logits, defined)
    free = {n for c in model.document.claims if c.trees and (n := rest_of(*c.trees))}
    predicted -= free  # φ_K = 1 − Σ φ_i: parameters of their own
    model.softmaxes |= _called_softmax(trees, {*defined, *model.known.functions})
    _totals(model, trees, defined, logits)
    for name in sorted(predicted):
        _predict(model, name, trees, logits)
        if name not in model.assumed and name in PROBABILITIES:
            model.labels.add(name)  # nothing says what it is made of: Σ = 1 is worth trying
    rest = open_ - predicted - logits
    _teacher(model, trees, rest - free)
    _targets(model, trees, {n for n in rest if n not in model.assumed})
    _costs(model, trees, defined, predicted, logits)
    _neuron(model, trees, defined)


def _differentiated(
    trees: list[Node], open_: set[str], defined: set[str]
) -> tuple[set[str], set[str]]:
    """(undefined things that are differentiated by components, what they are differentiated by)."""
    tops: set[str] = set()
    by: set[str] = set()
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Diff):
            variables = {base_name(v) for v in node.variables}
            top = base_name(node.body) if node.body else None
            by |= {v for v in variables if v in open_}
            if isinstance(node.body, Sub) and top in open_ and top not in variables:
                tops.add(str(top))
        elif (isinstance(node, Fn) and node.name == "exp") or (
            isinstance(node, tree.Sup) and (isinstance(node.base, Name) and node.base.text == "e")
        ):
            inner = node.arg if isinstance(node, Fn) else node.exponent
            by |= {
                n.base.text
                for n in tree.walk(inner)
                if isinstance(n, Sub) and isinstance(n.base, Name) and n.base.text in open_
            }
        elif isinstance(node, Fn) and node.name == "log":
            inner = (
                node.arg.items[0]
                if isinstance(node.arg, tree.Group) and node.arg.items
                else node.arg
            )
            name = base_name(inner)
            if isinstance(inner, Sub) and name in open_:
                tops.add(str(name))
    return tops, by - tops - exponents(trees)


def _opaque(node: Node, model: Model) -> bool:
    """A definition by a word that means nothing here, such as Loss = CE(q)."""
    if isinstance(node, tree.Call):
        name = base_name(node.head)
        return name not in model.known.functions and name not in functions.NAMES
    return False


def _usual_output(trees: list[Node], open_: set[str], defined: set[str]) -> set[str]:
    """Beside an undefined cost, the letter that usually is the prediction."""
    costs = {
        base_name(n.body) for t in trees for n in tree.walk(t)
        if isinstance(n, Diff) and isinstance(n.body, Name) and is_loss(n.body.text)
    } - defined  # fmt: skip
    if not costs or len(open_) < 2:
        return set()
    found = [n for n in ("hat y", "p", "a", "q", "s", "S", "hat p", "y") if n in open_]
    return set(found[:1])


def _is_softmax(node: Node) -> bool:
    if isinstance(node, Div) and _exponential(node):
        return True
    inner = node.base if isinstance(node, Sub) else node
    if isinstance(inner, Fn) and inner.name == "log":  # log-softmax is none
        return False
    return isinstance(inner, Fn) and inner.name == "softmax"


def _called_softmax(trees: list[Node], defined: set[str]) -> set[str]:
    """s(x)_i with an s that nothing defines."""
    found = set()
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Sub) and isinstance(node.base, tree.Call) and len(node.base.args) == 1:
            name = base_name(node.base.head)
            if name and name not in defined and len(name.split(" ")[-1]) == 1:
                found.add(name)
    return found


def _logits(trees: list[Node], logits: set[str], beside: str = "") -> str | None:
    """The quantity that stands in exponents, or is differentiated by; near another one first."""
    near = [t for a, b in zip(trees[::2], trees[1::2], strict=True) for t in (a, b)
            if beside and beside in tree.names(a) | tree.names(b)]  # fmt: skip
    if any(logits & tree.names(t) for t in near):
        trees = near
    counts = dict.fromkeys(logits, 0)
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Sub) and isinstance(node.base, Name) and node.base.text in counts:
            counts[node.base.text] += 1
    return max(counts, key=lambda z: (counts[z], z), default=None)


def _totals(model: Model, trees: list[Node], defined: set[str], logits: set[str]) -> None:
    """A bare Σ in a quotient is the sum of exponentials that the document divides by."""
    bare = {
        n.text for t in trees for n in tree.walk(t) if isinstance(n, Name) and n.text == "Sigma"
    }
    whole = next(
        (n.bottom for t in trees for n in tree.walk(t)
         if isinstance(n, Div) and isinstance(n.bottom, Big) and n.bottom.kind == "sum"),
        None,
    )  # fmt: skip
    z = _logits(trees, logits)
    if whole is None and z is not None:
        whole = Big("sum", (Name("k"),), None, Fn("exp", Sub(Name(z), (Name("k"),))))
    if whole is None:
        return
    for name in _sigmas(trees) | bare:
        if name not in defined:
            model.extra.append(Declared(name, (), None, False, whole, 0))
            model.assumed[name] = f"{shown(name)} taken as the sum in the denominators"
    if "e" in model.known.arity and "e" not in defined and z is not None:
        body = Fn("exp", Sub(Name(z), (Name("j"),)))
        model.extra.append(Declared("e", (Name("j"),), None, False, body, 0))
        model.assumed["e"] = f"e_j taken as exp({shown(z)}_j)"


def _sigmas(trees: list[Node]) -> set[str]:
    return {
        "Sigma_" + ",".join(i.text for i in n.indices if isinstance(i, Name))
        for t in trees for n in tree.walk(t)
        if isinstance(n, Sub) and n.base == Name("Sigma")
    }  # fmt: skip


def _softmaxes(trees: list[Node]) -> Iterator[tuple[Node, str, str]]:
    """Quotients e^{z_i…}/Σ_j e^{z_j…} of the document: (tree, letter, logits)."""
    seen: set[str] = set()
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Div) and isinstance(node.bottom, Big):
            letters = free_letters(node)
            inside = [n for n in tree.walk(node.top) if isinstance(n, Sub)]
            if len(letters) == 1 and inside and _exponential(node.top):
                name = base_name(inside[0])
                if name and name not in seen:
                    seen.add(name)
                    yield node, next(iter(letters)), name


def _exponential(node: Node) -> bool:
    return any(
        (isinstance(n, Fn) and n.name == "exp")
        or (isinstance(n, tree.Sup) and n.base == Name("e")) for n in tree.walk(node)
    )  # fmt: skip


def _predict(model: Model, name: str, trees: list[Node], logits: set[str]) -> None:
    z = _by(name, trees) or _logits(trees, logits, name)
    made = next((d for d in model._all() if d.name == z), None)
    if z is None or z == name or (made is not None and name in tree.names(made.body)):
        return
    known = any(_is_softmax(d.body) and z in tree.names(d.body) for d in model._all())
    if known and _by(name, trees) is None and any(tree.outside_logs(name, t) for t in trees):
        return  # beside p = softmax(z), the q of q log q is another distribution
    found = list(_softmaxes(trees))
    own = next((f for f in found if f[2] == z), None)
    like = own or next(iter(found), None)
    body: Node
    if like is not None:
        body, letter, other = like
        body = _renamed(body, other, z)
        index: Node = Name(letter)
    else:
        index = Name("i")
        top = Fn("exp", Sub(Name(z), (index,)))
        bottom = Big("sum", (Name("j"),), None, Fn("exp", Sub(Name(z), (Name("j"),))))
        body = Div(top, bottom)
    model.extra.append(Declared(name, (index,), None, False, body, 0))
    model.assumed[name] = f"{shown(name)} taken as softmax of {shown(z)}"


def _teacher(model: Model, trees: list[Node], rest: set[str]) -> None:
    """One target and one softmax more than there are predictions: the target is that softmax."""
    made = [*model.extra, *model._all()]
    used = {n for d in made if _is_softmax(d.body) for n in tree.names(d.body)}
    left = [f for f in _softmaxes(trees) if f[2] not in used]
    targets = [t for t in sorted(rest) if t not in _WEIGHTS]
    pairs = [tree.names(a) | tree.names(b) for a, b in zip(trees[::2], trees[1::2], strict=True)]
    targets = [t for t in targets if left and any({t, left[0][2]} <= pair for pair in pairs)]
    if len(left) == 1 and len(targets) == 1:
        body, letter, z = left[0]
        if any(targets[0] in tree.names(d.body) for d in made if d.name == z):
            return  # z is made of it
        model.extra.append(Declared(targets[0], (Name(letter),), None, False, body, 0))
        model.assumed[targets[0]] = f"{shown(targets[0])} taken as softmax of {shown(z)}"


def _by(name: str, trees: list[Node]) -> str | None:
    """What the components of a quantity are differentiated by."""
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Diff) and node.body is not None and base_name(node.body) == name:
            return base_name(node.variables[0])
    return None


def _renamed(node: Node, old: str, new: str) -> Node:
    if isinstance(node, Name) and node.text == old:
        return Name(new)
    return tree.mapped(node, lambda n: _renamed(n, old, new))


def _targets(model: Model, trees: list[Node], open_: set[str]) -> None:
    """What may sum to one: undefined, never in an exponent, never a weight or an input."""
    stems = {n: n.split("_")[0].split("^")[0] for n in open_}  # W_2 is a weight as W is
    model.labels |= {n for n in open_ if stems[n] not in _WEIGHTS and model.known.arity[n] <= 2}


def _costs(
    model: Model, trees: list[Node], defined: set[str], predicted: set[str], logits: set[str]
) -> None:
    """An undefined cost that is differentiated by logits or predictions: the cross-entropy."""
    costs = set()
    for node in (n for t in trees for n in tree.walk(t)):
        if isinstance(node, Diff) and isinstance(node.body, Name | Sub | tree.Call):
            name = base_name(node.body) if not isinstance(node.body, tree.Call) else None
            if isinstance(node.body, Sub) and any(
                len(getattr(i, "text", "")) < 2 for i in node.body.indices
            ):
                continue
            if name and name not in defined and name not in model.known.arity and is_loss(name):
                costs.add(_label(node.body))
    if not costs:
        return
    outputs = sorted(predicted) or [d.name for d in model._all() if _is_softmax(d.body)]
    targets = sorted(model.labels - set(outputs)) or sorted(
        d.name for d in model._all() if d.name not in outputs and d.name in model.known.arity
        and isinstance(d.body, Div) and d.name in _beside(trees, set(outputs))
    )  # fmt: skip
    for name, (target, output) in product(sorted(costs), list(product(targets, outputs))[:1]):
        k = Name("k")
        body = Neg(Big("sum", (k,), None, tree.Mul(
            (Sub(Name(target), (k,)), Fn("log", Sub(Name(output), (k,)))), ("",))))  # fmt: skip
        model.extra.append(Declared(name, (), None, False, body, 0))
        model.assumed[name] = (
            f"{shown(name)} taken as the cross-entropy of {shown(target)} and {shown(output)}"
        )


def _neuron(model: Model, trees: list[Node], defined: set[str]) -> None:
    """A cost of an activation, differentiated by weights that nothing connects: a = σ(w·x + b)."""
    nodes = [n for t in trees for n in tree.walk(t)]
    by = {base_name(v) for n in nodes if isinstance(n, Diff) for v in n.variables}
    if not by & {"w", "b", "theta"}:
        return
    inside = {n for n in nodes if isinstance(n, Fn | tree.Call) and _squashing(n)}
    bodies = [d.body for d in model._all() if is_loss(d.name)]
    used = set().union(*(tree.names(b) for b in bodies)) if bodies else set()
    outputs = [a for a in ("a", "hat y", "h", "o", "p") if a in used - defined]
    if not inside or not outputs or used & {"w", "b", "z"} or "z" in defined:
        return
    one = Sub(Name("w"), (Name("j"),)), Sub(Name("x"), (Name("j"),))
    indexed = "w" in model.known.arity or "x" in model.known.arity
    weighted: Node = tree.Mul((Name("w"), Name("x")), ("",))
    if indexed:
        weighted = Big("sum", (Name("j"),), None, tree.Mul(one, ("",)))
    total = tree.Add((weighted, Name("b")))
    model.extra.append(Declared("z", (), None, False, total, 0))
    squashed = tree.Call(Name("sigma"), (Name("z"),))
    model.extra.append(Declared(outputs[0], (), None, False, squashed, 0))
    model.assumed["z"] = "z taken as w·x + b"
    model.assumed[outputs[0]] = f"{shown(outputs[0])} taken as σ(z)"


def _squashing(node: Node) -> bool:
    name = node.name if isinstance(node, Fn) else base_name(getattr(node, "head", Name("")))
    return name in ("sigma", "sigmoid", "sigma'", "sigmoid'")


def _beside(trees: list[Node], outputs: set[str]) -> set[str]:
    return {n.base.text for t in trees for n in tree.walk(t)
            if isinstance(n, Sub) and isinstance(n.base, Name)} - outputs  # fmt: skip


def _label(node: Node) -> str:
    if isinstance(node, Sub) and isinstance(node.base, Name):
        return f"{node.base.text}_" + ",".join(
            getattr(i, "text", "?").replace(" ", "") for i in node.indices
        )
    return getattr(node, "text", "?")


__all__ = ["assume", "replaced"]
