//! Deliveries to real receivers on this machine: a small HTTP server and a small SMTP server, with everything that goes wrong there.
//! Nothing is mocked but time: pauses are counted, not waited through.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "how long an attempt takes is what is tested")]

mod http_receiver;
mod smtp_sink;

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use notify::delivery::Standing;
use notify::secret::Secret;
use notify::tidings::{ByClass, Because, Ledger, Links, Open, SCHEMA, Scan, Since};
use notify::{Channel, Delivered, Outbox, Secrets, Settings, Surroundings, Tidings, deliver, outbox, settings, webhook};

use http_receiver::{Reply, Receiver};
use smtp_sink::{Mood, Sink};

const SECRET: &str = "a secret of the tests, long enough";

fn tidings(seq: u64) -> Tidings {
    Tidings {
        schema: SCHEMA.to_owned(),
        ledger: Ledger { origin: "ledger.riverbend.example".to_owned(), simulated: true, events: seq },
        scan: Scan { seq, recorded_at: "2025-07-01T06:30:04Z".to_owned(), today: "2025-07-01".to_owned(), rule_set: "blake3:0a1b".to_owned() },
        open: Open { violation: 12, documentation: 31, advisory: 9, exposure_cents: 184_200 },
        after_waivers: Open { violation: 11, documentation: 31, advisory: 9, exposure_cents: 184_200 },
        not_evaluated: 4,
        events_not_interpreted: 0,
        since: Some(Since {
            seq: seq - 1,
            today: "2025-06-30".to_owned(),
            exposure_cents: 92_000,
            new: ByClass { violation: 3, documentation: 0, advisory: 0 },
            reopened: ByClass::default(),
            class_changed: 0,
            cured_late: 0,
            status_changed: 0,
            cleared: 2,
            not_evaluated_any_more: 0,
            because: vec![Because { kind: "credential_revoked".to_owned(), findings: 3 }],
        }),
        links: Some(Links::under("https://compliance.riverbend.example/?a=1&b=<2>", seq)),
    }
}

/// A ledger's directory with settings, a secret and an outbox, and a clock that only the pauses move.
struct Office {
    folder: tempfile::TempDir,
    now: Cell<i64>,
    pauses: RefCell<Vec<Duration>>,
}

impl Office {
    fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("unattended.toml"), settings).unwrap();
        write_private(&folder.path().join("secret"), SECRET);
        Self { folder, now: Cell::new(1_751_351_404_000_000), pauses: RefCell::default() }
    }

    fn outbox(&self) -> Outbox {
        Outbox::of(self.folder.path())
    }

    fn put(&self, channel: Channel, seq: u64) -> String {
        let id = outbox::message_id(&[7; 16], seq);
        self.outbox().put(channel, &id, &tidings(seq), self.now.get()).unwrap();
        id
    }

    fn settings(&self) -> Settings {
        settings::read(self.folder.path()).unwrap()
    }

    /// One run.
    fn run(&self) -> Vec<Delivered> {
        let around = Surroundings {
            secrets: Secrets { dir: self.folder.path(), credentials: None },
            now: &|| self.now.get(),
            pause: &|wait| {
                self.pauses.borrow_mut().push(wait);
                self.now.set(self.now.get() + i64::try_from(wait.as_micros()).unwrap());
                true
            },
            stopping: &|| false,
            random: &|| 4,
        };
        let (told, troubles) = deliver(&self.outbox(), &self.settings(), &around);
        assert!(troubles.is_empty(), "{troubles:?}");
        told
    }

    /// One run with one message, and why it was not delivered.
    fn refused(&self) -> (String, u32) {
        let told = self.run();
        assert_eq!(told.len(), 1);
        let Standing::Waits { why } = &told[0].standing else { panic!("{told:?}") };
        (why.clone(), told[0].tries)
    }
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn hook(receiver: &Receiver, more: &str) -> Office {
    Office::new(&format!("[webhook]\nurl = \"{}/hooks/countersign\"\nsecret = \"secret\"\n{more}", receiver.url()))
}

