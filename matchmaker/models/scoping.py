"""The session finds only what the scope of now allows, and raises where nobody gave one.

Every statement gets the conditions of the scope for each mapped class that it reads or changes: those of
a region, and those of one organisation where the scope names one. Their parameters are asked for at the
moment of execution, and asking raises where there is no scope. So a statement that was prepared once
serves every region, and one about no such class needs no scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, and_, bindparam, event
from sqlalchemy.orm import Mapper, ORMExecuteState
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption, _ORMJoin
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.elements import ColumnClause, TextClause
from sqlalchemy.sql.selectable import CTE, Alias, Join, Select, Subquery
from sqlalchemy.sql.util import _deep_annotate, surface_expressions
from sqlalchemy.sql.visitors import InternalTraversal

from matchmaker.extensions import Base, db
from matchmaker.models.columns import OfRegion
from matchmaker.models.ownership import Condition, find_owners
from matchmaker.scope import Scope, ScopeError, find_scope


def watch_session() -> None:
    """Make the session keep to the scope from now on."""
    event.listen(db.session, "do_orm_execute", _bound_statement)
    event.listen(db.session, "before_flush", _check_known_rows)
    event.listen(db.session, "after_flush", _check_new_rows)
    event.listen(OfRegion, "refresh", _check_row_again, propagate=True)


@cache
def list_scoped_classes() -> tuple[type[Any], ...]:
    """Return every mapped class whose rows belong to a region, by name."""
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, OfRegion)]
    return tuple(sorted(found, key=lambda kind: kind.__name__))


@cache
def list_scoped_tables() -> frozenset[str]:
    """Return the names of all tables that hold something of a region, also those without a class."""
    mapped = {table.name for mapper in Base.registry.mappers for table in mapper.tables}
    links = {
        table.name
        for table in Base.metadata.tables.values()
        if table.name not in mapped and _hangs_on(table, _list_mapped_tables())
    }
    return _list_mapped_tables() | links


def _hangs_on(table: Table, names: frozenset[str]) -> bool:
    return any(key.column.table.name in names for key in table.foreign_keys)


@cache
def _list_mapped_tables() -> frozenset[str]:
    return frozenset(table.name for kind in list_scoped_classes() for table in kind.__mapper__.tables)


class _Bounds(CriteriaOption):
    """The conditions of a scope on all classes together.

    They stay with the statement: a row that was found in one scope may be read on in another.
    """

    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's own shape
        ("whose", InternalTraversal.dp_string),
        ("is_loading", InternalTraversal.dp_boolean),
    ]
    propagate_to_loaders = False

    def __init__(self, whose: str, *, is_loading: bool) -> None:
        self.whose = whose
        # A relationship is loaded by a statement of the mapper's own making.
        self.is_loading = is_loading

    def process_compile_state(self, compile_state: Any) -> None:
        """Add the conditions to a query that is being prepared, once for all the times it is sent."""
        statement = getattr(compile_state, "select_statement", None)
        if statement is not None and not self.is_loading:
            _refuse_bare_tables(statement)
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, _entities: Any) -> None:
        """Add the conditions to a query that is being prepared on other classes."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Add the conditions to an update or a delete that is being prepared."""
        for mapper, option in _list_conditions(self.whose):
            attributes.setdefault(("additional_entity_criteria", mapper), []).append(option)


class _Condition(LoaderCriteriaOption):
    """The condition of a scope on one class, made for the class itself and for each alias of it."""

    def __init__(self, kind: type[Any], make: Condition) -> None:
        super().__init__(kind, make(kind), include_aliases=True)
        self._make = make

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        condition = self._make(ext_info.entity)
        marks = {"for_loader_criteria": self}
        return _deep_annotate(condition, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)


@cache
def _list_conditions(whose: str) -> tuple[tuple[Mapper[Any], _Condition], ...]:
    return tuple(
        (kind.__mapper__, _Condition(kind, partial(_make_condition, kind, whose)))
        for kind in list_scoped_classes()
    )


def _make_condition(kind: type[Any], whose: str, entity: Any) -> ColumnElement[bool]:
    asked = bindparam("scope_region", callable_=partial(_region_for, kind), type_=Integer)
    is_own: ColumnElement[bool] = entity.region_id == asked
    if whose == "region":
        return is_own
    owners = find_owners(kind)
    return and_(is_own, owners.for_school(entity) if whose == "school" else owners.for_host(entity))


def _region_for(kind: type[Any]) -> int:
    return _require_scope(kind.__name__).region_id or 0


def _require_scope(what: str) -> Scope:
    now = find_scope()
    if now is None:
        raise ScopeError(f"nobody said which region's rows of {what} are meant")
    return now


def _bound_statement(state: ORMExecuteState) -> None:
    now = find_scope()
    if now is not None and now.is_exception:
        return
    statement: Any = state.statement
    if state.is_column_load:
        _check_column_load(state)
    elif isinstance(statement, Insert) or (state.is_update and isinstance(state.parameters, list)):
        _refuse({statement.table.name})
    else:
        if not (state.is_select and state.is_orm_statement):
            _refuse_bare_tables(statement)
        bounds = _Bounds(_choose_whose(now), is_loading=bool(state.is_relationship_load))
        state.statement = _without_bounds(statement).options(bounds)


