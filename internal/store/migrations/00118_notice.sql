-- +goose Up
-- What receivers are told: of incidents, and of cycles that errors stop.
CREATE TABLE notice (
    id         text   NOT NULL PRIMARY KEY,
    partner    bigint NOT NULL,
    account    bigint NOT NULL, -- that it tells of
    receiver   bigint NOT NULL, -- account whose own receiver it is for; 0: the partner's
    kind       text   NOT NULL,
    cycle      text   NOT NULL,
    txn        bigint NOT NULL,
    message    text   NOT NULL,
    state      text   NOT NULL,
    attempts   bigint NOT NULL,
    status     bigint NOT NULL, -- HTTP status of the last answer; 0: none
    reason     text   NOT NULL, -- why the last attempt failed
    created_at bigint NOT NULL,
    next_at    bigint NOT NULL,
    ended_at   bigint NOT NULL, -- 0: it is not at its end
    payload    bytea            -- packed; NULL: it is at its end
);
CREATE INDEX notice_waiting ON notice (partner, receiver, kind, next_at) WHERE ended_at = 0;
CREATE INDEX notice_created ON notice (partner, created_at, id);
CREATE INDEX notice_account ON notice (account);
CREATE INDEX notice_ended ON notice (ended_at) WHERE ended_at > 0;

-- Receivers, with what waits for each. Whoever takes one has it until leased_until.
CREATE TABLE notice_receiver (
    partner      bigint NOT NULL,
    account      bigint NOT NULL, -- whose own it is; 0: the partner's
    kind         text   NOT NULL,
    queued       bigint NOT NULL,
    skipped      bigint NOT NULL, -- for want of room, since one was last delivered
    failures     bigint NOT NULL, -- since then
    reason       text   NOT NULL,
    next_at      bigint NOT NULL,
    leased_until bigint NOT NULL,
    delivered_at bigint NOT NULL, -- 0: never
    PRIMARY KEY (partner, account, kind)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX notice_receiver_due ON notice_receiver (next_at) WHERE queued > 0;

-- What notices are signed with, sealed.
CREATE TABLE notice_secret (
    partner      bigint NOT NULL,
    account      bigint NOT NULL, -- 0: the partner's
    sealed       bytea  NOT NULL,
    former       bytea,           -- NULL: none
    former_until bigint NOT NULL,
    PRIMARY KEY (partner, account)
) /*sqlite: WITHOUT ROWID */;

-- Incidents up to this one have been told of. Those that are there already are old.
INSERT INTO sequence (name, value) SELECT 'incident told', COALESCE((SELECT value FROM sequence WHERE name = 'incident'), 0);
