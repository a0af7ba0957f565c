use laminar::prelude::*;

#[derive(Event, Clone)]
#[event(time = ts, delay = "5 seconds")]
pub struct Trade {
    pub symbol: Sym,
    pub price: f64,
    pub volume: i64,
    pub ts: Timestamp,
    pub note: Option<Str>,
}

#[pipeline("
    SELECT window_end, COUNT(*) AS n FROM Trade
    GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE) LATE DATA TO late
")]
struct PerMinute {
    window_end: Timestamp,
    n: i64,
}

#[pipeline("SELECT symbol FROM Trade")]
struct Symbols {
    symbol: Sym,
}

fn main() {
    let trade = Trade { symbol: Sym::new("A"), price: 1.0, volume: 1, ts: Timestamp(0), note: None };
    let mut minutes: Vec<PerMinute> = Vec::new();
    // Nobody takes the late rows.
    PerMinute::pipeline().push(&trade, &mut minutes).unwrap();
    // Nobody takes the symbols.
    Symbols::pipeline().push(&trade, &mut minutes).unwrap();
    // Not a row of its input.
    Symbols::pipeline().push(&PerMinute { window_end: Timestamp(0), n: 1 }, &mut |_: Symbols| ()).unwrap();
}
