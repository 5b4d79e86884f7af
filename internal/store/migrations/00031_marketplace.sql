-- Stores of integrations, and what is in them.

-- +goose Up
CREATE TABLE marketplace (
    partner     bigint NOT NULL REFERENCES partner (id),
    id          bigint NOT NULL UNIQUE,
    name        text   NOT NULL,
    description text   NOT NULL,
    created_at  bigint NOT NULL,
    PRIMARY KEY (partner, id)
);

CREATE TABLE marketplace_package (
    partner     bigint NOT NULL,
    marketplace bigint NOT NULL REFERENCES marketplace (id) ON DELETE CASCADE,
    id          bigint NOT NULL UNIQUE,
    name        text   NOT NULL,
    description text   NOT NULL,
    templates   bytea  NOT NULL, -- JSON: ids, in order
    place       bigint NOT NULL,
    PRIMARY KEY (partner, marketplace, id)
);
