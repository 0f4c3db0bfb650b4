//! Turns a code of a scheme into the depth at which it stands there.

/// Minor groups of the 2018 Standard Occupational Classification that do not end in 000: their major groups have more than
/// nine broad groups, so the minor group takes another digit.
pub(crate) const LONG_SOC_MINOR_GROUPS: [&str; 3] = ["15-1200", "31-1100", "51-5100"];

/// The depth of a code: `major`, `minor`, `broad` or `detailed` for SOC; `major`, `sub_major`, `minor` or `unit` for ISCO;
/// `occupation` for O*NET and ESCO occupations. Empty for other schemes and for codes of another shape.
///
/// ```
/// assert_eq!(rolecall::corpus::granularity("soc", "15-0000"), "major");
/// assert_eq!(rolecall::corpus::granularity("isco", "2522"), "unit");
/// ```
pub fn granularity(scheme: &str, code: &str) -> &'static str {
    match scheme {
        "soc" => soc(code),
        "isco" => isco(code),
        "onet" => "occupation",
        "esco" => code.rsplit_once("/isco/C").map_or("occupation", |(_, digits)| isco(digits)),
        _ => "",
    }
}

fn soc(code: &str) -> &'static str {
    let bytes = code.as_bytes();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if bytes.len() != 7 || bytes[2] != b'-' || !digits(&bytes[..2]) || !digits(&bytes[3..]) {
        return "";
    }
    match &code[3..] {
        "0000" => "major",
        rest if rest.ends_with("00") => "minor",
        rest if rest.ends_with('0') => "broad",
        _ => "detailed",
    }
}

fn isco(code: &str) -> &'static str {
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return "";
    }
    match code.len() {
        1 => "major",
        2 => "sub_major",
        3 => "minor",
        4 => "unit",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_of_a_code() {
        for (scheme, code, expected) in [
            ("soc", "15-0000", "major"),
            ("soc", "15-2000", "minor"),
            ("soc", "15-1200", "minor"),
            ("soc", "15-1240", "broad"),
            ("soc", "15-1244", "detailed"),
            ("soc", "15-124", ""),
            ("soc", "ü5-1244", ""),
            ("isco", "2", "major"),
            ("isco", "25", "sub_major"),
            ("isco", "252", "minor"),
            ("isco", "0110", "unit"),
            ("isco", "25220", ""),
            ("onet", "15-1244.00", "occupation"),
            ("esco", "http://data.europa.eu/esco/occupation/1", "occupation"),
            ("esco", "http://data.europa.eu/esco/isco/C252", "minor"),
            ("own", "1", ""),
        ] {
            assert_eq!(granularity(scheme, code), expected, "{scheme} {code}");
        }
        assert!(LONG_SOC_MINOR_GROUPS.iter().all(|code| granularity("soc", code) == "minor"));
    }
}
