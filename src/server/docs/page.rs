//! Turns the description of the paths into a page that needs nothing but the page's own style.

use serde_json::{Map, Value};

use super::html::{anchor, escaped, paragraph, prose, table};
use super::schema::{self, phrase, plain, text};
use crate::server::problem::Kind;

/// Methods in the order in which a path shows them.
const METHODS: [&str; 2] = ["get", "post"];

/// One method of one path.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    spec: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> String {
        anchor(&format!("{} {}", self.method, self.path))
    }

    fn tag(&self) -> &str {
        self.spec.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str).unwrap_or_default()
    }

    fn parameters(&self) -> &[Value] {
        self.spec.get("parameters").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// The whole page.
pub(super) fn page(description: &Value) -> String {
    let operations: Vec<Operation> = members(description, "/paths")
        .flat_map(|(path, methods)| METHODS.into_iter().filter_map(move |method| Some(Operation { method, path, spec: methods.get(method)? })))
        .collect();
    let tags: Vec<(&str, &str)> = list(description, "tags").iter().map(|tag| (text(tag, "name"), text(tag, "description"))).collect();
    let mut contents = String::new();
    let mut sections = String::new();
    for (tag, about) in &tags {
        let own: Vec<&Operation> = operations.iter().filter(|operation| operation.tag() == *tag).collect();
        let links: String = own.iter().map(|operation| format!("<li><a href=\"#{}\">{}</a></li>", operation.id(), name(operation))).collect();
        contents.push_str(&format!("<h2><a href=\"#tag-{0}\">{1}</a></h2><ul>{links}</ul>", anchor(tag), capital(tag)));
        let articles: String = own.iter().map(|operation| article(operation)).collect();
        sections.push_str(&format!("<section id=\"tag-{}\"><h2>{}</h2>{}{articles}</section>", anchor(tag), capital(tag), paragraph("muted", about)));
    }
    let shapes: String = members(description, "/components/schemas").map(|(name, shape)| schema::section(name, shape)).collect();
    let info = &description["info"];
    format!(
        include_str!("page.html"),
        about = prose(text(info, "description")),
        version = escaped(text(info, "version")),
        openapi = escaped(text(description, "openapi")),
        contents = contents,
        sections = sections,
        problems = problems(),
        shapes = shapes,
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).map_or_else(String::new, |text| escaped(&text))
}

/// Method and path, with places to break a long one.
fn name(operation: &Operation) -> String {
    let path = escaped(operation.path).replace('/', "<wbr>/");
    format!("<span class=\"method {0}\">{1}</span> <code>{path}</code>", operation.method, operation.method.to_uppercase())
}

fn article(operation: &Operation) -> String {
    let spec = operation.spec;
    let rows: Vec<Vec<String>> = operation.parameters().iter().map(parameter).collect();
    let parameters = table(&format!("Parameters of {} {}", operation.method, operation.path), &["Parameter", "Value", "Meaning"], &rows);
    format!(
        "<article id=\"{id}\"><h3>{name}</h3><p class=\"summary\">{summary}</p>{description}{example}{parameters}{body}{responses}</article>",
        id = operation.id(),
        name = name(operation),
        summary = prose(text(spec, "summary")),
        description = paragraph("", text(spec, "description")),
        example = example(operation),
        body = body(operation),
        responses = responses(operation),
    )
}

fn parameter(parameter: &Value) -> Vec<String> {
    let shape = &parameter["schema"];
    let required = if parameter["required"] == true { " <span class=\"chip warn\">required</span>" } else { "" };
    let place = if parameter["in"] == "path" { " <span class=\"muted\">in the path</span>" } else { "" };
    let default = shape.get("default").map(|default| format!("; <code>{}</code> when absent", escaped(&plain(default)))).unwrap_or_default();
    let comma = if parameter["explode"] == false && shape["type"] == "array" { ", separated by commas" } else { "" };
    vec![
        format!("<code>{}</code>{required}{place}", escaped(text(parameter, "name"))),
        format!("{}{comma}{default}", phrase(shape)),
        prose(text(parameter, "description")),
    ]
}

/// A request that can be made as it stands: a link for what is only read.
fn example(operation: &Operation) -> String {
    if operation.method != "get" {
        return String::new();
    }
    let given: Vec<(&str, String)> =
        operation.parameters().iter().filter_map(|parameter| Some((text(parameter, "name"), joined(parameter.get("example")?)))).collect();
    let is_given = |parameter: &&Value| given.iter().any(|(name, _)| *name == text(parameter, "name"));
    if operation.parameters().iter().filter(|parameter| parameter["required"] == true).any(|parameter| !is_given(&parameter)) {
        return String::new();
    }
    let mut path = operation.path.to_owned();
    let mut query = Vec::new();
    for (name, value) in given {
        let value = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC).to_string();
        let place = format!("{{{name}}}");
        if path.contains(&place) {
            path = path.replace(&place, &value);
        } else {
            query.push(format!("{name}={value}"));
        }
    }
    if path.contains('{') {
        return String::new();
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let address = escaped(&format!("{path}{query}"));
    format!("<p class=\"try\">Try <a href=\".{address}\"><code>{address}</code></a></p>")
}

fn joined(example: &Value) -> String {
    example.as_array().map_or_else(|| plain(example), |values| values.iter().map(plain).collect::<Vec<_>>().join(","))
}

fn body(operation: &Operation) -> String {
    let label = format!("Body of {} {}", operation.method, operation.path);
    let rows: Vec<Vec<String>> = members(operation.spec, "/requestBody/content").map(|(media_type, content)| vec![format!("<code>{}</code>", escaped(media_type)), phrase(&content["schema"])]).collect();
    if rows.is_empty() { String::new() } else { format!("<h4>Body</h4>{}", table(&label, &["Media type", "Value"], &rows)) }
}

fn responses(operation: &Operation) -> String {
    let mut rows = Vec::new();
    for (status, response) in members(operation.spec, "/responses") {
        let kinds: Vec<String> =
            members(response, "/content").map(|(media_type, content)| format!("{} as <code>{}</code>", phrase(&content["schema"]), escaped(media_type))).collect();
        rows.push(vec![format!("<code>{}</code>", escaped(status)), prose(text(response, "description")), kinds.join("<br>")]);
    }
    let label = format!("Answers of {} {}", operation.method, operation.path);
    format!("<h4>Answers</h4>{}", table(&label, &["Status", "Meaning", "Value"], &rows))
}

/// Every sort of problem.
fn problems() -> String {
    let rows: Vec<Vec<String>> = Kind::ALL
        .into_iter()
        .map(|kind| vec![format!("<code>{}</code>", kind.status().as_u16()), format!("<code>urn:rolecall:problem:{}</code>", kind.name()), prose(kind.title())])
        .collect();
    table("Problems", &["Status", "Type", "Meaning"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_and_every_link_is_on_the_page() {
        let description = serde_json::to_value(super::super::description()).expect("plain data");
        let page = page(&description);
        for (path, _) in members(&description, "/paths") {
            assert!(page.contains(&escaped(path).replace('/', "<wbr>/")), "{path}");
        }
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let links: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.len() > 100);
        for link in links {
            assert_eq!(ids.iter().filter(|id| **id == link).count(), 1, "#{link}");
        }
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"), "nothing from elsewhere");
    }

    #[test]
    fn examples_can_be_asked() {
        let description = serde_json::to_value(super::super::description()).expect("plain data");
        let page = page(&description);
        assert!(page.contains("href=\"./v1/match?title=Sr%2E%20DevOps"), "a query");
        assert!(page.contains("href=\"./v1/roles/DEI%2EGEN%2EP5\""), "a path");
    }
}
