-- +goose Up
-- The same done to all transactions that a filter finds. Whoever works at one has it
-- until leased_until.
CREATE TABLE repeat_job (
    account      bigint NOT NULL,
    id           text   NOT NULL,
    act          text   NOT NULL,
    cycle        text   NOT NULL, -- '': of any
    txn_status   bigint,          -- NULL: any that the act is for
    after_at     bigint NOT NULL, -- 0: there is no such bound
    before_at    bigint NOT NULL,
    past         bigint NOT NULL, -- how far it is, as the id of a transaction
    done         bigint NOT NULL,
    skipped      bigint NOT NULL,
    state        text   NOT NULL,
    reason       text   NOT NULL, -- why it failed
    created_by   text   NOT NULL,
    created_at   bigint NOT NULL,
    ended_at     bigint NOT NULL, -- 0: it is not at its end
    next_at      bigint NOT NULL, -- whose turn it is: the least
    leased_until bigint NOT NULL,
    PRIMARY KEY (account, id)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX repeat_job_created ON repeat_job (account, created_at, id);
CREATE INDEX repeat_job_due ON repeat_job (next_at) WHERE state = 'Running';
CREATE INDEX repeat_job_ended ON repeat_job (ended_at) WHERE ended_at > 0;
