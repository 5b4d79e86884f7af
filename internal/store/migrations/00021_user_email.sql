-- Who had an address for a username before there were addresses is reached by it,
-- unless somebody else is.

-- +goose Up
UPDATE app_user SET email = username
    WHERE email = '' AND kind = 0 AND username LIKE '_%@_%._%' AND username NOT LIKE '%@%@%' AND username NOT LIKE '% %'
    AND NOT EXISTS (SELECT 1 FROM app_user o WHERE o.partner = app_user.partner AND o.email = app_user.username);
