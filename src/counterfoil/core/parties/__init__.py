"""Parties (客户): persons and organisations, their papers, contacts, accounts."""
