-- +goose Up
-- Transactions that are held at a webhook step, by a hash of the key that a
-- request for them has.
CREATE TABLE webhook_match (
    account    bigint NOT NULL,
    cycle      text   NOT NULL,
    step       text   NOT NULL,
    hash       text   NOT NULL,
    txn        bigint NOT NULL,
    item       bigint NOT NULL, -- after which the request's comes
    expires_at bigint NOT NULL,
    PRIMARY KEY (account, cycle, step, hash, txn)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX webhook_match_txn ON webhook_match (account, txn);
CREATE INDEX webhook_match_expiry ON webhook_match (expires_at);

-- What transactions told the callers of their webhooks.
CREATE TABLE webhook_answer (
    account    bigint NOT NULL,
    txn        bigint NOT NULL, -- that the caller's request made
    created_at bigint NOT NULL,
    data       bytea  NOT NULL,
    PRIMARY KEY (account, txn)
);
CREATE INDEX webhook_answer_created ON webhook_answer (created_at);

-- What the third party signs a webhook's requests with, sealed.
ALTER TABLE webhook ADD COLUMN secret bytea;
