"""The knowledge base: articles of ``knowledge/`` and the clauses of every product version that was approved."""
