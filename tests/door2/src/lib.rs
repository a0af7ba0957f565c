//! The pipelines of `pipelines/*.sql`, and tests of the graph that runs them.

/// What `pipelines/functions.sql` declares.
pub mod math {
    /// Price of the whole.
    #[laminar::udf]
    pub fn notional(price: f64, volume: i64) -> f64 {
        price * volume as f64
    }

    /// Who trades.
    pub fn side(volume: Option<i64>) -> &'static str {
        if volume.is_some_and(|v| v < 0) { "sell" } else { "buy" }
    }

    /// The first word.
    pub fn head(text: &str) -> Option<&str> {
        text.split(' ').next().filter(|word| !word.is_empty())
    }

    /// A volume that is no mistake.
    pub fn checked(volume: i64) -> Result<i64, String> {
        if volume == 13 { Err("no volume is 13".into()) } else { Ok(volume) }
    }
}

laminar::include_pipelines!();
