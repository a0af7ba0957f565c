//! The pages of `docs/errors`, for `laminar explain L0203`.

macro_rules! pages {
    ($($code:literal)*) => {
        /// Every code with its page.
        const PAGES: &[(&str, &str)] =
            &[$(($code, include_str!(concat!("../../../../docs/errors/", $code, ".md")))),*];
    };
}

pages! {
    "L0101" "L0102" "L0103" "L0104" "L0105" "L0106" "L0107" "L0108" "L0109" "L0110" "L0111" "L0112" "L0113" "L0114" "L0115" "L0116" "L0117" "L0118" "L0119"
    "L0201" "L0202" "L0203" "L0204" "L0205" "L0206" "L0207" "L0208"
    "L0301" "L0302" "L0303" "L0304" "L0305" "L0306" "L0307" "L0308" "L0309" "L0310" "L0311" "L0312"
    "L0401" "L0402" "L0403" "L0404" "L0405" "L0406"
    "L0501" "L0502" "L0503" "L0504" "L0505" "L0506" "L0507"
    "L0601" "L0602" "L0603" "L0604" "L0606" "L0608" "L0609" "L0610" "L0611"
    "L0701" "L0702" "L0703" "L0704" "L0705" "L0706" "L0707"
    "L0801" "L0802" "L0803" "L0804" "L0805" "L0806" "L0807" "L0808" "L0809"
    "L0901" "L0902" "L0903" "L0904" "L0905"
}

/// The page of a code, in any case.
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}

/// Whether a word is shaped like a code.
pub fn is_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with(['L', 'l']) && word[1..].bytes().all(|b| b.is_ascii_digit())
}
