//! Dates and times of day.

use super::{CLOCK, DAY, INT, SPAN, TIME, dec, functions};
use laminar_runtime::schema::Ty;

functions! {
    "date + integer"(DAY, INT) -> DAY, "date_add", "date out of range", "later by so many days", "DATE '2001-09-28' + 7 = DATE '2001-10-05'";
    "date - integer"(DAY, INT) -> DAY, "date_sub", "date out of range", "earlier by so many days", "DATE '2001-10-01' - 7 = DATE '2001-09-24'";
    "date - date"(DAY, DAY) -> Ty::Integer, "date_diff", "", "days between them", "DATE '2001-10-01' - DATE '2001-09-28' = 3";
    "date + time"(DAY, CLOCK) -> TIME, "date_time", "timestamp out of range", "the time on that day", "DATE '2001-09-28' + TIME '03:00' = TIMESTAMP '2001-09-28 03:00:00'";
    "date <=> timestamp"(DAY, TIME) -> INT, "date_cmp_ts", "", "-1, 0 or 1: whether the day starts before the timestamp, at it or after it", "DATE '2001-09-28' < TIMESTAMP '2001-09-28 03:00:00'";
    "make_date"(INT, INT, INT) -> DAY, "make_date", "date out of range", "of year, month and day; negative years are before Christ", "make_date(2013, 7, 15) = DATE '2013-07-15'";
    "time + interval"(CLOCK, SPAN) -> CLOCK, "time_add", "", "later, round the clock", "TIME '23:00' + INTERVAL '3 hours' = TIME '02:00'";
    "time - interval"(CLOCK, SPAN) -> CLOCK, "time_sub", "", "earlier, round the clock", "TIME '05:00' - INTERVAL '2 hours' = TIME '03:00'";
    "time - time"(CLOCK, CLOCK) -> SPAN, "time_diff", "", "the time between them", "TIME '05:00' - TIME '03:00' = INTERVAL '2 hours'";

    "extract" ["year"](DAY) -> INT, "date_year", "", "the year", "EXTRACT(YEAR FROM DATE '2001-02-16') = 2001";
    "extract" ["isoyear"](DAY) -> INT, "date_isoyear", "", "the year of the ISO week", "EXTRACT(ISOYEAR FROM DATE '2001-02-16') = 2001";
    "extract" ["quarter"](DAY) -> INT, "date_quarter", "", "1 to 4", "EXTRACT(QUARTER FROM DATE '2001-02-16') = 1";
    "extract" ["month"](DAY) -> INT, "date_month", "", "1 to 12", "EXTRACT(MONTH FROM DATE '2001-02-16') = 2";
    "extract" ["week"](DAY) -> INT, "date_week", "", "the ISO week, 1 to 53", "EXTRACT(WEEK FROM DATE '2001-02-16') = 7";
    "extract" ["day"](DAY) -> INT, "date_day", "", "day of the month", "EXTRACT(DAY FROM DATE '2001-02-16') = 16";
    "extract" ["dow"](DAY) -> INT, "date_dow", "", "day of the week, Sunday 0 to Saturday 6", "EXTRACT(DOW FROM DATE '2001-02-16') = 5";
    "extract" ["isodow"](DAY) -> INT, "date_isodow", "", "day of the week, Monday 1 to Sunday 7", "EXTRACT(ISODOW FROM DATE '2001-02-16') = 5";
    "extract" ["doy"](DAY) -> INT, "date_doy", "", "day of the year, from 1", "EXTRACT(DOY FROM DATE '2001-02-16') = 47";
    "extract" ["epoch"](DAY) -> INT, "date_epoch", "", "seconds since 1970", "EXTRACT(EPOCH FROM DATE '2001-02-16') = 982281600";
    "extract" ["decade"](DAY) -> INT, "date_decade", "", "the year divided by 10", "EXTRACT(DECADE FROM DATE '2001-02-16') = 200";
    "extract" ["century"](DAY) -> INT, "date_century", "", "the century; the 21st begins with 2001", "EXTRACT(CENTURY FROM DATE '2001-02-16') = 21";
    "extract" ["millennium"](DAY) -> INT, "date_millennium", "", "the millennium; the third begins with 2001", "EXTRACT(MILLENNIUM FROM DATE '2001-02-16') = 3";

    "extract" ["hour"](CLOCK) -> INT, "time_hour", "", "0 to 24", "EXTRACT(HOUR FROM TIME '20:38:40.12') = 20";
    "extract" ["minute"](CLOCK) -> INT, "extract_minute", "", "0 to 59", "EXTRACT(MINUTE FROM TIME '20:38:40.12') = 38";
    "extract" ["second"](CLOCK) -> dec(9), "extract_second", "", "seconds with fraction", "EXTRACT(SECOND FROM TIME '20:38:40.12') = 40.12";
    "extract" ["milliseconds"](CLOCK) -> dec(6), "extract_milliseconds", "", "seconds with fraction, times 1000", "EXTRACT(MILLISECONDS FROM TIME '20:38:40.12') = 40120";
    "extract" ["microseconds"](CLOCK) -> dec(3), "extract_microseconds", "", "seconds with fraction, times 1 000 000", "EXTRACT(MICROSECONDS FROM TIME '20:38:40.12') = 40120000";
    "extract" ["epoch"](CLOCK) -> dec(6), "extract_epoch", "", "seconds since midnight", "EXTRACT(EPOCH FROM TIME '20:38:40.12') = 74320.12";

}
