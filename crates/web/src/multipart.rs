//! Forms that send files (RFC 7578), read from memory: fields as names and values, files as bytes under the names they were sent with.
//! Refuses what does not end as it began; nothing of a name is believed but its letters.

use crate::query::Query;

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Of which field.
    pub(crate) field: String,
    /// Its name, made plain: letters, digits, `-`, `_` and `.`, no folder, and no dot at its head.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// The boundary in a content type, if it is that of a form with files.
pub(crate) fn boundary(kind: &str) -> Option<String> {
    let (media, rest) = kind.split_once(';')?;
    if !media.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"');
    (!value.is_empty() && value.len() <= 70).then(|| value.to_owned())
}

/// Fields and files of a body; `None` where it is none, or was cut off.
pub(crate) fn read(body: &[u8], boundary: &str) -> Option<(Query, Vec<Sent>)> {
    let mark = format!("--{boundary}").into_bytes();
    let between = [b"\r\n".as_slice(), &mark].concat();
    let mut rest = body.strip_prefix(mark.as_slice())?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let head = find(rest, b"\r\n\r\n")?;
        let (said, after) = (std::str::from_utf8(&rest[..head]).ok()?, &rest[head + 4..]);
        let end = find(after, &between)?;
        let bytes = &after[..end];
        let disposition = said.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        let field = parameter(disposition, "name")?;
        match parameter(disposition, "filename") {
            // A file field that nobody filled in comes with an empty name.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => files.push(Sent { field, name: plain(&name), bytes: bytes.to_vec() }),
            None => fields.push((field, String::from_utf8(bytes.to_vec()).ok()?)),
        }
        rest = &after[end + between.len()..];
    }
    let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Some((Query::parse(encoded.as_bytes()), files))
}

/// The first place of some bytes in others.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|b| *b == first) {
        if bytes[from + at..].starts_with(what) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// A parameter of a header, `name="value"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        (key == name).then(|| value.trim_matches('"').replace("%22", "\""))
    })
}

/// A name that stays in its folder whatever was sent.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let letters: String = last.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).take(120).collect();
    let bare = letters.trim_start_matches('.');
    if bare.is_empty() { "file".to_owned() } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn body(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut out = String::new();
        for (disposition, text) in parts {
            out.push_str(&format!("--B\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"));
        }
        format!("{out}--B--\r\n").into_bytes()
    }

    #[test]
    fn fields_and_files_come_apart() {
        let sent = body(&[("name=\"form_token\"", "abc"), ("name=\"file\"; filename=\"a/../b c.csv\"", "x,y\r\n--C\r\n1,2\r\n"), ("name=\"file\"; filename=\"\"", "")]);
        let (fields, files) = read(&sent, "B").unwrap();
        assert_eq!(fields.get("form_token"), Some("abc"));
        assert_eq!(files, [Sent { field: "file".to_owned(), name: "b_c.csv".to_owned(), bytes: b"x,y\r\n--C\r\n1,2\r\n".to_vec() }]);
        assert_eq!(boundary("multipart/form-data; boundary=\"B\"").as_deref(), Some("B"));
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
    }

    #[test]
    fn what_was_cut_off_anywhere_is_nothing() {
        let sent = body(&[("name=\"a\"", "1"), ("name=\"file\"; filename=\"b\"", "bytes")]);
        let whole = sent.len() - "--\r\n".len();
        assert!((0..whole).all(|end| read(&sent[..end], "B").is_none()));
        assert!(read(&sent, "other").is_none());
    }

    #[test]
    fn a_name_leads_nowhere() {
        for (name, kept) in [("..", "file"), ("../../etc/passwd", "passwd"), ("C:\\exports\\claims.837", "claims.837"), (".hidden", "hidden"), ("a\u{0}b", "a_b"), ("", "file")] {
            assert_eq!(plain(name), kept);
        }
    }
}
