//! What is sent back: a page in the form it was asked for, with headers that let a browser do nothing but show it.
//! No answer runs a script, none is kept by a cache that others read.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};

/// What is sent back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    /// What a browser may do with it.
    policy: &'static str,
}

/// Nothing may be loaded but our own style sheet and pictures; nothing may frame a page or take its forms elsewhere.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a page that brings its style along and has no form.
const STANDALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The same for a page that says itself, by hashes, what may run in it: both policies hold.
const SEALED: &str = "connect-src 'none'; img-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

impl Answer {
    /// An answer of a kind.
    pub(crate) fn new(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: StatusCode::OK, kind, body: body.into(), headers: Vec::new(), policy: POLICY }
    }

    /// A page.
    pub(crate) fn html(markup: maud::Markup) -> Self {
        Self::new("text/html; charset=utf-8", markup.into_string())
    }

    /// A JSON object.
    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::new("application/json", value.to_string())
    }

    /// What is the matter, for a program.
    pub(crate) fn problem(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::new("application/problem+json", value.to_string()).status(status)
    }

    /// Onward to another page of ours; anything else leads to the first.
    pub(crate) fn onward(to: &str) -> Self {
        Self::new("text/plain; charset=utf-8", "").status(StatusCode::SEE_OTHER).header(header::LOCATION, ours(to))
    }

    /// With another status.
    #[must_use]
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A page that brings its style along, for a file.
    #[must_use]
    pub(crate) fn printing(mut self) -> Self {
        self.policy = STANDALONE;
        self
    }

    /// A page whose own policy names its one script and its one style by their hashes, and which may reach nothing.
    #[must_use]
    pub(crate) fn sealed(mut self) -> Self {
        self.policy = SEALED;
        self
    }

    /// With a header. A value that no header can have is left out.
    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Offered as a file of this name; the name is made plain first.
    #[must_use]
    pub(crate) fn file(self, name: &str) -> Self {
        let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
        self.header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\""))
    }

    /// The answer as it goes out.
    pub(crate) fn response(self) -> Response<Body> {
        let fixed = [
            (header::CONTENT_TYPE, self.kind),
            (header::CONTENT_SECURITY_POLICY, self.policy),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
        ];
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}

/// An address of ours as it is; the first page instead of any other.
pub(crate) fn ours(to: &str) -> &str {
    if to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']) { to } else { "/home" }
}
