//! Turns a query string or a JSON object into parameters, and refuses what no handler knows, with the list of known ones.
//!
//! Both kinds of request are read through the same calls, so that a POST permits exactly what the GET permits.

use std::ops::RangeInclusive;

use percent_encoding::percent_decode;
use serde_json::Value;

use super::problem::{Kind, Problem};

/// Longest piece of a wrong value that is repeated in a problem.
const MAX_QUOTED_CHARS: usize = 60;

/// Parameters of one request; reading one takes it out.
#[derive(Debug, Default)]
pub(super) struct Params {
    entries: Vec<(String, Entry)>,
}

#[derive(Debug)]
enum Entry {
    /// From a query string or form.
    Text(String),
    /// From a JSON body.
    Json(Value),
}

impl Entry {
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Json(value) => quoted(&value.to_string()),
        }
    }
}

/// A value as it is shown in a problem: short and without control characters.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_QUOTED_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

impl Params {
    /// Reads `a=1&b=2`, percent-encoded, of which only `known` names are permitted.
    pub(super) fn from_query(query: &str, known: &[&'static str]) -> Result<Self, Problem> {
        Self { entries: Self::pairs(query)? }.checked(known)
    }

    /// The same for clients that say more than they are asked: other names are passed over.
    pub(super) fn some_of_query(query: &str, known: &[&'static str]) -> Result<Self, Problem> {
        let mut entries = Self::pairs(query)?;
        entries.retain(|(name, _)| known.contains(&name.as_str()));
        Self { entries }.checked(known)
    }

    fn pairs(query: &str) -> Result<Vec<(String, Entry)>, Problem> {
        let mut entries = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name).ok_or_else(|| Problem::new(Kind::Malformed, "the name of a parameter is not UTF-8"))?;
            let value = decoded(value).ok_or_else(|| Problem::wrong(&name, "the value is not UTF-8", "text in UTF-8, percent-encoded"))?;
            entries.push((name, Entry::Text(value)));
        }
        Ok(entries)
    }

