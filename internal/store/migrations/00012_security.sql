-- Clients are found by partner, and their tokens go with them.

-- +goose Up
CREATE INDEX oauth_client_partner ON oauth_client (partner, name);
CREATE INDEX access_token_client ON access_token (client);

-- A partner's own sign-in page, by OpenID Connect.
CREATE TABLE single_sign_on (
    partner      bigint  PRIMARY KEY REFERENCES partner (id),
    issuer       text    NOT NULL,
    client_id    text    NOT NULL,
    sealed       bytea   NOT NULL, -- the client's secret
    for_console  boolean NOT NULL,
    for_accounts boolean NOT NULL,
    create_users boolean NOT NULL  -- console users, without permissions
);

-- The domains of the addresses that it is for, in lower case.
CREATE TABLE sign_on_domain (
    domain  text   NOT NULL,
    partner bigint NOT NULL REFERENCES single_sign_on (partner) ON DELETE CASCADE,
    PRIMARY KEY (domain, partner)
);
