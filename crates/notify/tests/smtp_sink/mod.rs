//! A mail server that keeps what it gets: a thread that speaks enough SMTP (RFC 5321) to take a mail, or to turn it away.
//! Delivers nothing to anybody.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a connection goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mood {
    /// The mail is taken.
    Good,
    /// The first recipient is put off.
    PutsOff,
    /// The sender is refused.
    Refuses,
    /// The mail is read and then put off.
    RefusesAfterData,
    /// The connection ends after the greeting.
    HangsUp,
    /// Nothing is said for so long.
    Sleeps(Duration),
}

/// A mail as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mail {
    /// Sender of the envelope.
    pub(crate) from: String,
    /// Recipients of the envelope.
    pub(crate) to: Vec<String>,
    /// Headers and body.
    pub(crate) data: String,
}

impl Mail {
    /// The body with quoted-printable undone.
    pub(crate) fn text(&self) -> String {
        let joined = self.data.replace("=\r\n", "");
        let mut out = String::new();
        let mut rest = joined.as_str();
        while let Some(at) = rest.find('=') {
            out.push_str(&rest[..at]);
            match rest.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii) {
                Some(byte) => {
                    out.push(char::from(byte));
                    rest = &rest[at + 3..];
                }
                None => {
                    out.push('=');
                    rest = &rest[at + 1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// A server that takes as many connections as it has moods, and then is gone.
pub(crate) struct Sink {
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    heard: Arc<Mutex<String>>,
}

impl Sink {
    /// Listens on a free port of this machine.
    pub(crate) fn new(moods: Vec<Mood>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let sink = Self { port, mails: Arc::default(), heard: Arc::default() };
        let (mails, heard) = (Arc::clone(&sink.mails), Arc::clone(&sink.heard));
        std::thread::spawn(move || {
            for mood in moods {
                let Ok((stream, _)) = listener.accept() else { return };
                // The other side may leave at any time.
                let _ = talk(stream, mood, &mails, &heard);
            }
        });
        sink
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What came so far, whether taken or not.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Every command so far.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

fn address(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).unwrap().0.to_owned()
}

fn talk(stream: TcpStream, mood: Mood, mails: &Mutex<Vec<Mail>>, heard: &Mutex<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    if let Mood::Sleeps(time) = mood {
        std::thread::sleep(time);
    }
    stream.write_all(b"220 sink.example ESMTP\r\n")?;
    if matches!(mood, Mood::HangsUp) {
        return Ok(());
    }
    let mut mail = Mail::default();
    loop {
        let mut bytes = Vec::new();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&bytes).into_owned();
        heard.lock().unwrap().push_str(&line);
        let reply = match line.split([' ', '\r']).next().unwrap().to_uppercase().as_str() {
            "EHLO" => "250-sink.example\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n",
            "AUTH" => "235 2.7.0 welcome\r\n",
            "MAIL" if matches!(mood, Mood::Refuses) => "550 5.7.1 countersign@riverbend.example may not send here\r\n",
            "MAIL" => {
                mail.from = address(&line);
                "250 ok\r\n"
            }
            "RCPT" if matches!(mood, Mood::PutsOff) => "451 4.7.1 greylisted\r\n",
            "RCPT" => {
                mail.to.push(address(&line));
                "250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut data = String::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line)?;
                    if line == ".\r\n" {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                mails.lock().unwrap().push(Mail { data, ..std::mem::take(&mut mail) });
                if matches!(mood, Mood::RefusesAfterData) { "451 4.3.0 try again\r\n" } else { "250 2.0.0 taken\r\n" }
            }
            "QUIT" => {
                return stream.write_all(b"221 bye\r\n");
            }
            "RSET" | "NOOP" => "250 ok\r\n",
            _ => "502 what?\r\n",
        };
        stream.write_all(reply.as_bytes())?;
    }
}
