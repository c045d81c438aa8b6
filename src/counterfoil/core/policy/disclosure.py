"""Decides whether a health notice (健康告知) is one that no person has to judge.

Basis: Insurance Law article 16; the product's disclosure section.
"""

from counterfoil.core.kernel.decisions import Reasons
from counterfoil.core.policy.facts import Facts


def check_health(facts: Facts, reasons: Reasons) -> None:
    """Every question of the product answered, and answered by the standard answer. The answers stay out of the
    reasons: only the question is named. In a replay they are not asked for again: what was told then is a fact."""
    if facts.again:
        return
    disclosure = facts.the_product().terms.disclosure
    answers = facts.health_answers
    if answers is None:
        reasons.add("uw_health_notice_missing", None, "Insurance Law 16")
        return
    for question in disclosure.questions:
        answer = answers.get(question.id)
        if not answer:
            reasons.add("uw_health_answer_missing", None, "Insurance Law 16", question=question.id)
        elif answer != disclosure.standard_answer:
            reasons.add("uw_health", None, disclosure.basis, question=question.id)
