-- One INSERT for each kind of row that an issue writes, one commit.
\set n random(1, 2000000000)
\set m random(1, 2000000000)
BEGIN;
INSERT INTO floor_idempotency VALUES (md5(:n || 'p' || :m)::uuid, md5('actor')::uuid, 'issue_policy', 'k' || :n, '\x00', 'accepted', '{"seq": 4, "documents": [{"kind": "policy_contract", "number": "P8632010100001234"}]}', 0);
INSERT INTO floor_act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested, effective_date, received_at, business_date, recorded_at, request, facts, decision, approval, idempotency_key) VALUES (md5(:n || 'p' || :m)::uuid, 4, 'policy', 'issue_policy', 1, md5('actor')::uuid, '86320101', 'counter', true, '2026-11-22', now(), '2026-11-22', now(), '{}', '{"business_date": "2026-11-22", "received_on": "2026-11-22", "serial": "00001234", "unit_code": "86320101", "product_hash": ""}', '{"changes": [{"type": "put", "slice": "contract", "part": "contract", "valid": {"start": "2026-11-22", "end": null}}], "postings": [{"account": "2203", "amount": "770.00"}], "documents": [{"kind": "policy_contract", "number": "P8632010100001234"}], "follow_ups": []}', NULL, 'k' || :n);
INSERT INTO floor_policy_contract (policy_id, seq, row_no, part, valid, superseded_seq, policy_number, formed_on, effective_date, cover_until, receipt_signed_on) VALUES (md5(:n || 'p' || :m)::uuid, 4, 0, 'contract', '[2026-11-22,)', NULL, 'P8632010100001234', '2026-11-22', '2026-11-23', '2036-11-23', NULL);
INSERT INTO floor_policy_status (policy_id, seq, row_no, part, valid_from, superseded_seq, standing, reason) VALUES (md5(:n || 'p' || :m)::uuid, 4, 0, 'status', '2026-11-22', NULL, 'issued', '');
INSERT INTO floor_policy_paid_to (policy_id, seq, row_no, part, valid_from, superseded_seq, paid_to_date, next_due_date) VALUES (md5(:n || 'p' || :m)::uuid, 4, 0, 'paid_to', '2026-11-22', NULL, '2027-11-22', '2027-11-22');
INSERT INTO floor_policy_instalment (policy_id, seq, row_no, part, valid, superseded_seq, due_date, amount, paid_on, receipt_number, refunded) VALUES (md5(:n || 'p' || :m)::uuid, 4, 0, '1', '[2026-11-22,)', NULL, '2026-11-22', 770.00, '2026-11-22', 'R8632010100001234', false);
INSERT INTO floor_policy_suspense (policy_id, seq, row_no, part, valid, superseded_seq, held, received, received_on, method) VALUES (md5(:n || 'p' || :m)::uuid, 4, 0, 'R8632010100001234', '[2026-11-22,)', NULL, 0, 770.00, '2026-11-22', 'transfer');
INSERT INTO floor_entry (policy_id, seq, line, account, unit_id, amount, business_date) VALUES (md5(:n || 'p' || :m)::uuid, 4, 1, '2203', '86320101', 770.00, '2026-11-22');
INSERT INTO floor_document (policy_id, seq, line, kind, number, about, unit_path) VALUES (md5(:n || 'p' || :m)::uuid, 4, 1, 'policy_contract', 'P8632010100001234', '', '86.8632.863201.86320101.');
COMMIT;
