-- +goose Up
-- Upgrades of many cycles of a template to a release. Whoever works at one has it
-- until leased_until.
CREATE TABLE rollout (
    partner      bigint NOT NULL,
    id           text   NOT NULL,
    template     text   NOT NULL,
    release      text   NOT NULL,
    version      bigint NOT NULL, -- of the release
    state        text   NOT NULL,
    reason       text   NOT NULL, -- why it waits, or was cancelled
    canary       bigint NOT NULL, -- after so many it waits; 0: it does not
    max_failures bigint NOT NULL, -- after so many failures it waits; 0: it does not
    tried        bigint NOT NULL, -- cycles that were upgraded, or failed
    failures     bigint NOT NULL, -- since it last went on
    client       text   NOT NULL, -- who began it
    console_user bigint NOT NULL, -- who began it; 0: a client
    created_by   text   NOT NULL,
    created_at   bigint NOT NULL,
    ended_at     bigint NOT NULL, -- 0: it is not at its end
    next_at      bigint NOT NULL, -- whose turn it is: the least
    leased_until bigint NOT NULL,
    PRIMARY KEY (partner, id)
) /*sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX rollout_open ON rollout (partner, template) WHERE ended_at = 0;
CREATE INDEX rollout_created ON rollout (partner, template, created_at, id);
CREATE INDEX rollout_due ON rollout (next_at) WHERE state = 'Running';
CREATE INDEX rollout_ended ON rollout (ended_at) WHERE ended_at > 0;

-- The cycles of a rollout, with what became of each.
CREATE TABLE rollout_cycle (
    partner      bigint NOT NULL,
    rollout      text   NOT NULL,
    place        bigint NOT NULL, -- from 1
    account      bigint NOT NULL,
    cycle        text   NOT NULL,
    account_name text   NOT NULL, -- when the rollout began
    cycle_name   text   NOT NULL, -- when the rollout began
    outcome      text   NOT NULL,
    reason       text   NOT NULL,
    lost         bytea,           -- JSON; NULL: nothing
    ended_at     bigint NOT NULL, -- 0: it is pending
    PRIMARY KEY (partner, rollout, place)
) /*sqlite: WITHOUT ROWID */;
CREATE INDEX rollout_cycle_outcome ON rollout_cycle (partner, rollout, outcome, place);
CREATE INDEX rollout_cycle_account ON rollout_cycle (account);
