"""Copies the files that the screens and papers need out of node_modules; the list below is all of them.

Served files go to the static folder of `counterfoil.web`, fonts for PDF and the test browser to `.fonts`.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "src/counterfoil/web/static/vendor"
FONTS = ROOT / ".fonts"

FILES: dict[Path, str] = {
    STATIC / "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    STATIC / "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    STATIC / "icons/tabler-icons.min.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    STATIC / "icons/fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    STATIC / "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    STATIC / "alpine/alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    STATIC / "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
    FONTS / "NotoSansSC-Regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    FONTS / "NotoSansSC-Bold.ttf": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
}
LICENCES: dict[Path, str] = {
    STATIC / "tabler/LICENSE": "@tabler/core/LICENSE",
    STATIC / "htmx/LICENSE": "htmx.org/LICENSE",
    STATIC / "echarts/LICENSE": "echarts/LICENSE",
    STATIC / "echarts/NOTICE": "echarts/NOTICE",
    FONTS / "LICENSE": "@expo-google-fonts/noto-sans-sc/LICENSE_FONT",
}


# Lets a program that asks fontconfig (the test browser) find the fonts on a machine that has none.
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""


def drop_source_map(target: Path) -> None:
    """Take out the last line that points at a source map: the maps are not served, and a miss is noise in the log."""
    if target.suffix in {".css", ".js"}:
        text = target.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if "sourceMappingURL=" not in line[:30]]
        target.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> int:
    """Copy, or with --check say by the exit code whether every file is there."""
    if "--check" in sys.argv[1:]:
        return 0 if all(target.is_file() for target in FILES) else 1
    for folder in (STATIC, FONTS):
        shutil.rmtree(folder, ignore_errors=True)
    for target, source in (FILES | LICENCES).items():
        if target in LICENCES and not (PACKAGES / source).is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, target)
    for target in FILES:
        drop_source_map(target)
    (FONTS / "fonts.conf").write_text(FONTCONFIG.format(folder=FONTS), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
