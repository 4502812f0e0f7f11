"""The guide to the files follows the declarations of their columns."""

from __future__ import annotations

from scripts.build_data_guide import OUT, build


def test_the_data_guide_is_what_its_script_writes() -> None:
    assert OUT.read_text(encoding="utf-8") == build(), "run: python -m scripts.build_data_guide"
