"""`counterfoil manage …`: Django's own commands, with the embedded server running."""

from django.core.management import execute_from_command_line


def run(arguments: list[str]) -> int:
    """Hand the arguments on as they are."""
    execute_from_command_line(["counterfoil manage", *arguments])
    return 0
