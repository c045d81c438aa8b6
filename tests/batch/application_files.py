"""Files of applications for tests: good rows from one seed, and one cell changed at a time."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from counterfoil.batch.demo.people import Crowd
from counterfoil.batch.importing.columns import COLUMNS

APPLIED_ON = date(2026, 11, 2)
REGION, PLACE = "320117", "江苏省南京市溧水区"
Cells = dict[str, str]


def good_rows(count: int, seed: int = 1) -> list[Cells]:
    """So many applications by people who all differ; each third insures a spouse, each has two beneficiaries."""
    crowd = Crowd(seed)
    rows = []
    for n in range(count):
        sex = "MF"[n % 2]
        born = date(1990 + n % 9, 3, 1 + n % 28)
        holder, spouse = (crowd.person(REGION, PLACE, born, s) for s in (sex, "FM"[n % 2]))
        child = crowd.person(REGION, PLACE, date(2010 + n % 9, 1 + n % 12, 1 + n % 28), "M")
        row = {
            "application_number": f"IM{seed:02d}{n:06d}", "product_code": "611005", "holder_name": holder.name,
            "holder_paper_number": holder.id_number, "holder_mobile": holder.mobile, "holder_address": holder.address,
            "holder_occupation_code": "2090104", "holder_occupation_class": "1", "sum_assured": "200000",
            "term_years": "10", "pay_mode": "annual", "pay_years": "10", "answers_all_no": "yes",
            "health_data_consent": "是", "applied_on": APPLIED_ON.isoformat(), "sales_channel": "agent",
            "exclusions_acknowledged": "yes", "insured_consents": "yes", "holder_signed": "yes",
            "insured_signed": "yes",
            "beneficiary_1_name": child.name, "beneficiary_1_id_number": child.id_number, "beneficiary_1_order": "1",
            "beneficiary_1_share": "100", "beneficiary_1_relation": "child",
        }  # fmt: skip
        if n % 3 == 0:
            row |= {
                "insured_name": spouse.name, "insured_paper_number": spouse.id_number, "relation": "配偶",
                "insured_occupation_code": "2090104", "insured_occupation_class": "1",
            }  # fmt: skip
        rows.append(row)
    return rows


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """The rows as a file with every column."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.DictWriter(file, [column.name for column in COLUMNS], restval="")
        lines.writeheader()
        lines.writerows(rows)
    return path
