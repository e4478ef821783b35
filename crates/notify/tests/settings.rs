//! `unattended.toml` as people write it: what is understood, and how what is not is refused, with line and hint.
//! Reads no file but the text given.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::settings::{Encryption, parse};

fn refusal(text: &str) -> (Option<String>, String) {
    let error = parse(Path::new("ledger/unattended.toml"), text).unwrap_err();
    (error.to_string().split(": ").next().map(str::to_owned), format!("{error}; {}", error.hint().unwrap_or("no hint")))
}

const HOOK: &str = "[webhook]\nurl = \"https://hooks.example.org/x\"\nsecret = \"hook-secret\"\n";
const MAIL: &str = "[mail]\nserver = \"smtp.example.org\"\nfrom = \"a@example.org\"\nto = [\"b@example.org\"]\n";

#[test]
fn a_whole_file_is_understood_and_what_is_left_out_has_its_default() {
    let text = format!("link_base_url = \"https://compliance.example.org\"\n[metrics]\nfile = \"metrics/countersign.prom\"\n{HOOK}{MAIL}");
    let settings = parse(Path::new("ledger/unattended.toml"), &text).unwrap();
    assert_eq!(settings.metrics, Some(PathBuf::from("ledger/metrics/countersign.prom")), "beside the settings");
    let hook = settings.webhook.unwrap();
    assert_eq!((hook.tries, hook.timeout, hook.secret.as_str()), (5, Duration::from_secs(10), "hook-secret"));
    let mail = settings.mail.unwrap();
    assert_eq!((mail.port, mail.encryption, mail.login), (587, Encryption::Starttls, None));
    assert_eq!(parse(Path::new("x"), "").unwrap(), notify::Settings::default());
    let tls = parse(Path::new("x"), &format!("{MAIL}encryption = \"tls\"\n")).unwrap();
    assert_eq!(tls.mail.unwrap().port, 465);
}

#[test]
fn every_wrong_key_and_value_is_refused_with_its_line_and_what_to_write() {
    let cases = [
        (format!("{HOOK}secrets = \"x\"\n"), 4, "unknown field `secrets`, expected one of `url`, `secret`"),
        ("[webhok]\nurl = \"x\"\n".to_owned(), 1, "unknown field `webhok`"),
        ("[webhook]\nurl = \"https://x.example\"\n".to_owned(), 1, "missing field `secret`"),
        (HOOK.replace("https://", "http://"), 2, "is not protected on its way; use https://"),
        (HOOK.replace("https://hooks", "https://me:pw@hooks"), 2, "may not carry a user or password"),
        (HOOK.replace("https://hooks.example.org/x", "hooks.example.org"), 2, "is not an address; write it as https://"),
        (HOOK.replace("hook-secret", "whsec_AAECAwQF"), 3, "this names the file of the secret"),
        (format!("{HOOK}tries = 0\n"), 4, "0 tries in one run; 1 to 20"),
        (format!("{HOOK}timeout_seconds = 3600\n"), 4, "a timeout of 3600 seconds; 1 to 300"),
        (format!("{HOOK}tries = \"many\"\n"), 4, "invalid type: string \"many\""),
        ("link_base_url = \"http://compliance.example.org\"\n".to_owned(), 1, "is not protected"),
        ("\n[metrics]\nfile = \"/var/lib/metrics.txt\"\n".to_owned(), 3, "only files that end in .prom"),
        (MAIL.replace("a@example.org", "a at example"), 3, "is not a mail address"),
        (MAIL.replace("\"b@example.org\"", "\"b@example.org\", \"c\""), 4, "\"c\" is not a mail address"),
        (MAIL.replace("\"b@example.org\"", ""), 4, "nobody reads the mail"),
        (MAIL.replace("smtp.example.org", "smtp.example.org:25"), 2, "is not a host name"),
        (format!("{MAIL}encryption = \"none\"\n"), 5, "mail to another machine must be encrypted"),
        (format!("{MAIL}encryption = \"ssl\"\n"), 5, "unknown variant `ssl`, expected one of `starttls`, `tls`, `none`"),
        (format!("{MAIL}user = \"u\"\n"), 5, "a user without a password"),
        (format!("{MAIL}password = \"p\"\n"), 5, "a password without a user"),
        ("[mail\n".to_owned(), 1, "unclosed table"),
    ];
    for (text, line, says) in cases {
        let (place, said) = refusal(&text);
        assert_eq!(place.as_deref(), Some(format!("ledger/unattended.toml:{line}").as_str()), "{said}\n{text}");
        assert!(said.contains(says), "{said}\n{text}");
        assert!(!said.contains("no hint"), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }
}

#[test]
fn this_machine_may_be_spoken_to_plainly_and_nobody_who_only_looks_like_it() {
    for here in ["http://127.0.0.1:8080/x", "http://[::1]:8080/", "http://localhost/x"] {
        assert!(parse(Path::new("x"), &HOOK.replace("https://hooks.example.org/x", here)).is_ok(), "{here}");
    }
    for elsewhere in ["http://localhost.example.org/", "http://127.0.0.1.example.org/", "http://example.org/?127.0.0.1", "http://127.0.0.1@example.org/", "ftp://localhost/"] {
        assert!(parse(Path::new("x"), &HOOK.replace("https://hooks.example.org/x", elsewhere)).is_err(), "{elsewhere}");
    }
}
