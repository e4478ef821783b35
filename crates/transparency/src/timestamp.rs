//! Time stamping queries over a signed checkpoint, and what their answers say (RFC 3161).
//! It refuses an answer to another question, and does not judge the authority's certificate: `openssl ts -verify` does, with a CA file of the
//! reader's own choice.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::der::{BOOLEAN, CONTEXT_0, INTEGER, NULL, OCTETS, OID, Reader, SEQUENCE, SET, TIME, element, integer, sequence};

/// The longest answer that is read; with its certificates one has a few thousand bytes.
pub const MAX_TIMESTAMP_LEN: usize = 256 * 1024;

/// 2.16.840.1.101.3.4.2.1
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.9.16.1.4
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];

/// Why an answer is not a timestamp of the bytes in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimestampError {
    /// It is not the answer of a time stamping authority.
    Syntax,
    /// The authority did not grant it; the status number of RFC 3161.
    NotGranted(u8),
    /// It is a timestamp of other bytes.
    OtherData,
    /// It carries another nonce, so it answers another query.
    OtherQuery,
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("this is not the answer of a time stamping authority (RFC 3161, DER)"),
            Self::NotGranted(status) => write!(f, "the authority did not grant the timestamp (status {status})"),
            Self::OtherData => f.write_str("it is a timestamp of something else"),
            Self::OtherQuery => f.write_str("it answers another query: its nonce is not the one that was asked with"),
        }
    }
}

impl std::error::Error for TimestampError {}

/// The query for a timestamp of `data`: a `TimeStampReq` in DER with SHA-256, a nonce, and the wish for the authority's certificate.
///
/// The nonce follows from the data, so that query and answer can be carried to a machine without network on different days. It need not be
/// a secret: the data themselves are different for every checkpoint.
pub fn timestamp_query(data: &[u8]) -> Vec<u8> {
    sequence(&[integer(&[1]), imprint(data), integer(&nonce(data)), element(BOOLEAN, &[0xff])])
}

/// When the authority says it saw `data`, in its own words: `20250701143000Z`. Its signature is not verified here.
///
/// # Errors
/// [`TimestampError`].
pub fn read_timestamp(answer: &[u8], data: &[u8]) -> Result<String, TimestampError> {
    if answer.len() > MAX_TIMESTAMP_LEN {
        return Err(TimestampError::Syntax);
    }
    let (status, info) = opened(answer).ok_or(TimestampError::Syntax)?;
    // Granted, or granted with changes.
    if status > 1 {
        return Err(TimestampError::NotGranted(status));
    }
    let info = info.ok_or(TimestampError::Syntax)?;
    let told = told(info).ok_or(TimestampError::Syntax)?;
    if told.imprint != imprint(data) && told.imprint != imprint_without_parameters(data) {
        return Err(TimestampError::OtherData);
    }
    if told.nonce != Some(integer(&nonce(data)).as_slice()) {
        return Err(TimestampError::OtherQuery);
    }
    Ok(told.time.to_owned())
}

fn nonce(data: &[u8]) -> [u8; 8] {
    let hash: [u8; 32] = Sha256::new().chain_update(b"countersign timestamp nonce v1\n").chain_update(data).finalize().into();
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&hash[..8]);
    nonce
}

fn imprint(data: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[element(OID, SHA256), element(NULL, &[])]);
    sequence(&[algorithm, element(OCTETS, &Sha256::digest(data))])
}

/// RFC 5754 lets an authority leave the parameters out.
fn imprint_without_parameters(data: &[u8]) -> Vec<u8> {
    sequence(&[sequence(&[element(OID, SHA256)]), element(OCTETS, &Sha256::digest(data))])
}

/// Status, and the `TSTInfo` inside the signed token if there is one.
fn opened(answer: &[u8]) -> Option<(u8, Option<&[u8]>)> {
    let mut outer = Reader(answer);
    let mut response = outer.inside(SEQUENCE)?;
    let &[status] = response.inside(SEQUENCE)?.take(INTEGER)? else { return None };
    if !outer.is_empty() {
        return None;
    }
    if response.is_empty() {
        return Some((status, None));
    }
    let mut token = response.inside(SEQUENCE)?;
    if token.take(OID)? != SIGNED_DATA {
        return None;
    }
    let mut signed = token.inside(CONTEXT_0)?.inside(SEQUENCE)?;
    signed.take(INTEGER)?;
    signed.take(SET)?;
    let mut content = signed.inside(SEQUENCE)?;
    if content.take(OID)? != TST_INFO {
        return None;
    }
    let info = content.inside(CONTEXT_0)?.take(OCTETS)?;
    Some((status, Some(info)))
}

struct Told<'a> {
    imprint: &'a [u8],
    time: &'a str,
    /// The whole element, tag and length included.
    nonce: Option<&'a [u8]>,
}

fn told(info: &[u8]) -> Option<Told<'_>> {
    let mut info = Reader(info).inside(SEQUENCE)?;
    info.take(INTEGER)?;
    info.take(OID)?;
    let (tag, _, imprint) = info.next()?;
    if tag != SEQUENCE {
        return None;
    }
    info.take(INTEGER)?;
    let time = std::str::from_utf8(info.take(TIME)?).ok()?;
    let plain = time.len() <= 32 && time.ends_with('Z') && time.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'Z'));
    let mut nonce = None;
    while let Some((tag, _, whole)) = info.next() {
        // Accuracy and ordering may come before it, names and extensions after it.
        if tag == INTEGER {
            nonce = Some(whole);
        }
    }
    plain.then_some(Told { imprint, time, nonce })
}
