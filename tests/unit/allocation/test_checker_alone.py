"""The checker stands alone: a mistake of the engine cannot excuse itself."""

import ast
import sys
from pathlib import Path

from matchmaker.allocation import checker

ROOM = Path(checker.__file__).parent


def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_checker_imports_only_the_values_of_a_problem_and_the_standard_library() -> None:
    imported = {name for path in ROOM.glob("*.py") for name in imported_by(path)}
    foreign = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
    assert "matchmaker.allocation.problem" in foreign
    assert all(
        name == "matchmaker.allocation.problem" or name.startswith("matchmaker.allocation.checker.")
        for name in foreign
    )
