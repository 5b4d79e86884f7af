-- +goose Up
-- Transactions that run others again.
ALTER TABLE txn ADD COLUMN begun   bigint NOT NULL DEFAULT 0; -- step items that it was made with
ALTER TABLE txn ADD COLUMN repeats bigint NOT NULL DEFAULT 0; -- the transaction that it runs again; 0: none
CREATE INDEX txn_repeat ON txn (account, repeats) WHERE repeats > 0;

-- The step item that an incident tells of; 0: of none.
ALTER TABLE incident ADD COLUMN item bigint NOT NULL DEFAULT 0;
-- Who tells of incidents goes on from the last that he has told of.
CREATE INDEX incident_id ON incident (id);
