//! `sign-in.toml` beside the ledger: the provider, who its people are here, and which of its groups give a role.
//! Refuses a provider that is not encrypted, and roles that need bounds nobody at the provider can say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use audit::{AuditError, beside};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::token::Claims;
use crate::roles::Role;

const FILE: &str = "sign-in.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    issuer: String,
    client_id: String,
    #[serde(default)]
    client_secret_file: Option<PathBuf>,
    address: String,
    #[serde(default = "scope")]
    scope: String,
    #[serde(default)]
    people: BTreeMap<String, String>,
    #[serde(default = "claim")]
    role_claim: String,
    #[serde(default)]
    role: Vec<StoredRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRole {
    value: String,
    role: Role,
}

fn scope() -> String {
    "openid profile".to_owned()
}

fn claim() -> String {
    "groups".to_owned()
}

/// How people log in at a provider.
#[derive(Debug)]
pub(super) struct Settings {
    /// The provider, as it calls itself in its tokens.
    pub(super) issuer: String,
    /// What it calls us.
    pub(super) client_id: String,
    /// What only it and we know, where we have such a thing; PKCE is there either way.
    pub(super) client_secret: Option<Zeroizing<String>>,
    /// Where people reach these pages.
    pub(super) address: String,
    /// What is asked for.
    pub(super) scope: String,
    /// Accounts by the provider's own ids of people.
    pub(super) people: BTreeMap<String, String>,
    role_claim: String,
    roles: Vec<(String, Role)>,
}

impl Settings {
    /// Reads the file; nothing where there is none.
    ///
    /// # Errors
    /// A file that does not say what it must.
    pub(super) fn read(dir: &Path) -> Result<Option<Self>, AuditError> {
        let path = dir.join(FILE);
        let Some(text) = beside::if_there(std::fs::read_to_string(&path)).map_err(AuditError::at(&path))? else { return Ok(None) };
        let wrong = |what: String| AuditError::asked(format!("{}: {what}", path.display()), "docs/web.md, \"Logging in at somebody else's\"");
        let stored: Stored = toml::from_str(&text).map_err(|e| wrong(e.message().to_owned()))?;
        for (name, address) in [("issuer", &stored.issuer), ("address", &stored.address)] {
            if !is_encrypted_or_here(address) {
                return Err(wrong(format!("{name} is not an address that begins with https://")));
            }
        }
        if !stored.scope.split(' ').any(|word| word == "openid") {
            return Err(wrong("scope does not hold openid".to_owned()));
        }
        if let Some(StoredRole { role, .. }) = stored.role.iter().find(|r| matches!(r.role, Role::Peer | Role::Reviewer | Role::Service)) {
            return Err(wrong(format!("a {} is named under [people]: their account says what they see", role.as_str())));
        }
        let secret = stored.client_secret_file.as_ref().map(|file| secret(&dir.join(file))).transpose()?;
        Ok(Some(Self {
            issuer: stored.issuer,
            client_id: stored.client_id,
            client_secret: secret,
            address: stored.address,
            scope: stored.scope,
            people: stored.people,
            role_claim: stored.role_claim,
            roles: stored.role.into_iter().map(|r| (r.value, r.role)).collect(),
        }))
    }

    /// The role that somebody's claim gives them: the first line that fits.
    pub(super) fn role_of(&self, claims: &Claims) -> Option<Role> {
        let values = claims.texts(&self.role_claim);
        self.roles.iter().find(|(value, _)| values.contains(&value.as_str())).map(|(_, role)| *role)
    }
}

fn secret(path: &Path) -> Result<Zeroizing<String>, AuditError> {
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(AuditError::at(path))?);
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Whether an address is encrypted, or leads to this very machine.
pub(super) fn is_encrypted_or_here(address: &str) -> bool {
    if let Some(rest) = address.strip_prefix("https://") {
        return !rest.is_empty() && !rest.starts_with('/');
    }
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}
