"""The folders of this installation: the project's own, and those that a person names by environment variable."""

import os
from pathlib import Path

PROJECT = Path(os.environ.get("COUNTERFOIL_PROJECT") or Path(__file__).resolve().parents[3])
VAR = PROJECT / "var"
SECRETS = Path(os.environ.get("COUNTERFOIL_SECRET_DIR") or VAR / "secrets")
PAPERS = Path(os.environ.get("COUNTERFOIL_PAPERS_DIR") or VAR / "papers")
PRODUCTS = PROJECT / "products"
PARAMETERS = PROJECT / "parameters"
PROCESSES = PROJECT / "processes"
LOCALE = PROJECT / "locale"
