-- What console users may do, and the browsers that people are signed in with.
-- Who was a console user before could do everything. Sessions begin anew.

-- +goose Up
ALTER TABLE console_user ADD COLUMN full_access boolean NOT NULL DEFAULT true;
ALTER TABLE console_user ADD COLUMN permissions text NOT NULL DEFAULT '{}'; -- JSON

DROP TABLE session;
CREATE TABLE session (
    id           bigint PRIMARY KEY,
    hash         bytea  NOT NULL UNIQUE, -- SHA-256 of the token, which is not kept
    partner      bigint NOT NULL,
    console_user bigint NOT NULL, -- 0: an account user's
    account      bigint NOT NULL, -- 0: a console user's
    app_user     bigint NOT NULL, -- 0: a console user's
    created_at   bigint NOT NULL,
    seen_at      bigint NOT NULL,
    expires_at   bigint NOT NULL,
    address      text   NOT NULL,
    agent        text   NOT NULL
);
CREATE INDEX session_person ON session (partner, console_user, app_user, id);
CREATE INDEX session_expiry ON session (expires_at);
