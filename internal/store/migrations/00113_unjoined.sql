-- +goose Up
-- Transactions that ended before all that was made of them: few, and not for long.
CREATE INDEX txn_unjoined ON txn (account, cycle) WHERE status >= 10 AND open > 0;
