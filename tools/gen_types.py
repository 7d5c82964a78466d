"""Writes `web/src/api/gen.ts`: the TypeScript types of the signalling, from the same Python models as the schema.

Unions are told apart by `kind`, so `switch (message.kind)` narrows them. A field with a default may be left out in what
the browser says, and is always there in what the node shows. Docstrings become JSDoc.
`make()` returns the text; a test of the house compares it with the committed file. Run: `python tools/gen_types.py`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import inspect

from parley.core import ids, view
from parley.core.effects import reasons
from parley.core.line import link
from parley.core.talks import messages

TARGET = Path(__file__).parent.parent / "web" / "src" / "api" / "gen.ts"
HEAD = "// Written by tools/gen_types.py from the Python models (`make gen`). Do not edit.\n"
WORDS = {
    "SideWord": ids.SideWord,
    "Role": ids.Role,
    "Kind": ids.Kind,
    "Place": ids.Place,
    "Room": ids.Room,
    "LineWord": view.LineWord,
    "LineReason": link.LineReason,
    "MeetingWord": view.MeetingWord,
    "MutedBy": ids.MutedBy,
    "EndedWord": view.EndedWord,
    "NoticeCode": reasons.NoticeCode,
}
PLAIN: dict[type[inspect.Type], str] = {
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.NoneType: "null",
}


def literal(kind: inspect.LiteralType) -> str:
    """Write a closed set of words by its name, or else in full."""
    for name, alias in WORDS.items():
        named = inspect.type_info(alias)
        if isinstance(named, inspect.LiteralType) and set(named.values) == set(kind.values):
            return name
    return " | ".join(f'"{value}"' for value in kind.values)


def typed(kind: inspect.Type) -> str:
    """Write one type."""
    match kind:
        case inspect.Metadata():
            text = typed(kind.type)
        case inspect.LiteralType():
            text = literal(kind)
        case inspect.StructType():
            text = kind.cls.__name__
        case inspect.UnionType():
            text = " | ".join(typed(member) for member in kind.types)
        case inspect.ListType():
            text = typed(kind.item_type)
            text = f"({text})[]" if " | " in text else f"{text}[]"
        case inspect.DictType():
            text = f"Record<{typed(kind.key_type)}, {typed(kind.value_type)}>"
        case _:
            text = PLAIN[type(kind)]
    return text


def inner_structs(kind: inspect.Type) -> Iterable[inspect.StructType]:
    """Find every struct that a type speaks of, in the order of their first use."""
    match kind:
        case inspect.StructType():
            for field in kind.fields:
                yield from inner_structs(field.type)
            yield kind
        case inspect.UnionType():
            for member in kind.types:
                yield from inner_structs(member)
        case inspect.ListType():
            yield from inner_structs(kind.item_type)
        case inspect.DictType():
            yield from inner_structs(kind.value_type)
        case inspect.Metadata():
            yield from inner_structs(kind.type)
        case _:
            return


def jsdoc(text: str | None) -> str:
    """Write a docstring as JSDoc."""
    lines = [line.strip() for line in (text or "").strip().replace("*/", "* /").splitlines()]
    return (
        f"/** {lines[0]} */\n"
        if len(lines) == 1
        else "\n * ".join(["/**", *lines]).replace(" * \n", " *\n") + "\n */\n"
    )


def interface(struct: inspect.StructType, optional: bool) -> str:
    """Write one struct; `optional`: fields with a default may be left out."""
    fields = [f'  kind: "{struct.tag}";'] if struct.tag_field else []
    for field in struct.fields:
        mark = "?" if optional and not field.required else ""
        fields.append(f"  {field.encode_name}{mark}: {typed(field.type)};")
    return jsdoc(struct.cls.__doc__) + f"export interface {struct.cls.__name__} {{\n" + "\n".join(fields) + "\n}\n"


def make() -> str:
    """Write all types: the words, what the browser says, what the node shows."""
    parts = [HEAD, "\n".join(f"export type {name} = {words(alias)};" for name, alias in WORDS.items()) + "\n"]
    roots: list[tuple[str, Any, bool]] = [("Said", messages.AnySaid, True), ("Shown", view.AnyShown, False)]
    for name, union, optional in roots:
        info = inspect.type_info(union)
        structs = {struct.cls: struct for struct in inner_structs(info)}
        parts += [interface(struct, optional) for struct in structs.values()]
        parts.append(f"export type {name} =\n  | " + "\n  | ".join(typed(info).split(" | ")) + ";\n")
    me = inspect.type_info(view.Me)
    parts.append(interface(me, optional=False) if isinstance(me, inspect.StructType) else "")
    return "\n".join(parts)


def words(alias: Any) -> str:
    """Write a closed set of words in full."""
    kind = inspect.type_info(alias)
    return " | ".join(f'"{value}"' for value in kind.values) if isinstance(kind, inspect.LiteralType) else typed(kind)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(make(), encoding="utf-8")
