"""Arrows go one way, and nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.contract import said

PACKAGES = ("clinic", "actions", "components", "channels")
TOOLS = {"scripts", "benchmarks", "tests"}
OUTSIDE_OF_CLINIC = {"rasa", "rasa_sdk", "sanic", "actions", "components", "channels", *TOOLS}
HEAVY = ("tensorflow", "spacy", "sklearn", "onnxruntime", "rasa", "tokenizers", "numpy")


def imports_of(tree: ast.Module) -> set[str]:
    """Return the top-level names of all modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where something comes from"
            found.add((node.module or "").partition(".")[0])
    return found


def modules(package: str) -> list[str]:
    """Return the dotted names of a package's modules."""
    paths = sorted((said.ROOT / package).rglob("*.py"))
    dotted = [".".join(p.relative_to(said.ROOT).with_suffix("").parts) for p in paths]
    # Alembic runs these, they cannot be imported.
    return [name.removesuffix(".__init__") for name in dotted if ".migrations" not in name]


def run_python(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(said.ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_there_is_something_to_look_at(package: str):
    assert said.trees(package)


def test_the_core_knows_neither_rasa_nor_a_web_framework():
    for path, tree in said.trees("clinic").items():
        assert not imports_of(tree) & OUTSIDE_OF_CLINIC, path


@pytest.mark.parametrize("package", ["actions", "components", "channels"])
def test_the_parts_around_the_core_do_not_know_one_another(package: str):
    others = {"actions", "components", "channels", *TOOLS} - {package}
    for path, tree in said.trees(package).items():
        assert not imports_of(tree) & others, path


def test_actions_use_the_small_library_and_not_the_server():
    for path, tree in said.trees("actions").items():
        assert not imports_of(tree) & {"rasa", "sanic", *HEAVY}, path


def test_the_action_server_loads_nothing_heavy(tmp_path: Path):
    names = modules("actions")
    result = run_python(
        f"""
        import importlib, sys
        for name in {names!r}:
            importlib.import_module(name)
        print(sorted({set(HEAVY)!r} & sys.modules.keys()))
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"
    assert len(names) > 10


def test_importing_the_core_and_the_actions_reads_no_file_and_opens_no_database(tmp_path: Path):
    """Files of ours, the database and our environment variables are out of reach at import."""
    names = modules("clinic") + modules("actions")
    result = run_python(
        f"""
        import importlib, os, sys
        import rasa_sdk.executor, alembic.config, dateparser, email_validator, holidays
        import phonenumbers, rapidfuzz, sqlalchemy.dialects.postgresql, sqlalchemy.dialects.sqlite
        import yaml

        ROOT = {str(said.ROOT)!r}
        OURS = {sorted(variables_of_settings())!r}
        touched = []

        def watch(event, arguments):
            if event == "open":
                path = str(arguments[0])
                inside = path.startswith(ROOT) and "/.venv/" not in path
                if inside and not path.endswith((".py", ".pyc")) and "__pycache__" not in path:
                    touched.append(path)
            elif event in ("sqlite3.connect", "socket.connect", "subprocess.Popen"):
                touched.append(event)

        sys.addaudithook(watch)

        class Environment(dict):
            def get(self, name, default=None):
                if name in OURS:
                    touched.append(name)
                return super().get(name, default)

            def __getitem__(self, name):
                if name in OURS:
                    touched.append(name)
                return super().__getitem__(name)

        os.environ = Environment(os.environ)
        before = set(sys.modules)
        for name in {names!r}:
            importlib.import_module(name)
        assert len(set(sys.modules) - before) >= len({names!r}) - 2
        print(touched)
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_the_watch_over_imports_sees_a_file_that_is_read(tmp_path: Path):
    result = run_python(
        f"""
        import sys
        seen = []
        sys.addaudithook(lambda event, given: seen.append(given[0]) if event == "open" else 0)
        open({str(said.ROOT / "domain.yml")!r}).close()
        print({str(said.ROOT / "domain.yml")!r} in seen)
        """,
        tmp_path,
    )
    assert result.stdout.strip() == "True"


def variables_of_settings() -> set[str]:
    return {"DATABASE_URL", "CONVERSATION_KEY", "ACTION_TIME_LIMIT", "CONTENT_DIR"}


def test_no_module_runs_statements_that_are_no_definitions():
    """At the top of a module of the core stand definitions, constants and imports, no calls."""
    for path, tree in said.trees("clinic", "actions").items():
        if "migrations" in path.parts:
            continue
        for node in tree.body:
            bare_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            assert not bare_call, f"{path}:{node.lineno}"
            assert not isinstance(node, (ast.For, ast.While, ast.With, ast.Try)), (
                f"{path}:{node.lineno}"
            )


def test_facts_and_wording_are_no_python():
    """No sentence for a patient stands in code: what is said is a response or a phrase."""
    for path, tree in said.trees("actions").items():
        said_in_code = [
            node.args[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "say"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and not str(node.args[0].value).startswith("utter_")
        ]
        assert said_in_code == [], path
        texts = {
            keyword.arg
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            for keyword in node.keywords
        }
        assert "text" not in texts, path


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is_for(package: str):
    for path, tree in said.trees(package).items():
        if path.name == "__init__.py" and not tree.body:
            continue
        assert ast.get_docstring(tree), path


def test_config_names_components_that_exist():
    config = said.read_yaml(said.ROOT / "config.yml")
    endpoints = said.read_yaml(said.ROOT / "endpoints.yml")
    credentials = said.read_yaml(said.ROOT / "credentials.yml")
    named = [step["name"] for step in config["pipeline"]]
    named += [endpoints[part]["type"] for part in ("tracker_store", "nlg")]
    named += list(credentials)
    for dotted in named:
        module, _, name = dotted.rpartition(".")
        tree = ast.parse((said.ROOT / (module.replace(".", "/") + ".py")).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef)}, dotted
