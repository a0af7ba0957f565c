//! Functions of BYTEA.

use super::{BYTES, INT, TEXT, TOO_LONG, functions};

functions! {
    "length"(BYTES) -> INT, "bytes_length", "", "number of bytes", "length(BYTEA '\\x0aff') = 2";
    "octet_length"(BYTES) -> INT, "bytes_length", "", "number of bytes", "octet_length(BYTEA '\\x0aff') = 2";
    "md5"(BYTES) -> TEXT, "bytes_md5", "", "MD5 of the bytes, as hexadecimal digits", "md5(BYTEA '\\x616263') = '900150983cd24fb0d6963f7d28e17f72'";
    "sha256"(BYTES) -> BYTES, "bytes_sha256", "", "SHA-256 of the bytes: 32 bytes", "substr(sha256(BYTEA '\\x616263'), 1, 4) = '\\xba7816bf'";
    "encode"(BYTES, TEXT) -> TEXT, "bytes_encode", "encoding is not hex, base64 or escape, or the result is longer than 16 MiB", "the bytes as text: 'hex', 'base64' in lines of 76 characters, or 'escape' (`\\377`, `\\\\`)", "encode(BYTEA '\\x313233ff', 'hex') = '313233ff' AND encode(BYTEA '\\x313233', 'base64') = 'MTIz'";
    "decode"(TEXT, TEXT) -> BYTES, "text_decode", "text is not of this encoding, or the encoding not hex, base64 or escape", "the bytes of a text in one of the encodings of `encode`", "decode('MTIz', 'base64') = '\\x313233' AND decode('12\\377', 'escape') = '\\x3132ff'";
    "bytea || bytea"(BYTES, BYTES) -> BYTES, "bytes_concat", TOO_LONG, "both, one after the other", "BYTEA '\\x0a' || BYTEA '\\xff' = '\\x0aff'";
    "substr"(BYTES, INT) -> BYTES, "bytes_substr", "", "from the byte at that position, from 1, to the end", "substr(BYTEA '\\x0a0bff', 2) = '\\x0bff'";
    "substr"(BYTES, INT, INT) -> BYTES, "bytes_substr_len", "negative substring length", "that many bytes from the position", "substr(BYTEA '\\x0a0bff', 2, 1) = '\\x0b'";
    "substring"(BYTES, INT) -> BYTES, "bytes_substr", "", "from the byte at that position, from 1, to the end", "substring(BYTEA '\\x0a0bff', 2) = '\\x0bff'";
    "substring"(BYTES, INT, INT) -> BYTES, "bytes_substr_len", "negative substring length", "that many bytes from the position", "substring(BYTEA '\\x0a0bff', 2, 1) = '\\x0b'";
}
