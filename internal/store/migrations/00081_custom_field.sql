-- +goose Up
-- Fields that an installation of a connector has beyond its definition's. Their
-- numbers are of the same sequence as those of the definitions' own.
CREATE TABLE custom_field (
    account           bigint  NOT NULL,
    account_connector bigint  NOT NULL,
    id                bigint  NOT NULL,
    location          text    NOT NULL,
    system_field      text    NOT NULL,
    display_name      text    NOT NULL,
    description       text    NOT NULL,
    data_type         text    NOT NULL,
    data_type_format  text    NOT NULL,
    method            text    NOT NULL, -- MethodUniqueIdentifier, lower case; '': all
    entity            text    NOT NULL,
    for_request       boolean NOT NULL,
    PRIMARY KEY (account, account_connector, id),
    UNIQUE (account, account_connector, for_request, method, location)
);
