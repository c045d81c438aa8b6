"""Runs of the valuation: begun, done in partitions, and kept with a line a policy; plan, run and lines never change."""

from django.db import models


class ValuationPlan(models.Model):
    """A run as it was begun: the day of effect, what is known, and the basis but for products.

    Every partition goes by it; the run is kept once all partitions are done.
    """

    run_id = models.UUIDField(primary_key=True)
    as_of = models.DateField()
    known_on = models.DateField(null=True)
    known_before = models.DateTimeField(null=True)
    snapshot = models.TextField()
    recorded_at = models.DateTimeField()
    basis = models.JSONField()

    class Meta:
        db_table = "valuation_plan"


class ValuationPartition(models.Model):
    """A range of policy ids (after ``after_id`` up to ``up_to_id``) of a run. Whoever values it holds its row;
    ``done_at`` is written in the transaction that writes the lines.

    Digests are of each line in the order of ids, 32 bytes a line, until the run is kept; ``products`` as in its basis.
    """

    pk = models.CompositePrimaryKey("run_id", "number")
    run_id = models.UUIDField()
    number = models.SmallIntegerField()
    after_id = models.UUIDField()
    up_to_id = models.UUIDField()
    done_at = models.DateTimeField(null=True)
    policies = models.IntegerField(default=0)
    checked = models.IntegerField(default=0)
    inputs_digests = models.BinaryField(null=True)
    results_digests = models.BinaryField(null=True)
    products = models.JSONField(default=list)

    class Meta:
        db_table = "valuation_partition"


class ValuationRun(models.Model):
    """One valuation: the day of effect, what was known, the basis, and hashes over what went in and what came out.

    ``snapshot`` (of PostgreSQL) and ``known_before`` say which acts were known, so that the same are met again.
    ``basis`` is JSON: method, products with their tables and rates, changes of basis.
    """

    run_id = models.UUIDField(primary_key=True)
    as_of = models.DateField()
    known_on = models.DateField(null=True)
    known_before = models.DateTimeField(null=True)
    snapshot = models.TextField()
    recorded_at = models.DateTimeField()
    basis = models.JSONField()
    policies = models.IntegerField()
    checked = models.IntegerField()
    inputs_hash = models.TextField()
    results_hash = models.TextField()
    content_hash = models.TextField()

    class Meta:
        db_table = "valuation_run"
        indexes = (models.Index(fields=["as_of", "recorded_at"], name="valuation_run_by_day"),)


def yuan() -> models.DecimalField:
    """An amount that may be not valued."""
    return models.DecimalField(max_digits=18, decimal_places=2, null=True)


class ValuationLine(models.Model):
    """One policy in a run, as it was read and valued; null: not valued, and ``reasons`` (codes, by spaces) say why."""

    pk = models.CompositePrimaryKey("run_id", "policy_id")
    run_id = models.UUIDField()
    policy_id = models.UUIDField()
    seq = models.IntegerField()
    unit_id = models.TextField()
    unit_path = models.TextField()
    product_code = models.TextField()
    product_hash = models.TextField()
    cover = models.TextField()
    insured_id = models.UUIDField(null=True)
    sex = models.TextField()
    issue_age = models.SmallIntegerField()
    term_years = models.SmallIntegerField()
    pay_mode = models.TextField()
    pay_years = models.SmallIntegerField()
    effective_date = models.DateField()
    paid_to_date = models.DateField()
    sum_assured = models.DecimalField(max_digits=18, decimal_places=2)
    cash_value = yuan()
    policy_value = yuan()
    policy_value_interest_up = yuan()
    policy_value_interest_down = yuan()
    policy_value_mortality_up = yuan()
    policy_value_mortality_down = yuan()
    reserve_unfloored = yuan()
    reserve = yuan()
    reserve_interest_up = yuan()
    reserve_interest_down = yuan()
    reserve_mortality_up = yuan()
    reserve_mortality_down = yuan()
    risk_death = yuan()
    risk_accident = yuan()
    risk_illness = yuan()
    risk_daily = yuan()
    risk_stated = models.BooleanField()
    reasons = models.TextField()

    class Meta:
        db_table = "valuation_line"
        indexes = (models.Index(fields=["run_id", "insured_id"], name="valuation_line_by_life"),)