fn status(code: u16) -> Reply {
    Reply::Says(format!("HTTP/1.1 {code} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
}

#[test]
fn a_webhook_arrives_signed_and_is_never_sent_again() {
    let receiver = Receiver::new(vec![status(204)]);
    let office = hook(&receiver, "");
    let id = office.put(Channel::Webhook, 42);
    let told = office.run();
    assert_eq!((told.len(), &told[0].standing, told[0].tries, told[0].scan), (1, &Standing::Accepted, 1, 42));
    let got = receiver.requests();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].head.lines().next().unwrap(), "POST /hooks/countersign HTTP/1.1");
    assert_eq!(got[0].header("content-type"), "application/json");
    assert_eq!(got[0].header("webhook-id"), id);
    let timestamp: i64 = got[0].header("webhook-timestamp").parse().unwrap();
    assert_eq!(timestamp, 1_751_351_404);
    let expected = webhook::signature(&Secret::new(SECRET.as_bytes().to_vec()), &id, timestamp, &got[0].body);
    assert_eq!(got[0].header("webhook-signature"), expected);
    let body: serde_json::Value = serde_json::from_str(&got[0].body).unwrap();
    assert_eq!(body["data"]["since"]["new"]["violation"], 3);

    assert!(office.run().is_empty(), "nothing waits");
    office.put(Channel::Webhook, 42);
    assert!(office.run().is_empty(), "it was delivered before");
    assert_eq!(receiver.requests().len(), 1);
}

