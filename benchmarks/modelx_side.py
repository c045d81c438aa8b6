"""The other side of benchmarks/valuation.py: lifelib's two models under modelx, in an environment of its own.

Started with a folder: writes there what the models are given (inputs) and what they give (results), then answers each
model's name on standard input with the seconds that modelx takes from no cell computed to all present values.
"""

import resource
import sys
import time
import warnings
from pathlib import Path

import lifelib
import modelx
import numpy as np

MODELS = {"basic_term": "basiclife/BasicTerm_ME", "cash_value": "savings/CashValue_ME"}


def projection(name):
    """The model's space with its own 10,000 model points."""
    folder = Path(lifelib.__file__).parent / "libraries" / MODELS[name]
    space = modelx.read_model(str(folder), name=name).Projection
    if name == "cash_value":
        space.model_point_table = space.model_point_10000
    return space


def inputs(name, space):
    """Tables and model points as plain arrays."""
    points = space.model_point_table
    given = {
        "first_age": int(space.mort_table.index[0]),
        "mortality": space.mort_table.to_numpy(float),
        "zero_spot": space.disc_rate_ann.to_numpy(float),
        "sex": (points["sex"] == "F").to_numpy().astype(np.int64),
    }
    for column in ("age_at_entry", "policy_term", "policy_count", "sum_assured", "duration_mth"):
        given[column] = points[column].to_numpy(np.int64)
    if name == "basic_term":
        rates = space.premium_table.unstack().reindex(columns=range(1, 61))
        given |= {"premium_first_age": int(rates.index[0]), "premium_rates": rates.to_numpy(float)}
        given["plan"] = np.zeros(len(points), dtype=np.int64)
    else:
        given["plan"] = points["spec_id"].map({"A": 0, "B": 1, "C": 2, "D": 3}).to_numpy(np.int64)
        given["premium"] = points["premium_pp"].to_numpy(float)
        given["account"] = points["av_pp_init"].to_numpy(float)
        given["investment"] = space.inv_return_table().xs(space.scen_id, level=0).to_numpy(float)
    return given


def main():
    """Write inputs and results, then answer."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    spaces = {name: projection(name) for name in MODELS}
    for name, space in spaces.items():
        result = space.result_pv()
        np.savez(
            folder / f"{name}.npz", **inputs(name, space), **{f"pv {key}": result[key] for key in result}
        )
        space.model.clear_all()
    print(f"modelx {modelx.__version__}, lifelib {lifelib.__version__}", flush=True)
    for line in sys.stdin:
        space = spaces[line.strip()]
        start = time.perf_counter()
        space.result_pv()
        seconds = time.perf_counter() - start
        space.model.clear_all()
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


if __name__ == "__main__":
    main()
