//! Names of individuals that a pack does not disclose, replaced wherever a text would tell them.
//! Refuses to guess: an id is replaced where it stands as a word of its own.

use std::collections::BTreeMap;

use serde_json::Value;

/// Names to be replaced, and by what.
#[derive(Debug, Default)]
pub(crate) struct Mask(BTreeMap<String, String>);

impl Mask {
    /// From now on this name is not told.
    pub(crate) fn hide(&mut self, name: &str, pseudonym: &[u8; 16]) {
        let digits: String = pseudonym.iter().map(|byte| format!("{byte:02x}")).collect();
        self.0.insert(name.to_owned(), format!("pseudonym:{digits}"));
    }

    /// How many names.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The text without these names.
    pub(crate) fn text(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(|c| !in_id(c)).unwrap_or(rest.len());
            let (id, after) = rest.split_at(word);
            // A full stop or colon behind an id belongs to the sentence, unless the id has it.
            let bare = id.trim_end_matches(['.', ':']);
            match (self.0.get(id), self.0.get(bare)) {
                (Some(hidden), _) => masked.push_str(hidden),
                (None, Some(hidden)) => {
                    masked.push_str(hidden);
                    masked.push_str(&id[bare.len()..]);
                }
                (None, None) => masked.push_str(id),
            }
            let gap = after.find(in_id).unwrap_or(after.len());
            masked.push_str(&after[..gap]);
            rest = &after[gap..];
        }
        masked
    }

    /// Every text in a JSON value without these names.
    pub(crate) fn json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| self.json(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn in_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_words_and_only_as_words() {
        let mut mask = Mask::default();
        mask.hide("I-1", &[0xab; 16]);
        let hidden = format!("pseudonym:{}", "ab".repeat(16));
        assert_eq!(mask.text("contact of I-1, and I-1. Not I-11 or XI-1: I-1"), format!("contact of {hidden}, and {hidden}. Not I-11 or XI-1: {hidden}"));
        let mut json = serde_json::json!({"about": {"individual": "I-1"}, "n": 1, "list": ["I-1", "I-2"]});
        mask.json(&mut json);
        assert_eq!(json, serde_json::json!({"about": {"individual": hidden}, "n": 1, "list": [hidden, "I-2"]}));
    }
}
