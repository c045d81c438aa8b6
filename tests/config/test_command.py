"""The console command: says what there is, and does not load Django to say it."""

import subprocess
import sys

import pytest

from counterfoil import cli
from counterfoil.commands.serve import server_arguments


def test_every_command_is_named_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for name, command in cli.COMMANDS.items():
        assert f"{name} " in said
        assert command.says in said


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["frobnicate"]) == 2
    assert "no command 'frobnicate'" in capsys.readouterr().err


def test_a_command_without_its_module_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cli.COMMANDS, "later", cli.Command("counterfoil.commands.later:run", "later"))
    assert cli.main(["later"]) == 3
    assert "not built yet" in capsys.readouterr().err


def test_help_is_quick_because_it_loads_no_framework() -> None:
    code = "import sys; from counterfoil import cli; cli.main(['--help']); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_the_server_keeps_one_connection_a_process() -> None:
    arguments = server_arguments("127.0.0.1:8000", 4)
    assert arguments[arguments.index("--worker-class") + 1] == "sync"
