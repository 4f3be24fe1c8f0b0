"""``make fuzz``: generated input through the reader and the prover, and the mutation score."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

from derive.catalogue import all_derivations
from derive.errors import DeriveError
from derive.judge.claims import Collector, vocabulary
from derive.judge.limits import OutOfTime, limited
from derive.judge.model import Model
from derive.judge.reading import read
from derive.judge.spans import cut
from derive.judge.verdict import judge
from derive.kernel.decide import established
from derive.kernel.explicit.instantiate import recheck
from derive.kernel.facts import Context
from derive.kernel.language import Equation, Expr
from derive.kernel.slips import mutants
from derive.render.maths import latex
from tests.fuzz.inputs import equation, generated

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
LIMIT = 2.0


def reader(count: int, seed: int) -> tuple[int, float]:
    """(relations found, the longest time) over generated documents; a crash is a crash."""
    found, longest = 0, 0.0
    for n in range(count):
        text = generated(Random(seed + n))
        start = time.perf_counter()
        source = cut(text)
        document = Collector(source, vocabulary(source)).collect()
        for claim in document.claims:
            claim.read(lambda head, group: True)
        found += len(document.claims)
        longest = max(longest, time.perf_counter() - start)
    return found, longest


def prover(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """(verdicts, wrong proofs) over generated documents."""
    verdicts: Counter[str] = Counter()
    wrong: list[str] = []
    for n in range(count):
        rng = Random(seed + n)
        text = equation(rng) if n % 5 else generated(rng)
        source = cut(text)
        document = Collector(source, vocabulary(source)).collect()
        try:
            model = Model(document)
        except DeriveError:
            verdicts["refused"] += 1
            continue
        for claim in document.claims:
            try:
                with limited(LIMIT):
                    found = judge(claim, model)
            except OutOfTime:
                verdicts["time"] += 1
                continue
            verdicts[found.verdict] += 1
            if found.verdict == "proved" and found.sides and differ(*found.sides, found.context):
                wrong.append(text)
    return verdicts, wrong


def differ(lhs: Expr, rhs: Expr, context: Context, conditions: Any = ()) -> bool:
    """Whether the independent route finds an instance on which two expressions differ."""
    return recheck(lhs, rhs, context, conditions=conditions).witness is not None


def steps() -> Iterator[tuple[Expr, Expr, Context]]:
    """Neighbouring lines of every derivation of the project."""
    for derivation in all_derivations():
        lines = [derivation.start, *(s.after for s in derivation.steps)]
        for before, after in pairwise(lines):
            if not isinstance(after, Equation) and not isinstance(before, Equation):
                yield before, after, derivation.context


def of_documents(folder: Path) -> Iterator[tuple[Expr, Expr, Context]]:
    """The proved lines of a folder of documents."""
    for file in sorted(folder.glob("*.md")):
        source = cut(file.read_text(encoding="utf-8"))
        model = Model(Collector(source, vocabulary(source)).collect())
        for claim in model.document.claims:
            try:
                with limited(LIMIT):
                    found = judge(claim, model)
            except OutOfTime:
                continue
            if found.verdict == "proved" and found.sides:
                yield *found.sides, found.context


def mutation(
    lines: Iterator[tuple[Expr, Expr, Context]], most: int
) -> tuple[Counter[str], list[str]]:
    """Each slip once at each place, printed and read back: how many are proved, and rightly."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for before, after, context in lines:
        for slip, mutant in islice(mutants(after), most):
            try:
                text = latex(mutant, context)
                person = read(text, context, mutant)
                with limited(LIMIT):
                    verdict = established(before, person, context)
            except (DeriveError, OutOfTime, ArithmeticError, ValueError, TypeError):
                counts["not read or no answer"] += 1
                continue
            counts["mutants"] += 1
            if not verdict.holds:
                counts["not proved"] += 1
            elif differ(before, person, context, verdict.conditions):
                wrong.append(f"{slip.name}: {text}")
            else:
                counts["equal all the same"] += 1
    return counts, wrong


def main() -> int:
    """Run everything and print the figures; 1 if anything was proved that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", type=int, default=100_000)
    parser.add_argument("--prove", type=int, default=5_000)
    parser.add_argument("--mutants", type=int, default=60, help="at most so many for one line")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found, longest = reader(options.read, options.seed)
    print(f"reader: {options.read} documents, {found} relations, longest {longest:.2f} s")
    verdicts, wrong = prover(options.prove, options.seed)
    shown = ", ".join(f"{v} {n}" for v, n in verdicts.most_common())
    print(f"prover: {options.prove} documents: {shown}; wrong proofs {len(wrong)}")
    counts, missed = mutation(steps(), options.mutants)
    print(f"own write-ups: {dict(counts)}; proved though different {len(missed)}")
    if CORPUS.is_dir():
        more, others = mutation(of_documents(CORPUS), options.mutants)
        print(f"corpus: {dict(more)}; proved though different {len(others)}")
        missed += others
    for text in [*wrong, *missed]:
        print("WRONG", text)
    return 1 if wrong or missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
