//! Functions of BYTEA.

use super::{BYTES, INT, TEXT, functions};

functions! {
    "length"(BYTES) -> INT, "bytes_length", "", "number of bytes", "length(BYTEA '\\x0aff') = 2";
    "octet_length"(BYTES) -> INT, "bytes_length", "", "number of bytes", "octet_length(BYTEA '\\x0aff') = 2";
    "md5"(BYTES) -> TEXT, "bytes_md5", "", "MD5 of the bytes, as hexadecimal digits", "md5(BYTEA '\\x616263') = '900150983cd24fb0d6963f7d28e17f72'";
    "sha256"(BYTES) -> BYTES, "bytes_sha256", "", "SHA-256 of the bytes: 32 bytes", "substr(sha256(BYTEA '\\x616263'), 1, 4) = '\\xba7816bf'";
    "bytea || bytea"(BYTES, BYTES) -> BYTES, "bytes_concat", "", "both, one after the other", "BYTEA '\\x0a' || BYTEA '\\xff' = '\\x0aff'";
    "substr"(BYTES, INT) -> BYTES, "bytes_substr", "", "from the byte at that position, from 1, to the end", "substr(BYTEA '\\x0a0bff', 2) = '\\x0bff'";
    "substr"(BYTES, INT, INT) -> BYTES, "bytes_substr_len", "negative substring length", "that many bytes from the position", "substr(BYTEA '\\x0a0bff', 2, 1) = '\\x0b'";
    "substring"(BYTES, INT) -> BYTES, "bytes_substr", "", "from the byte at that position, from 1, to the end", "substring(BYTEA '\\x0a0bff', 2) = '\\x0bff'";
    "substring"(BYTES, INT, INT) -> BYTES, "bytes_substr_len", "negative substring length", "that many bytes from the position", "substring(BYTEA '\\x0a0bff', 2, 1) = '\\x0b'";
}
