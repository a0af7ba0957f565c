use laminar::prelude::*;

#[derive(Event)]
pub struct Sale {
    pub id: i64,
    pub at: Timestamp,
}

#[pipeline("
    SELECT window_end, COUNT(*) AS n
    FROM Sale
    GROUP BY TUMBLE(at, INTERVAL '1' MINUTE)
")]
pub struct Count {
    pub window_end: Timestamp,
    pub n: i64,
}

fn main() {}
