"""`counterfoil api-key new|revoke|list`: keys of systems that call the API; a key is printed once, when it is made."""

import argparse
import sys
from datetime import date

from counterfoil.apps.organisation.api_clients import api_clients, new_api_client, revoke_api_client
from counterfoil.apps.organisation.writing import UnableToOrganise

ACTOR = "api-key command"


def run(arguments: list[str]) -> int:
    """Exit code 0; 1 where the key cannot be made or revoked."""
    parser = argparse.ArgumentParser(prog="counterfoil api-key", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="make a key and print it")
    new.add_argument("name", help="of the system")
    new.add_argument("--as", dest="username", required=True, help="the employee that it acts as")
    new.add_argument("--until", type=date.fromisoformat, help="first day on which it no longer opens")
    revoke = actions.add_parser("revoke", help="let a key open nothing from now on")
    revoke.add_argument("client_id")
    actions.add_parser("list", help="all keys, without their secrets")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.action == "new":
            print(new_api_client(chosen.name, chosen.username, chosen.until, ACTOR))
            print("Keep it now: it is not shown again. Use: Authorization: Bearer KEY", file=sys.stderr)
        elif chosen.action == "revoke":
            revoke_api_client(chosen.client_id, ACTOR)
        else:
            for client_id, name, username, active, until in api_clients():
                state = "active" if active else "revoked"
                print(f"{client_id}  {state:<8} as {username:<16} until {until or 'for ever'}  {name}")
    except UnableToOrganise as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0
