//! Why there is no page, with the status that says so to a program and the sentence that says so to a person.
//! Never tells what is in the ledger to somebody who may not see it.

use audit::{AuditError, Fault};
use axum::http::StatusCode;

use crate::people::accounts::AccountError;
use crate::people::secret::NoChance;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is no such page or thing.
    NotFound(String),
    /// Something `audit` could not do.
    Audit(AuditError),
    /// Not for this visitor. Says no more than that.
    Forbidden,
    /// What was sent cannot be, and why.
    Refused(String),
    /// What the address says is not what it takes.
    Parameter(String),
    /// Too many tries; seconds to wait.
    Wait(i64),
    /// The machine is at fault: a task that did not end.
    Machine,
}

impl From<AuditError> for Trouble {
    fn from(error: AuditError) -> Self {
        Trouble::Audit(error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(_: std::io::Error) -> Self {
        Trouble::Machine
    }
}

impl From<NoChance> for Trouble {
    fn from(_: NoChance) -> Self {
        Trouble::Machine
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Refused(what) => Trouble::Refused(format!("{}.", audit::words::sentence(&what))),
            AccountError::Io { .. } | AccountError::Unreadable { .. } | AccountError::NoChance(_) => Trouble::Machine,
        }
    }
}

impl Trouble {
    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Trouble::NotFound(_) => StatusCode::NOT_FOUND,
            Trouble::Forbidden => StatusCode::FORBIDDEN,
            Trouble::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::Parameter(_) => StatusCode::BAD_REQUEST,
            Trouble::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
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
            Trouble::Forbidden => "This is not for you to see".to_owned(),
            Trouble::Refused(_) => "That cannot be done as it was sent".to_owned(),
            Trouble::Parameter(_) => "The address asks for what there is not".to_owned(),
            Trouble::Wait(_) => "Too many tries".to_owned(),
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
            Trouble::NotFound(what) | Trouble::Parameter(what) => format!("{what} Nothing was changed."),
            Trouble::Forbidden => "Your role does not reach this page, or it does not exist. Nothing was changed.".to_owned(),
            Trouble::Refused(what) => format!("{what} Nothing was recorded."),
            Trouble::Wait(seconds) => format!("Wait {} and try again. Nothing was changed.", audit::words::count(seconds.unsigned_abs(), "second")),
            Trouble::Machine => "Nothing was changed. Try again; if it happens again, the service's log says more.".to_owned(),
            Trouble::Audit(AuditError::Asked { what, .. }) => format!("{}. It may have been cleared or never existed. Nothing was changed.", audit::words::sentence(what)),
            Trouble::Audit(error) => match error.fault() {
                Fault::Busy => "Nothing was recorded. Somebody else is appending to the ledger; wait a moment and try again.".to_owned(),
                Fault::Evidence => format!("{error}. Nothing was changed. Run `countersign verify`, and do not sign anything before you know why."),
                Fault::Usage | Fault::Data => format!("{error}. Nothing was changed."),
            },
        }
    }

    /// As an object for a program (RFC 9457).
    pub(crate) fn problem(&self) -> serde_json::Value {
        problem(self.status(), &self.title(), &self.says())
    }
}

/// A problem as an object for a program (RFC 9457).
pub(crate) fn problem(status: StatusCode, title: &str, detail: &str) -> serde_json::Value {
    serde_json::json!({"schema": "countersign.problem.v1", "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail})
}
