-- +goose Up
-- What the clock in the account's zone showed, as if in UTC, when the schedule
-- began; 0: as it shows when the timer is due.
ALTER TABLE timer ADD COLUMN clock bigint NOT NULL DEFAULT 0;
-- Ordered by id, so that the oldest one is found at once.
DROP INDEX txn_pending;
CREATE INDEX txn_pending ON txn (account, cycle, id) WHERE status < 10;
