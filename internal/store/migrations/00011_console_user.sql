-- The partner's own team: how they are invited, their second factors, and the
-- browsers that they have signed in with before.

-- +goose Up
ALTER TABLE console_user ADD COLUMN invited boolean NOT NULL DEFAULT false; -- has not come in yet
CREATE INDEX console_user_partner ON console_user (partner, email);

CREATE TABLE factor (
    console_user bigint  PRIMARY KEY REFERENCES console_user (id) ON DELETE CASCADE,
    sealed       bytea   NOT NULL, -- the secret of a code generator (RFC 6238)
    confirmed    boolean NOT NULL, -- asked for at sign-in
    step         bigint  NOT NULL  -- time step of the last code that was used
);

CREATE TABLE recovery_code (
    console_user bigint NOT NULL REFERENCES console_user (id) ON DELETE CASCADE,
    hash         bytea  NOT NULL, -- SHA-256; a code is random
    PRIMARY KEY (console_user, hash)
);

CREATE TABLE known_device (
    hash         bytea  PRIMARY KEY, -- SHA-256 of what its cookie holds
    console_user bigint NOT NULL REFERENCES console_user (id) ON DELETE CASCADE,
    expires_at   bigint NOT NULL
);
CREATE INDEX known_device_user ON known_device (console_user);
