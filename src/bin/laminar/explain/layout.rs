//! Where the boxes of a drawing go: in layers from top to bottom, in the direction of the rows.
//!
//! After Sugiyama: a layer is the longest way from a source; an arrow over several layers gets a thin place in each, so that
//! it passes between the boxes; places of a layer are ordered by the mean of their neighbours; then each moves towards that mean as
//! far as its neighbours let it.

/// A size or a place, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Where everything is.
#[derive(Debug)]
pub struct Layout {
    /// Upper left corner of each box.
    pub boxes: Vec<Point>,
    /// The points that each arrow goes through.
    pub arrows: Vec<Vec<Point>>,
    /// Of the whole.
    pub size: Point,
}

const GAP_X: f64 = 28.0;
const GAP_Y: f64 = 44.0;
/// Width of the place that an arrow has between boxes.
const PASSAGE: f64 = 16.0;
/// Odd, so that the last goes downwards and what has one input stands right below it.
const ROUNDS: usize = 25;

/// A box, or the passage of an arrow through a layer.
struct Place {
    width: f64,
    layer: usize,
    /// Middle.
    x: f64,
    above: Vec<usize>,
    below: Vec<usize>,
}

/// Lays out boxes of these sizes; every arrow leads to a later box.
pub fn layout(sizes: &[Point], arrows: &[(usize, usize)]) -> Layout {
    let (mut places, routes) = places(sizes, arrows);
    let depth = places.iter().map(|p| p.layer + 1).max().unwrap_or(0);
    let mut layers = vec![Vec::new(); depth];
    for (i, place) in places.iter().enumerate() {
        layers[place.layer].push(i);
    }
    order(&mut layers, &places);
    settle(&layers, &mut places);
    let heights: Vec<f64> = layers
        .iter()
        .map(|layer| layer.iter().filter_map(|&i| sizes.get(i)).map(|s| s.y).fold(0.0, f64::max))
        .collect();
    let tops: Vec<f64> =
        heights.iter().scan(0.0, |y, h| Some(std::mem::replace(y, *y + h + GAP_Y))).collect();
    let left = places.iter().map(|p| p.x - p.width / 2.0).fold(f64::INFINITY, f64::min);
    let left = if left.is_finite() { left } else { 0.0 };
    let middle = |i: usize| places[i].x - left;
    let corner = |i: usize| Point { x: middle(i) - sizes[i].x / 2.0, y: tops[places[i].layer] };
    let arrows = arrows
        .iter()
        .zip(&routes)
        .map(|(&(from, to), route)| {
            let start = Point { x: middle(from), y: corner(from).y + sizes[from].y };
            // Straight down through a layer.
            let through = route.iter().flat_map(|&i| {
                let (top, height) = (tops[places[i].layer], heights[places[i].layer]);
                [Point { x: middle(i), y: top }, Point { x: middle(i), y: top + height }]
            });
            std::iter::once(start).chain(through).chain([Point { x: middle(to), y: corner(to).y }]).collect()
        })
        .collect();
    let width = places.iter().map(|p| p.x + p.width / 2.0 - left).fold(0.0, f64::max);
    let height = tops.last().zip(heights.last()).map_or(0.0, |(top, h)| top + h);
    Layout { boxes: (0..sizes.len()).map(corner).collect(), arrows, size: Point { x: width, y: height } }
}

/// The boxes and the passages of long arrows; for each arrow its passages.
fn places(sizes: &[Point], arrows: &[(usize, usize)]) -> (Vec<Place>, Vec<Vec<usize>>) {
    let mut layer_of = vec![0; sizes.len()];
    // In order: what an arrow comes from has its layer already.
    for to in 0..sizes.len() {
        let inputs = arrows.iter().filter(|a| a.1 == to);
        layer_of[to] = inputs.map(|a| layer_of[a.0] + 1).max().unwrap_or(0);
    }
    // What reads nothing stands right above its first reader.
    for from in 0..sizes.len() {
        if arrows.iter().all(|a| a.1 != from) {
            let first = arrows.iter().filter(|a| a.0 == from).map(|a| layer_of[a.1]).min();
            layer_of[from] = first.map_or(0, |layer| layer - 1);
        }
    }
    let new = |width, layer| Place { width, layer, x: 0.0, above: Vec::new(), below: Vec::new() };
    let mut places: Vec<Place> = sizes.iter().zip(&layer_of).map(|(s, l)| new(s.x, *l)).collect();
    let mut routes = Vec::new();
    for &(from, to) in arrows {
        let (mut last, mut route) = (from, Vec::new());
        for layer in layer_of[from] + 1..layer_of[to] {
            places.push(new(PASSAGE, layer));
            route.push(places.len() - 1);
        }
        for &next in route.iter().chain([&to]) {
            places[last].below.push(next);
            places[next].above.push(last);
            last = next;
        }
        routes.push(route);
    }
    (places, routes)
}

