"""One module a console command; each has `run(arguments) -> exit code` and a row in `counterfoil.cli.COMMANDS`."""
