"""A book of 611005 in a real database, written by a script and not by acts: heads, acts, and what a valuation reads.

Ages, terms, ways of paying, sums and days of effect are spread over all that is sold and the last ten years; four in a
hundred have not paid what fell due last, and every seventh has a coverage that a later act superseded. Entries and
papers of these acts are not there, nor what was asked in them: a valuation does not read them.
"""

from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg

from benchmarks import ground

AS_OF = date(2026, 5, 31)
SCRIPT = Path(__file__).with_suffix(".sql")
EMPTIED = (
    "policy", "act", "policy_contract", "policy_status", "policy_coverage", "policy_paid_to", "policy_role",
    "policy_instalment", "valuation_line", "valuation_run", "valuation_plan", "valuation_partition",
)  # fmt: skip
GIVEN = (
    "DROP TABLE IF EXISTS bench_given, bench_plan, bench_unit, bench_book",
    "CREATE TABLE bench_given (as_of date, policies int, product_hash text)",
    """CREATE TABLE bench_plan (plan int, sex text, issue_age int, term_years int, pay_mode text, pay_years int,
    rate numeric)""",
    """CREATE TABLE bench_unit AS SELECT unit_id, path, row_number() OVER (ORDER BY unit_id) AS place
    FROM organisation_unit WHERE level = 'county'""",
)


def build(policies: int) -> None:
    """Write that many policies into the database of ``ground``, in place of those that are there."""
    from counterfoil.apps.catalogue.queries import product_on_sale

    product = product_on_sale("611005")
    assert product is not None
    with closing(psycopg.connect(**ground.admin_address().parameters())) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers
        connection.execute(f"TRUNCATE {', '.join(EMPTIED)}")
        for statement in GIVEN:
            connection.execute(statement)
        connection.execute(
            "INSERT INTO bench_given VALUES (%s, %s, %s)", (AS_OF, policies, product.content_hash)
        )
        with connection.cursor().copy("COPY bench_plan FROM STDIN") as copy:
            for n, (key, rate) in enumerate(sorted(product.rates.items()), start=1):
                copy.write_row((n, *key, rate))
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
