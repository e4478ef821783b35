//! What a form or an address says, as names and values in order.
//! Decodes; takes nothing for granted, and an empty value is no value.

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `a=1&b=2`, percent-encoded.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).map(|(k, v)| (k.into_owned(), v.trim().to_owned())).filter(|(_, v)| !v.is_empty()).collect())
    }

    /// The first value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(k, _)| k == name).map(|(_, v)| v.as_str()).collect()
    }

    /// A number.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name).and_then(|v| v.parse().ok())
    }

    /// Whether nothing was said.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every name with its value, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// The same with some names set to other values, or left out, as it stands after `?` in an address.
    pub(crate) fn but(&self, others: &[(&str, Option<&str>)]) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.pairs().filter(|(k, _)| others.iter().all(|(name, _)| name != k)));
        out.extend_pairs(others.iter().filter_map(|(name, value)| value.map(|value| (*name, value))));
        let said = out.finish();
        if said.is_empty() { said } else { format!("?{said}") }
    }

    /// As it stands after `?` in an address, with the question mark.
    pub(crate) fn said(&self) -> String {
        self.but(&[])
    }
}

/// A part of a path, encoded so that whatever stands in it stays one part.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b':' | b'@') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A part of a path, decoded; `None` where it is no UTF-8.
pub(crate) fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_said_again_and_one_value_is_changed() {
        let query = Query::parse(b"class=violation&q=a%26b&page=2&rule=");
        assert_eq!(query.get("q"), Some("a&b"));
        assert_eq!(query.get("rule"), None);
        assert_eq!(query.number::<usize>("page"), Some(2));
        assert_eq!(query.but(&[("page", Some("3")), ("rule", None)]), "?class=violation&q=a%26b&page=3");
        assert_eq!(Query::default().said(), "");
    }

    #[test]
    fn a_part_of_a_path_stays_one_part() {
        let strange = "a/b ?#%ü\u{0}";
        assert_eq!(decoded(&segment(strange)).as_deref(), Some(strange));
        assert!(!segment(strange).contains(['/', '?', '#']));
        assert_eq!(decoded("%zz"), None);
        assert_eq!(decoded("%f"), None);
    }
}
