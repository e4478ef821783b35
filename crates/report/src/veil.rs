//! Individuals' ids replaced by others in a whole document, wherever a cell or a sentence would tell them.
//! Hides ids and nothing else: who is meant can still be told apart, and a reader who may know asks for it.

use crate::document::{Block, Cell, Document, Table, Thing};
use crate::figure::Figure;

/// What an individual's id is shown as; nothing for words that are no individual's id.
pub type Veil<'v> = dyn Fn(&str) -> Option<String> + 'v;

/// A sentence with the ids in it replaced.
pub fn sentence(text: &str, veil: &Veil<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if in_id(c) {
            word.push(c);
            continue;
        }
        push(&mut out, &word, veil);
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn in_id(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@' | '#')
}

/// A word, replaced if it is an id; the dot or colon at the end of a sentence is none of it.
fn push(out: &mut String, word: &str, veil: &Veil<'_>) {
    if let Some(hidden) = veil(word) {
        out.push_str(&hidden);
        return;
    }
    let bare = word.trim_end_matches(['.', ':', '/', '-']);
    match veil(bare).filter(|_| !bare.is_empty()) {
        Some(hidden) => {
            out.push_str(&hidden);
            out.push_str(&word[bare.len()..]);
        }
        None => out.push_str(word),
    }
}

impl Document {
    /// The document with individuals' ids replaced.
    #[must_use]
    pub fn veiled(mut self, veil: &Veil<'_>) -> Self {
        self.title = sentence(&self.title, veil);
        self.name = sentence(&self.name, veil);
        for block in self.blocks.iter_mut().chain(&mut self.aside) {
            match block {
                Block::Heading(text) | Block::Prose(text) | Block::Notice(text) => *text = sentence(text, veil),
                Block::List(lines) => lines.iter_mut().for_each(|line| *line = sentence(line, veil)),
                Block::Facts(facts) => facts.iter_mut().for_each(|(_, value)| cell(value, veil)),
                Block::Table(table) => veil_table(table, veil),
                Block::Figure(figure) => veil_figure(figure, veil),
            }
        }
        self
    }
}

fn veil_table(table: &mut Table, veil: &Veil<'_>) {
    table.caption = sentence(&table.caption, veil);
    table.rows.iter_mut().flatten().for_each(|value| cell(value, veil));
}

fn veil_figure(figure: &mut Figure, veil: &Veil<'_>) {
    figure.title = sentence(&figure.title, veil);
    figure.says = sentence(&figure.says, veil);
    figure.words_mut().for_each(|text| *text = sentence(text, veil));
    veil_table(&mut figure.twin, veil);
}

fn cell(value: &mut Cell, veil: &Veil<'_>) {
    match value {
        Cell::Text(text) => *text = sentence(text, veil),
        // The id of a rule or of somebody on the staff may be the word of something hidden, and hides nothing itself.
        Cell::Id(thing, id) if hides(*thing) => hide(id, veil),
        Cell::Named(thing, id, words) => {
            *words = sentence(words, veil);
            if hides(*thing) {
                hide(id, veil);
            }
        }
        Cell::Ids(thing, ids) if hides(*thing) => ids.iter_mut().for_each(|id| hide(id, veil)),
        Cell::Empty
        | Cell::Id(..)
        | Cell::Ids(..)
        | Cell::Day(_)
        | Cell::Instant(_)
        | Cell::Money(_)
        | Cell::Count(_)
        | Cell::Days(_)
        | Cell::Class(_)
        | Cell::Seq(_)
        | Cell::Hash(_)
        | Cell::Answer(_) => {}
    }
}

fn hides(thing: Thing) -> bool {
    matches!(thing, Thing::Individual | Thing::Contact | Thing::Claim)
}

fn hide(id: &mut String, veil: &Veil<'_>) {
    if let Some(hidden) = veil(id) {
        *id = hidden;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_hidden_wherever_it_stands_and_no_part_of_another_word_is() {
        let veil = |word: &str| (word == "I-3").then(|| "hidden-1".to_owned());
        assert_eq!(sentence("contact of I-3, then I-3.", &veil), "contact of hidden-1, then hidden-1.");
        assert_eq!(sentence("I-3", &veil), "hidden-1");
        assert_eq!(sentence("I-33 and PI-3", &veil), "I-33 and PI-3");
        assert_eq!(sentence("(I-3): seen", &veil), "(hidden-1): seen");
        assert_eq!(sentence("", &veil), "");
    }
}
