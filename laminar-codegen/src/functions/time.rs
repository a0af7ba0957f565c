//! Functions of timestamps and intervals.

use super::{INT, SPAN, TIME, dec, functions};

functions! {
    "timestamp + interval"(TIME, SPAN) -> TIME, "ts_add", "timestamp out of range", "later by the interval", "TIMESTAMP '2001-01-31' + INTERVAL '1 month' = '2001-02-28'";
    "timestamp - interval"(TIME, SPAN) -> TIME, "ts_sub", "timestamp out of range", "earlier by the interval", "TIMESTAMP '2001-01-31' - INTERVAL '1 hour' = '2001-01-30 23:00:00'";
    "timestamp - timestamp"(TIME, TIME) -> SPAN, "ts_diff", "interval out of range", "days of 24 hours and the rest", "TIMESTAMP '2001-01-31' - TIMESTAMP '2001-01-29 12:00' = INTERVAL '1 day 12 hours'";
    "interval + interval"(SPAN, SPAN) -> SPAN, "interval_add", "interval out of range", "part by part", "INTERVAL '1 day' + INTERVAL '1 hour' = INTERVAL '1 day 01:00:00'";
    "interval - interval"(SPAN, SPAN) -> SPAN, "interval_sub", "interval out of range", "part by part", "INTERVAL '1 day' - INTERVAL '1 hour' = INTERVAL '1 day -01:00:00'";
    "interval * integer"(SPAN, INT) -> SPAN, "interval_mul", "interval out of range", "part by part", "INTERVAL '1 second' * 900 = INTERVAL '15 minutes'";
    "- interval"(SPAN) -> SPAN, "interval_neg", "interval out of range", "part by part", "- INTERVAL '1 hour' = INTERVAL '-1 hour'";
    "extract" ["year"](TIME) -> INT, "extract_year", "", "the year", "EXTRACT(YEAR FROM TIMESTAMP '2001-02-16 20:38:40.12') = 2001";
    "extract" ["isoyear"](TIME) -> INT, "extract_isoyear", "", "the year of the ISO week", "EXTRACT(ISOYEAR FROM TIMESTAMP '2001-02-16 20:38:40.12') = 2001";
    "extract" ["quarter"](TIME) -> INT, "extract_quarter", "", "1 to 4", "EXTRACT(QUARTER FROM TIMESTAMP '2001-02-16 20:38:40.12') = 1";
    "extract" ["month"](TIME) -> INT, "extract_month", "", "1 to 12", "EXTRACT(MONTH FROM TIMESTAMP '2001-02-16 20:38:40.12') = 2";
    "extract" ["week"](TIME) -> INT, "extract_week", "", "the ISO week, 1 to 53", "EXTRACT(WEEK FROM TIMESTAMP '2001-02-16 20:38:40.12') = 7";
    "extract" ["day"](TIME) -> INT, "extract_day", "", "day of the month", "EXTRACT(DAY FROM TIMESTAMP '2001-02-16 20:38:40.12') = 16";
    "extract" ["dow"](TIME) -> INT, "extract_dow", "", "day of the week, Sunday 0 to Saturday 6", "EXTRACT(DOW FROM TIMESTAMP '2001-02-16 20:38:40.12') = 5";
    "extract" ["isodow"](TIME) -> INT, "extract_isodow", "", "day of the week, Monday 1 to Sunday 7", "EXTRACT(ISODOW FROM TIMESTAMP '2001-02-16 20:38:40.12') = 5";
    "extract" ["doy"](TIME) -> INT, "extract_doy", "", "day of the year, from 1", "EXTRACT(DOY FROM TIMESTAMP '2001-02-16 20:38:40.12') = 47";
    "extract" ["hour"](TIME) -> INT, "extract_hour", "", "0 to 23", "EXTRACT(HOUR FROM TIMESTAMP '2001-02-16 20:38:40.12') = 20";
    "extract" ["minute"](TIME) -> INT, "extract_minute", "", "0 to 59", "EXTRACT(MINUTE FROM TIMESTAMP '2001-02-16 20:38:40.12') = 38";
    "extract" ["second"](TIME) -> dec(9), "extract_second", "", "seconds with fraction", "EXTRACT(SECOND FROM TIMESTAMP '2001-02-16 20:38:40.12') = 40.12";
    "extract" ["milliseconds"](TIME) -> dec(6), "extract_milliseconds", "", "seconds with fraction, times 1000", "EXTRACT(MILLISECONDS FROM TIMESTAMP '2001-02-16 20:38:40.12') = 40120";
    "extract" ["microseconds"](TIME) -> dec(3), "extract_microseconds", "", "seconds with fraction, times 1 000 000", "EXTRACT(MICROSECONDS FROM TIMESTAMP '2001-02-16 20:38:40.12') = 40120000";
    "extract" ["epoch"](TIME) -> dec(6), "extract_epoch", "", "seconds since 1970", "EXTRACT(EPOCH FROM TIMESTAMP '2001-02-16 20:38:40.12') = 982355920.12";
    "extract" ["epoch"](SPAN) -> dec(6), "interval_epoch", "interval out of range", "length in seconds", "EXTRACT(EPOCH FROM INTERVAL '1 day') = 86400";
    "date_trunc" ["microseconds"](TIME) -> TIME, "trunc_microsecond", "timestamp out of range", "start of the microsecond", "date_trunc('microseconds', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16 20:38:40.12'";
    "date_trunc" ["milliseconds"](TIME) -> TIME, "trunc_millisecond", "timestamp out of range", "start of the millisecond", "date_trunc('milliseconds', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16 20:38:40.12'";
    "date_trunc" ["second"](TIME) -> TIME, "trunc_second", "timestamp out of range", "start of the second", "date_trunc('second', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16 20:38:40'";
    "date_trunc" ["minute"](TIME) -> TIME, "trunc_minute", "timestamp out of range", "start of the minute", "date_trunc('minute', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16 20:38:00'";
    "date_trunc" ["hour"](TIME) -> TIME, "trunc_hour", "timestamp out of range", "start of the hour", "date_trunc('hour', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16 20:00:00'";
    "date_trunc" ["day"](TIME) -> TIME, "trunc_day", "timestamp out of range", "start of the day", "date_trunc('day', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-16'";
    "date_trunc" ["week"](TIME) -> TIME, "trunc_week", "timestamp out of range", "Monday of the week", "date_trunc('week', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-12'";
    "date_trunc" ["month"](TIME) -> TIME, "trunc_month", "timestamp out of range", "first day of the month", "date_trunc('month', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-02-01'";
    "date_trunc" ["quarter"](TIME) -> TIME, "trunc_quarter", "timestamp out of range", "first day of the quarter", "date_trunc('quarter', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-01-01'";
    "date_trunc" ["year"](TIME) -> TIME, "trunc_year", "timestamp out of range", "first day of the year", "date_trunc('year', TIMESTAMP '2001-02-16 20:38:40.12') = '2001-01-01'";
}
