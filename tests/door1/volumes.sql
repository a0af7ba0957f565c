-- A query in a file of its own, beside the Rust file.
SELECT symbol, SUM(volume) AS volume
FROM trades
GROUP BY symbol
EMIT FINAL
