//! Group resources that stand on their own: who belongs to a group, for the sessions that name it, which may lie in another file or before it.
//! Gathered before anything is read, within a bound; an encounter whose group is not among them is refused, never a session of nobody.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use domain::{ValidAt, ValidDay};
use memchr::memmem;

use crate::reader::MAX_NESTED;
use crate::resource::{Bundle, Entry, Group, Period, Str, kind_of};
use crate::texts::{Piece, Texts};

/// Members of all groups together that are held in memory; a large agency has some thousands.
const MAX_MEMBERS: usize = 1_000_000;

/// The most members of a group that sessions are held against one by one; no group of people is as large.
pub(crate) const MAX_OF_GROUP: usize = 5_000;

/// Members by the id of their group.
#[derive(Debug, Default)]
pub struct Groups {
    by_id: BTreeMap<String, Vec<Member>>,
    members: usize,
}

/// Somebody who belongs to a group, and when.
#[derive(Debug, Clone)]
struct Member {
    id: Arc<str>,
    from: Option<ValidDay>,
    to: Option<ValidDay>,
}

impl Groups {
    /// Takes in the groups of a file. What is wrong with the file, its reader tells; here it is only the end.
    ///
    /// # Errors
    /// What the reader gives.
    pub fn gather(&mut self, reader: impl Read) -> io::Result<()> {
        let named = memmem::Finder::new(b"\"Group\"");
        let mut texts = Texts::new(reader);
        while let Some(piece) = texts.next_piece()? {
            if let Piece::Text(_, bytes) = piece
                && named.find(bytes).is_some()
                && let Ok(text) = std::str::from_utf8(bytes)
            {
                self.text(text, 0);
            }
        }
        Ok(())
    }

    /// A resource, a bundle, or an entry of one, within so many bundles and entries; what lies deeper, its reader refuses.
    fn text(&mut self, text: &str, depth: usize) {
        if depth > 2 * MAX_NESTED {
            return;
        }
        match kind_of(text).ok().flatten().as_deref() {
            Some("Group") => {
                if let Ok(group) = serde_json::from_str::<Group<'_>>(text) {
                    self.add(&group);
                }
            }
            Some("Bundle") => {
                if let Ok(bundle) = serde_json::from_str::<Bundle<'_>>(text) {
                    bundle.entry.iter().for_each(|entry| self.text(entry.get(), depth + 1));
                }
            }
            Some(_) => {}
            None => {
                if let Ok(Entry { resource: Some(resource), .. }) = serde_json::from_str::<Entry<'_>>(text) {
                    self.text(resource.get(), depth + 1);
                }
            }
        }
    }

    fn add(&mut self, group: &Group<'_>) {
        let Some(id) = group.id.as_ref().map(Str::as_str).filter(|_| self.members + group.member.len() <= MAX_MEMBERS) else { return };
        let day = |text: &Option<Str<'_>>| text.as_ref().and_then(|t| day(t.as_str()));
        let member = |(who, Period { start, end }): (&str, &Period<'_>)| Member { id: who.into(), from: day(start), to: day(end) };
        let members: Vec<Member> = group.active().map(member).collect();
        self.members += members.len();
        self.by_id.insert(id.to_owned(), members);
    }

    /// How many belong to a group; `None` if there is no such group.
    pub(crate) fn size_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).map(Vec::len)
    }

    /// Who belonged to a group on a day; `None` if there is no such group.
    pub(crate) fn members_on(&self, id: &str, on: Option<ValidDay>) -> Option<impl Iterator<Item = &str>> {
        let members = self.by_id.get(id)?;
        let there = move |m: &&Member| on.is_none_or(|on| m.from.is_none_or(|from| from <= on) && m.to.is_none_or(|to| on <= to));
        Some(members.iter().filter(there).map(|m| m.id.as_ref()))
    }
}

/// The local day of a date or an instant.
pub(crate) fn day(text: &str) -> Option<ValidDay> {
    ValidDay::parse(text).or_else(|| ValidAt::parse(text).map(ValidAt::local_day))
}