/// Orders each layer by the mean of the neighbours' positions, downwards and upwards in turn.
fn order(layers: &mut [Vec<usize>], places: &[Place]) {
    let mut rank = vec![0.0; places.len()];
    let note = |layer: &[usize], rank: &mut [f64]| {
        layer.iter().enumerate().for_each(|(at, &i)| rank[i] = at as f64 - layer.len() as f64 / 2.0);
    };
    layers.iter().for_each(|layer| note(layer, &mut rank));
    for round in 0..ROUNDS {
        let down = round % 2 == 0;
        for at in 0..layers.len() {
            let at = if down { at } else { layers.len() - 1 - at };
            let wish = |i: usize| {
                let near = if down { &places[i].above } else { &places[i].below };
                mean(near.iter().map(|&n| rank[n])).unwrap_or(rank[i])
            };
            // Stable: equal wishes keep their order.
            layers[at].sort_by(|&a, &b| wish(a).total_cmp(&wish(b)));
            let layer = layers[at].clone();
            note(&layer, &mut rank);
        }
    }
}

/// Moves each place towards the mean of its neighbours, in its order and without touching another.
fn settle(layers: &[Vec<usize>], places: &mut [Place]) {
    for layer in layers {
        let mut x = 0.0;
        for &i in layer {
            places[i].x = x + places[i].width / 2.0;
            x += places[i].width + GAP_X;
        }
    }
    for round in 0..ROUNDS {
        for at in 0..layers.len() {
            let layer = &layers[if round % 2 == 0 { at } else { layers.len() - 1 - at }];
            let wishes: Vec<f64> = layer
                .iter()
                .map(|&i| {
                    let place = &places[i];
                    let (first, then) = match round % 2 {
                        0 => (&place.above, &place.below),
                        _ => (&place.below, &place.above),
                    };
                    let near = if first.is_empty() { then } else { first };
                    mean(near.iter().map(|&n| places[n].x)).unwrap_or(place.x)
                })
                .collect();
            pack(layer, &wishes, places);
        }
    }
}

/// Places of one layer as near to their wishes as their widths let them: groups that touch share the mean of what they want.
fn pack(layer: &[usize], wishes: &[f64], places: &mut [Place]) {
    // Each group: first member, number of members, where its first one would stand.
    let mut groups: Vec<(usize, usize, f64)> = Vec::new();
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (at, &i) in layer.iter().enumerate() {
        if at > 0 {
            offset += (places[layer[at - 1]].width + places[i].width) / 2.0 + GAP_X;
        }
        offsets.push(offset);
    }
    for at in 0..layer.len() {
        groups.push((at, 1, wishes[at] - offsets[at]));
        // Distances inside a group are those of `offsets`, so that groups touch where their starts cross.
        while let [.., (first, n, a), (_, m, b)] = groups[..]
            && a > b
        {
            let start = (a * n as f64 + b * m as f64) / (n + m) as f64;
            groups.truncate(groups.len() - 2);
            groups.push((first, n + m, start));
        }
    }
    for (first, n, start) in groups {
        for at in first..first + n {
            places[layer[at]].x = start + offsets[at];
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), v| (sum + v, n + 1));
    (n > 0).then(|| sum / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(n: usize) -> Vec<Point> {
        (0..n).map(|i| Point { x: 100.0 + 10.0 * (i % 3) as f64, y: 40.0 }).collect()
    }

    #[test]
    fn a_chain_is_a_column() {
        let layout = layout(&boxes(3), &[(0, 1), (1, 2)]);
        let middles: Vec<f64> = (0..3).map(|i| layout.boxes[i].x + boxes(3)[i].x / 2.0).collect();
        assert!(middles.iter().all(|m| (m - middles[0]).abs() < 0.01), "{middles:?}");
        assert!(layout.boxes.windows(2).all(|w| w[1].y >= w[0].y + 40.0 + GAP_Y));
    }

    #[test]
    fn boxes_do_not_touch_and_arrows_pass_between() {
        // Two sources, a diamond, and an arrow over three layers.
        let arrows = [(0, 2), (1, 2), (2, 3), (2, 4), (3, 5), (4, 5), (0, 5)];
        let layout = layout(&boxes(6), &arrows);
        for a in 0..6 {
            let (p, size) = (layout.boxes[a], boxes(6)[a]);
            assert!(
                p.x >= 0.0 && p.x + size.x <= layout.size.x + 0.01 && p.y + size.y <= layout.size.y + 0.01
            );
            for b in 0..a {
                let (q, other) = (layout.boxes[b], boxes(6)[b]);
                let apart =
                    p.y != q.y || p.x >= q.x + other.x + GAP_X - 0.01 || q.x >= p.x + size.x + GAP_X - 0.01;
                assert!(apart, "{a} {b}: {layout:?}");
            }
        }
        // Down all the way, and through no box.
        for (arrow, (from, to)) in layout.arrows.iter().zip(arrows) {
            assert!(arrow.windows(2).all(|w| w[0].y <= w[1].y), "{arrow:?}");
            for (b, corner) in layout.boxes.iter().enumerate().filter(|(b, _)| *b != from && *b != to) {
                let size = boxes(6)[b];
                let inside = |p: &Point| {
                    p.x > corner.x && p.x < corner.x + size.x && p.y > corner.y && p.y < corner.y + size.y
                };
                assert!(!arrow.iter().any(inside), "{from} -> {to} through {b}");
            }
        }
    }

    #[test]
    fn nothing_and_one() {
        assert_eq!(layout(&[], &[]).size, Point { x: 0.0, y: 0.0 });
        assert_eq!(layout(&boxes(1), &[]).boxes, [Point { x: 0.0, y: 0.0 }]);
    }
}
