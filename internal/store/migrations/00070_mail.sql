-- Letters that wait to be sent, and for a while the notes of those that were.

-- +goose Up
CREATE TABLE mail (
    id         text   PRIMARY KEY, -- a GUID
    partner    bigint NOT NULL REFERENCES partner (id),
    recipient  text   NOT NULL,
    subject    text   NOT NULL,
    sealed     bytea,              -- what it says; NULL at its end
    state      text   NOT NULL,
    attempts   bigint NOT NULL,
    reason     text   NOT NULL,    -- '': the last attempt did not fail
    created_at bigint NOT NULL,
    due_at     bigint NOT NULL,
    next_at    bigint NOT NULL,    -- of the next attempt
    ended_at   bigint NOT NULL     -- 0: it waits
);
CREATE INDEX mail_next ON mail (next_at) WHERE ended_at = 0;
CREATE INDEX mail_ended ON mail (ended_at) WHERE ended_at > 0;

-- What has a pace, and until when it has used it up.
CREATE TABLE mail_pace (
    name       text   PRIMARY KEY,
    used_until bigint NOT NULL
);
CREATE INDEX mail_pace_used ON mail_pace (used_until);
