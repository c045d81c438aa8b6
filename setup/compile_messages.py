"""Compiles locale/*/LC_MESSAGES/*.po to .mo without any gettext program; with --check only looks for faults."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def faults(source: Path) -> list[str]:
    """Everything wrong with one catalogue: fuzzy entries, repeated ids, and in Chinese untranslated ones."""
    catalogue = polib.pofile(str(source), check_for_duplicates=False)
    found: list[str] = []
    seen: set[tuple[str | None, str]] = set()
    for entry in catalogue:
        if entry.obsolete:
            continue
        where = f"{source.relative_to(LOCALE.parent)}:{entry.linenum}: {entry.msgid!r}"
        if (entry.msgctxt, entry.msgid) in seen:
            found.append(f"{where} is there twice")
        seen.add((entry.msgctxt, entry.msgid))
        if "fuzzy" in entry.flags:
            found.append(f"{where} is fuzzy")
        if "zh_Hans" in source.parts and not entry.translated():
            found.append(f"{where} has no Chinese")
    return found


def main() -> int:
    """Compile what is newer than its .mo; the exit code is 1 where --check finds a fault."""
    checking = "--check" in sys.argv[1:]
    problems: list[str] = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        if checking:
            problems += faults(source)
            continue
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
