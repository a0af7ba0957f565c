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
    SELECT symbol, prise * volume AS amount
    FROM Trade WHERE volum > 0
")]
struct Amounts {
    symbol: Sym,
    amount: f64,
}

#[pipeline("SELECT amount FROM Amounts")]
struct Downstream {
    amount: f64,
}

#[pipeline("SELECT symbol, SUM(volum) AS total FROM Trade GROUP BY symbol")]
struct Totals {
    symbol: Sym,
    total: i64,
}

#[pipeline("SELECT symbol, SUM(price) AS total FROM Trade GROUP BY symbol EMIT ON UPDATE LATE DATA")]
struct Newest {
    symbol: Sym,
    total: f64,
}

fn main() {
    let trade = Trade { symbol: Sym::new("A"), price: 1.0, volume: 1, ts: Timestamp(0), note: None };
    let mut pipeline: AmountsPipeline = Amounts::pipeline();
    let mut rows = Vec::new();
    pipeline.push(&trade, &mut rows).unwrap();
    pipeline.trade().process(&[trade], &mut |row: Amounts| drop(row)).unwrap();
    println!("{}", rows[0].amount + Amounts::FIELDS.len() as f64);
    let mut downstream = Downstream::builder().capacity(3).build();
    downstream.finish(&mut |_: Downstream| ()).unwrap();
    Totals::pipeline().finish(&mut |change: Change<Totals>| drop(change.row)).unwrap();
    let mut newest = Vec::new();
    Newest::pipeline().finish(&mut newest).unwrap();
    drop(matches!(newest[0], Upsert::Put(Newest { .. })));
}
