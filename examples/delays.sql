-- Departures and mean delay an airport and day, from the file as it was recorded.
CREATE SOURCE flights (
    carrier VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    dep_delay INTEGER,
    time_hour TIMESTAMP NOT NULL,
    WATERMARK FOR time_hour AS time_hour - INTERVAL '24' HOUR
) WITH (
    connector = 'file',
    path = 'examples/data/flights-2013-01.csv',
    format = 'csv',
    header = true,
    null = 'NA'
);

SELECT window_start AS day, origin, COUNT(dep_delay) AS departures, AVG(dep_delay) AS mean_delay
FROM flights
GROUP BY origin, TUMBLE(time_hour, INTERVAL '1' DAY)
EMIT ON WINDOW CLOSE;
