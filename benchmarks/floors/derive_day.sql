-- One statement that writes, for all policies to which the calendar owes an act on a day, one row of each kind that the
-- act writes: key, act, paper, what is owed, status, head. On copies without triggers; changed only by an ADR.
WITH due AS (
  SELECT p.policy_id, p.seq + 1 AS seq, p.calendar_act AS act, p.unit_id, p.unit_path, p.policy_number, c.premium,
         d.seq AS old_seq, d.row_no AS old_row, d.part, d.due_date
  FROM floor_policy p
  JOIN policy_coverage c ON c.policy_id = p.policy_id AND c.superseded_seq IS NULL
  LEFT JOIN floor_policy_premium_due d ON d.policy_id = p.policy_id AND d.superseded_seq IS NULL AND upper_inf(d.valid)
  WHERE p.calendar_on = %(day)s
), keys AS (
  INSERT INTO floor_idempotency (subject_id, actor_id, act, key, body_hmac, state, answer, touched)
  SELECT policy_id, md5('calendar')::uuid, act, 'calendar:' || act || ':' || %(day)s::date || ':' || seq, '\x00', 'accepted',
         jsonb_build_object('seq', seq, 'subject_id', policy_id, 'figures', jsonb_build_object('premium', premium),
                            'documents', jsonb_build_array(jsonb_build_object('kind', act, 'number', policy_number))), 0
  FROM due
), acts AS (
  INSERT INTO floor_act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested,
    effective_date, received_at, business_date, recorded_at, request, facts, decision, approval, idempotency_key)
  SELECT policy_id, seq, 'policy', act, 1, md5('calendar')::uuid, unit_id, 'calendar', false, %(day)s, now(), %(day)s, now(),
         '{}', jsonb_build_object('business_date', %(day)s::date, 'received_on', %(day)s::date, 'serial', policy_number,
                                  'unit_code', policy_number, 'product_hash', md5(act) || md5(act)),
         jsonb_build_object('changes', jsonb_build_array(jsonb_build_object('type', 'put', 'slice', 'dues', 'part', 'premium',
                              'valid', jsonb_build_object('start', %(day)s::date, 'end', NULL), 'value', jsonb_build_object(
                              'due_date', %(day)s::date, 'amount', premium, 'stage', 'due'))),
                            'postings', '[]'::jsonb, 'follow_ups', '[]'::jsonb, 'documents',
                            jsonb_build_array(jsonb_build_object('kind', act, 'number', policy_number))),
         NULL, 'calendar:' || act || ':' || %(day)s::date || ':' || seq
  FROM due RETURNING 1
), gone AS (
  UPDATE floor_policy_premium_due t SET superseded_seq = due.seq FROM due
  WHERE t.policy_id = due.policy_id AND t.seq = due.old_seq AND t.row_no = due.old_row RETURNING 1
), owed AS (
  INSERT INTO floor_policy_premium_due (policy_id, seq, row_no, part, valid, superseded_seq, due_date, amount, stage)
  SELECT policy_id, seq, 0, 'premium', daterange(%(day)s, NULL), NULL::integer, coalesce(due_date, %(day)s), premium, 'due' FROM due
  WHERE act = 'premium_due'
  UNION ALL
  SELECT policy_id, seq, 0, 'premium', daterange(%(day)s::date - 1, %(day)s), NULL::integer, due_date, premium, 'due' FROM due
  WHERE act <> 'premium_due' AND (SELECT count(*) FROM gone) >= 0
  UNION ALL
  SELECT policy_id, seq, 1, 'premium', daterange(%(day)s, NULL), NULL::integer, due_date, premium, 'grace' FROM due
  WHERE act = 'begin_grace' AND (SELECT count(*) FROM gone) >= 0
), status AS (
  INSERT INTO floor_policy_status (policy_id, seq, row_no, part, valid_from, superseded_seq, standing, reason)
  SELECT policy_id, seq, 0, 'status', %(day)s, NULL, 'lapsed', '' FROM due WHERE act = 'lapse'
), papers AS (
  INSERT INTO floor_document (policy_id, seq, line, kind, number, about, unit_path)
  SELECT policy_id, seq, 1, act, 'N' || policy_number, '', unit_path FROM due
), heads AS (
  UPDATE floor_policy t SET seq = due.seq, recorded_at = now(), latest_effect = %(day)s,
    calendar_on = %(day)s::date + 60, calendar_act = 'lapse' FROM due WHERE t.policy_id = due.policy_id RETURNING 1
)
SELECT count(*) FROM acts