    /// Reads a JSON object of which only `known` names are permitted; `null` counts as absent.
    pub(super) fn from_json(bytes: &[u8], known: &[&'static str]) -> Result<Self, Problem> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| Problem::new(Kind::Malformed, format!("the body is no JSON: {error}")).about("body").permitting("a JSON object"))?;
        Self::from_value(value, known)
    }

    /// The same for JSON that was read before.
    pub(super) fn from_value(value: Value, known: &[&'static str]) -> Result<Self, Problem> {
        let Value::Object(object) = value else {
            return Err(Problem::wrong("body", "the body is no JSON object", "a JSON object").knowing(known));
        };
        let entries = object.into_iter().map(|(name, value)| (name, Entry::Json(value))).collect();
        Self { entries }.checked(known)
    }

    fn checked(self, known: &[&'static str]) -> Result<Self, Problem> {
        for (place, (name, _)) in self.entries.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let detail = match known {
                    [] => format!("{} is no parameter: this path takes none", quoted(name)),
                    known => format!("{} is no parameter: there are {}", quoted(name), known.join(", ")),
                };
                return Err(Problem::new(Kind::UnknownParameter, detail).about(name).knowing(known));
            }
            if self.entries[..place].iter().any(|(other, _)| other == name) {
                return Err(Problem::new(Kind::RepeatedParameter, format!("{name} stands twice: give it once")).about(name));
            }
        }
        Ok(Self { entries: self.entries.into_iter().filter(|(_, entry)| !matches!(entry, Entry::Json(Value::Null))).collect() })
    }

    fn take(&mut self, name: &str) -> Option<Entry> {
        let place = self.entries.iter().position(|(other, _)| other == name)?;
        Some(self.entries.swap_remove(place).1)
    }

    /// A text, empty or not.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Entry::Text(text) | Entry::Json(Value::String(text))) => Ok(Some(text)),
            Some(other) => Err(Problem::wrong(name, format!("{} is no text", other.shown()), "a text")),
        }
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, name: &'static str) -> Result<String, Problem> {
        let missing = || Problem::new(Kind::MissingParameter, format!("{name} is missing")).about(name).permitting("a text");
        self.text(name)?.ok_or_else(missing)
    }

    /// A text of at most so many bytes.
    pub(super) fn short(&mut self, name: &'static str, max_bytes: usize) -> Result<Option<String>, Problem> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if text.len() > max_bytes {
            return Err(too_long(name, text.len(), max_bytes));
        }
        Ok(Some(text))
    }

    /// A whole number in a range.
    pub(super) fn integer(&mut self, name: &str, range: RangeInclusive<usize>, default: usize) -> Result<usize, Problem> {
        let permitted = || format!("a whole number from {} to {}", range.start(), range.end());
        let Some(entry) = self.take(name) else { return Ok(default) };
        // i128 holds every integer that JSON or a query may state, so that -1 is out of range and not another type.
        let number: Option<i128> = match &entry {
            Entry::Text(text) => text.parse().ok(),
            Entry::Json(Value::Number(number)) => whole(number),
            Entry::Json(_) => None,
        };
        let number = number.ok_or_else(|| Problem::wrong(name, format!("{} is no whole number", entry.shown()), permitted()))?;
        usize::try_from(number)
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| Problem::out_of_range(name, format!("{number} is outside of the range"), permitted()))
    }

    /// A number in a range, which holds for the number as given, before it is rounded.
    pub(super) fn number(&mut self, name: &str, range: RangeInclusive<f64>, default: f32) -> Result<f32, Problem> {
        let permitted = || format!("a number from {} to {}", range.start(), range.end());
        let Some(entry) = self.take(name) else { return Ok(default) };
        let number: Option<f64> = match &entry {
            Entry::Text(text) => text.parse().ok(),
            Entry::Json(Value::Number(number)) => number.as_f64(),
            Entry::Json(_) => None,
        };
        let number = number
            .filter(|number| number.is_finite())
            .ok_or_else(|| Problem::wrong(name, format!("{} is no number", entry.shown()), permitted()))?;
        if range.contains(&number) { Ok(number as f32) } else { Err(Problem::out_of_range(name, format!("{number} is outside of the range"), permitted())) }
    }

    /// Yes or no: `true` or `false`.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name) {
            None => Ok(false),
            Some(Entry::Json(Value::Bool(flag))) => Ok(flag),
            Some(Entry::Text(text)) if text == "true" => Ok(true),
            Some(Entry::Text(text)) if text == "false" => Ok(false),
            Some(other) => Err(Problem::wrong(name, format!("{} is neither true nor false", other.shown()), "true or false")),
        }
    }

    /// Several texts: comma-separated in a query string, an array in JSON; none of them is blank.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        let texts = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Entry::Text(text)) => text.split(',').map(|part| part.trim().to_owned()).collect(),
            Some(Entry::Json(Value::Array(values))) => values
                .into_iter()
                .map(|value| match value {
                    Value::String(text) => Ok(text),
                    other => Err(Problem::wrong(name, format!("{} is no text", quoted(&other.to_string())), "an array of texts")),
                })
                .collect::<Result<Vec<String>, Problem>>()?,
            Some(other) => return Err(Problem::wrong(name, format!("{} is no array of texts", other.shown()), "an array of texts")),
        };
        if texts.iter().any(|text| text.trim().is_empty()) {
            return Err(Problem::wrong(name, "a blank stands where a text is due: leave it out", "texts that are not blank"));
        }
        Ok(texts)
    }
}

/// The problem of a text that is too long.
pub(super) fn too_long(name: &str, bytes: usize, max_bytes: usize) -> Problem {
    Problem::out_of_range(name, format!("the text has {bytes} bytes: shorten it"), format!("at most {max_bytes} bytes"))
}

/// A JSON number that is whole, also when it is written as `7.0`.
fn whole(number: &serde_json::Number) -> Option<i128> {
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    exact.or_else(|| number.as_f64().filter(|number| number.fract() == 0.0).map(|number| number as i128))
}

