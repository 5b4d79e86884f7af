-- +goose Up
-- What a job is at, and how many servers began with that: what each of them ended at
-- is set aside.
ALTER TABLE rollout ADD COLUMN trying bigint NOT NULL DEFAULT 0; -- place of a cycle; 0: none
ALTER TABLE rollout ADD COLUMN starts bigint NOT NULL DEFAULT 0;
ALTER TABLE repeat_job ADD COLUMN doing bytea; -- JSON: ids of transactions; NULL: none
ALTER TABLE repeat_job ADD COLUMN starts bigint NOT NULL DEFAULT 0; -- with the first of them
