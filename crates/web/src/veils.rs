//! Under what names individuals stand on a page of somebody who has not asked who they are.
//! The names hold until the service is started again and are told to nobody else; they are no pseudonyms to publish.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{PoisonError, RwLock};

/// Names given so far.
#[derive(Debug, Default)]
pub(crate) struct Veils {
    secret: RandomState,
    given: RwLock<HashMap<String, String>>,
}

/// What every such name begins with.
const PREFIX: &str = "hidden-";
/// Letters that cannot be taken for each other.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Veils {
    /// The name under which an individual stands.
    pub(crate) fn name(&self, id: &str) -> String {
        let mut hash = self.secret.hash_one(id);
        let mut name = PREFIX.to_owned();
        for _ in 0..8 {
            name.push(char::from(LETTERS[usize::try_from(hash % 32).unwrap_or(0)]));
            hash /= 32;
        }
        let known = self.given.read().unwrap_or_else(PoisonError::into_inner).contains_key(&name);
        if !known {
            self.given.write().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), id.to_owned());
        }
        name
    }

    /// The individual who stands under a name, or the word itself.
    pub(crate) fn who(&self, word: &str) -> String {
        if !word.starts_with(PREFIX) {
            return word.to_owned();
        }
        self.given.read().unwrap_or_else(PoisonError::into_inner).get(word).cloned().unwrap_or_else(|| word.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_here_and_says_nothing_elsewhere() {
        let (here, there) = (Veils::default(), Veils::default());
        let name = here.name("I-3");
        assert_eq!(here.name("I-3"), name);
        assert_ne!(here.name("I-4"), name);
        assert_eq!(here.who(&name), "I-3");
        assert_eq!(there.who(&name), name);
        assert_eq!(here.who("I-9"), "I-9");
        assert!(!name.contains("I-3"));
    }
}