fn decoded(text: &str) -> Option<String> {
    let plus = text.replace('+', " ");
    percent_decode(plus.as_bytes()).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["title", "limit", "explain", "emit", "p"];

    fn query(text: &str) -> Params {
        Params::from_query(text, KNOWN).expect(text)
    }

    #[test]
    fn query_strings() {
        let mut params = query("title=C%2B%2B+dev&limit=7&explain=true&emit=soc,%20isco&p=0.5");
        assert_eq!(params.required("title").expect("there"), "C++ dev");
        assert_eq!(params.integer("limit", 1..=50, 5).expect("in range"), 7);
        assert_eq!(params.list("emit").expect("a list"), ["soc", "isco"]);
        assert!(params.flag("explain").expect("a flag"));
        assert_eq!(params.number("p", 0.0..=1.0, 1.0).expect("in range"), 0.5);
        assert_eq!(params.integer("limit", 1..=50, 5).expect("taken out, so default"), 5);
    }

    #[test]
    fn bodies_permit_what_queries_permit() {
        let body = br#"{"title":"x","limit":7.0,"explain":true,"emit":["soc"],"p":null}"#;
        let mut params = Params::from_json(body, KNOWN).expect("known names");
        assert_eq!(params.text("title").expect("text").as_deref(), Some("x"));
        assert_eq!(params.integer("limit", 1..=50, 5).expect("in range"), 7);
        assert!(params.flag("explain").expect("a flag"));
        assert_eq!(params.list("emit").expect("a list"), ["soc"]);
        assert_eq!(params.number("p", 0.0..=1.0, 0.25).expect("absent"), 0.25);
    }

    #[test]
    fn refusals_name_the_parameter_and_what_is_permitted() {
        let kind = |result: Result<Params, Problem>| result.expect_err("refused").kind;
        assert_eq!(kind(Params::from_query("titel=x", KNOWN)), Kind::UnknownParameter);
        assert_eq!(kind(Params::from_query("limit=1&limit=1", KNOWN)), Kind::RepeatedParameter);
        assert_eq!(kind(Params::from_query("title=%ff", KNOWN)), Kind::WrongParameter);
        assert_eq!(kind(Params::from_json(b"{", KNOWN)), Kind::Malformed);
        assert_eq!(kind(Params::from_json(b"[]", KNOWN)), Kind::WrongParameter);
        for (text, kind) in [("limit=0", Kind::OutOfRange), ("limit=51", Kind::OutOfRange), ("limit=-1", Kind::OutOfRange), ("limit=x", Kind::WrongParameter), ("limit=", Kind::WrongParameter)] {
            let problem = query(text).integer("limit", 1..=50, 5).expect_err(text);
            assert_eq!(problem.kind, kind, "{text}");
            let body = serde_json::to_value(problem.body(None)).expect("plain data");
            assert_eq!((body["parameter"].as_str(), body["permitted"].as_str()), (Some("limit"), Some("a whole number from 1 to 50")));
        }
        for text in ["emit=", "emit=soc,,isco", "emit=soc,", "emit=%20"] {
            assert_eq!(query(text).list("emit").expect_err(text).kind, Kind::WrongParameter, "{text}");
        }
        assert!(Params::from_json(br#"{"emit":[" "]}"#, KNOWN).expect("known names").list("emit").is_err());
        for above in ["0.9900000000000001", "1.0"] {
            let body = format!("{{\"p\":{above}}}");
            let problem = Params::from_json(body.as_bytes(), KNOWN).expect("known names").number("p", 0.5..=0.99, 0.5).expect_err(above);
            assert_eq!(problem.kind, Kind::OutOfRange, "{above}");
        }
        assert!(query("p=NaN").number("p", 0.0..=1.0, 0.0).is_err());
        assert!(query("explain=1").flag("explain").is_err() && query("explain").flag("explain").is_err());
        let body = br#"{"limit":1.5,"emit":"soc","title":3}"#;
        let mut params = Params::from_json(body, KNOWN).expect("known names");
        assert!(params.integer("limit", 1..=50, 5).is_err() && params.list("emit").is_err() && params.text("title").is_err());
    }
}