#[test]
fn errors_of_the_receiver_are_tried_again_with_the_same_id_and_body_and_a_new_timestamp() {
    let busy = Reply::Says("HTTP/1.1 429 X\r\nretry-after: 30\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned());
    let receiver = Receiver::new(vec![status(500), busy, Reply::HangsUp, status(200)]);
    let office = hook(&receiver, "");
    office.put(Channel::Webhook, 42);
    assert_eq!(office.run()[0].standing, Standing::Accepted);
    let got = receiver.requests();
    assert_eq!(got.len(), 4);
    assert!(got.iter().all(|r| r.body == got[0].body && r.header("webhook-id") == got[0].header("webhook-id")));
    let times: Vec<i64> = got.iter().map(|r| r.header("webhook-timestamp").parse().unwrap()).collect();
    assert!(times.windows(2).all(|w| w[0] < w[1]), "{times:?}");
    assert_eq!(office.pauses.borrow()[1], Duration::from_secs(30), "as long as the receiver asked");
}

#[test]
fn what_was_not_delivered_waits_for_the_next_run_and_keeps_its_id() {
    let receiver = Receiver::new(vec![status(503), status(503), status(200), status(200)]);
    let office = hook(&receiver, "tries = 2\n");
    office.put(Channel::Webhook, 42);
    office.put(Channel::Webhook, 50);
    let told = office.run();
    assert!(told.iter().all(|t| matches!(&t.standing, Standing::Waits { why } if why == "the receiver answered 503")), "{told:?}");
    assert_eq!([told[0].tries, told[1].tries], [2, 0], "behind a receiver that is down nothing else is tried");
    assert_eq!(office.outbox().count(Channel::Webhook), (2, 0));
    let told = office.run();
    assert_eq!(told.iter().map(|t| (t.scan, &t.standing)).collect::<Vec<_>>(), [(42, &Standing::Accepted), (50, &Standing::Accepted)]);
    let ids: Vec<String> = receiver.requests().iter().map(|r| r.header("webhook-id").to_owned()).collect();
    assert_eq!([&ids[0], &ids[0], &ids[0]], [&ids[0], &ids[1], &ids[2]]);
    assert_ne!(ids[2], ids[3]);
}

#[test]
fn refusals_and_redirects_are_not_tried_again_in_the_run_and_nothing_is_sent_elsewhere() {
    let elsewhere = Receiver::new(vec![status(200)]);
    for (reply, says) in [
        (status(401), "the receiver answered 401"),
        (status(413), "the receiver answered 413"),
        (Reply::Says(format!("HTTP/1.1 302 X\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", elsewhere.url())), "302, a redirect, which is not followed"),
        (Reply::Says(format!("HTTP/1.1 307 X\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", elsewhere.url())), "redirect"),
    ] {
        let receiver = Receiver::new(vec![reply]);
        let office = hook(&receiver, "");
        office.put(Channel::Webhook, 42);
        let (why, tries) = office.refused();
        assert!(why.contains(says), "{why}");
        assert_eq!((tries, receiver.requests().len()), (1, 1));
    }
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn receivers_that_are_not_there_slow_or_never_end_are_left_in_time() {
    let gone = Receiver::new(vec![]);
    let office = hook(&gone, "tries = 2\n");
    drop(gone);
    office.put(Channel::Webhook, 42);
    assert_eq!(office.refused(), ("the receiver refused the connection".to_owned(), 2));

    let slow = Receiver::new(vec![Reply::Sleeps(Duration::from_secs(20))]);
    let office = hook(&slow, "tries = 1\ntimeout_seconds = 1\n");
    office.put(Channel::Webhook, 42);
    let began = Instant::now();
    assert_eq!(office.refused().0, "the receiver did not answer in time");
    assert!(began.elapsed() < Duration::from_secs(10));

    // A head without end is not read to its end; a body is not read at all.
    let endless = Receiver::new(vec![Reply::EndlessHead]);
    let office = hook(&endless, "tries = 1\n");
    office.put(Channel::Webhook, 42);
    assert_eq!(office.refused().1, 1);
    let body = Receiver::new(vec![Reply::EndlessBody]);
    let office = hook(&body, "tries = 1\n");
    office.put(Channel::Webhook, 42);
    assert_eq!(office.run()[0].standing, Standing::Accepted);

    let garbage = Receiver::new(vec![Reply::Says("SSH-2.0-OpenSSH_9\r\n".to_owned())]);
    let office = hook(&garbage, "tries = 1\n");
    office.put(Channel::Webhook, 42);
    assert_eq!(office.refused().1, 1);
}

#[test]
fn a_secret_that_cannot_be_used_leaves_the_message_waiting_with_the_reason() {
    let receiver = Receiver::new(vec![status(200)]);
    let office = hook(&receiver, "");
    office.put(Channel::Webhook, 42);
    write_private(&office.folder.path().join("secret"), "short");
    assert!(office.refused().0.contains("this is no key; at least 16 random bytes"));
    fs::remove_file(office.folder.path().join("secret")).unwrap();
    assert!(office.refused().0.contains("no such secret"));
    assert!(receiver.requests().is_empty());
    write_private(&office.folder.path().join("secret"), SECRET);
    assert_eq!(office.run()[0].standing, Standing::Accepted);
    // A channel that the settings lost: its messages wait for a week of runs and are then given up.
    office.put(Channel::Mail, 42);
    assert_eq!(office.refused().0, "unattended.toml has no [mail] any more");
    for _ in 2..notify::delivery::RUNS {
        office.refused();
    }
    assert!(matches!(office.run()[0].standing, Standing::GivenUp { .. }));
    assert_eq!(office.outbox().count(Channel::Mail), (0, 1));
    assert!(office.run().is_empty());
}

fn mailing(sink: &Sink, more: &str) -> Office {
    let settings = format!(
        "[mail]\nserver = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\nfrom = \"Countersign <countersign@riverbend.example>\"\n\
         to = [\"compliance@riverbend.example\", \"Billing office <billing@riverbend.example>\"]\n{more}",
        sink.port()
    );
    Office::new(&settings)
}

#[test]
fn a_digest_is_one_mail_of_text_and_html_with_counts_and_links() {
    let sink = Sink::new(vec![Mood::Good]);
    let office = mailing(&sink, "");
    let id = office.put(Channel::Mail, 42);
    assert_eq!(office.run()[0].standing, Standing::Accepted);
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.from, "countersign@riverbend.example");
    assert_eq!(mail.to, ["compliance@riverbend.example", "billing@riverbend.example"]);
    for header in [
        "Subject: SIMULATED ledger.riverbend.example: 3 new violations, 2 cleared;",
        "Date: Tue, 01 Jul 2025 06:30:04 +0000",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(mail.data.contains(header), "{header} is not in\n{}", mail.data);
    }
    assert!(mail.data.contains(&format!("Message-ID: <{id}@riverbend.example>")), "{}", mail.data);
    for said in [&format!("{:<34}{:>14}", "Violations", 12), "$1,842.00", "because of credential_revoked (3)", "SIMULATED: nobody in this ledger exists.", "<table>"] {
        assert!(mail.text().contains(said), "{said} is not in\n{}", mail.text());
    }
    assert!(mail.text().contains("href=\"https://compliance.riverbend.example/?a=1&amp;b=&lt;2&gt;/scans/42\""), "{}", mail.text());
    assert!(office.run().is_empty());
}

#[test]
fn a_mail_that_is_put_off_is_the_same_mail_when_it_comes_again() {
    let sink = Sink::new(vec![Mood::PutsOff, Mood::HangsUp, Mood::RefusesAfterData, Mood::Good]);
    let office = mailing(&sink, "tries = 3\n");
    office.put(Channel::Mail, 42);
    let (why, tries) = office.refused();
    assert_eq!(tries, 3);
    assert!(why.contains("the mail server put it off with 451"), "{why}");
    assert_eq!(office.pauses.borrow().len(), 2);
    assert_eq!(office.run()[0].standing, Standing::Accepted);
    let mails = sink.mails();
    assert_eq!(mails.len(), 2, "one was turned away after its data");
    assert_eq!(mails[0].data, mails[1].data, "every byte, the boundary and the date among them");
}

#[test]
fn a_server_that_refuses_or_is_not_there_says_so_without_repeating_addresses() {
    let sink = Sink::new(vec![Mood::Refuses]);
    let office = mailing(&sink, "");
    office.put(Channel::Mail, 42);
    let (why, tries) = office.refused();
    assert_eq!((why.as_str(), tries), ("the mail server refused with 550", 1));

    let gone = Sink::new(vec![]);
    let office = mailing(&gone, "tries = 2\n");
    drop(gone);
    office.put(Channel::Mail, 42);
    let (why, tries) = office.refused();
    assert!(why.starts_with("the mail server cannot be used") && tries == 2, "{why} {tries}");

    let slow = Sink::new(vec![Mood::Sleeps(Duration::from_secs(20))]);
    let office = mailing(&slow, "tries = 1\ntimeout_seconds = 1\n");
    office.put(Channel::Mail, 42);
    let began = Instant::now();
    office.refused();
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn encryption_that_the_server_does_not_offer_ends_the_attempt_before_anything_is_said() {
    let sink = Sink::new(vec![Mood::Good, Mood::Good]);
    for encryption in ["starttls", "tls"] {
        let settings = format!(
            "[mail]\nserver = \"localhost\"\nport = {}\nencryption = \"{encryption}\"\nuser = \"u\"\npassword = \"secret\"\nfrom = \"a@b.example\"\nto = [\"c@d.example\"]\ntries = 1\ntimeout_seconds = 2\n",
            sink.port()
        );
        let office = Office::new(&settings);
        office.put(Channel::Mail, 42);
        office.refused();
    }
    assert!(sink.mails().is_empty());
    assert!(!sink.heard().contains("AUTH") && !sink.heard().contains("MAIL"), "{}", sink.heard());
}

#[test]
fn a_login_uses_the_password_of_the_file() {
    let sink = Sink::new(vec![Mood::Good]);
    let office = mailing(&sink, "user = \"countersign\"\npassword = \"secret\"\n");
    office.put(Channel::Mail, 42);
    assert_eq!(office.run()[0].standing, Standing::Accepted);
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::STANDARD.encode(format!("\0countersign\0{SECRET}"));
    assert!(sink.heard().contains(&format!("AUTH PLAIN {plain}")), "{}", sink.heard());
}
