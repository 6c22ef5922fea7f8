//! The 24 hours of an average day as one bar, from midnight to midnight of nobody's day: how long, not when.

use questionnaires::slot::MINUTES_PER_DAY;

use crate::chart::frame::Size;
use crate::palette::{self, BANDS, GREY, HIDDEN, INK};
use crate::scene::{Anchor, Channel, Scene};

/// Bars of 24 hours, side by side where there is room.
#[derive(Debug, Clone, PartialEq)]
pub struct DayBars {
    /// The bars.
    pub bars: Vec<DayBar>,
    /// What is written at the part of which nothing may be told.
    pub hidden: String,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct DayBar {
    /// Whose day.
    pub label: String,
    /// Its parts, from the top; at most [`BANDS`]' number.
    pub parts: Vec<Part>,
}

/// One part of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The activity.
    pub label: String,
    /// Minutes; `None` where they may not be shown.
    pub minutes: Option<f64>,
    /// The minutes in words.
    pub text: String,
}

impl DayBars {
    /// Draws below `top`; returns the bottom.
    pub fn draw(&self, scene: &mut Scene, top: f64, size: Size) -> f64 {
        let columns = if size == Size::Narrow { 1 } else { self.bars.len().clamp(1, 2) };
        let column_width = (size.inner_width() - 24.0 * (columns - 1) as f64) / columns as f64;
        let mut y = top;
        let mut bottom = top;
        for (index, bar) in self.bars.iter().enumerate() {
            let column = index % columns;
            if column == 0 && index > 0 {
                y = bottom + 18.0;
            }
            let left = size.margin() + column as f64 * (column_width + 24.0);
            bottom = bottom.max(self.draw_bar(scene, bar, (left, y), column_width, size));
        }
        bottom + 4.0
    }

    fn draw_bar(&self, scene: &mut Scene, bar: &DayBar, (left, top): (f64, f64), width: f64, size: Size) -> f64 {
        let (strong, body) = (size.strong(), size.body());
        for line in strong.wrap_within(&bar.label, width, 1) {
            scene.write((left, top + 15.0), Anchor::Start, strong, line);
        }
        let top = top + 26.0;
        let thickness = if size == Size::Narrow { 70.0 } else { 96.0 };
        let height = size.plot_height(top, 380.0, 360.0, 8.0);
        let text_left = left + thickness + 22.0;
        let mut parts = Vec::new();
        let mut from = top;
        let mut fills = Vec::new();
        for (part, fill) in bar.parts.iter().zip(BANDS) {
            let Some(minutes) = part.minutes else { continue };
            scene.key(fill, part.label.as_str(), Channel::Label);
            let to = (from + minutes.max(0.0) / MINUTES_PER_DAY as f64 * height).min(top + height);
            parts.push((from, to, fill, (part.text.as_str(), part.label.as_str())));
            fills.push(fill);
            from = to;
        }
        if top + height - from > 1.0 {
            scene.key(HIDDEN, self.hidden.as_str(), Channel::Label);
            parts.push((from, top + height, HIDDEN, ("", self.hidden.as_str())));
        }
        for (from, to, fill, _) in &parts {
            scene.rectangle((left, *from), (left + thickness, *to), *fill);
            if *fill == HIDDEN {
                scene.hatch((left, *from), (left + thickness, *to), GREY, 8.0);
            }
        }
        // Parts without height have no neighbours.
        let seen: Vec<_> = parts.iter().filter(|(from, to, ..)| to - from > 0.5).collect();
        for pair in seen.windows(2) {
            let border = palette::border_between(pair[0].2, pair[1].2);
            scene.line((left, pair[1].0), (left + thickness, pair[1].0), border, 1.5);
        }
        let (right, bottom) = (left + thickness, top + height);
        let frame = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        scene.path(frame, INK, 1.0);
        // The time first: it stays where a long name is cut.
        let n_lines = if size == Size::Share { 1 } else { 2 };
        let texts = parts.iter().map(|(.., (time, label))| {
            let indent = if time.is_empty() { 0.0 } else { strong.width(time) + 8.0 };
            (indent, *time, body.wrap_within(label, left + width - text_left - indent, n_lines))
        });
        let texts: Vec<_> = texts.collect();
        let heights: Vec<f64> = texts.iter().map(|(.., lines)| lines.len() as f64 * body.line_height()).collect();
        let wanted: Vec<f64> = parts.iter().map(|(from, to, ..)| (from + to) / 2.0).collect();
        let mut places = spread(&wanted, &heights, top - 4.0);
        if let Some(floor) = size.floor() {
            keep_above(&mut places, &heights, floor.min(bottom + 4.0));
        }
        let mut lowest = bottom;
        for (((from, to, ..), (indent, time, lines)), (place, room)) in
            parts.iter().zip(&texts).zip(places.into_iter().zip(heights))
        {
            let middle = (from + to) / 2.0;
            scene.path(vec![(right, middle), (right + 8.0, middle), (text_left - 4.0, place)], GREY, 1.0);
            for (index, line) in lines.iter().enumerate() {
                let row = place - room / 2.0 + (index as f64 + 0.5) * body.line_height();
                let baseline = row + body.centre_shift();
                if index == 0 && !time.is_empty() {
                    scene.write((text_left, baseline), Anchor::Start, strong, *time);
                }
                scene.write((text_left + indent, baseline), Anchor::Start, body, line.as_str());
            }
            lowest = lowest.max(place + room / 2.0);
        }
        lowest
    }
}

