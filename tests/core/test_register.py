"""What the register says of its acts is there: promises among the parameters, papers among the product's."""

from pathlib import Path

from counterfoil.core.kernel.parameters import Parameters
from counterfoil.core.product.loading import load_product
from counterfoil.core.register import ACTS

PROJECT = Path(__file__).resolve().parents[2]


def test_every_promise_is_a_parameter() -> None:
    names = set(Parameters.load(PROJECT / "parameters").names())
    assert {act.promise for act in ACTS.values() if act.promise} <= names


def test_every_act_that_a_product_names_is_registered() -> None:
    terms = load_product(PROJECT / "products" / "611005").terms
    assert set(terms.servicing_acts) <= set(ACTS)
    assert {papers.act for papers in terms.papers} <= set(ACTS)
