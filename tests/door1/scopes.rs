//! Where structs may be: other modules, private ones, function bodies, macros, twice the same name.

use laminar::prelude::*;

mod market {
    use laminar::prelude::*;

    #[derive(Event, Clone, Debug)]
    pub struct Tick {
        pub x: i64,
    }

    pub mod deep {
        use laminar::prelude::*;

        /// The same name as one floor up, with other columns.
        #[derive(Event, Clone, Debug)]
        pub(crate) struct Tick {
            pub y: Option<i64>,
        }
    }
}

mod reexport {
    pub use super::market::Tick as Renamed;
    pub use super::market::*;
}

#[pipeline("SELECT x FROM market.Tick")]
struct ByPath {
    x: i64,
}

#[pipeline("SELECT y AS x FROM t", from(market::deep::Tick as t))]
struct Deep {
    x: Option<i64>,
}

#[pipeline("SELECT x FROM reexport.Renamed UNION ALL SELECT x + 1 AS x FROM reexport.Tick")]
struct Reexported {
    x: i64,
}

mod private {
    use laminar::prelude::*;

    #[derive(Event, Clone)]
    struct Hidden {
        x: i64,
    }

    pub mod inner {
        use super::*;

        #[pipeline("SELECT x FROM Hidden")]
        pub struct Seen {
            pub x: i64,
        }

        pub fn run() -> i64 {
            let mut sum = 0;
            let rows = [Hidden { x: 1 }, Hidden { x: 2 }];
            Seen::pipeline().process(&rows, &mut |row: Seen| sum += row.x).unwrap();
            sum
        }
    }
}

#[test]
fn modules_and_paths() {
    let mut out = Vec::new();
    ByPath::pipeline().push(&market::Tick { x: 4 }, &mut out).unwrap();
    assert_eq!(out[0].x, 4);
    let mut out = Vec::new();
    Deep::pipeline().push(&market::deep::Tick { y: None }, &mut out).unwrap();
    assert_eq!(out[0].x, None);
    let mut out = Vec::new();
    let mut both = Reexported::pipeline();
    both.renamed().push(&market::Tick { x: 4 }, &mut out).unwrap();
    both.tick_().push(&market::Tick { x: 4 }, &mut out).unwrap();
    assert_eq!((out[0].x, out[1].x), (4, 5));
    assert_eq!(private::inner::run(), 3);
}

#[test]
fn inside_a_function() {
    #[derive(Event, Clone)]
    struct Local {
        x: i64,
        r#type: i64,
    }

    #[pipeline("SELECT x, \"type\", x + \"type\" AS \"fn\" FROM Local")]
    struct Out {
        x: i64,
        r#type: i64,
        r#fn: i64,
    }

    let mut out = Vec::new();
    Out::pipeline().push(&Local { x: 1, r#type: 2 }, &mut out).unwrap();
    assert_eq!((out[0].x, out[0].r#type, out[0].r#fn), (1, 2, 3));
}

macro_rules! events {
    ($($module:ident)*) => {$(
        mod $module {
            use laminar::prelude::*;
            #[derive(Event, Clone)]
            pub struct Made {
                pub x: i64,
            }
            #[pipeline("SELECT x * 2 AS x FROM Made")]
            pub struct Doubled {
                pub x: i64,
            }
        }
    )*};
}
events!(one two);

#[test]
fn structs_that_a_macro_made() {
    let mut out = Vec::new();
    one::Doubled::pipeline().push(&one::Made { x: 4 }, &mut out).unwrap();
    let mut other = Vec::new();
    two::Doubled::pipeline().push(&two::Made { x: 5 }, &mut other).unwrap();
    assert_eq!((out[0].x, other[0].x), (8, 10));
}

type Price = i64;

#[derive(Event, Clone)]
struct Aliased {
    #[event(sql = "BIGINT")]
    price: Price,
}

#[pipeline("SELECT price AS p FROM Aliased")]
struct AliasedOut {
    #[event(sql = "BIGINT")]
    p: Price,
}

#[test]
fn an_alias_is_declared() {
    let mut out = Vec::new();
    AliasedOut::pipeline().push(&Aliased { price: 3 }, &mut out).unwrap();
    assert_eq!(out[0].p, 3);
}
