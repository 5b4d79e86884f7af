-- A console user's address is unique within the partner. It was over all, so that
-- one partner could tell whom another had. SQLite cannot drop a constraint: the
-- table is made anew, and so are those that refer to it.

-- +goose Up
CREATE TABLE console_user_new (
    id            bigint  PRIMARY KEY,
    partner       bigint  NOT NULL REFERENCES partner (id),
    email         text    NOT NULL, -- lower case
    name          text    NOT NULL,
    password_hash text    NOT NULL,
    created_at    bigint  NOT NULL,
    permissions   text    NOT NULL DEFAULT '{}', -- JSON
    invited       boolean NOT NULL DEFAULT false, -- has not come in yet
    full_access   boolean NOT NULL DEFAULT false,
    passwords     bigint  NOT NULL DEFAULT 1, -- that they have had
    UNIQUE (partner, email)
);
INSERT INTO console_user_new (id, partner, email, name, password_hash, created_at, permissions, invited, full_access, passwords)
    SELECT id, partner, email, name, password_hash, created_at, permissions, invited, full_access, passwords FROM console_user;

CREATE TABLE factor_new (
    console_user bigint  PRIMARY KEY REFERENCES console_user_new (id) ON DELETE CASCADE,
    sealed       bytea   NOT NULL, -- the secret of a code generator (RFC 6238)
    confirmed    boolean NOT NULL, -- asked for at sign-in
    step         bigint  NOT NULL  -- time step of the last code that was used
);
INSERT INTO factor_new (console_user, sealed, confirmed, step) SELECT console_user, sealed, confirmed, step FROM factor;
DROP TABLE factor;

CREATE TABLE recovery_code_new (
    console_user bigint NOT NULL REFERENCES console_user_new (id) ON DELETE CASCADE,
    hash         bytea  NOT NULL, -- SHA-256; a code is random
    PRIMARY KEY (console_user, hash)
);
INSERT INTO recovery_code_new (console_user, hash) SELECT console_user, hash FROM recovery_code;
DROP TABLE recovery_code;

CREATE TABLE known_device_new (
    hash         bytea  PRIMARY KEY, -- SHA-256 of what its cookie holds
    console_user bigint NOT NULL REFERENCES console_user_new (id) ON DELETE CASCADE,
    expires_at   bigint NOT NULL
);
INSERT INTO known_device_new (hash, console_user, expires_at) SELECT hash, console_user, expires_at FROM known_device;
DROP TABLE known_device;

DROP TABLE console_user;
ALTER TABLE console_user_new RENAME TO console_user;
ALTER TABLE factor_new RENAME TO factor;
ALTER TABLE recovery_code_new RENAME TO recovery_code;
ALTER TABLE known_device_new RENAME TO known_device;
CREATE INDEX console_user_email ON console_user (email);
CREATE INDEX known_device_user ON known_device (console_user);
