"""The meaning of a document while it is read: scopes for each claim, built from declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.errors import DeriveError
from derive.judge import tree
from derive.judge.alignment import aligned
from derive.judge.assumptions import Assumption, assumptions
from derive.judge.claims import Claim, Document
from derive.judge.declarations import Declarations, Declared, declare, definition
from derive.judge.domains import domain_of, domains
from derive.judge.elaborate import Elaborator
from derive.judge.registering import Circular, register_function, register_quantity
from derive.judge.scope import Scope, shown
from derive.judge.state import PLAIN, BySign
from derive.judge.tree import Name, Node
from derive.judge.values import Concrete, Tensor
from derive.kernel.facts import Fact
from derive.notation import Domain, index

_SIGMOID = re.compile(r"sigmoid|logistic|逻辑|邏輯|シグモイド|ロジスティック", re.IGNORECASE)


@dataclass
class Model:
    """A document with what it declares. ``scope_at`` gives the names as they are at a claim."""

    document: Document
    known: Declarations = field(init=False)
    scope: Scope = field(init=False)
    extra: list[Declared] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    softmaxes: set[str] = field(default_factory=set)
    given: dict[int, Assumption] = field(default_factory=dict)
    definitions: dict[int, Declared] = field(default_factory=dict)
    again: dict[int, Declared] = field(default_factory=dict)
    inverses: set[int] = field(default_factory=set)
    partial: set[int] = field(default_factory=set)
    _cache: dict[tuple[object, ...], Scope] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = declare(self.document)
        self._order()
        self._axes()
        self._circles()
        self.settle()

    def _order(self) -> None:
        """Which claims introduce a name, and which introduce one again."""
        defined: set[str] = set()
        for claim in self.document.claims:
            made = definition(claim, self.known, defined)
            letters = {i.text for i in made.indices if isinstance(i, Name)} if made else set()
            if made is not None and letters & {x for r in claim.conditions for x in tree.names(r)}:
                self.partial.add(claim.n)  # only a case of it
            elif made is not None and self._inverts(made):
                self.inverses.add(claim.n)
            elif made is not None:
                self.definitions[claim.n] = made
                defined.add(made.name)
            elif claim.first and (again := definition(claim, self.known, set())) is not None:
                first = next((d for d in self.definitions.values() if d.name == again.name), None)
                last = any(getattr(i, "text", "") in self.known.ends for i in again.indices)
                if first is not None and len(first.indices) == len(again.indices) and not last:
                    self.again[claim.n] = again

    def _inverts(self, made: Declared) -> bool:
        """Whether what it says follows from earlier lines: p by η, where η is defined by p."""
        bodies = {d.name: d.body for d in self.definitions.values()}
        name = made.name.split("_")[0] if made.name not in self.known.arity else made.name
        if name not in self.known.arity:
            return False
        seen: set[str] = set()
        left = [made.body]
        while left:
            for used in tree.wholes(left.pop()) - seen:
                seen.add(used)
                if used in bodies:
                    left.append(bodies[used])
        return name in seen

    def _circles(self) -> None:
        """A name that an earlier definition is made of is not defined by it: that is a claim."""
        circular = self.scope_at(len(self.document.claims) + 1, data=False).circular
        first = {d.name: d for d in reversed(self.definitions.values())}
        for made in (self.definitions, self.again):
            for n in [n for n, d in made.items() if d.name in circular]:
                if first[made[n].name].indices and not made[n].before:
                    del made[n]
        self._cache.clear()

    def _axes(self) -> None:
        """Find which index places run over the same values, by reading everything once."""
        self.scope = Scope()
        pairs = [(c.n in self.definitions, c.trees) for c in self.document.claims if c.trees]
        joined = aligned(pairs, self.known.arity)
        for one, other in joined:
            self.scope.axes.join(one, other)
        for _ in range(2):
            scope = self.scope_at(len(self.document.claims) + 1, data=False)
            for claim in self.document.claims:
                if claim.trees is None:
                    continue
                reader = Elaborator(scope, claim.chain)
                for side in claim.trees:
                    try:
                        value = reader.value(side)
                        if isinstance(value, Tensor):
                            value.entry(tuple(index(f"h{n}") for n in range(value.rank)))
                    except (DeriveError, Concrete, ArithmeticError, ValueError, TypeError):
                        continue
                    except (AttributeError, RecursionError):
                        continue
            self.scope.axes.parent = scope.axes.parent
            self._main(scope)
            self._cache.clear()
        self.scope.axes.separate(k for pair in joined for k in pair)

    def _main(self, scope: Scope) -> None:
        """The index place that most indices share is the one over the classes."""
        weights: dict[object, int] = {}
        for name, arity in scope.arity.items():
            for n in range(arity):
                root = scope.axes.root((name, n))
                weights[root] = weights.get(root, 0) + scope.axes.weight.get(root, 0) + 1
        self.scope = Scope(axes=scope.axes)
        self.scope.main = max(weights, key=lambda r: weights[r], default=None)

    def settle(self) -> None:
        """Find the roles of undeclared letters, and what is only assumed."""
        from derive.judge.roles import assume

        assume(self)
        self._cache.clear()
        found = assumptions(self.document.claims, self.scope_at(len(self.document.claims) + 1))
        self.given = {a.claim: a for a in found}

    def facts_at(self, claim: Claim) -> list[Fact]:
        """What the author has stated up to a claim."""
        return [
            a.fact for a in self.given.values()
            if a.fact and a.claim < claim.n and a.chain != claim.chain and a.lasting
        ]  # fmt: skip

    def unread_names(self, claim: Claim, scope: Scope) -> set[str]:
        """The names in a claim that are defined, but by something that is not read."""
        known = {*scope.definitions, *scope.functions, *scope.concrete, *scope.assumed}
        bodies = {d.name: d.body for d in self._all() if d.claim <= claim.n}
        direct = {n for t in claim.trees or () for n in tree.names(t)}
        beyond = {n for u in direct & set(bodies) for n in tree.names(bodies[u])} - scope.signed
        dark = {n for n in (direct | beyond) & set(bodies) if n not in known}
        dark = {n for n in dark if n + PLAIN not in known}
        return dark - scope.circular

    def logged(self) -> set[str]:
        """What definitions take the logarithm of: whoever writes them has it positive."""
        found: dict[str, Domain] = {}
        for node in (n for d in self._all() for n in tree.walk(d.body)):
            domain_of(node, found)
        return {shown(n) for n in found}

    def alternatives(self, claim: Claim) -> Iterator[tuple[Scope, str]]:
        """The scopes in which a name keeps an earlier definition of this document."""
        used = {n for t in claim.trees or () for n in tree.names(t)}
        versions: dict[str, list[Declared]] = {}
        for d in sorted(self._all(), key=lambda d: d.claim):
            if d.claim < claim.n and d.name in used:
                versions.setdefault(d.name, []).append(d)
        if any(not tree.names(d.body) for known in versions.values() for d in known):
            yield self.scope_at(claim.n, data=False), "not at the numbers of the example"
        for name, known in versions.items():
            for d in known[:-1][:3]:
                yield self.scope_at(claim.n, d, False), f"with {shown(name)} as first defined"

    # -- scopes --------------------------------------------------------------------------------

    def forward(self, claim: Claim) -> bool:
        """Whether the claim uses a name that is only defined further on."""
        used = {n for t in claim.trees or () for n in tree.names(t)}
        early = {d.name for d in self._all() if d.claim <= claim.n}
        return any(d.name in used - early for d in self._all())

    def scope_at(
        self,
        n: int,
        instead: Declared | None = None,
        forward: bool = True,
        data: bool = True,
    ) -> Scope:
        """The names as they stand at claim n: the last definition before it, else the first."""
        chosen: dict[str, Declared] = {}
        for d in [*self.extra, *sorted(self._all(), key=lambda d: d.claim)]:
            if not forward and d.claim > n:
                continue
            if not tree.names(d.body) and d.claim and (d.claim > n or not data):
                continue  # numbers of an example count from where they stand
            own = d.claim and chosen.get(d.name, d).claim == 0  # a definition beats a guess
            if d.name not in chosen or d.claim <= n or own:
                chosen[d.name] = d
        if instead is not None:
            chosen[instead.name] = instead
        key = (*(d.claim for d in chosen.values()), *self.assumed, *sorted(self.labels))
        if key not in self._cache:
            self._cache[key] = self._built(list(chosen.values()))
        return self._cache[key]

    def _all(self) -> list[Declared]:
        return [*self.definitions.values(), *self.again.values()]

    def _built(self, chosen: list[Declared]) -> Scope:
        scope = Scope(
            axes=self.scope.axes, arity=dict(self.known.arity), letters=set(self.known.letters),
            labels=set(self.labels), assumed=dict(self.assumed), main=self.scope.main,
            softmaxes=set(self.softmaxes), squashing=self.known.named_softmax or self._sigmoid(),
            ends=set(self.known.ends),
        )  # fmt: skip
        scope.domains = domains(self.document, self.known, {d.name for d in chosen if d.claim})
        for _ in range(3):  # definitions may use one another, in any order
            for d in chosen:
                self._register(scope, d)
        return scope

    def _sigmoid(self) -> bool:
        """Whether the document speaks of the sigmoid and never of softmax."""
        text = self.document.source.text
        return bool(_SIGMOID.search(text)) and "softmax" not in text.lower()

    def _register(self, scope: Scope, d: Declared) -> None:
        try:
            if d.arguments is not None:
                register_function(scope, d)
            else:
                register_quantity(scope, d)
        except BySign:
            scope.definitions.pop(d.name, None)
            scope.signed.add(d.name)
        except Circular:
            scope.definitions.pop(d.name, None)
            scope.circular.add(d.name)
        except (
            DeriveError,
            ArithmeticError,
            ValueError,
            TypeError,
            AttributeError,
            RecursionError,
        ):
            scope.definitions.pop(d.name, None)
            for guess in self.extra if d.claim else ():
                if guess.name == d.name:
                    self._register(scope, guess)
        except Concrete:
            return


def variables_of(claims: list[Claim]) -> list[Node]:
    """What these claims differentiate by, in order, without repeats."""
    found: list[Node] = []
    for claim in claims:
        for side in claim.trees or ():
            for node in tree.walk(side):
                if isinstance(node, tree.Diff) and node.variables[-1] not in found:
                    found.append(node.variables[-1])
    return found
