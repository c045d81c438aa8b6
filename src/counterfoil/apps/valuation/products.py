"""The product versions of a run: terms, basis where one is filed, and what was computed of them so far."""

import tempfile
import zipfile
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from counterfoil.apps.acts.facts import parameters
from counterfoil.apps.catalogue.queries import product_by_hash
from counterfoil.core.actuarial.basis import Basis, ReserveTable, load_basis
from counterfoil.core.actuarial.reserve_tables import NOT_STATED, LifeTable, load_life_tables, table_of
from counterfoil.core.actuarial.reserving import valuation_interest
from counterfoil.core.actuarial.risk_sums import asks_for
from counterfoil.core.actuarial.valuing import BookOfProduct
from counterfoil.core.kernel.parameters import ParameterMissing, ParameterValue
from counterfoil.core.product.amounts import Quantity
from counterfoil.core.product.lookup import Product
from counterfoil.core.product.tables import RateKey

CAPS = {False: "valuation.interest_cap_ordinary", True: "valuation.interest_cap_participating"}
"""The law's cap of the valuation rate, by whether the product is participating."""
LIFE_TABLES = "valuation.life_tables"
ARCHIVE = "SELECT archive FROM product_version WHERE content_hash = %s"


@cache
def life_tables(year: int) -> dict[ReserveTable, LifeTable]:
    """The set of life tables of the law with that year in its name. Raises StrictFileErrors."""
    return load_life_tables(settings.PARAMETERS_DIR / "law" / f"life_tables_{year}.csv", year)


@cache
def basis_by_hash(content_hash: str) -> Basis | None:
    """The basis of a frozen product version; None where it files none. Raises StrictFileErrors."""
    terms = product_by_hash(content_hash).terms
    if terms.basis_files is None:
        return None
    with connections["batch"].cursor() as cursor:
        cursor.execute(ARCHIVE, (content_hash,))
        (archive,) = cursor.fetchone()
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(BytesIO(bytes(archive))).extractall(folder)
        return load_basis(Path(folder), terms)


class Shelf:
    """What a run needs of products, each once. ``as_of`` and ``known_on`` choose the law's cap of the rate."""

    def __init__(self, as_of: date, known_on: date) -> None:
        self.as_of = as_of
        self.known_on = known_on
        self._books: dict[str, BookOfProduct] = {}
        self._met: set[tuple[str, RateKey]] = set()

    def product(self, content_hash: str) -> Product:
        """The product version."""
        return self.book(content_hash).product

    def book(self, content_hash: str) -> BookOfProduct:
        """What values policies of the version."""
        found = self._books.get(content_hash)
        if found is None:
            product = product_by_hash(content_hash)
            basis = basis_by_hash(content_hash)
            found = BookOfProduct(product, basis, self._cap(product), self._life_table(product, basis))
            self._books[content_hash] = found
        return found

    def asks_premiums(self, content_hash: str) -> bool:
        """Whether sums at risk of the version hang on the premiums paid."""
        return Quantity.PREMIUMS_PAID in asks_for(self.product(content_hash))

    def begin_partition(self) -> None:
        """From here on the first policy of a combination is one of the sample again, whoever did what before."""
        self._met.clear()

    def must_check(self, content_hash: str, key: RateKey, policy_id: UUID, every: int) -> bool:
        """Whether this policy is one of the sample: the first of its combination in the partition, or one in ``every``
        by its id."""
        first = (content_hash, key) not in self._met
        self._met.add((content_hash, key))
        return first or policy_id.int % every == 0

    def stated(self) -> list[dict[str, Any]]:
        """The basis of every version met, for the run: tables, rates of interest, life table."""
        return [self._stated(content_hash) for content_hash in sorted(self._books)]

    def _stated(self, content_hash: str) -> dict[str, Any]:
        book = self._books[content_hash]
        terms = book.product.terms
        found: dict[str, Any] = {
            "content_hash": content_hash,
            "code": book.product.code,
            "version": book.product.version,
            "cash_values": [terms.files.cash_values, terms.files.cash_values_computed],
            "values": str(type(terms.value_form).__struct_config__.tag),
            "sums_at_risk": "stated" if terms.sums_at_risk else "from_benefits",
        }
        if book.basis is not None:
            stated = book.basis.stated
            found["basis"] = {
                "mortality": stated.mortality_set,
                "reserve_mortality": self._told(book.life_table) or stated.mortality_set,
                "status": stated.status.value,
                "pricing_interest": str(stated.pricing_interest),
                "valuation_interest": str(valuation_interest(book.basis, book.cap)),
                "cash_value_interest": str(stated.cash_value_interest),
                "death_timing": stated.death_timing.value,
            }
        return found

    def check_parameters(self) -> None:
        """Raise ParameterMissing where the day has no cap of the valuation rate, before anything is valued."""
        for kind in CAPS.values():
            parameters().get(kind, self.as_of, self.known_on)

    def _life_tables(self) -> ParameterValue | None:
        """The set of life tables that the law has for reserves on the day; None before the first."""
        try:
            return parameters().get(LIFE_TABLES, self.as_of, self.known_on)
        except ParameterMissing:
            return None

    def _life_table(self, product: Product, basis: Basis | None) -> LifeTable | None:
        used = self._life_tables()
        if used is None or basis is None:
            return None
        table = table_of(product.terms.identity.kind, basis.stated.reserve_table)
        return life_tables(used.number)[table] if table else NOT_STATED

    def _told(self, table: LifeTable | None) -> str | None:
        """The table with how sure its cells and the rule that asks for it are."""
        used = self._life_tables()
        if table is None or used is None:
            return None
        return f"{table.name}, cells of grade {table.grade or '-'}, rule {used.certainty}"

    def _cap(self, product: Product) -> Any:
        name = CAPS[product.terms.identity.participating]
        return parameters().get(name, self.as_of, self.known_on).value
