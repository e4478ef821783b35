//! Why there is no page, with the status that says so to a program and the sentence that says so to a person.
//! Never tells what is in the ledger to somebody who may not see it.

use audit::{AuditError, Fault};
use axum::http::StatusCode;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is no such page or thing.
    NotFound(String),
    /// Something `audit` could not do.
    Audit(AuditError),
    /// The machine is at fault: a task that did not end.
    Machine,
}

impl From<AuditError> for Trouble {
    fn from(error: AuditError) -> Self {
        Trouble::Audit(error)
    }
}

impl Trouble {
    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Trouble::NotFound(_) => StatusCode::NOT_FOUND,
            Trouble::Machine => StatusCode::INTERNAL_SERVER_ERROR,
            Trouble::Audit(AuditError::Asked { .. }) => StatusCode::NOT_FOUND,
            Trouble::Audit(error) => match error.fault() {
                Fault::Usage | Fault::Evidence => StatusCode::INTERNAL_SERVER_ERROR,
                Fault::Data => StatusCode::UNPROCESSABLE_ENTITY,
                Fault::Busy => StatusCode::SERVICE_UNAVAILABLE,
            },
        }
    }

    /// What happened, as a heading.
    pub(crate) fn title(&self) -> String {
        match self {
            Trouble::NotFound(_) | Trouble::Audit(AuditError::Asked { .. }) => "There is nothing here".to_owned(),
            Trouble::Machine => "Something went wrong here, and it is not you".to_owned(),
            Trouble::Audit(error) => match error.fault() {
                Fault::Busy => "The ledger is being written".to_owned(),
                Fault::Evidence => "The ledger does not agree with what was signed".to_owned(),
                Fault::Usage | Fault::Data => "The ledger could not answer".to_owned(),
            },
        }
    }

    /// What was found, what was kept, what to do.
    pub(crate) fn says(&self) -> String {
        match self {
            Trouble::NotFound(what) => format!("{what} Nothing was changed."),
            Trouble::Machine => "Nothing was changed. Try again; if it happens again, the service's log says more.".to_owned(),
            Trouble::Audit(AuditError::Asked { what, .. }) => format!("{}. It may have been cleared or never existed. Nothing was changed.", audit::words::sentence(what)),
            Trouble::Audit(error) => match error.fault() {
                Fault::Busy => "Nothing was recorded. Somebody else is appending to the ledger; wait a moment and try again.".to_owned(),
                Fault::Evidence => format!("{error}. Nothing was changed. Run `countersign verify`, and do not sign anything before you know why."),
                Fault::Usage | Fault::Data => format!("{error}. Nothing was changed."),
            },
        }
    }
}
