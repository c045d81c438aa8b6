"""`make bench`: every benchmark, or those named on the command line."""

import sys

from benchmarks import acts, http, pdf, timeline, valuation

ALL = {
    "acts": acts.run,
    "http": http.run,
    "pdf": pdf.main,
    "timeline": timeline.run,
    "valuation": valuation.run,
}

for name in sys.argv[1:] or ALL:
    print(f"== {name}", flush=True)
    ALL[name]()
