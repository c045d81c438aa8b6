"""Writes the tables of docs/licences.md from the lock files and the packages' own metadata; --check only compares.

A package under the GPL or AGPL, or without a known licence, stops it.
"""

import importlib.metadata
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/licences.md"
BEGIN, END = "<!-- {} begin: made by python setup/licences.py -->", "<!-- {} end -->"
SPELT = {
    "MIT License": "MIT",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "LGPL": "LGPL-2.1-or-later",
}
# Where the metadata does not say it, or not all of it.
LOOKED_UP = {
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "@tabler/icons-webfont": "MIT",
}
NEVER = re.compile(r"(?<!L)GPL")


def python_licences() -> dict[str, str]:
    """Package to licence for the lock file of an installation."""
    text = (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8")
    return {name: _of_package(name) for name in re.findall(r"^([a-z0-9][a-z0-9._-]*)==", text, re.MULTILINE)}


def _of_package(name: str) -> str:
    if name in LOOKED_UP:
        return LOOKED_UP[name]
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if expression := said.get("License-Expression"):
        return expression
    short = (said.get("License") or "").strip()
    if short and len(short) <= 20 and "\n" not in short:
        return SPELT.get(short, short)
    classified = [
        c.rpartition(" :: ")[2] for c in said.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    return " AND ".join(sorted({SPELT.get(name, name) for name in classified}))


def front_end_licences() -> dict[str, str]:
    """Package to licence for the lock file of screens and papers, with what is built into them."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    names = {path.removeprefix("node_modules/"): entry for path, entry in lock["packages"].items() if path}
    return {name: LOOKED_UP.get(name) or entry.get("license", "") for name, entry in names.items()}


def table(licences: dict[str, str]) -> str:
    """One row a licence."""
    by_licence: dict[str, list[str]] = defaultdict(list)
    for name, licence in licences.items():
        by_licence[licence].append(name)
    rows = [f"| {licence} | {', '.join(sorted(names))} |" for licence, names in sorted(by_licence.items())]
    return "\n".join(["| licence | packages |", "|---|---|", *rows])


def faults(licences: dict[str, str]) -> list[str]:
    """What may not be taken in."""
    return [
        f"{name}: licence {licence or 'not known'}"
        for name, licence in licences.items()
        if not licence or NEVER.search(licence)
    ]


def page(text: str) -> str:
    """The page with its tables made anew."""
    for what, licences in (("python", python_licences()), ("front end", front_end_licences())):
        begin, end = BEGIN.format(what), END.format(what)
        before, _, rest = text.partition(begin)
        after = rest.partition(end)[2]
        text = f"{before}{begin}\n{table(licences)}\n{end}{after}"
    return text


def main() -> int:
    """Exit code 1 for a licence that may not be taken in and, with --check, for tables that are not up to date."""
    found = faults(python_licences() | front_end_licences())
    print("\n".join(found), end="\n" if found else "")
    text = PAGE.read_text(encoding="utf-8")
    wanted = page(text)
    if "--check" in sys.argv[1:]:
        if wanted != text:
            print("docs/licences.md is not what the lock files say: run python setup/licences.py")
        return 1 if found or wanted != text else 0
    PAGE.write_text(wanted, encoding="utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
