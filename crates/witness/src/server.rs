//! The witness's HTTP interface: `POST /add-checkpoint` and `GET /<hex sha256(origin)>/checkpoint`.
//! Refuses bodies that are too long before reading them, and stops by finishing what it began.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use transparency::MAX_REQUEST_LEN;

use crate::error::WitnessError;
use crate::keeper::{Answer, Keeper};
use crate::rules::Refusal;

const TEXT: &str = "text/plain; charset=utf-8";
/// What the specification calls the body of a 409.
const SIZE: &str = "text/x.tlog.size";
/// A request takes milliseconds; whoever sends one byte a minute is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Listens and answers until `stop` is ready, then finishes the requests that were begun. `ready` is told the address, with its real port.
///
/// # Errors
/// [`WitnessError::Listen`].
pub async fn serve(
    keeper: Arc<Keeper>,
    address: &str,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), WitnessError> {
    let failed = |source| WitnessError::Listen { address: address.to_owned(), source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    axum::serve(listener, routes(keeper)).with_graceful_shutdown(stop).await.map_err(failed)
}

fn routes(keeper: Arc<Keeper>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(latest))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_LEN))
        .with_state(keeper)
}

async fn add_checkpoint(Shared(keeper): Shared<Arc<Keeper>>, request: axum::extract::Request) -> Response {
    let body = match tokio::time::timeout(PATIENCE, <Bytes as axum::extract::FromRequest<()>>::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(rejected)) => return rejected.into_response(),
        Err(_) => return answer(StatusCode::REQUEST_TIMEOUT, TEXT, "the request took too long\n".to_owned()),
    };
    // Hashing, signing and above all the disk block: not on a thread that others' requests wait for.
    let answered = tokio::task::spawn_blocking(move || keeper.add_checkpoint(&body)).await;
    match answered {
        Ok(Ok(Answer::Cosigned(lines))) => answer(StatusCode::OK, TEXT, lines),
        Ok(Ok(Answer::Refused(refusal))) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let kind = if matches!(refusal, Refusal::OtherSize(_)) { SIZE } else { TEXT };
            answer(status, kind, refusal.body())
        }
        // What is the matter with this machine is not the sender's business.
        Ok(Err(_)) | Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, "the witness cannot remember now, and therefore does not cosign\n".to_owned()),
    }
}

async fn latest(Shared(keeper): Shared<Arc<Keeper>>, Path(origin): Path<String>) -> Response {
    match tokio::task::spawn_blocking(move || keeper.latest(&origin)).await {
        Ok(Ok(Some(note))) => answer(StatusCode::OK, TEXT, note),
        Ok(Ok(None)) => answer(StatusCode::NOT_FOUND, TEXT, "no checkpoint of this log was cosigned here\n".to_owned()),
        Ok(Err(_)) | Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, TEXT, "the witness cannot read what it remembers\n".to_owned()),
    }
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], body).into_response()
}
