CREATE FUNCTION notional(price DOUBLE, volume BIGINT) RETURNS DOUBLE AS 'crate::math::notional';
CREATE FUNCTION side(volume BIGINT NULL) RETURNS VARCHAR AS 'crate::math::side';
CREATE FUNCTION head(text VARCHAR) RETURNS VARCHAR NULL LANGUAGE rust AS 'crate::math::head';
CREATE FUNCTION checked(volume BIGINT) RETURNS BIGINT NOT NULL AS 'crate::math::checked';

-- A note that is NULL is never seen by `head`.
CREATE STREAM notionals WITH (on_error = 'skip') AS
SELECT notional(price, checked(volume)) AS notional, side(volume) AS side, head(note) AS head
FROM trades WHERE notional(price, volume) <> 0;
