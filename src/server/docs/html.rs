//! Turns texts into HTML: escaped, with `code` between backticks and paths of the service as they are written.

/// Text as HTML, in content and in attributes.
pub(in crate::server) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
    }
    html
}

/// Prose: escaped, with backticks as code.
pub(super) fn prose(text: &str) -> String {
    let mut html = String::new();
    for (number, part) in text.split('`').enumerate() {
        if number % 2 == 1 {
            html.push_str(&format!("<code>{}</code>", escaped(part)));
        } else {
            html.push_str(&escaped(part));
        }
    }
    html.replace('\n', " ")
}

/// A paragraph, or nothing for no text.
pub(super) fn paragraph(class: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<p{class}>{}</p>", prose(text))
}

/// A name that can stand in an `id` and in a link to it.
pub(super) fn anchor(text: &str) -> String {
    let letters: String = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect();
    letters.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// A table whose first column is the head of its row; nothing without rows. It scrolls by itself when it is too wide.
pub(super) fn table(label: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let mut body = String::new();
    for row in rows {
        body.push_str("<tr>");
        for (number, cell) in row.iter().enumerate() {
            if number == 0 { body.push_str(&format!("<th scope=\"row\">{cell}</th>")) } else { body.push_str(&format!("<td>{cell}</td>")) }
        }
        body.push_str("</tr>");
    }
    let label = escaped(label);
    format!("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_html() {
        assert_eq!(escaped("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c");
        assert_eq!(prose("see `a<b` & c"), "see <code>a&lt;b</code> &amp; c");
        assert_eq!(anchor("get /v1/roles/{code}"), "get-v1-roles-code");
        assert_eq!((paragraph("", ""), table("x", &["a"], &[])), (String::new(), String::new()));
    }
}
