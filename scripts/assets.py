"""Fill static/vendor/ with the front-end files that node_modules holds after `npm ci --ignore-scripts`."""

from __future__ import annotations

import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "bootstrap-icons/LICENSE": "bootstrap-icons/LICENSE",
}
# Only the icons that a page uses go into the sprite: the whole set weighs a megabyte.
ICONS = (
    "arrow-left",
    "arrow-right",
    "box-arrow-right",
    "building",
    "calendar-event",
    "calendar-plus",
    "check-lg",
    "chevron-left",
    "chevron-right",
    "clock",
    "download",
    "envelope",
    "exclamation-triangle",
    "geo-alt",
    "info-circle",
    "mortarboard",
    "people",
    "search",
    "telephone",
    "truck",
    "x-lg",
)
SVG = "http://www.w3.org/2000/svg"


def copy_files() -> None:
    """Copy every named file; refuse when one is missing."""
    for source, target in FILES.items():
        destination = VENDOR / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, destination)


def build_sprite() -> None:
    """Put the named icons into one file of symbols."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for name in ICONS:
        icon = ET.parse(MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").getroot()  # noqa: S314
        symbol = ET.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name, "viewBox": icon.attrib["viewBox"]})
        symbol.extend(list(icon))
    target = VENDOR / "bootstrap-icons" / "sprite.svg"
    ET.ElementTree(sprite).write(target, encoding="utf-8", xml_declaration=True)


def main() -> int:
    """Make static/vendor/ anew; the last file written tells the application that all are there."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    try:
        copy_files()
        build_sprite()
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run `npm ci --ignore-scripts` first.", file=sys.stderr)
        return 1
    (VENDOR / "complete").write_text("made by scripts/assets.py\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
