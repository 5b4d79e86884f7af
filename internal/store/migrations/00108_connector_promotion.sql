-- +goose Up
-- When releases of a partner's own connectors went live, and what was said of it.
CREATE TABLE connector_promotion (
    partner     bigint NOT NULL,
    connector   bigint NOT NULL, -- the release that is live by it
    number      bigint NOT NULL, -- of the connector, from 1
    kind        text   NOT NULL, -- Minor, Major
    version     text   NOT NULL, -- of the release then
    notes       text   NOT NULL,
    promoted_at bigint NOT NULL,
    promoted_by text   NOT NULL,
    PRIMARY KEY (partner, connector, number)
);
