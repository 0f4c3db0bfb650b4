//! Draws curves as inline SVG in the colours of the page.

use std::fmt::Write;

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 280.0;
/// Room for the labels: left, right, top, bottom.
const MARGINS: [f64; 4] = [48.0, 12.0, 12.0, 44.0];

/// A picture of one curve in a square from 0 to 1.
pub(super) struct Picture<'p> {
    /// What it shows, for those who do not see it.
    pub(super) label: &'p str,
    pub(super) x_title: &'p str,
    pub(super) y_title: &'p str,
    /// Lowest y shown.
    pub(super) y_from: f64,
    pub(super) points: &'p [(f64, f64)],
    /// Whether the diagonal is drawn, on which a perfect curve would lie.
    pub(super) diagonal: bool,
    /// Whether points are marked.
    pub(super) dots: bool,
}

/// Draws a picture.
pub(super) fn draw(picture: &Picture<'_>) -> String {
    let [left, right, top, bottom] = MARGINS;
    let x = |value: f64| left + value * (WIDTH - left - right);
    let y = |value: f64| HEIGHT - bottom - (value.max(picture.y_from) - picture.y_from) / (1.0 - picture.y_from) * (HEIGHT - top - bottom);
    let mut svg = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">", picture.label);
    let mut add = |part: std::fmt::Arguments<'_>| svg.write_fmt(part).expect("a string can always grow");
    for step in 0..=4 {
        let part = f64::from(step) / 4.0;
        let value = picture.y_from + part * (1.0 - picture.y_from);
        add(format_args!("<line class=\"grid\" x1=\"{left}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>", x(1.0), y(value), y(value)));
        add(format_args!("<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}&#8239;%</text>", left - 6.0, y(value) + 4.0, value * 100.0));
        add(format_args!("<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0}&#8239;%</text>", x(part), HEIGHT - bottom + 16.0, part * 100.0));
    }
    add(format_args!("<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>", x(0.5), HEIGHT - 8.0, picture.x_title));
    let middle = y((1.0 + picture.y_from) / 2.0);
    add(format_args!("<text x=\"12\" y=\"{middle:.1}\" text-anchor=\"middle\" transform=\"rotate(-90 12 {middle:.1})\">{}</text>", picture.y_title));
    if picture.diagonal {
        add(format_args!("<line class=\"ideal\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>", x(picture.y_from), y(picture.y_from), x(1.0), y(1.0)));
    }
    let points: Vec<String> = picture.points.iter().map(|(at, value)| format!("{:.1},{:.1}", x(*at), y(*value))).collect();
    add(format_args!("<polyline class=\"curve\" points=\"{}\"/>", points.join(" ")));
    if picture.dots {
        for (at, value) in picture.points {
            add(format_args!("<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>", x(*at), y(*value)));
        }
    }
    svg.push_str("</svg>");
    svg
}
