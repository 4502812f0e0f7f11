"""Gather the texts of templates and code into the catalogues: new ones come in empty, unused ones go.

    python -m scripts.translations

A new language begins as an empty file `translations/LANGUAGE/LC_MESSAGES/messages.po`.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "matchmaker" / "translations"
SOURCES = ("matchmaker", "templates")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}

# A header without dates, names and versions: a catalogue changes only when a text does.
HEADER = """\
# The texts of the site in another language; the Dutch sources stand in templates and code.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def extract_texts() -> Catalog:
    """Return every text of the site that is meant to be translated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    for _file, _line, text, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_holds_texts
    ):
        found.add(text, context=context)
    return found


def _holds_texts(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in SOURCES


def list_catalogues() -> list[Path]:
    """Return the files of all languages."""
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))


def read_catalogue(path: Path) -> Catalog:
    """Read the file of one language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    """Write the file of one language: in order of the Dutch texts, without their places."""
    body = io.BytesIO()
    write_po(body, catalogue, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    header = HEADER.format(language=path.parts[-3], plural_forms=catalogue.plural_forms)
    path.write_text(header + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def is_translated(message: Message) -> bool:
    """Tell whether every form of the text is filled in."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return bool(forms) and all(forms)


def update_catalogue(path: Path, texts: Catalog) -> None:
    """Bring one language up to date and say what is left to do."""
    catalogue = read_catalogue(path)
    catalogue.update(texts, no_fuzzy_matching=True)
    write_catalogue(path, catalogue)
    missing = [message.id for message in catalogue if message.id and not is_translated(message)]
    print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(missing)} to translate")
    for message in catalogue.obsolete.values():
        print(f"  no longer used: {message.id!r}, was {message.string!r}")
    for text in missing:
        print(f"  to translate: {text!r}")


def main() -> None:
    """Bring all languages up to date."""
    texts = extract_texts()
    for path in list_catalogues():
        update_catalogue(path, texts)


if __name__ == "__main__":
    main()
