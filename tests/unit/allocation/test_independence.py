"""What the engine is held against shares nothing with it but the values of a problem."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALLOWED = {"matchmaker.allocation.problem", "ortools.sat.python"}


def foreign_imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(f"{'.' * node.level}{node.module or ''}")
    return {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}


@pytest.mark.parametrize("name", ["brute_force.py", "cp_sat.py"])
def test_a_reference_imports_neither_the_engine_nor_the_checker_nor_another_reference(name: str) -> None:
    assert foreign_imports(HERE / name) <= ALLOWED


def test_enumeration_needs_no_solver_at_all() -> None:
    assert foreign_imports(HERE / "brute_force.py") == {"matchmaker.allocation.problem"}


def test_an_import_of_the_engine_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "reference.py"
    path.write_text("from matchmaker.allocation.scores import SCORES\n")
    assert not foreign_imports(path) <= ALLOWED


def values_used_of(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "matchmaker.allocation.problem"
        for alias in node.names
    }


@pytest.mark.parametrize("name", ["brute_force.py", "cp_sat.py"])
def test_a_reference_takes_values_and_no_functions_from_the_problem(name: str) -> None:
    assert all(used[0].isupper() for used in values_used_of(HERE / name))
