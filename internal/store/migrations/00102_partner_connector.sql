-- What a partner has set for a connector of the library, in all its releases and
-- for all accounts.

-- +goose Up
CREATE TABLE partner_connector (
    partner   bigint NOT NULL REFERENCES partner (id),
    connector text   NOT NULL, -- "name " and the name of one of the library, "guid " and the UniqueIdentifier of the partner's own; lower case
    sealed    bytea  NOT NULL, -- client and properties
    PRIMARY KEY (partner, connector)
);
