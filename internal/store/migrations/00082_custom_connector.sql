-- +goose Up
-- Partners' own connectors. Their numbers, and those of their parts, are in
-- connector and connector_part, as those of the library are.
CREATE TABLE custom_connector (
    partner    bigint NOT NULL REFERENCES partner (id),
    id         bigint NOT NULL UNIQUE REFERENCES connector (id),
    name       text   NOT NULL,
    version    text   NOT NULL,
    guid       text   NOT NULL, -- UniqueIdentifier, lower case
    state      text   NOT NULL, -- Draft, Live, Deprecated
    document   bytea  NOT NULL, -- JSON
    created_at bigint NOT NULL,
    PRIMARY KEY (partner, id),
    UNIQUE (partner, guid, version)
);

CREATE INDEX account_connector_connector ON account_connector (connector);

-- Counts the changes of a partner's own connectors, for those who keep them in
-- memory.
ALTER TABLE partner ADD COLUMN connector_revision bigint NOT NULL DEFAULT 0;
