"""Decides which value a node of a YAML document stands for, given the type asked for, or why it is none."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import inspect
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from counterfoil.core.kernel.strict_values import (
    Unexpected,
    UnsupportedType,
    did_you_mean,
    is_scalar,
    scalar_reader,
    untyped_scalar,
)

_NULL = ("", "~", "null", "Null", "NULL")
_STANDARD_TAG = "tag:yaml.org,2002:"
# In a union of scalars the narrower reading is tried first.
_NARROW_FIRST = (
    inspect.LiteralType,
    inspect.EnumType,
    inspect.BoolType,
    inspect.IntType,
    inspect.DecimalType,
    inspect.DateType,
    inspect.StrType,
)
_SEQUENCES: dict[type[inspect.Type], Callable[[list[Any]], Any]] = {
    inspect.ListType: list,
    inspect.VarTupleType: tuple,
    inspect.SetType: set,
    inspect.FrozenSetType: frozenset,
}

# Stands in for a value that was refused; it never leaves the loader, since an error was told with it.
WRONG: Any = object()


class NodeReader:
    """Reads nodes into values; tells `refuse(line, key path, message)` of everything that does not fit."""

    def __init__(self, refuse: Callable[[int, str, str], None]) -> None:
        self._refuse = refuse

    def read(self, node: Node, info: inspect.Type, key: str) -> Any:
        """Return the value of `node` as the type `info`, or WRONG after telling of an error."""
        if node.anchor:
            return self._wrong(node, key, f"anchors and aliases (&{node.anchor}) are not used in these files")
        if node.tag and not str(node.tag).startswith(_STANDARD_TAG):
            return self._wrong(node, key, f"the tag {node.tag} is not used in these files")
        if isinstance(info, inspect.AnyType):
            return self._read_any(node, key)
        if isinstance(info, inspect.UnionType):
            return self._read_union(node, info, key)
        if isinstance(info, inspect.NoneType):
            return None if _is_null(node) else self._wrong(node, key, "expected nothing here")
        if isinstance(info, inspect.StructType):
            return self._read_struct(node, info, key)
        if isinstance(info, inspect.DictType):
            return self._read_dict(node, info, key)
        if isinstance(info, inspect.TupleType):
            return self._read_fixed_tuple(node, info, key)
        if type(info) in _SEQUENCES:
            return self._read_sequence(node, info, key)
        return self._read_scalar(node, scalar_reader(info), key, info)

    def _wrong(self, node: Node, key: str, message: str) -> Any:
        self._refuse(node.start_mark.line + 1, key, message)
        return WRONG

    def _read_scalar(self, node: Node, read: Callable[[str], Any], key: str, info: inspect.Type) -> Any:
        if not isinstance(node, ScalarNode):
            return self._wrong(node, key, f"expected {_name(info)}, found {_kind(node)}")
        if _is_null(node):
            return self._wrong(node, key, f"expected {_name(info)}, found nothing")
        try:
            return read(node.value)
        except Unexpected as error:
            return self._wrong(node, key, str(error))

    def _read_union(self, node: Node, info: inspect.UnionType, key: str) -> Any:
        members = [member for member in info.types if not isinstance(member, inspect.NoneType)]
        if _is_null(node) and len(members) < len(info.types):
            return None
        fitting: list[inspect.Type]
        if isinstance(node, MappingNode):
            fitting = [m for m in members if isinstance(m, inspect.StructType | inspect.DictType)]
        elif isinstance(node, SequenceNode):
            fitting = [m for m in members if type(m) in _SEQUENCES or isinstance(m, inspect.TupleType)]
        else:
            fitting = [m for m in members if is_scalar(m)]
        if len(fitting) == 1:
            return self.read(node, fitting[0], key)
        if not fitting:
            wanted = " or ".join(_name(member) for member in members)
            return self._wrong(node, key, f"expected {wanted}, found {_kind(node)}")
        if isinstance(node, ScalarNode):
            return self._read_scalar_union(node, fitting, key)
        return self._read_tagged(node, fitting, key)

    def _read_scalar_union(self, node: ScalarNode, members: list[inspect.Type], key: str) -> Any:
        quoted = node.style is not None
        for kind in _NARROW_FIRST:
            for member in members:
                if not isinstance(member, kind):
                    continue
                if quoted and not isinstance(member, inspect.StrType) and _holds(members, inspect.StrType):
                    continue
                try:
                    return scalar_reader(member)(node.value)
                except Unexpected:
                    continue
        wanted = " or ".join(_name(member) for member in members)
        return self._wrong(node, key, f"expected {wanted}, found {node.value!r}")

    def _read_tagged(self, node: Node, members: list[inspect.Type], key: str) -> Any:
        """Return the Struct of the union that the mapping's tag key names."""
        structs = {str(m.tag): m for m in members if isinstance(m, inspect.StructType) and m.tag is not None}
        if len(structs) != len(members) or not isinstance(node, MappingNode):
            raise UnsupportedType("a union of mappings or sequences must be one of tagged Structs")
        tag_field = str(next(iter(structs.values())).tag_field)
        for name, value in node.value:
            if name.value == tag_field:
                if value.value in structs:
                    return self.read(node, structs[value.value], key)
                known = ", ".join(structs)
                return self._wrong(
                    value, _path(key, tag_field), f"expected one of {known}, found {value.value!r}"
                )
        return self._wrong(node, key, f"the key '{tag_field}' is missing: one of {', '.join(structs)}")

    def _read_struct(self, node: Node, info: inspect.StructType, key: str) -> Any:
        entries = self._entries(node, key, _name(info))
        if entries is None:
            return WRONG
        fields = {field.encode_name: field for field in info.fields}
        if info.tag_field is not None:
            self._check_tag(node, entries, info, key)
        values: dict[str, Any] = {}
        for name, (name_node, value_node) in entries.items():
            if name == info.tag_field:
                continue
            if name not in fields:
                free = set(fields) - set(entries)
                # Within braces a comma of a text begins another key, which then has no value.
                quote = "; a text with a comma stands in quotes" if _is_bare(node, value_node) else ""
                self._wrong(name_node, _path(key, name), f"unknown key{did_you_mean(name, free)}{quote}")
                values[name] = WRONG
                continue
            values[fields[name].name] = self.read(value_node, fields[name].type, _path(key, name))
        for name, field in fields.items():
            if field.required and name not in entries:
                values[field.name] = self._wrong(node, _path(key, name), "the key is missing")
        return WRONG if _any_wrong(values.values()) else self._build(info.cls, values, node, key)

    def _check_tag(
        self, node: Node, entries: dict[str, tuple[Node, Node]], info: inspect.StructType, key: str
    ) -> None:
        tag_field = str(info.tag_field)
        found = entries[tag_field][1].value if tag_field in entries else None
        if found != str(info.tag):
            place = entries[tag_field][1] if tag_field in entries else node
            self._wrong(place, _path(key, tag_field), f"expected {info.tag!s}, found {found!r}")

    def _build(self, cls: Callable[..., Any], values: dict[str, Any], node: Node, key: str) -> Any:
        """Make the Struct; what its own check refuses is an error at its first line."""
        try:
            return cls(**values)
        except (ValueError, TypeError) as error:
            return self._wrong(node, key, str(error))

    def _entries(self, node: Node, key: str, wanted: str) -> dict[str, tuple[Node, Node]] | None:
        """Return key text to (key node, value node); repeated keys and keys that are no text are told."""
        if not isinstance(node, MappingNode):
            self._wrong(node, key, f"expected {wanted}, found {_kind(node)}")
            return None
        entries: dict[str, tuple[Node, Node]] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, ScalarNode):
                self._wrong(name_node, key, "a key is plain text")
            elif name_node.value in entries:
                first = entries[name_node.value][0].start_mark.line + 1
                self._wrong(
                    name_node, _path(key, name_node.value), f"the key is there twice (first in line {first})"
                )
            else:
                if _is_null(value_node) and not value_node.value:
                    value_node.start_mark = name_node.start_mark  # nothing written has the next token's place
                entries[name_node.value] = (name_node, value_node)
        return entries

    def _read_dict(self, node: Node, info: inspect.DictType, key: str) -> Any:
        entries = self._entries(node, key, "a mapping")
        if entries is None:
            return WRONG
        read_key = str if isinstance(info.key_type, inspect.AnyType) else scalar_reader(info.key_type)
        result: dict[Any, Any] = {}
        for name, (name_node, value_node) in entries.items():
            value = self.read(value_node, info.value_type, _path(key, name))
            try:
                read_name = read_key(name)
            except Unexpected as error:
                self._wrong(name_node, _path(key, name), str(error))
                continue
            if read_name in result:
                self._wrong(name_node, _path(key, name), "the key is there twice, written differently")
            result[read_name] = value
        return WRONG if _any_wrong(result.values()) else result

    def _read_sequence(self, node: Node, info: Any, key: str) -> Any:
        if not isinstance(node, SequenceNode):
            return self._wrong(node, key, f"expected a list, found {_kind(node)}")
        items = [
            self.read(item, info.item_type, f"{key}[{number}]") for number, item in enumerate(node.value)
        ]
        if info.min_length is not None and len(items) < info.min_length:
            return self._wrong(node, key, f"expected at least {info.min_length} items, found {len(items)}")
        if info.max_length is not None and len(items) > info.max_length:
            return self._wrong(node, key, f"expected at most {info.max_length} items, found {len(items)}")
        if _any_wrong(items):
            return WRONG
        made = _SEQUENCES[type(info)](items)
        if len(made) < len(items):
            return self._wrong(node, key, "an item is there twice")
        return made

    def _read_fixed_tuple(self, node: Node, info: inspect.TupleType, key: str) -> Any:
        wanted = len(info.item_types)
        if not isinstance(node, SequenceNode) or len(node.value) != wanted:
            found = f"{len(node.value)} items" if isinstance(node, SequenceNode) else _kind(node)
            return self._wrong(node, key, f"expected a list of {wanted} items, found {found}")
        items = [
            self.read(item, item_type, f"{key}[{number}]")
            for number, (item, item_type) in enumerate(zip(node.value, info.item_types, strict=True))
        ]
        return WRONG if _any_wrong(items) else tuple(items)

    def _read_any(self, node: Node, key: str) -> Any:
        anything = inspect.AnyType()
        if isinstance(node, MappingNode):
            return self._read_dict(node, inspect.DictType(anything, anything), key)
        if isinstance(node, SequenceNode):
            return self._read_sequence(node, inspect.ListType(anything), key)
        if isinstance(node, ScalarNode) and node.style is not None:
            return node.value
        try:
            return untyped_scalar(node.value)
        except Unexpected as error:
            return self._wrong(node, key, str(error))


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and node.value in _NULL


