//! Functions of texts.

use super::{BOOL, INT, INT4, TEXT, functions};

functions! {
    "lower"(TEXT) -> TEXT, "lower", "", "ASCII letters in lower case, as the C collation has it", "lower('ABC Ä') = 'abc Ä'";
    "upper"(TEXT) -> TEXT, "upper", "", "ASCII letters in upper case, as the C collation has it", "upper('abc ä') = 'ABC ä'";
    "length"(TEXT) -> INT, "length", "", "number of characters", "length('träne') = 5";
    "char_length"(TEXT) -> INT, "length", "", "number of characters", "char_length('träne') = 5";
    "character_length"(TEXT) -> INT, "length", "", "number of characters", "character_length('träne') = 5";
    "substr"(TEXT, INT) -> TEXT, "substr", "", "from the character at that position, from 1, to the end", "substr('alphabet', 3) = 'phabet'";
    "substr"(TEXT, INT, INT) -> TEXT, "substr_len", "negative substring length", "that many characters from the position", "substr('alphabet', 3, 2) = 'ph'";
    "substring"(TEXT, INT) -> TEXT, "substr", "", "from the character at that position, from 1, to the end", "substring('Thomas' FROM 3) = 'omas'";
    "substring"(TEXT, INT, INT) -> TEXT, "substr_len", "negative substring length", "that many characters from the position", "substring('Thomas' FROM 2 FOR 3) = 'hom'";
    "split_part"(TEXT, TEXT, INT) -> TEXT, "split_part", "field position is zero", "the n-th part between delimiters, from 1; negative counts from the end", "split_part('a,b,c', ',', -1) = 'c'";
    "count_char"(TEXT, TEXT) -> INT, "count_char", "", "how often the first character of the second text occurs in the first", "count_char('banana', 'a') = 3";
    "like"(TEXT, TEXT) -> BOOL, "like", "LIKE pattern ends with the escape character", "`text LIKE pattern`: `%` is any run of characters, `_` any one", "'abc' LIKE 'a%'";
    "like"(TEXT, TEXT, TEXT) -> BOOL, "like_escape", "invalid LIKE escape", "`text LIKE pattern ESCAPE character`", "'10%' LIKE '10!%' ESCAPE '!'";
    "ilike"(TEXT, TEXT) -> BOOL, "ilike", "LIKE pattern ends with the escape character", "`text ILIKE pattern`: LIKE that holds ASCII letters of both cases equal", "'ABC' ILIKE 'a%'";
    "ilike"(TEXT, TEXT, TEXT) -> BOOL, "ilike_escape", "invalid LIKE escape", "`text ILIKE pattern ESCAPE character`", "'A%' ILIKE 'a!%' ESCAPE '!'";
    "text || text"(TEXT, TEXT) -> TEXT, "concat", "", "both, one after the other", "'a' || 'b' = 'ab'";
    "initcap"(TEXT) -> TEXT, "initcap", "", "every word with its first ASCII letter in upper case, the others in lower case", "initcap('hi THOMAS') = 'Hi Thomas'";
    "ltrim"(TEXT) -> TEXT, "ltrim_spaces", "", "without spaces at its start", "ltrim('  a ') = 'a '";
    "ltrim"(TEXT, TEXT) -> TEXT, "ltrim", "", "without these characters at its start", "ltrim('zzytest', 'xyz') = 'test'";
    "rtrim"(TEXT) -> TEXT, "rtrim_spaces", "", "without spaces at its end", "rtrim(' a  ') = ' a'";
    "rtrim"(TEXT, TEXT) -> TEXT, "rtrim", "", "without these characters at its end", "rtrim('testxxzx', 'xyz') = 'test'";
    "btrim"(TEXT) -> TEXT, "btrim_spaces", "", "without spaces at both ends", "btrim('  a ') = 'a'";
    "btrim"(TEXT, TEXT) -> TEXT, "btrim", "", "without these characters at both ends", "btrim('xyxtrimyyx', 'xyz') = 'trim'";
    "replace"(TEXT, TEXT, TEXT) -> TEXT, "replace", "text is longer than 1 MiB", "every occurrence of the second text as the third", "replace('abcdefabcdef', 'cd', 'XX') = 'abXXefabXXef'";
    "translate"(TEXT, TEXT, TEXT) -> TEXT, "translate", "", "each character of the second text as the one at its place in the third, gone where there is none", "translate('12345', '143', 'ax') = 'a2x5'";
    "strpos"(TEXT, TEXT) -> INT, "strpos", "", "position of the first occurrence, from 1; 0 where there is none", "strpos('high', 'ig') = 2";
    "starts_with"(TEXT, TEXT) -> BOOL, "starts_with", "", "whether the text starts with the second", "starts_with('alphabet', 'alph')";
    "ends_with"(TEXT, TEXT) -> BOOL, "ends_with", "", "whether the text ends with the second", "ends_with('alphabet', 'bet')";
    "left"(TEXT, INT) -> TEXT, "left", "", "the first n characters, or all but the last -n", "left('abcde', 2) = 'ab' AND left('abcde', -2) = 'abc'";
    "right"(TEXT, INT) -> TEXT, "right", "", "the last n characters, or all but the first -n", "right('abcde', 2) = 'de' AND right('abcde', -2) = 'cde'";
    "reverse"(TEXT) -> TEXT, "reverse", "", "the characters in the opposite order", "reverse('abcde') = 'edcba'";
    "repeat"(TEXT, INT) -> TEXT, "repeat", "text is longer than 1 MiB", "the text so many times", "repeat('Pg', 4) = 'PgPgPgPg'";
    "lpad"(TEXT, INT) -> TEXT, "lpad_spaces", "text is longer than 1 MiB", "filled with spaces before it to so many characters; a longer text is cut", "lpad('hi', 4) = '  hi'";
    "lpad"(TEXT, INT, TEXT) -> TEXT, "lpad", "text is longer than 1 MiB", "filled with the third text before it to so many characters; a longer text is cut", "lpad('hi', 5, 'xy') = 'xyxhi'";
    "rpad"(TEXT, INT) -> TEXT, "rpad_spaces", "text is longer than 1 MiB", "filled with spaces after it to so many characters; a longer text is cut", "rpad('hi', 4) = 'hi  '";
    "rpad"(TEXT, INT, TEXT) -> TEXT, "rpad", "text is longer than 1 MiB", "filled with the third text after it to so many characters; a longer text is cut", "rpad('hi', 5, 'xy') = 'hixyx'";
    "overlay"(TEXT, TEXT, INT) -> TEXT, "overlay", "position to replace at is not positive, or out of range", "the text with the second in place of as many characters from the position", "overlay('abcdef' PLACING 'XY' FROM 2) = 'aXYdef'";
    "overlay"(TEXT, TEXT, INT, INT) -> TEXT, "overlay_len", "position to replace at is not positive, or out of range", "the text with the second in place of so many characters from the position", "overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4) = 'Thomas'";
    "ascii"(TEXT) -> INT, "ascii", "", "number of the first character in Unicode; 0 for the empty text", "ascii('x') = 120";
    "chr"(INT) -> TEXT, "chr", "number is not that of a character", "the character of a number in Unicode", "chr(65) = 'A'";
    "octet_length"(TEXT) -> INT, "octet_length", "", "number of bytes in UTF-8", "octet_length('träne') = 6";
    "bit_length"(TEXT) -> INT, "bit_length", "", "number of bits in UTF-8", "bit_length('jose') = 32";
    "to_hex"(INT4) -> TEXT, "to_hex_i32", "", "hexadecimal digits of the two's complement", "to_hex(-1) = 'ffffffff'";
    "to_hex"(INT) -> TEXT, "to_hex_i64", "", "hexadecimal digits of the two's complement", "to_hex(9000000000) = '218711a00'";
}
