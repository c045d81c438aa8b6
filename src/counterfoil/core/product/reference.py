"""Decides the reference page of a product folder for authors: every section, key and word, from the Structs."""

import inspect
from collections.abc import Iterator
from enum import EnumType
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec import inspect as kinds

from counterfoil.core.product.cases import CaseFile, ExamplePoint
from counterfoil.core.product.definition import Terms

HEAD = """# Reference of a product folder

<!-- made by setup/product_schema.py from the code that reads the files; do not edit -->

Every key of `product.yaml`, `example.yaml` and `cases/*.yaml`. A key marked * must be there. Sections may
also have `certainty` (published, law, company_assumption, reconstructed) and `note`; `basis` is the clause. Decimals
are written in quotes. The guide is [new-product.md](../new-product.md).
"""


def reference_text() -> str:
    """The page as markdown."""
    seen: dict[str, Any] = {}
    order: list[Any] = []
    for root in (Terms, ExamplePoint, CaseFile):
        _collect(kinds.type_info(root), seen, order)
    lines = [HEAD]
    structs = [one for one in order if isinstance(one, kinds.StructType)]
    words = [one for one in order if isinstance(one, kinds.EnumType)]
    for struct in structs:
        lines += ["", f"## {_title(struct)}", "", *_doc(struct.cls), "", *_keys(struct)]
    lines += ["", "# Words"]
    for word in words:
        lines += ["", f"## {word.cls.__name__}", "", *_doc(word.cls), ""]
        lines += [", ".join(f"`{member.value}`" for member in word.cls)]
    return "\n".join(lines) + "\n"


def _title(struct: kinds.StructType) -> str:
    tag = f" (`{struct.tag_field}: {struct.tag}`)" if struct.tag_field else ""
    return struct.cls.__name__ + tag


def _doc(cls: type | EnumType) -> Iterator[str]:
    yield from inspect.cleandoc(cls.__doc__ or "").splitlines()


def _keys(struct: kinds.StructType) -> Iterator[str]:
    """A table of the keys: name, what it holds, default."""
    yield "| key | holds | when left out |"
    yield "|---|---|---|"
    for field in struct.fields:
        if field.encode_name in ("certainty", "note"):
            continue
        star = "*" if field.required else ""
        default = "" if field.required or field.default in (None, NODEFAULT) else _plain(field.default)
        yield f"| `{field.encode_name}`{star} | {_type(field.type)} | {default} |"


def _plain(value: object) -> str:
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, Struct):
        return "its own defaults"
    return "none" if value == () else f"`{value}`" if isinstance(value, str | int) else str(value)


def _type(info: kinds.Type) -> str:
    """A type in words, with a link to its own section."""
    if isinstance(info, kinds.UnionType):
        parts = [_type(one) for one in info.types if not isinstance(one, kinds.NoneType)]
        nothing = " or null" if len(parts) < len(info.types) else ""
        return " or ".join(parts) + nothing
    if isinstance(info, kinds.StructType):
        name = info.cls.__name__
        anchor = name.lower() + (f"-{info.tag_field}-{info.tag}" if info.tag_field else "")
        return f"[{name}](#{anchor})"
    if isinstance(info, kinds.EnumType):
        return f"[{info.cls.__name__}](#{info.cls.__name__.lower()})"
    if isinstance(info, kinds.LiteralType):
        return ", ".join(f"`{value}`" for value in info.values)
    if isinstance(info, kinds.VarTupleType):
        return f"list of {_type(info.item_type)}"
    if isinstance(info, kinds.DictType):
        return f"mapping of {_type(info.key_type)} to {_type(info.value_type)}"
    names: dict[type[kinds.Type], str] = {
        kinds.DecimalType: "decimal",
        kinds.IntType: "whole number",
        kinds.BoolType: "true or false",
        kinds.DateType: "date",
    }
    if isinstance(info, kinds.StrType):
        return f"text like `{info.pattern.replace('|', '∣')}`" if info.pattern else "text"
    return names.get(type(info), "text")


def _collect(info: kinds.Type, seen: dict[str, Any], order: list[Any]) -> None:
    """Structs and enums in the order in which a reader meets them."""
    if isinstance(info, kinds.StructType | kinds.EnumType):
        name = f"{info.cls.__name__}{getattr(info, 'tag', None)}"
        if name in seen or info.cls.__name__ == "Certainty":
            return
        seen[name] = info
        order.append(info)
    if isinstance(info, kinds.StructType):
        for field in info.fields:
            _collect(field.type, seen, order)
    elif isinstance(info, kinds.UnionType):
        for one in info.types:
            _collect(one, seen, order)
    elif isinstance(info, kinds.VarTupleType):
        _collect(info.item_type, seen, order)
    elif isinstance(info, kinds.DictType):
        _collect(info.key_type, seen, order)
        _collect(info.value_type, seen, order)
