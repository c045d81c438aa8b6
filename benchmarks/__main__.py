"""`make bench`: every benchmark, or those named; exit code 1 when one of them fails or misses a gate that it holds."""

import sys
import traceback
from collections.abc import Callable, Iterable, Mapping

Part = Callable[[], int | None]


def run_parts(parts: Mapping[str, Part], names: Iterable[str]) -> int:
    """Run the named parts one after the other, whatever comes of those before; 1 when any failed, else 0."""
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        if not _passes(parts[name]):
            failed.append(name)
    if failed:
        print(f"FAILED: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def _passes(part: Part) -> bool:
    try:
        return not part()
    except SystemExit as ended:
        print(ended, flush=True)
        return not ended.code
    except Exception:  # noqa: BLE001 - the parts after it are run all the same
        traceback.print_exc()
        return False


if __name__ == "__main__":
    from benchmarks import acts, hall, http, pdf, timeline, valuation, valuation_run

    ALL: dict[str, Part] = {
        "acts": acts.run,
        "hall": hall.run,
        "http": http.run,
        "pdf": pdf.main,
        "timeline": timeline.run,
        "valuation": valuation.run,
        "valuation_run": valuation_run.run,
    }
    raise SystemExit(run_parts(ALL, sys.argv[1:] or ALL))
