"""Facts about whole vectors: choosing values that satisfy them, and checking that they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from derive.kernel.explicit.arithmetic import Answer
from derive.kernel.explicit.evaluate import Compiler
from derive.kernel.explicit.exact import Unsupported
from derive.kernel.explicit.points import Code, Key, Point
from derive.kernel.explicit.sampling import Role, Sampler
from derive.kernel.facts import Fact, Fixed, OneHot, Positive, SumsTo
from derive.kernel.language import Expr, IndexedBase, Symbol
from derive.notation import Domain, K

Position = tuple[int, ...]


class Constraints:
    """The facts among the conditions that are about values, compiled."""

    def __init__(self, conditions: Iterable[Fact], compiler: Compiler) -> None:
        self.facts = [f for f in conditions if isinstance(f, SumsTo | OneHot | Positive)]
        self.context, self.survey = compiler.context, compiler.survey
        self._positive = {str(f.base) for f in self.facts if isinstance(f, Positive)}
        self._totals: list[tuple[SumsTo, Code]] = []
        for fact in self.facts:
            if isinstance(fact, SumsTo):
                self._totals.append((fact, compiler.compile(fact.total)))
        self._fixed = [self._compile_fixed(f, compiler) for f in conditions if isinstance(f, Fixed)]
        self._vectors: dict[Any, tuple[Code, list[Symbol], list[Any]]] = {}
        for base in dict.fromkeys(f.base for f in self.facts):
            shape = self._shape(base)
            letters = [Symbol(f"_{n}", integer=True) for n in range(len(shape))]
            component = base[tuple(letters)] if letters else base
            code = compiler.compile(component, frozenset(letters))
            self._vectors[base] = code, letters, [compiler.whole(e) for e in shape]

    def _compile_fixed(
        self, fact: Fixed, compiler: Compiler
    ) -> tuple[Fixed, list[Any], Code, Code]:
        places = [compiler.whole(e) for e in fact.component.indices]
        return fact, places, compiler.compile(fact.component), compiler.compile(fact.value)

    def _shape(self, base: Any) -> tuple[Expr, ...]:
        if not isinstance(base, IndexedBase):
            return ()
        quantity = self.context.quantities.get(str(base))
        named = next((d for d in self.context.definitions if d.name == base), None)
        used = len(named.parameters) if named else self.survey.bases.get(str(base), (0, 0))[1]
        if quantity is None or not quantity.shape:
            return (K,) * max(used, 1)
        if used not in (0, len(quantity.shape)):
            raise Unsupported(f"{base} is declared with shape {quantity.shape}, used with {used}")
        return quantity.shape

    def domain(self, name: str, symbol: Any) -> Domain:
        """The declared (or assumed) domain, made positive by facts."""
        quantity = self.context.quantities.get(name)
        if quantity is not None:
            declared = quantity.domain
        elif symbol.is_integer:
            declared = Domain.COUNT
        elif symbol.is_positive:
            declared = Domain.POSITIVE
        else:
            declared = Domain.NONNEGATIVE if symbol.is_nonnegative else Domain.REAL
        weaker = declared in (Domain.REAL, Domain.NONNEGATIVE)
        return Domain.POSITIVE if weaker and name in self._positive else declared

    def _is_named(self, base: Any) -> bool:
        return any(d.name == base for d in self.context.definitions)

    def _positions(self, base: Any, point: Point) -> list[Position]:
        _, _, ends = self._vectors[base]
        state = point.at({})
        return list(product(*(range(1, end(state) + 1) for end in ends)))

    def _components(self, base: Any, point: Point) -> Iterator[tuple[Position, Any]]:
        code, letters, _ = self._vectors[base]
        for position in self._positions(base, point):
            state = point.at({})
            state.letters = {**state.letters, **dict(zip(letters, position, strict=True))}
            yield position, code(state)

    # ---- choosing ---------------------------------------------------------------------------

    def impose(self, point: Point, sampler: Sampler, roles: dict[str, Role]) -> None:
        """Choose the values that the facts constrain (named quantities have theirs)."""
        done = set()
        for fixed, places, _, value in self._fixed:
            if not self._is_named(fixed.component.base):
                state = point.at({})
                key = str(fixed.component.base), tuple(place(state) for place in places)
                point.values[key] = value(state)
        for fact in self.facts:
            if isinstance(fact, OneHot) and not self._is_named(fact.base):
                done.add(fact.base)
                for position in self._positions(fact.base, point):
                    hot = position[-1] == point.labels[fact.label]
                    point.values[str(fact.base), position] = int(hot)
        for sums_to, total in self._totals:
            base = sums_to.base
            if base in done or self._is_named(base):
                continue
            done.add(base)
            rows: dict[Position, list[Position]] = {}
            for position in self._positions(base, point):
                rows.setdefault(position[:-1], []).append(position)
            role = roles.get(str(base), Role.PLAIN)
            for row in rows.values():
                goal = total(point.at({}))
                keys = [(str(base), position) for position in row]
                goal = goal - sum(point.values[key] for key in keys if key in point.values)
                free = [key for key in keys if key not in point.values]
                if free:
                    values = self._parts(base, free, goal, point, sampler, role)
                    point.values.update(zip(free, values, strict=True))

    def _parts(
        self, base: Any, keys: list[Key], total: Any, point: Point, sampler: Sampler, role: Role
    ) -> list[Any]:
        domain = self.domain(str(base), base)
        if domain is Domain.COUNT:
            return list(sampler.composition(int(total), len(keys)))
        if domain is Domain.REAL and (role is not Role.PLAIN or not sampler.shares):
            most = [point.state.component(key) for key in keys[:-1]]
            return [*most, total - sum(most)]
        number = sampler.arithmetic.number
        return [number(w) * total for w in sampler.weights(len(keys))]

    # ---- checking ---------------------------------------------------------------------------

    def satisfied(self, point: Point) -> bool:
        """Whether the facts, and the domains of what they are about, hold at the finished point."""
        same = point.state.arithmetic.compare
        for fact, total in self._totals:
            sums: dict[Position, Any] = {}
            for position, value in self._components(fact.base, point):
                sums[position[:-1]] = value + sums.get(position[:-1], 0)
            goal = total(point.at({}))
            if any(same(value, goal) is Answer.DIFFERENT for value in sums.values()):
                return False
        for fixed, _, component, value in self._fixed:
            goal = value(point.at({}))
            if same(component(point.at({})), goal) is Answer.DIFFERENT:
                return False
            if not self._in_domain(fixed.component.base, goal, point):
                return False
        return all(
            self._holds(fact, position, value, point)
            for fact in self.facts
            for position, value in self._components(fact.base, point)
        )

    def _holds(self, fact: Any, position: Position, value: Any, point: Point) -> bool:
        """Whether one component is as the fact says."""
        arithmetic = point.state.arithmetic
        if isinstance(fact, OneHot):
            hot = int(position[-1] == point.labels[fact.label])
            if arithmetic.compare(value, hot) is Answer.DIFFERENT:
                return False
        if isinstance(fact, Positive) and arithmetic.sign(value) <= 0:
            return False
        return self._in_domain(fact.base, value, point)

    def _in_domain(self, base: Any, value: Any, point: Point) -> bool:
        """UNIT admits 1: with one class every probability is 1."""
        if self._is_named(base):
            return True
        arithmetic, domain = point.state.arithmetic, self.domain(str(base), base)
        sign = arithmetic.sign(value)
        if domain in (Domain.POSITIVE, Domain.UNIT):
            return sign > 0 and (domain is not Domain.UNIT or arithmetic.sign(value - 1) <= 0)
        return domain is Domain.REAL or sign >= 0
