//! Functions of DECIMALs above 18 digits.

use super::{INT, WHOLE, WIDE, WIDE_WHOLE, functions};

functions! {
    "abs"(WIDE) -> WIDE, "wide_abs", "", "the number without its sign", "abs(-12345678901234567890.5) = 12345678901234567890.5";
    "@"(WIDE) -> WIDE, "wide_abs", "", "the number without its sign", "@ -12345678901234567890.5 = 12345678901234567890.5";
    "sign"(WIDE) -> WHOLE, "wide_sign", "", "-1, 0 or 1", "sign(-12345678901234567890.5) = -1";
    "ceil"(WIDE) -> WIDE_WHOLE, "wide_ceil" scaled, "", "the next integer that is not less", "ceil(12345678901234567890.2) = 12345678901234567891";
    "ceiling"(WIDE) -> WIDE_WHOLE, "wide_ceil" scaled, "", "the next integer that is not less", "ceiling(12345678901234567890.2) = 12345678901234567891";
    "floor"(WIDE) -> WIDE_WHOLE, "wide_floor" scaled, "", "the next integer that is not greater", "floor(12345678901234567890.8) = 12345678901234567890";
    "round"(WIDE) -> WIDE_WHOLE, "wide_round" scaled, "", "the nearest integer; a half goes away from zero", "round(12345678901234567890.5) = 12345678901234567891";
    "round"(WIDE, INT) -> WIDE, "wide_round_to" scaled, "DECIMAL out of range (38 digits)", "the nearest number with so many digits after the point; a half goes away from zero", "round(12345678901234567890.4382, 2) = 12345678901234567890.44";
    "trunc"(WIDE) -> WIDE_WHOLE, "wide_trunc" scaled, "", "the number without its fraction", "trunc(12345678901234567890.8) = 12345678901234567890";
    "trunc"(WIDE, INT) -> WIDE, "wide_trunc_to" scaled, "DECIMAL out of range (38 digits)", "the number cut after so many digits after the point", "trunc(12345678901234567890.4382, 2) = 12345678901234567890.43";
}