def _without_bounds(statement: Any) -> Any:
    """Return the statement without the conditions that a loader took over from the query before it."""
    kept = tuple(option for option in statement._with_options if not isinstance(option, _Bounds))
    if len(kept) < len(statement._with_options):
        statement = statement.options()
        statement._with_options = kept
    return statement


def _choose_whose(now: Scope | None) -> str:
    if now is not None and now.school_id is not None:
        return "school"
    if now is not None and now.host_id is not None:
        return "host"
    return "region"


def _check_column_load(state: ORMExecuteState) -> None:
    """Refuse to read on where there is no scope; what was read is looked at in `_check_row_again`."""
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, OfRegion):
        _require_scope(mapper.class_.__name__)


def _refuse_bare_tables(statement: Any) -> None:
    """Refuse tables that are not there as part of a mapped class: no condition is added to those.

    Beside mapped classes a table that only links two of them may stand.
    """
    bare = set(_list_halves(statement))
    for element in visitors.iterate(statement):
        if isinstance(element, Select):
            bare.update(name for part in _list_bare_parts(element) for name in _list_tables(part))
        elif isinstance(element, TextClause | UpdateBase) and not _is_mapped(element):
            bare.update(_list_tables(element))
    _refuse(bare & _list_mapped_tables() if _is_mapped(statement) else bare)


def _list_bare_parts(query: Select[Any]) -> Iterator[Any]:
    """Yield what a query reads that is not known as part of a mapped class; joins must be made by it."""
    if not _is_mapped(query):
        yield from (part for part in query._iterate_from_elements() if not isinstance(part, Subquery | CTE))
    for part in (*query._from_obj, *query._raw_columns):
        if isinstance(part, _ORMJoin) or (isinstance(part, Join | Table | Alias) and _is_bare(part)):
            yield part
    for part in _list_surface(query._raw_columns):
        if isinstance(part, ColumnClause) and _is_bare(part):
            yield part


def _list_halves(statement: Any) -> Iterator[str]:
    """Yield the tables of subclasses that only a condition names: their parents' rows are not joined."""
    queries = [element for element in visitors.iterate(statement) if isinstance(element, Select)]
    known = {mapper for query in queries for mapper in _list_read_mappers(query)}
    for part in _list_surface(criterion for query in queries for criterion in query._where_criteria):
        mapper = _mapper_of(part)
        if mapper is not None and mapper.inherits is not None and mapper not in known:
            yield mapper.local_table.name


def _list_read_mappers(query: Select[Any]) -> Iterator[Any]:
    for read in (*query._from_obj, *query._raw_columns):
        yield from (_mapper_of(part) for part in visitors.iterate(read))
    for target, *_ in query._setup_joins:
        related = getattr(getattr(target, "property", None), "mapper", None)
        yield related or _mapper_of(target)


def _list_surface(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        yield from surface_expressions(part)  # type: ignore[no-untyped-call]


def _mapper_of(part: Any) -> Any:
    entity = part._annotations.get("parententity")
    return entity.mapper if entity is not None else None


def _is_mapped(statement: Any) -> bool:
    return bool(statement._propagate_attrs.get("compile_state_plugin") == "orm")


def _is_bare(part: Any) -> bool:
    return "parententity" not in part._annotations


def _list_tables(statement: Any) -> Iterator[str]:
    """Yield the names of the tables in a statement or a part of it; words of plain SQL count as names."""
    for element in visitors.iterate(statement):
        if isinstance(element, TextClause):
            yield from re.findall(r"\w+", element.text)
        elif isinstance(element, Table):
            yield element.name
        elif isinstance(element, ColumnClause) and element.table is not None:
            table = element.table.element if isinstance(element.table, Alias) else element.table
            yield getattr(table, "name", "")


def _refuse(tables: set[str]) -> None:
    if touched := tables & list_scoped_tables():
        raise ScopeError(f"no scope can bound this statement on {', '.join(sorted(touched))}")


def _check_known_rows(session: Any, *_: object) -> None:
    """Refuse to change or delete rows of another region."""
    for row in (*session.dirty, *session.deleted):
        _check_row(row)


def _check_new_rows(session: Any, _context: object) -> None:
    """Refuse new rows of another region, once they have it from those that they hang on."""
    for row in session.new:
        _check_row(row)


def _check_row_again(row: Any, *_: object) -> None:
    """Refuse to read on in a row of another region that an earlier scope has found."""
    if "region_id" in row.__dict__:
        _check_row(row)


def _check_row(row: Any) -> None:
    if not isinstance(row, OfRegion) or row.region_id is None:
        return
    now = _require_scope(type(row).__name__)
    if not now.is_exception and row.region_id != now.region_id:
        raise ScopeError(
            f"{type(row).__name__} of region {row.region_id} in the scope of region {now.region_id}"
        )
