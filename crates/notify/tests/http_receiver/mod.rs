//! A receiver of webhooks as an agency could have one: a thread that answers HTTP requests as it is told, and keeps what it got.
//! Knows nothing of countersign.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a request is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// With these bytes.
    Says(String),
    /// Not at all: the connection ends.
    HangsUp,
    /// Not for so long.
    Sleeps(Duration),
    /// With headers that do not end.
    EndlessHead,
    /// With success and a body that does not end.
    EndlessBody,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Request line and headers.
    pub(crate) head: String,
    /// Body.
    pub(crate) body: String,
}

impl Request {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find(|l| l.to_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim()).unwrap_or_else(|| panic!("no {name} in\n{}", self.head))
    }
}

/// A receiver that answers as many requests as it has replies, and then is gone.
pub(crate) struct Receiver {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Receiver {
    /// Listens on a free port of this machine.
    pub(crate) fn new(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for reply in replies {
                let Ok((stream, _)) = listener.accept() else { return };
                if let Some(request) = read(&stream) {
                    kept.lock().unwrap().push(request);
                }
                answer(stream, reply);
            }
        });
        Self { port, requests }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What came so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let length = head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length:").map(|v| v.trim().parse::<usize>().unwrap()));
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Request { head, body: String::from_utf8(body).unwrap() })
}

/// Writes what it can; the other side may leave at any time.
fn answer(mut stream: TcpStream, reply: Reply) {
    match reply {
        Reply::Says(text) => drop(stream.write_all(text.as_bytes())),
        Reply::HangsUp => {}
        Reply::Sleeps(time) => std::thread::sleep(time),
        Reply::EndlessHead => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(b"x-more: more and more and more and more\r\n").is_ok() {}
        }
        Reply::EndlessBody => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            while stream.write_all(b"10\r\n0123456789abcdef\r\n").is_ok() {}
        }
    }
}