/// Places as near to those wanted as their heights allow, from `top` downwards and in their order: what overlaps is moved
/// apart around its common middle.
pub fn spread(wanted: &[f64], heights: &[f64], top: f64) -> Vec<f64> {
    // Clusters of texts that touch: first text, sum of heights, upper edge.
    let mut clusters: Vec<(usize, f64, f64)> = Vec::new();
    for (index, (middle, height)) in wanted.iter().zip(heights).enumerate() {
        clusters.push((index, *height, (middle - height / 2.0).max(top)));
        while let [.., (_, upper_height, upper), (_, _, lower)] = clusters.as_slice() {
            if *upper + *upper_height <= *lower {
                break;
            }
            let Some((_, lower_height, _)) = clusters.pop() else { break };
            let Some((first, height, edge)) = clusters.last_mut() else { break };
            *height += lower_height;
            let n = (index + 1 - *first) as f64;
            let middle: f64 = wanted[*first..=index].iter().sum::<f64>() / n;
            *edge = (middle - *height / 2.0).max(top);
        }
    }
    let mut places = Vec::with_capacity(wanted.len());
    for (position, (first, _, edge)) in clusters.iter().enumerate() {
        let end = clusters.get(position + 1).map_or(wanted.len(), |(next, ..)| *next);
        let mut y = *edge;
        for height in &heights[*first..end] {
            places.push(y + height / 2.0);
            y += height;
        }
    }
    places
}

/// Moves up what lies below `floor`, and what it then touches.
fn keep_above(places: &mut [f64], heights: &[f64], floor: f64) {
    let mut limit = floor;
    for (place, height) in places.iter_mut().zip(heights).rev() {
        *place = place.min(limit - height / 2.0);
        limit = *place - height / 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_below_the_picture_move_up_and_push_those_above() {
        let mut places = [10.0, 60.0, 90.0, 110.0];
        keep_above(&mut places, &[20.0; 4], 100.0);
        assert_eq!(places, [10.0, 50.0, 70.0, 90.0]);
    }

    #[test]
    fn texts_that_would_overlap_are_moved_apart_in_their_order() {
        for wanted in [vec![10.0, 12.0, 14.0, 200.0], vec![0.0, 0.0, 0.0, 0.0], vec![50.0, 90.0, 91.0, 92.0]] {
            let heights = [20.0, 40.0, 20.0, 20.0];
            let places = spread(&wanted, &heights, 0.0);
            assert!(places[0] - heights[0] / 2.0 >= 0.0);
            for index in 1..places.len() {
                let apart = places[index] - places[index - 1];
                assert!(apart + 1e-9 >= (heights[index] + heights[index - 1]) / 2.0, "{wanted:?}: {places:?}");
            }
        }
        assert_eq!(spread(&[30.0, 100.0], &[20.0, 20.0], 0.0), [30.0, 100.0]);
    }
}
