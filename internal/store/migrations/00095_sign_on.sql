-- A domain is one partner's, once the operator has said so. Of those that several
-- have named, the first had it so far.

-- +goose Up
ALTER TABLE sign_on_domain ADD COLUMN approved boolean NOT NULL DEFAULT false;
UPDATE sign_on_domain SET approved = true
    WHERE partner = (SELECT min(d.partner) FROM sign_on_domain d WHERE d.domain = sign_on_domain.domain);
CREATE UNIQUE INDEX sign_on_domain_approved ON sign_on_domain (domain) WHERE approved;

-- Whom a provider means, since they came in by it for the first time. Addresses
-- change hands.
CREATE TABLE sign_on_subject (
    partner bigint NOT NULL REFERENCES partner (id),
    kind    text   NOT NULL, -- console, account
    issuer  text   NOT NULL,
    subject text   NOT NULL,
    person  bigint NOT NULL, -- a console user, or an account user
    PRIMARY KEY (partner, kind, issuer, subject),
    UNIQUE (partner, kind, issuer, person)
);
