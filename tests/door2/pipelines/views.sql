-- Declared before what it reads.
CREATE MATERIALIZED VIEW hourly AS
SELECT window_start, SUM(n) AS n, SUM(volume) AS volume
FROM per_minute
GROUP BY TUMBLE(window_start, INTERVAL '1' HOUR)
EMIT ON WINDOW CLOSE;

CREATE STREAM per_minute WITH (capacity = 64) AS
SELECT symbol, window_start, COUNT(*) AS n, SUM(volume) AS volume
FROM trades
GROUP BY symbol, TUMBLE(ts, INTERVAL '1' MINUTE)
EMIT ON WINDOW CLOSE LATE DATA TO late_trades;

CREATE SINK minutes FROM per_minute;

CREATE MATERIALIZED VIEW total_fees AS
SELECT symbol, SUM(fee) AS fee FROM fees GROUP BY symbol;

CREATE MATERIALIZED VIEW symbols_by_fee AS
SELECT fee, COUNT(*) AS symbols FROM total_fees GROUP BY fee;

CREATE STREAM ratios WITH (on_error = 'dead_letter') AS
SELECT symbol, volume / CAST(price AS BIGINT) AS ratio FROM trades;

-- Rows of `trades` reach it by two ways.
CREATE STREAM twice AS
SELECT window_end, COUNT(*) AS n FROM (
    SELECT ts FROM trades UNION ALL SELECT ts FROM large
) AS both
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)
EMIT ON WINDOW CLOSE;

CREATE STREAM large AS SELECT ts, volume FROM trades WHERE volume >= 100;

CREATE STREAM favourites AS
SELECT customer, ARRAY_AGG(items[1] ORDER BY items) AS firsts, ARRAY_AGG(DISTINCT prices[1]) AS prices
FROM baskets GROUP BY customer
EMIT FINAL ALLOW UNBOUNDED STATE;