def _any_wrong(values: Iterable[Any]) -> bool:
    return any(value is WRONG for value in values)


def _holds(members: list[inspect.Type], kind: type[inspect.Type]) -> bool:
    return any(isinstance(member, kind) for member in members)


def _path(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _kind(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return "nothing" if _is_null(node) else f"{node.value!r}"


def _is_bare(node: Node, value: Node) -> bool:
    within_braces = isinstance(node, MappingNode) and bool(node.flow_style)
    return within_braces and isinstance(value, ScalarNode) and value.value == "" and value.style is None


def _name(info: inspect.Type) -> str:
    """Return the words for a type in a sentence "expected …"."""
    if isinstance(info, inspect.StructType):
        required = [field.encode_name for field in info.fields if field.required]
        return f"a mapping with {', '.join(required)}" if required else "a mapping"
    if isinstance(info, inspect.EnumType):
        return f"one of {', '.join(str(member.value) for member in info.cls)}"
    if isinstance(info, inspect.LiteralType):
        return f"one of {', '.join(str(value) for value in info.values)}"
    names: dict[type[inspect.Type], str] = {
        inspect.StrType: "text",
        inspect.DecimalType: "a decimal number",
        inspect.IntType: "a whole number",
        inspect.BoolType: "true or false",
        inspect.DateType: "a date like 2026-01-31",
        inspect.DictType: "a mapping",
    }
    return names.get(type(info), "a list")
