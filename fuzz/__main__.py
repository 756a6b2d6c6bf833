"""``python -m fuzz TARGET [libFuzzer options] [FOLDER…]`` · ``seeds`` · ``mutations`` · ``growth`` · ``threads``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fuzz.names import NAMES

SEED = 20261122


def main(arguments: list[str]) -> int:
    """Run what is asked; return the exit status."""
    match arguments:
        case ["seeds", folder]:
            from fuzz.seeds import write_seeds

            print(f"{write_seeds(Path(folder))} seeds in {folder}")
        case ["mutations", *options]:
            return _mutations(options)
        case ["threads", *options]:
            return _threads(options)
        case ["growth", *options]:
            _growth(options)
        case [target, *options] if target in NAMES:
            _fuzz(target, options)
        case _:
            print(
                f"usage: python -m fuzz seeds FOLDER | mutations | growth | threads | {' | '.join(NAMES)}",
                file=sys.stderr,
            )
            return 2
    return 0


def _fuzz(name: str, options: list[str]) -> None:
    """Run a target under atheris; it ends the process itself."""
    import atheris

    with atheris.instrument_imports(include=["ecert"]):
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


def _mutations(options: list[str]) -> int:
    """Judge mutants of valid copies; 1 where one is VALID without reason, raises, or exceeds a limit."""
    parser = argparse.ArgumentParser(prog="python -m fuzz mutations")
    parser.add_argument("--bytes", type=int, default=100_000)
    parser.add_argument("--lower", type=int, default=20_000, help="bytes of the lower levels")
    parser.add_argument("--structures", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="write the mutants that fail into this folder")
    chosen = parser.parse_args(options)
    from fuzz.mutations.campaign import Way, keep, run
    from fuzz.mutations.report import tell

    done, total = 0, chosen.bytes + chosen.lower + chosen.structures

    def progress(count: int) -> None:
        nonlocal done
        done += count
        if sys.stderr.isatty():
            print(f"\r{done:,} of {total:,}", end="" if done < total else "\n", file=sys.stderr)

    counts: dict[Way, int] = {"bytes": chosen.bytes, "lower levels": chosen.lower, "structures": chosen.structures}
    tally = run(counts, seed=chosen.seed, jobs=chosen.jobs, progress=progress)
    print(tell(tally, seed=chosen.seed))
    for path in keep(tally, chosen.keep) if chosen.keep and tally.faults else ():
        print(f"kept: {path}")
    return 0 if tally.passed else 1


def _threads(options: list[str]) -> int:
    """Let eight threads act first in many fresh processes; 1 where one came to a wrong result."""
    from fuzz.threads.campaign import run, table
    from fuzz.threads.child import ACTS

    parser = argparse.ArgumentParser(prog="python -m fuzz threads")
    parser.add_argument("--processes", type=int, default=200, help="for every act")
    parser.add_argument("--act", choices=ACTS, action="append", help="default: all of them")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args(options)
    acts = chosen.act or list(ACTS)
    done = 0

    def progress() -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            print(f"\r{done} of {len(acts) * chosen.processes}", end="", file=sys.stderr)

    rows = run(chosen.processes, acts=acts, jobs=chosen.jobs, progress=progress)
    print(table(rows))
    return 1 if any(row.wrong for row in rows) else 0


def _growth(options: list[str]) -> None:
    """Judge hostile files at n, 2n and 4n and print what each costs."""
    parser = argparse.ArgumentParser(prog="python -m fuzz growth")
    parser.add_argument("names", nargs="*", metavar="CASE", help="default: all of them")
    parser.add_argument("--tree", type=Path, action="append", help="another checkout, to compare with")
    parser.add_argument("--calls", action="store_true", help="count function calls, not seconds")
    chosen = parser.parse_args(options)
    from fuzz.growth import CASES
    from fuzz.growth.table import HERE, tell

    cases = [CASES[name] for name in chosen.names or CASES]
    tell(cases, [*(chosen.tree or ()), HERE], lambda line: print(line, flush=True), calls=chosen.calls)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
