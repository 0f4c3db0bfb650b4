//! Turns a JSON object into its members as they are written, so that a number keeps every digit.

/// The members of an object's text: name and raw value. `None` when the text is no JSON object.
pub(super) fn members(text: &str) -> Option<Vec<(String, &str)>> {
    if !text.trim_start().starts_with('{') || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return None;
    }
    // The text is known to be sound, so every cut below falls where one is expected.
    let mut rest = text.trim().strip_prefix('{')?.trim_start();
    let mut found = Vec::new();
    while !rest.starts_with('}') {
        let name_end = value_end(rest);
        let name: String = serde_json::from_str(&rest[..name_end]).ok()?;
        rest = rest[name_end..].trim_start().strip_prefix(':')?.trim_start();
        let end = value_end(rest);
        found.push((name, rest[..end].trim_end()));
        rest = rest[end..].trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(found)
}

/// Where the value at the start of a sound JSON text ends.
fn value_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    in_string = false;
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' | b':' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// A raw value as the text of a cell: strings without their quotes, null as nothing, all else as written.
pub(super) fn cell(raw: &str) -> String {
    if raw == "null" {
        return String::new();
    }
    if raw.starts_with('"') {
        return serde_json::from_str(raw).unwrap_or_default();
    }
    raw.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_what_was_written() {
        let found = members(r#" {"a": "x, \"y\" }", "n":12345678901234567890123.10 ,"o":{"k":[1,{"z":"]"}]}, "l":[ ] ,"t":true,"u":null} "#);
        let expected = [
            ("a", r#""x, \"y\" }""#),
            ("n", "12345678901234567890123.10"),
            ("o", r#"{"k":[1,{"z":"]"}]}"#),
            ("l", "[ ]"),
            ("t", "true"),
            ("u", "null"),
        ];
        let found = found.expect("it is an object");
        assert_eq!(found.iter().map(|(name, raw)| (name.as_str(), *raw)).collect::<Vec<_>>(), expected);
        assert_eq!(cell(found[0].1), "x, \"y\" }");
        assert_eq!([cell("null"), cell("12.50"), cell(r#""ä""#)], ["", "12.50", "ä"]);
    }

    #[test]
    fn refuses_all_else() {
        for text in ["", "[]", "{", "{\"a\":}", "\"a\"", "{\"a\":1} x", "{'a':1}"] {
            assert_eq!(members(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_any_object(keys in proptest::collection::vec(("[a-z\"\\\\{}:,é]{0,6}", "[ -~é\\n]{0,12}"), 0..5)) {
            let text = format!(
                "{{{}}}",
                keys.iter().map(|(key, value)| format!("{}:{}", serde_json::json!(key), serde_json::json!([value]))).collect::<Vec<_>>().join(" , ")
            );
            let found = members(&text).expect("it is an object");
            let expected: Vec<(String, String)> = keys.iter().map(|(key, value)| (key.clone(), serde_json::json!([value]).to_string())).collect();
            prop_assert_eq!(found.into_iter().map(|(key, raw)| (key, raw.to_owned())).collect::<Vec<_>>(), expected);
        }
    }
}
