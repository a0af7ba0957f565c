-- build.rs makes a struct of each relation, and of all of them `pipelines::Graph`, which runs them.

CREATE SOURCE trades (
    symbol VARCHAR NOT NULL,
    price DOUBLE NOT NULL,
    volume BIGINT NOT NULL,
    ts TIMESTAMP NOT NULL,
    -- Rows may be five seconds late.
    WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
);

CREATE STREAM per_minute AS
SELECT symbol, window_start, COUNT(*) AS n, SUM(volume) AS volume
FROM trades
GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
EMIT ON WINDOW CLOSE;

CREATE MATERIALIZED VIEW totals AS
SELECT symbol, SUM(volume) AS volume FROM per_minute GROUP BY symbol;
