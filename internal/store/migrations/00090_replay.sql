-- +goose Up
-- Calls with an Idempotency-Key, and their answers.
CREATE TABLE replay (
    partner    bigint  NOT NULL,
    name       bytea   NOT NULL, -- SHA-256 of the caller and the key
    call       bytea   NOT NULL, -- SHA-256 of what was asked
    claimed_at bigint  NOT NULL,
    expires_at bigint  NOT NULL, -- of the claim, then of the answer
    answered   boolean NOT NULL,
    sealed     bytea,            -- the answer; NULL: none yet, or it was too long
    PRIMARY KEY (partner, name)
);
CREATE INDEX replay_expiry ON replay (expires_at);
