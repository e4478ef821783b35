//! `account`: who may use the web interface, and as what.
//! Prints a password once and keeps only its hash; nothing of it stands in the ledger.

use std::io::{self, BufRead as _, Write as _};

use audit::AuditError;
use audit::vocabulary::ValidDay;
use web::{AccountError, Accounts, Bounds, Newcomer, Role};

use super::Outcome;
use crate::args::{AccountCommand, AddArgs, Format, Global};
use crate::exit::{Done, Stop};
use crate::paper::{table, trimmed};

pub(crate) fn run(global: &Global, command: &AccountCommand) -> Outcome {
    // In the ledger's own words, if there is none.
    audit::desk::size(&global.ledger)?;
    let mut accounts = Accounts::read(&global.ledger).map_err(refused)?;
    let mut out = io::stdout().lock();
    match command {
        AccountCommand::Add(args) => {
            let who = newcomer(args)?;
            let given = accounts.add(&who, chosen(args.stdin)?.as_deref()).map_err(refused)?;
            say_given(global, &who.name, who.role, &given, args.stdin)?;
        }
        AccountCommand::List => return list(global, &accounts),
        AccountCommand::Password { name, stdin } => {
            let given = accounts.renew(name, chosen(*stdin)?.as_deref()).map_err(refused)?;
            let role = accounts.all().iter().find(|a| a.name.eq_ignore_ascii_case(name)).map_or(Role::Officer, |a| a.role);
            say_given(global, name, role, &given, *stdin)?;
        }
        AccountCommand::Codes { name } => {
            let letters = accounts.protect(name).map_err(refused)?;
            if !global.quiet {
                eprintln!("{name} is asked for a code from now on. Type this secret into their app; it is shown once:");
            }
            writeln!(out, "{letters}")?;
        }
        AccountCommand::Close { name } => {
            accounts.close(name).map_err(refused)?;
            if !global.quiet {
                eprintln!("{name} cannot log in any more. What they did stands under their name.");
            }
        }
    }
    Ok(Done::Clean)
}

fn newcomer(args: &AddArgs) -> Result<Newcomer, Stop> {
    let role = Role::parse(&args.role).ok_or_else(|| {
        let roles: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
        AuditError::asked(format!("{:?} is no role", args.role), roles.join(", "))
    })?;
    for (name, day) in [("--from", &args.from), ("--to", &args.to), ("--until", &args.until)] {
        if let Some(text) = day.as_ref().filter(|d| ValidDay::parse(d).is_none()) {
            return Err(AuditError::asked(format!("{name} {text:?} is not a date"), "write it as 2025-03-04").into());
        }
    }
    let claims = match &args.claims {
        None => Vec::new(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(AuditError::at(path))?;
            text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
        }
    };
    let bounds = Bounds { programs: args.programs.clone(), from: args.from.clone(), to: args.to.clone(), claims, until: args.until.clone() };
    let bounded = bounds != Bounds { until: args.until.clone(), ..Bounds::default() };
    Ok(Newcomer { name: args.name.clone(), role, person: args.person.clone(), bounds: bounded.then_some(bounds) })
}

/// The password on standard input, if it is to be taken from there.
fn chosen(stdin: bool) -> Result<Option<String>, Stop> {
    if !stdin {
        return Ok(None);
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn say_given(global: &Global, name: &str, role: Role, given: &str, chosen: bool) -> io::Result<()> {
    if chosen {
        if !global.quiet {
            eprintln!("{name} logs in with the password you gave.");
        }
        return Ok(());
    }
    if !global.quiet {
        let what = if role == Role::Service { "sends this token" } else { "logs in with this password" };
        eprintln!("{name} {what}; it is shown once and kept nowhere:");
    }
    writeln!(io::stdout().lock(), "{given}")
}

fn list(global: &Global, accounts: &Accounts) -> Outcome {
    let mut out = io::stdout().lock();
    if global.format() != Format::Human {
        let told = accounts.all().iter().map(|a| {
            serde_json::json!({"name": a.name, "role": a.role.as_str(), "person": a.person, "codes": a.asks_for_codes(), "closed": a.closed})
        });
        let value = serde_json::json!({"schema": "countersign.accounts.list.v1", "accounts": told.collect::<Vec<_>>()});
        writeln!(out, "{value}")?;
        return Ok(Done::Clean);
    }
    if accounts.all().is_empty() {
        writeln!(out, "Nobody has an account. `countersign account add NAME --role officer` makes the first.")?;
        return Ok(Done::Clean);
    }
    let mut rows = table(&["Name", "Role", "Codes", ""]);
    for a in accounts.all() {
        let codes = if a.asks_for_codes() { "yes" } else { "no" };
        rows.add_row([a.name.as_str(), a.role.as_str(), codes, if a.closed { "closed" } else { "" }]);
    }
    writeln!(out, "{}", trimmed(&rows))?;
    Ok(Done::Clean)
}

/// Trouble with accounts in the words of a command.
pub(crate) fn refused(error: AccountError) -> Stop {
    match error {
        AccountError::Io { path, source } => AuditError::Io { path: path.display().to_string(), source }.into(),
        AccountError::Unreadable { .. } => AuditError::asked(error.to_string(), "restore the file from a backup, or remove it and make the accounts again").into(),
        AccountError::Refused(what) => AuditError::asked(what, "`countersign account --help` says what there is").into(),
        AccountError::NoChance(_) => AuditError::asked(error.to_string(), "try again").into(),
    }
}
