//! MHOTRS: peer support before admission.
//! Whether a contact is pre-admission is the case's to say; here stands what closes a gap in the signatures of its note, read by
//! each rule of the chapter and by LATE-01.

pub mod pre_02;
pub mod pre_03;
pub mod pre_04;
pub mod pre_05;
pub mod pre_06;
pub mod pre_07;
pub mod pre_08;
pub mod pre_09;
pub mod pre_10;
pub mod pre_12;
pub mod pre_13;

use domain::Seq;
use domain::words::SignatureCapacity;
use rules::{Case, Gap, Missing, Params, staff};
use timeline::Row;
use timeline::delivery::Signature;
use timeline::view::NoteState;

/// The signature by which the delivering peer signed the latest version of a note: the earliest.
pub(crate) fn peer_signature<'h>(case: &Case<'h>, note: &NoteState<'h>) -> Option<&'h Row<Signature>> {
    let by_the_peer =
        |s: &Signature| s.signer == case.contact().peer && matches!(s.capacity, SignatureCapacity::Peer | SignatureCapacity::Author);
    case.view()
        .signatures(note.written.value.note, note.version)
        .filter(|row| by_the_peer(&row.value))
        .min_by_key(|row| (row.value.signed_at, row.seq()))
}

/// The signature by which somebody else, an LPHA on the day of signing, signed the latest version of a note: the earliest.
///
/// # Errors
/// When the table of LPHA disciplines is not in force on a day of signing.
pub(crate) fn lpha_signature<'h>(case: &Case<'h>, p: &Params<'_>, note: &NoteState<'h>) -> Result<Option<&'h Row<Signature>>, Missing> {
    let mut earliest: Option<&'h Row<Signature>> = None;
    for row in case.view().signatures(note.written.value.note, note.version) {
        let s = &row.value;
        let by_another_as_lpha = s.capacity == SignatureCapacity::Lpha && s.signer != case.contact().peer;
        let sooner = earliest.is_none_or(|e| s.signed_at < e.value.signed_at);
        if by_another_as_lpha && sooner && staff::lpha(case.view(), p, s.signer, s.signed_at.local_day())?.is_some() {
            earliest = Some(row);
        }
    }
    Ok(earliest)
}

/// When and by what a missing signature is closed.
pub(crate) fn signature_gap(signature: Option<&Row<Signature>>) -> Gap {
    signature.map_or(Gap::Open, |row| Gap::Closed(row.value.signed_at, row.seq()))
}

/// What shows a gap in signatures: the note, its latest version, and the signatures on it, those that do not count among them.
pub(crate) fn note_events(case: &Case<'_>, note: &NoteState<'_>) -> Vec<Seq> {
    let signatures = case.view().signatures(note.written.value.note, note.version).map(Row::seq);
    [note.written.seq(), note.latest_seq].into_iter().chain(signatures).collect()
}
