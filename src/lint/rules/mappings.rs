//! Checks codes of other schemes: their shape and depth, their review and their scheme's version.

use crate::corpus::granularity;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::ReviewStatus;

/// Whether a code has the shape of its scheme; codes of unknown schemes always do.
pub(super) fn fits_scheme(scheme: &str, code: &str) -> bool {
    match scheme {
        "soc" | "isco" => !granularity(scheme, code).is_empty(),
        "onet" => code.split_once('.').is_some_and(|(soc, digits)| {
            granularity("soc", soc) != "" && digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
        }),
        "esco" => code.strip_prefix("http://data.europa.eu/esco/").is_some_and(|rest| match rest.split_once('/') {
            Some(("occupation", id)) => !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'),
            Some(("isco", group)) => group.starts_with('C') && granularity("isco", &group[1..]) != "",
            _ => false,
        }),
        _ => !code.trim().is_empty(),
    }
}

/// How a code of a scheme looks, for messages.
fn example(scheme: &str) -> &'static str {
    match scheme {
        "soc" => "15-1244",
        "onet" => "15-1244.00",
        "isco" => "2522",
        "esco" => "http://data.europa.eu/esco/occupation/ with its identifier",
        _ => "a code without blanks",
    }
}

/// Checks that a code has its scheme's shape.
pub(in crate::lint) fn code_format(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (owner, mapping, place) in source.mappings() {
        if !fits_scheme(&mapping.scheme, &mapping.code) {
            let message = format!("{:?} is no code of {}: write it like {}", mapping.code, mapping.scheme, example(&mapping.scheme));
            findings.add(place, owner, message);
        }
    }
}

/// Reports mappings to the top of a scheme, which say nearly nothing.
pub(in crate::lint) fn major_group(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (owner, mapping, place) in source.mappings() {
        let depth = granularity(&mapping.scheme, &mapping.code);
        if matches!(depth, "major" | "sub_major") || mapping.scheme == "soc" && depth == "minor" {
            let message = format!(
                "{} {} is a {} group and says nearly nothing: map the role to a broad or detailed code, or drop the mapping",
                mapping.scheme,
                mapping.code,
                depth.replace('_', "-"),
            );
            findings.add(place, owner, message);
        }
    }
}

/// Reports mappings that nobody judged; they are never given out as codes.
pub(in crate::lint) fn unreviewed(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (owner, mapping, place) in source.mappings() {
        if mapping.review_status == ReviewStatus::NeedsReview {
            let origin = if mapping.source.is_empty() { String::new() } else { format!(" (source {:?})", mapping.source) };
            let message = format!(
                "nobody judged the mapping to {} {}{origin}: judge it and set review_status to reviewed, or drop it",
                mapping.scheme, mapping.code
            );
            findings.add(place, owner, message);
        }
    }
}

/// Reports mappings whose scheme version is missing or not the taxonomy's.
pub(in crate::lint) fn version_unknown(source: &Source<'_>, findings: &mut Findings<'_>) {
    let current = &source.taxonomy.manifest.schemes;
    for (owner, mapping, place) in source.mappings() {
        let (scheme, version) = (&mapping.scheme, &mapping.scheme_version);
        let message = match current.get(scheme) {
            _ if version.is_empty() => {
                format!("the mapping to {scheme} {} names no version of the scheme: add scheme_version, or the scheme to the manifest's schemes", mapping.code)
            }
            Some(expected) if *version != **expected => {
                format!("the mapping is to {scheme} {version} and the taxonomy uses {expected}: map to the code in {expected}")
            }
            _ => continue,
        };
        findings.add(place, owner, message);
    }
}
