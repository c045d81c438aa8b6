-- One INSERT for each kind of row that a change of beneficiary writes, one commit.
\set n random(1, 2000000000)
\set m random(1, 2000000000)
BEGIN;
INSERT INTO floor_idempotency VALUES (md5(:n || 'p' || :m)::uuid, md5('actor')::uuid, 'change_beneficiary', 'k' || :n, '\x00', 'accepted', '{"seq": 7, "documents": [{"kind": "endorsement_slip", "number": "E8632010100001234"}]}', 0);
INSERT INTO floor_act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested, effective_date, received_at, business_date, recorded_at, request, facts, decision, approval, idempotency_key) VALUES (md5(:n || 'p' || :m)::uuid, 7, 'policy', 'change_beneficiary', 1, md5('actor')::uuid, '86320101', 'counter', true, '2026-11-22', now(), '2026-11-22', now(), '{"beneficiaries": [{"party_id": "019aa000-0000-7000-8000-000000000001", "order": 1, "relation": "spouse", "share_percent": "100"}], "insured_consents": true}', '{"business_date": "2026-11-22", "received_on": "2026-11-22", "serial": "00001234", "unit_code": "86320101", "product_hash": ""}', '{"changes": [{"type": "clear"}, {"type": "put", "slice": "beneficiaries", "part": "death:1", "valid": {"start": "2026-11-22", "end": null}}], "postings": [], "documents": [{"kind": "endorsement_slip", "number": "E8632010100001234"}], "follow_ups": []}', NULL, 'k' || :n);
INSERT INTO floor_policy_beneficiary (policy_id, seq, row_no, part, valid, superseded_seq, party_id, "order", share_percent, relation) VALUES (md5(:n || 'p' || :m)::uuid, 7, 0, 'death:1', '[2026-11-22,)', NULL, md5('b')::uuid, 1, 100, 'spouse');
INSERT INTO floor_document (policy_id, seq, line, kind, number, about, unit_path) VALUES (md5(:n || 'p' || :m)::uuid, 7, 1, 'endorsement_slip', 'E8632010100001234', '', '86.8632.863201.86320101.');
COMMIT;
