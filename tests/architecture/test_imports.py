"""Who may import whom, where import-linter's contracts (pyproject.toml) do not reach."""

import ast
import tomllib

from tests.architecture.sources import PACKAGE, PROJECT, Source, imported, sources

SHARED_CORE = {"kernel", "product", "actuarial", "policy", "work"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def _is_act(source: Source) -> bool:
    """An act is a module of a capability of core that decides."""
    return (
        source.parts[:1] == ("core",)
        and source.parts[1] not in SHARED_CORE
        and any(isinstance(node, ast.FunctionDef) and node.name == "decide" for node in source.tree.body)
    )


def _module(source: Source) -> str:
    return ".".join(("counterfoil", *source.parts)).removesuffix(".__init__")


def test_acts_do_not_know_each_other() -> None:
    acts = [source for source in sources("src") if _is_act(source)]
    names = {_module(act) for act in acts}
    known = [f"{act.name} imports {other}" for act in acts for other in sorted(imported(act) & names)]
    assert not known, "move what they share to the policy or to facts: " + ", ".join(known)


def test_models_are_imported_only_inside_their_app() -> None:
    strangers = [
        f"{source.name} imports {name}"
        for source in sources("src")
        for name in sorted(imported(source))
        if name.startswith("counterfoil.apps.")
        and name.split(".")[3:4] == ["models"]
        and source.parts[:2] != ("apps", name.split(".")[2])
    ]
    assert not strangers, "use queries or operations: " + ", ".join(strangers)


def test_no_signals_and_no_star_imports() -> None:
    signals = {"django.dispatch", "django.db.models.signals", "django.core.signals"}
    found = [f"{source.name} uses signals" for source in sources("src") if imported(source) & signals]
    found += [
        f"{source.name}:{node.lineno} imports *"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not found, ", ".join(found)


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [
        source.name
        for source in sources()
        if VAGUE & set(source.path.relative_to(PROJECT).with_suffix("").parts)
    ]
    assert not vague, "name it by what it decides: " + ", ".join(vague)


def test_every_package_of_the_top_and_every_module_of_config_is_in_the_layers() -> None:
    layers = (
        " ".join(_contract("layers")["layers"])
        .replace("(", " ")
        .replace(")", " ")
        .replace(":", " ")
        .replace("|", " ")
    )
    listed = set(layers.split())
    present = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    present |= {f"config.{path.stem}" for path in (PACKAGE / "config").glob("*.py")}
    assert present - listed <= {"__init__", "config", "config.__init__"}, "add it to [tool.importlinter]"


def test_every_module_begins_with_a_docstring() -> None:
    silent = [s.name for s in sources("src") if s.tree.body and not ast.get_docstring(s.tree)]
    assert not silent, "say in a sentence what it decides, on what basis: " + ", ".join(silent)


def test_core_and_every_operations_module_are_under_strict_types() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    checked = [path for pattern in settings["files"] for path in PROJECT.glob(pattern)]
    needed = [PACKAGE / "core", *sorted(PACKAGE.glob("apps/*/operations.py"))]
    missing = [
        str(path.relative_to(PROJECT)) for path in needed if not any(path.is_relative_to(c) for c in checked)
    ]
    assert not missing, "add to [tool.mypy] files: " + ", ".join(missing)


def test_no_file_silences_the_type_checker_as_a_whole() -> None:
    silenced = [
        s.name for s in sources("src") if any(line.startswith("# mypy:") for line in s.text.splitlines())
    ]
    assert not silenced, ", ".join(silenced)


def _contract(name: str) -> dict[str, list[str]]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == name)
