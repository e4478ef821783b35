//! One POST and its answer: how a log reaches a witness, and a time stamping authority.
//! Refuses to follow redirects, to wait for ever, and to read an answer without end; it judges nothing in it.

use std::io::Read as _;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);
/// Far above any answer of a witness or an authority.
const LIMIT: u64 = 1 << 20;

/// What was answered, whatever the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Sends `body` to `url`, http or https.
///
/// # Errors
/// Why there is no answer, in words.
pub fn post(url: &str, content_type: &str, body: &[u8]) -> Result<Reply, String> {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let sent = agent.post(url).header("content-type", content_type).send(body);
    let response = sent.map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let mut read = Vec::new();
    response.into_body().into_reader().take(LIMIT + 1).read_to_end(&mut read).map_err(|error| error.to_string())?;
    if read.len() as u64 > LIMIT { Err("the answer is longer than any that is read".to_owned()) } else { Ok(Reply { status, body: read }) }
}
