"""The demo insurer's business hall: three windows in the first county, one of them for claims alone."""

from counterfoil.apps.hall.operations import set_up_hall
from counterfoil.batch.demo.organisation import COUNTIES, SET_UP


def open_demo_hall() -> None:
    """Set the hall up; its tickets are those that a visitor of the demo takes."""
    set_up_hall(COUNTIES[0].unit_id, f"{COUNTIES[0].name}营业厅", [(1, ()), (2, ()), (3, ("claim",))], SET_UP)
