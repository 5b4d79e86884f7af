-- One-time tokens: in links and mails, and for programs that sign people in.

-- +goose Up
CREATE TABLE ticket (
    hash         bytea  PRIMARY KEY, -- SHA-256; the token itself is not kept
    id           bigint NOT NULL UNIQUE,
    purpose      text   NOT NULL,
    partner      bigint NOT NULL REFERENCES partner (id),
    account      bigint NOT NULL, -- 0: none
    app_user     bigint NOT NULL, -- 0: none
    console_user bigint NOT NULL, -- 0: none
    email        text   NOT NULL, -- of who was invited; lower case
    detail       bytea,           -- JSON of the purpose's own
    created_at   bigint NOT NULL,
    expires_at   bigint NOT NULL
);
CREATE INDEX ticket_of ON ticket (partner, purpose, account, id);
CREATE INDEX ticket_expiry ON ticket (expires_at);
