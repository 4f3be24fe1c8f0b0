"""A finished derivation: what it states, its lines, and the evidence for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.errors import DeriveError
from derive.kernel.bounds import Bound, combined
from derive.kernel.facts import Context, Definition, Fact
from derive.kernel.language import Equation, Expr, Integer
from derive.kernel.rule import Line
from derive.kernel.step import FunctionSpec, Step, WorkedExample
from derive.kernel.verdicts import Evidence


@dataclass(frozen=True, repr=False)
class Derivation:
    """One result with its whole working.

    ``closing`` proves the sign of the last line, if that is what it is about. ``relation`` is the
    sign between the two sides of the statement, ``sides``.
    ``result`` is the last line; for an equation derivation it is an ``Equation``.
    ``remarks`` are sentences that stand under the assumptions; ``grounds`` are derivations whose
    results the function returns as well.
    """

    name: str
    title: str
    topic: str
    statement: str
    context: Context
    start: Line
    steps: tuple[Step, ...]
    conclusion: Line
    references: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    function: FunctionSpec | None = None
    examples: tuple[WorkedExample, ...] = ()
    closing: Bound | None = None
    remarks: tuple[str, ...] = ()
    grounds: tuple[Derivation, ...] = ()

    def __repr__(self) -> str:
        return f"<derivation {self.name}: {len(self.steps)} steps to {self.conclusion}>"

    @property
    def result(self) -> Line:
        return self.conclusion

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return self.context.definitions

    @property
    def facts(self) -> tuple[Fact, ...]:
        return self.context.facts

    @property
    def relation(self) -> str:
        """The sign between the sides: that of its steps together, and of the closing one."""
        return combined([*(s.relation for s in self.steps), *self._closing_relation()])

    def coherent(self) -> Derivation:
        """The derivation itself. Raises DeriveError where its relations say nothing together."""
        combined([*(s.relation for s in self.steps), *self._closing_relation()])
        return self

    def _closing_relation(self) -> tuple[str, ...]:
        return (self.closing.relation,) if self.closing else ()

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """The two sides of the statement: the start and the last line, or 0 for a sign."""
        if isinstance(self.conclusion, Equation):
            return self.conclusion.lhs, self.conclusion.rhs
        assert isinstance(self.start, Expr)
        return self.start, Integer(0) if self.closing else self.conclusion

    @property
    def equation(self) -> Equation:
        """What its equalities say: start = conclusion, or the concluding equation.

        Raises DeriveError for a derivation that shows a bound or a limit.
        """
        if any(s.relation != "=" for s in self.steps):
            raise DeriveError(f"{self.name} shows {self.relation}, which is no equation")
        if isinstance(self.conclusion, Equation):
            return self.conclusion
        return Equation(self.start, self.conclusion)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Both routes' answers, a step each, and last the one for the whole statement."""
        from derive.kernel.check import check_derivation

        return check_derivation(self)

    def _repr_latex_(self) -> str:
        from derive.render.notebook import notebook_latex

        return notebook_latex(self)

    def _repr_html_(self) -> str:
        from derive.render.notebook import notebook_html

        return notebook_html(self)
