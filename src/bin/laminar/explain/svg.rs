//! A drawing as SVG that needs nothing else: no scripts, no fonts but the reader's own.

use super::drawing::{Block, Drawing, Role};
use super::layout::{Point, layout};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// Of a character of 12 pixels in a font of fixed width.
const CHAR_WIDTH: f64 = 7.3;
const FACT_WIDTH: f64 = 6.1;
const TITLE_WIDTH: f64 = 8.2;
const TITLE_HEIGHT: f64 = 20.0;
const LINE_HEIGHT: f64 = 16.0;
const FACT_HEIGHT: f64 = 13.0;
const PADDING: f64 = 12.0;
const MARGIN: f64 = 16.0;

/// The drawing as SVG.
pub fn svg(drawing: &Drawing) -> String {
    let sizes: Vec<Point> = drawing.blocks.iter().map(size).collect();
    let layout = layout(&sizes, &drawing.arrows);
    let (width, height) = ((layout.size.x + 2.0 * MARGIN).ceil(), (layout.size.y + 2.0 * MARGIN).ceil());
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
         <path d=\"M0 1 L10 5 L0 9 Z\" fill=\"#5b6675\"/></marker></defs>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\">"
    );
    for points in &layout.arrows {
        let _ = writeln!(
            out,
            "<path d=\"{}\" fill=\"none\" stroke=\"#5b6675\" stroke-width=\"1.4\" marker-end=\"url(#head)\"/>",
            curve(points)
        );
    }
    for ((block, corner), size) in drawing.blocks.iter().zip(&layout.boxes).zip(&sizes) {
        draw(&mut out, block, *corner, *size);
    }
    out + "</g>\n</svg>\n"
}

fn size(block: &Block) -> Point {
    let widest =
        |lines: &[String], width: f64| lines.iter().map(|l| l.width() as f64 * width).fold(0.0, f64::max);
    let text = widest(&block.lines, CHAR_WIDTH).max(widest(&block.facts, FACT_WIDTH));
    let width = text.max(block.title.width() as f64 * TITLE_WIDTH).max(60.0) + 2.0 * PADDING;
    let facts = if block.facts.is_empty() { 0.0 } else { block.facts.len() as f64 * FACT_HEIGHT + 5.0 };
    let height = TITLE_HEIGHT + block.lines.len() as f64 * LINE_HEIGHT + facts + 1.2 * PADDING;
    Point { x: width, y: height }
}

/// A line through points that leaves each of them downwards.
fn curve(points: &[Point]) -> String {
    let mut path = String::new();
    for (i, p) in points.iter().enumerate() {
        let _ = match i.checked_sub(1).map(|before| points[before]) {
            None => write!(path, "M{:.1} {:.1}", p.x, p.y),
            Some(q) if (q.x - p.x).abs() < 0.5 => write!(path, " L{:.1} {:.1}", p.x, p.y),
            Some(q) => {
                let middle = (q.y + p.y) / 2.0;
                write!(path, " C{:.1} {middle:.1} {:.1} {middle:.1} {:.1} {:.1}", q.x, p.x, p.x, p.y)
            }
        };
    }
    path
}

fn draw(out: &mut String, block: &Block, corner: Point, size: Point) {
    let (fill, stroke, radius) = match block.role {
        Role::Source => ("#e8f1fb", "#4a7db5", 10.0),
        Role::Step => ("#ffffff", "#8a94a3", 4.0),
        Role::State => ("#fdf3e1", "#c98a1b", 4.0),
        Role::Output => ("#e9f6ec", "#3f8f56", 16.0),
    };
    let Point { x, y } = corner;
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.3\"/>",
        size.x, size.y
    );
    let left = x + PADDING;
    let mut base = y + PADDING * 0.6 + 14.0;
    let title = escaped(&block.title);
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{base:.1}\" font-weight=\"bold\" font-size=\"13\" fill=\"#1d2733\">{title}</text>"
    );
    base += TITLE_HEIGHT - 2.0;
    for line in &block.lines {
        let _ =
            writeln!(out, "<text x=\"{left:.1}\" y=\"{base:.1}\" fill=\"#1d2733\">{}</text>", escaped(line));
        base += LINE_HEIGHT;
    }
    base += 1.0;
    for fact in &block.facts {
        let _ = writeln!(
            out,
            "<text x=\"{left:.1}\" y=\"{base:.1}\" font-size=\"10\" fill=\"#66707d\">{}</text>",
            escaped(fact)
        );
        base += FACT_HEIGHT;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
