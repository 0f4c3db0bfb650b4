//! Turns configuration and headers into the address under which a client reaches the service.

use axum::http::{HeaderMap, HeaderName, header};

use crate::server::problem::{Kind, Problem};

/// Longest name of a host that is taken from a header, and longest prefix.
const MAX_PART_BYTES: usize = 255;

/// The address without a slash at its end: the configured one, else what proxies and the client say.
pub(super) fn base(configured: Option<&str>, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(url) = configured {
        return Ok(url.to_owned());
    }
    let (forwarded_scheme, forwarded_host) = forwarded(headers);
    let scheme = forwarded_scheme.or_else(|| first(headers, "x-forwarded-proto")).filter(|scheme| scheme == "https" || scheme == "http");
    let host = [forwarded_host, first(headers, "x-forwarded-host"), first(headers, header::HOST.as_str())].into_iter().flatten().find(|host| is_host(host));
    let host = host.ok_or_else(|| {
        let detail = "the request names no host: send the header, or start the service with --public-url URL";
        Problem::new(Kind::Malformed, detail).about("host").permitting("a host with or without a port")
    })?;
    let prefix = first(headers, "x-forwarded-prefix").filter(|prefix| is_prefix(prefix)).unwrap_or_default();
    Ok(format!("{}://{host}{}", scheme.as_deref().unwrap_or("http"), prefix.trim_end_matches('/')))
}

/// The first of the values that proxies have appended to a header: what the client itself asked for.
fn first(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(HeaderName::try_from(name).ok()?)?.to_str().ok()?;
    Some(value.split(',').next().unwrap_or_default().trim().to_owned())
}

/// Scheme and host of a Forwarded header (RFC 7239).
fn forwarded(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let element = first(headers, "forwarded").unwrap_or_default();
    let part = |wanted: &str| {
        element.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim_matches('"').to_owned())
        })
    };
    (part("proto").map(|scheme| scheme.to_ascii_lowercase()), part("host"))
}

/// Whether a text can stand as host and port in a URL without changing what comes after it.
fn is_host(text: &str) -> bool {
    (1..=MAX_PART_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

/// Whether a text can stand as the beginning of a path.
fn is_prefix(text: &str) -> bool {
    text.len() <= MAX_PART_BYTES && text.starts_with('/') && !text.contains("//") && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases: [(Option<&str>, &[(&str, &str)], Option<&str>); 12] = [
            (None, &[("host", "localhost:8080")], Some("http://localhost:8080")),
            (Some("https://x.org/r"), &[("host", "localhost:8080")], Some("https://x.org/r")),
            (None, &[("host", "a"), ("x-forwarded-host", "x.org"), ("x-forwarded-proto", "https")], Some("https://x.org")),
            (None, &[("host", "a"), ("x-forwarded-host", "x.org, inner"), ("x-forwarded-prefix", "/r/")], Some("http://x.org/r")),
            (None, &[("host", "a"), ("forwarded", "for=1.2.3.4;host=\"x.org:81\";proto=HTTPS, host=y")], Some("https://x.org:81")),
            (None, &[("host", "[::1]:80")], Some("http://[::1]:80")),
            (None, &[("host", "a"), ("x-forwarded-host", "x.org/\"><script>")], Some("http://a")),
            (None, &[("host", "a"), ("x-forwarded-proto", "javascript")], Some("http://a")),
            (None, &[("host", "a"), ("x-forwarded-prefix", "//evil.org")], Some("http://a")),
            (None, &[("host", "a"), ("x-forwarded-prefix", "/a?b")], Some("http://a")),
            (None, &[("host", "")], None),
            (None, &[], None),
        ];
        for (configured, pairs, expected) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), value.parse().expect("a value"));
            }
            assert_eq!(base(configured, &headers).ok().as_deref(), expected, "{pairs:?}");
        }
    }
}
