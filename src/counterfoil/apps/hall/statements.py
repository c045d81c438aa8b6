"""The statements by which the hall is read and written under locks; operations send them, one transaction each.

Lock order: desk, ticket, pulse. A ticket is picked with SKIP LOCKED, so that no two windows wait for each other.
"""

# The lock is a statement of its own: one that waits for it would go on with what it saw of other tables before.
LOCK_MY_DESK = "SELECT FROM hall_desk WHERE employee_id = %s FOR UPDATE"
LOCK_DESK = "SELECT FROM hall_desk WHERE window_id = %s FOR UPDATE"
MY_DESK = """
SELECT d.window_id, d.unit_id, d.unit_path, d.state, w.number, w.services,
  coalesce((SELECT t.number FROM hall_ticket t
            WHERE t.window_id = d.window_id AND t.state IN ('called', 'serving')), ''),
  (SELECT count(*) FROM hall_ticket t WHERE t.window_id = d.window_id AND t.state = 'held')
FROM hall_desk d JOIN hall_window w ON w.window_id = d.window_id
WHERE d.employee_id = %s
"""
A_DESK = """
SELECT d.window_id, d.state, w.services, d.employee_id, d.lost_at, e.name, d.unit_id, d.unit_path, w.in_use, w.number
FROM hall_desk d JOIN hall_window w ON w.window_id = d.window_id
LEFT JOIN organisation_employee e ON e.employee_id = d.employee_id
WHERE d.window_id = %s
"""
SIT = """
UPDATE hall_desk SET employee_id = %s, state = 'on', version = version + 1, seen_at = %s, lost_at = NULL,
  to_rate_id = NULL, to_rate_since = NULL WHERE window_id = %s
"""
SET_STATE = """
UPDATE hall_desk SET state = %(state)s, version = version + 1, seen_at = %(at)s, lost_at = NULL,
  employee_id = CASE WHEN %(state)s::text = 'off' THEN NULL ELSE employee_id END WHERE window_id = %(window)s
"""
SEEN = """
WITH seen AS (
  UPDATE hall_desk SET seen_at = %(at)s
  WHERE employee_id = %(me)s AND seen_at < %(at)s - make_interval(secs => %(every)s) AND lost_at IS NULL RETURNING 1)
SELECT d.unit_id, p.version, d.version, EXISTS (
    SELECT FROM hall_desk o WHERE o.unit_id = d.unit_id AND o.employee_id IS NOT NULL AND o.window_id <> d.window_id
    AND o.lost_at IS NULL AND o.seen_at < %(at)s - make_interval(secs => %(lost)s)),
  (SELECT count(*) FROM seen)
FROM hall_desk d JOIN hall_pulse p ON p.unit_id = d.unit_id WHERE d.employee_id = %(me)s
"""
PULSE = """
SELECT p.version, EXISTS (
    SELECT FROM hall_desk o WHERE o.unit_id = p.unit_id AND o.employee_id IS NOT NULL
    AND o.lost_at IS NULL AND o.seen_at < %(at)s - make_interval(secs => %(lost)s))
FROM hall_pulse p WHERE p.unit_id = %(unit)s
"""
CUSTOMER_PULSE = """
SELECT d.version, d.to_rate_since > %(at)s - make_interval(secs => %(open)s)
FROM hall_window w JOIN hall_desk d ON d.window_id = w.window_id WHERE w.unit_id = %(unit)s AND w.number = %(number)s
"""
LOST_DESKS = """
SELECT window_id, unit_path FROM hall_desk
WHERE unit_id = %(unit)s AND employee_id IS NOT NULL AND lost_at IS NULL
  AND seen_at < %(at)s - make_interval(secs => %(lost)s)
ORDER BY window_id FOR UPDATE SKIP LOCKED
"""
LOSE_DESK = (
    "UPDATE hall_desk SET lost_at = %s, state = 'away', version = version + 1 WHERE window_id = ANY(%s)"
)
GIVE_BACK = """
WITH was AS (
  SELECT ticket_id, window_id, employee_id FROM hall_ticket
  WHERE window_id = ANY(%(windows)s) AND state IN ('called', 'serving', 'held') FOR UPDATE)
UPDATE hall_ticket t SET state = 'waiting', window_id = NULL, employee_id = NULL, serving_since = NULL,
  served_seconds = t.served_seconds + coalesce(extract(epoch FROM %(at)s - t.serving_since)::int, 0)
FROM was WHERE t.ticket_id = was.ticket_id
RETURNING t.ticket_id, was.window_id, was.employee_id, t.services[cardinality(t.services)]
"""
# The order is that of core/work/hall_queue.place; a test compares the two.
NEXT = """
SELECT t.ticket_id FROM hall_ticket t
WHERE t.unit_id = %(unit)s AND t.day = %(day)s AND t.state = 'waiting'
  AND (t.to_window_id = %(window)s OR (t.to_window_id IS NULL AND NOT %(transfers_only)s
       AND (cardinality(%(services)s::text[]) = 0 OR t.services[cardinality(t.services)] = ANY(%(services)s::text[]))))
ORDER BY CASE WHEN t.queued_at <= %(waited_first)s THEN 0 ELSE t.rank END, t.queued_at, t.number
LIMIT 1 FOR UPDATE SKIP LOCKED
"""
TICKET = """
SELECT t.ticket_id, t.unit_id, t.unit_path, t.number, t.state, t.window_id, t.services
FROM hall_ticket t WHERE t.ticket_id = %s AND t.day = %s FOR UPDATE
"""
MOVE = """
UPDATE hall_ticket SET state = %(state)s, window_id = %(window)s, employee_id = %(employee)s,
  to_window_id = CASE WHEN %(explained)s THEN to_window_id ELSE %(to_window)s END, services = %(services)s,
  called_at = CASE WHEN %(called)s THEN %(at)s ELSE called_at END,
  calls = calls + CASE WHEN %(called)s THEN 1 ELSE 0 END,
  served_seconds = served_seconds + CASE WHEN %(state)s::text <> 'serving'
    THEN coalesce(extract(epoch FROM %(at)s - serving_since)::int, 0) ELSE 0 END,
  serving_since = CASE WHEN %(state)s::text = 'serving' THEN coalesce(serving_since, %(at)s) ELSE NULL END,
  ended_at = CASE WHEN %(state)s::text IN ('finished', 'left') THEN %(at)s ELSE NULL END,
  explanation = CASE WHEN %(explained)s THEN %(note)s ELSE explanation END
WHERE ticket_id = %(ticket)s
"""
FREE_SENT = "UPDATE hall_ticket SET to_window_id = NULL WHERE to_window_id = ANY(%s) AND state = 'waiting'"
TOUCH_DESKS = "UPDATE hall_desk SET version = version + 1 WHERE window_id = ANY(%s)"
TO_RATE = "UPDATE hall_desk SET to_rate_id = %s, to_rate_since = %s WHERE window_id = %s"
RATED = "UPDATE hall_desk SET to_rate_id = NULL, to_rate_since = NULL, version = version + 1 WHERE to_rate_id = %s"
BEAT = "UPDATE hall_pulse SET version = version + 1 WHERE unit_id = %s"
COUNT = """
INSERT INTO hall_counter (unit_id, unit_path, day, letter, last) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (unit_id, day, letter) DO UPDATE SET last = hall_counter.last + 1 RETURNING last
"""
NEW_TICKET = """
INSERT INTO hall_ticket (ticket_id, unit_id, unit_path, day, number, services, party_id, shown_name, appointment_id,
  marks, rank, state, queued_at, calls, served_seconds, taken_by, expected_minutes, explanation)
VALUES (%(ticket)s, %(unit)s, %(path)s, %(day)s, %(number)s, %(services)s, %(party)s, %(name)s, %(appointment)s,
  %(marks)s, %(rank)s, 'waiting', %(at)s, 0, 0, %(employee)s, %(expected)s, %(explanation)s)
"""
EVENT = """
INSERT INTO hall_event (event_id, unit_id, unit_path, ticket_id, window_id, employee_id, verb, state, service, note, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
APPOINTMENT = """
SELECT appointment_id, unit_id, at, service, party_id, name, state FROM hall_appointment
WHERE appointment_id = %s FOR UPDATE
"""
ARRIVED = "UPDATE hall_appointment SET state = 'arrived' WHERE appointment_id = %s"
UNIT_PATH = (
    "SELECT path, set_config('counterfoil.scope', path, true) FROM organisation_unit WHERE unit_id = %s"
)
HALL_PATH = "SELECT unit_path FROM hall WHERE unit_id = %s"
TO_BE_RATED = """
SELECT d.unit_id, d.unit_path, t.employee_id, d.to_rate_since FROM hall_desk d
JOIN hall_ticket t ON t.ticket_id = d.to_rate_id WHERE d.to_rate_id = %s FOR UPDATE OF d
"""
