//! Passwords: hashed with argon2id, never kept, and refused when they are short.
//! Whoever has no account waits as long for the answer as whoever has one.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::Argon2;

use super::secret::{self, NoChance};

/// Fewest characters.
pub(crate) const LEAST: usize = 12;
/// Most bytes; more is no password but an attack.
const MOST: usize = 1_024;

/// Whether a password may be one.
pub(crate) fn fit(password: &str) -> bool {
    password.chars().count() >= LEAST && password.len() <= MOST
}

/// The hash to keep, in PHC form with its own salt and costs.
pub(crate) fn hash(password: &str) -> Result<String, NoChance> {
    let salt = secret::random::<16>()?;
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|_| NoChance)?.to_string())
}

/// Whether a password is the one behind a hash. Without a hash it is not, after the same work.
pub(crate) fn holds(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > MOST {
        return false;
    }
    match hash {
        Some(hash) => Argon2::default().verify_password(password.as_bytes(), hash).is_ok(),
        None => {
            let nobody = NOBODY.get_or_init(|| self::hash("nobody has this password").unwrap_or_default());
            let _ = Argon2::default().verify_password(password.as_bytes(), nobody.as_str());
            false
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_holds_against_its_own_hash_alone() {
        let kept = hash("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$") && !kept.contains("horse"));
        assert!(holds("correct horse battery", Some(&kept)));
        assert!(!holds("correct horse batterx", Some(&kept)));
        assert!(!holds("correct horse battery", None) && !holds("", Some("no hash")));
        assert!(!fit("short") && fit("correct horse"));
    }
}
