//! What an answer was made from, as a mark that only this process can make: entity tags and the rows that cursors name.
//! Two visitors who may see different things never share a mark, and a mark tells nobody what is behind it.

use std::hash::{BuildHasher, Hash, RandomState};

use crate::visit::Visit;

/// Makes marks; those of another start of the service mean nothing here.
#[derive(Debug, Default)]
pub(crate) struct Marks(RandomState);

impl Marks {
    /// The mark of something.
    pub(crate) fn of(&self, thing: impl Hash) -> u64 {
        self.0.hash_one(thing)
    }

    /// The entity tag of what a visit asks for: the ledger's size and root, its rules, the day, what is asked for, and who sees it how.
    /// Weak (RFC 9110, 8.8.1): every answer says when it was made, and the rest is the same.
    pub(crate) fn tag(&self, visit: &Visit<'_>) -> String {
        let (frame, visitor) = (visit.desk().frame(), &visit.visitor);
        let ledger = (frame.size, &frame.root, &frame.rule_set, frame.today, visit.now.local_day());
        let seen = (&visitor.name, visitor.role.as_str(), &visitor.person, visitor.bounds.as_ref(), visitor.sees_individuals);
        let asked = (&visit.path, &visit.parts, visit.query.said(), visit.form.end());
        format!("W/\"{}-{:016x}\"", frame.size, self.of((env!("CARGO_PKG_VERSION"), ledger, seen, asked)))
    }
}

/// Whether a visitor has what a tag stands for.
pub(crate) fn has(sent: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    // `*` asks whether there is anything, which is not known before the page is made.
    sent.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_those_sent() {
        assert!(has("W/\"5-ab\"", "W/\"5-ab\"") && has("\"x\", \"5-ab\"", "W/\"5-ab\""));
        assert!(!has("W/\"5-ac\"", "W/\"5-ab\"") && !has("*", "W/\"5-ab\"") && !has("", "W/\"5-ab\""));
    }

    #[test]
    fn a_mark_holds_here_alone() {
        let (here, there) = (Marks::default(), Marks::default());
        assert_eq!(here.of("F-1"), here.of("F-1"));
        assert_ne!(here.of("F-1"), there.of("F-1"));
    }
}
