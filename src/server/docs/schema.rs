//! Turns JSON schemas into words and tables: what a value may be, in a phrase; what an object holds, row by row.

use serde_json::Value;

use super::html::{anchor, escaped, prose, table};

const PLACE: &str = "#/components/schemas/";

/// What a value may be, with links to the shapes named.
pub(super) fn phrase(schema: &Value) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix(PLACE)) {
        return format!("<a href=\"#schema-{}\">{}</a>", anchor(name), escaped(name));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(options) = schema.get(choice).and_then(Value::as_array) {
            return options.iter().map(phrase).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        return parts.iter().map(phrase).collect::<Vec<_>>().join(" and ");
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(|value| format!("<code>{}</code>", escaped(&plain(value)))).collect::<Vec<_>>().join(", ");
    }
    if let Some(value) = schema.get("const") {
        return format!("<code>{}</code>", escaped(&plain(value)));
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return "any value".to_owned(),
    };
    let phrases = names.into_iter().map(|name| match name {
        "array" => format!("array of {}", schema.get("items").map_or("any value".to_owned(), phrase)),
        "object" => match schema.get("additionalProperties") {
            Some(values) if values.is_object() => format!("object of {} by key", phrase(values)),
            _ => "object".to_owned(),
        },
        "null" => "null".to_owned(),
        "integer" => format!("whole number{}", limits(schema, "minimum", "maximum", "")),
        "number" => format!("number{}", limits(schema, "minimum", "maximum", "")),
        "string" => format!("text{}{}", limits(schema, "minLength", "maxLength", " letters"), pattern(schema)),
        "boolean" => "true or false".to_owned(),
        other => escaped(other),
    });
    phrases.collect::<Vec<_>>().join(" or ")
}

fn limits(schema: &Value, min: &str, max: &str, unit: &str) -> String {
    match (schema.get(min).map(plain), schema.get(max).map(plain)) {
        (Some(min), Some(max)) => format!(", {min} to {max}{unit}"),
        (Some(min), None) => format!(", from {min}{unit}"),
        (None, Some(max)) => format!(", up to {max}{unit}"),
        (None, None) => String::new(),
    }
}

fn pattern(schema: &Value) -> String {
    schema.get("pattern").and_then(Value::as_str).map(|pattern| format!(" like <code>{}</code>", escaped(pattern))).unwrap_or_default()
}

/// A value as people write it: texts without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The section of one shape.
pub(super) fn section(name: &str, schema: &Value) -> String {
    let mut members = Vec::new();
    gather(schema, &mut members);
    let description = text(schema, "description");
    let shape = if members.is_empty() { format!("<p>{}</p>", phrase(schema)) } else { String::new() };
    let also = bases(schema);
    let rows: Vec<Vec<String>> = members.into_iter().map(|(name, member, is_required)| row(name, member, is_required)).collect();
    let table = table(&format!("Members of {name}"), &["Member", "Value", "Meaning"], &rows);
    format!(
        "<details class=\"shape\"><summary><span class=\"code\">{}</span> {}</summary><div id=\"schema-{}\">{shape}{also}{table}</div></details>",
        escaped(name),
        prose(description),
        // Inside, so that a link to it opens it.
        anchor(name),
    )
}

/// Members of an object, those of its parts included.
fn gather<'a>(schema: &'a Value, members: &mut Vec<(&'a str, &'a Value, bool)>) {
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        gather(part, members);
    }
    let required: Vec<&str> = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    members.extend(properties.map(|(name, member)| (name.as_str(), member, required.contains(&name.as_str()))));
}

/// The shapes whose members an object has too.
fn bases(schema: &Value) -> String {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let links: Vec<String> = parts.filter(|part| part.get("$ref").is_some()).map(phrase).collect();
    if links.is_empty() { String::new() } else { format!("<p>With the members of {}.</p>", links.join(" and ")) }
}

fn row(name: &str, member: &Value, is_required: bool) -> Vec<String> {
    let absent = if is_required { "" } else { " <span class=\"muted\">may be absent or null</span>" };
    vec![format!("<code>{}</code>", escaped(name)), format!("{}{absent}", phrase(member)), prose(text(member, "description"))]
}

/// A text of a schema, also where it stands beside a reference in a choice.
pub(super) fn text<'a>(schema: &'a Value, name: &str) -> &'a str {
    let own = schema.get(name).and_then(Value::as_str);
    let chosen = || schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().find_map(|option| option.get(name).and_then(Value::as_str));
    own.or_else(chosen).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_in_words() {
        for (schema, expected) in [
            (json!({ "type": "string", "maxLength": 5 }), "text, up to 5 letters"),
            (json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 9 }), "whole number, 1 to 9 or null"),
            (json!({ "type": "array", "items": { "$ref": "#/components/schemas/RoleCode" } }), "array of <a href=\"#schema-rolecode\">RoleCode</a>"),
            (json!({ "oneOf": [{ "type": "number" }, { "type": "boolean" }] }), "number or true or false"),
            (json!({ "type": "object", "additionalProperties": { "type": "integer" } }), "object of whole number by key"),
            (json!({ "type": "string", "enum": ["a", "b<"] }), "<code>a</code>, <code>b&lt;</code>"),
            (json!({}), "any value"),
        ] {
            assert_eq!(phrase(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn members_of_parts_are_shown() {
        let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Named" }, { "type": "object", "required": ["score"], "properties": { "score": { "type": "number" } } }] });
        let html = section("Candidate", &schema);
        assert!(html.contains("With the members of <a href=\"#schema-named\">") && html.contains("<code>score</code>") && !html.contains("may be absent"), "{html}");
    }
}
