-- Copies of the tables that acts write, without triggers: what the floors insert into. Changed only by an ADR.
CREATE TABLE IF NOT EXISTS floor_idempotency (LIKE idempotency INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_act (LIKE act INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_beneficiary (LIKE policy_beneficiary INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_contract (LIKE policy_contract INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_status (LIKE policy_status INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_paid_to (LIKE policy_paid_to INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_instalment (LIKE policy_instalment INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_policy_suspense (LIKE policy_suspense INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_entry (LIKE entry INCLUDING ALL);
CREATE TABLE IF NOT EXISTS floor_document (LIKE document INCLUDING ALL);
