"""Which fonts papers and the test browser use: those of set-up, or the folder that COUNTERFOIL_FONT_DIR names."""

import os
from pathlib import Path

from counterfoil.config.places import PROJECT

FAMILY = "Noto Sans SC"


def font_paths() -> list[Path]:
    """Existing folders with TrueType fonts that hold Chinese, best first; typst takes them as `font_paths`."""
    named = os.environ.get("COUNTERFOIL_FONT_DIR")
    folders = [Path(named)] if named else [PROJECT / ".fonts", Path("/usr/share/fonts")]
    return [folder for folder in folders if folder.is_dir()]


def fontconfig_file() -> Path | None:
    """Value of FONTCONFIG_FILE for a program that asks fontconfig, such as the test browser."""
    file = PROJECT / ".fonts/fonts.conf"
    return file if file.is_file() else None
