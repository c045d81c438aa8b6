"""The account that a payment goes to, opened for the bank; nobody else reads it without a recorded reason."""

from typing import Any
from uuid import UUID

from counterfoil.apps.ledger.bank import PayeeAccount
from counterfoil.apps.parties.sealing import Unreadable, open_value, unwrap
from counterfoil.core.parties.values import DataKey

ACCOUNT = """
SELECT p.name, a.bank, a.number_cipher, k.key_id, k.master_key_id, k.wrapped
FROM party p
JOIN party_account a ON a.party_id = p.party_id AND a.account_id = %s::uuid AND a.superseded_seq IS NULL
JOIN party_data_key k ON k.party_id = p.party_id AND k.key_id = a.number_key_id
WHERE p.party_id = %s::uuid
"""


def account_for_payment(cursor: Any, party_id: UUID, account_id: UUID) -> PayeeAccount:
    """Holder, bank and number of a payee's account. One statement. Raises Unreadable where it is gone or erased."""
    cursor.execute(ACCOUNT, (account_id, party_id))
    row = cursor.fetchone()
    if row is None:
        raise Unreadable("the account is not there, or its party was erased")
    name, bank, cipher, key_id, master_key_id, wrapped = row
    key = unwrap(party_id, DataKey(key_id, master_key_id, bytes(wrapped)))
    return PayeeAccount(name, bank, open_value(key, f"account:{account_id}", bytes(cipher)))
