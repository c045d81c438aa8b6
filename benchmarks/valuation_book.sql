-- A book of 611005 as it lies in the tables: see valuation_book.py. Given: bench_given (one row), bench_plan, bench_unit.
-- Every policy is within its term on the day valued; `paid` is the number of premiums paid by then.
SELECT setseed(0.611005);
CREATE UNLOGGED TABLE bench_book AS
SELECT r.n, r.id, md5('life' || (r.n * 4 / 5))::uuid AS insured, r.sum_assured, s.effective, p.*, u.unit_id, u.path,
       g.product_hash, r.n % 7 = 0 AS changed,
       (s.effective + make_interval(years => p.term_years))::date AS cover_until,
       CASE WHEN p.pay_mode = 'single' THEN 1
            ELSE greatest(1, least(p.pay_years, extract(year FROM age(g.as_of, s.effective))::int + 1 - r.late))
       END AS paid
FROM (
  SELECT n, ('018f' || lpad(to_hex(n), 8, '0') || '7' || substr(md5(n::text), 1, 3) || '8'
             || substr(md5(n::text), 4, 15))::uuid AS id,
         (5 + 195 * pow(random(), 2))::int * 10000 AS sum_assured, random() AS since,
         CASE WHEN random() < 0.04 THEN 1 ELSE 0 END AS late,
         1 + n % (SELECT count(*)::int FROM bench_unit) AS place,
         1 + floor(random() * (SELECT count(*) FROM bench_plan))::int AS plan
  FROM generate_series(0, (SELECT policies FROM bench_given) - 1) n
) r
JOIN bench_plan p USING (plan)
JOIN bench_unit u USING (place)
CROSS JOIN bench_given g
CROSS JOIN LATERAL (SELECT g.as_of - floor(r.since * p.term_years * 365)::int AS effective) s
ORDER BY r.id;

INSERT INTO policy (policy_id, seq, recorded_at, unit_id, unit_path, product_code, product_hash, application_number,
  policy_number, latest_effect)
SELECT id, 2 + changed::int, effective::timestamptz, unit_id, path, '611005', product_hash, 'B' || n, 'P' || n, effective
FROM bench_book;

INSERT INTO act (subject_id, seq, subject, act, schema_version, actor_id, unit_id, channel, requested, effective_date,
  received_at, business_date, recorded_at, request, facts, decision, idempotency_key)
SELECT id, a.seq, 'policy', a.act, 1, insured, unit_id, 'import', true, effective, effective::timestamptz, effective,
  effective::timestamptz, '{}', '{}', '{}', a.act
FROM bench_book, (VALUES (1, 'submit_application'), (2, 'issue_policy'), (3, 'change_sum')) a (seq, act)
WHERE a.seq < 3 OR changed;

INSERT INTO policy_contract (policy_id, seq, row_no, part, valid, policy_number, formed_on, effective_date, cover_until)
SELECT id, 2, 0, 'contract', daterange(effective, NULL), 'P' || n, effective, effective, cover_until FROM bench_book;

INSERT INTO policy_status (policy_id, seq, row_no, part, valid_from, standing, reason)
SELECT id, s.seq, 0, 'status', effective + s.days, s.standing, ''
FROM bench_book, (VALUES (1, -1, 'applied'), (2, 0, 'issued')) s (seq, days, standing);

INSERT INTO policy_coverage (policy_id, seq, row_no, part, valid, superseded_seq, product_code, product_hash,
  sum_assured, term_years, pay_mode, pay_years, premium, issue_age, sex)
SELECT id, c.seq, 0, 'main', daterange(effective, NULL), CASE WHEN c.seq = 1 AND changed THEN 3 END, '611005',
  product_hash, sum_assured * c.share, term_years, pay_mode, pay_years, round(sum_assured * c.share * rate / 1000, 2),
  issue_age, sex
FROM bench_book, (VALUES (1, 1.0), (3, 0.8)) c (seq, share)
WHERE c.seq = 1 OR changed;

INSERT INTO policy_paid_to (policy_id, seq, row_no, part, valid_from, paid_to_date, next_due_date)
SELECT id, 2, k, 'paid_to', (effective + make_interval(years => k - 1))::date,
  CASE WHEN last THEN cover_until ELSE (effective + make_interval(years => k))::date END,
  CASE WHEN NOT last THEN (effective + make_interval(years => k))::date END
FROM (SELECT b.*, k, pay_mode = 'single' OR k = pay_years AS last FROM bench_book b, generate_series(1, paid) k) p;

INSERT INTO policy_instalment (policy_id, seq, row_no, part, valid, due_date, amount, paid_on, receipt_number, refunded,
  short)
SELECT id, 2, k, 'premium:' || k, daterange(due, NULL), due, premium, due, 'R' || n || '-' || k, false, 0
FROM (SELECT b.*, k, (effective + make_interval(years => k - 1))::date AS due,
             round(sum_assured * rate / 1000, 2) AS premium
      FROM bench_book b, generate_series(1, paid) k) p;

INSERT INTO policy_role (policy_id, seq, row_no, part, valid, role, party_id, birth_date, sex, occupation_class)
SELECT id, 1, r.n, r.role, daterange(effective, NULL), r.role, insured,
  (effective - make_interval(years => issue_age, days => 100))::date, sex, 1
FROM bench_book, (VALUES (0, 'policyholder'), (1, 'insured')) r (n, role);

DROP TABLE bench_given, bench_plan, bench_unit, bench_book;
