//! Delivering what waits: attempts with growing pauses in a run, again at the next runs, and giving up in the end.
//! Reads no clock and draws no chance of its own; whatever fails here never touches the scan it tells of.

use std::time::Duration;

use crate::error::NotifyError;
use crate::outbox::{Channel, Message, Outbox};
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::{mail, webhook};

/// Runs that try to deliver a message before it is given up: a week of nights.
pub const RUNS: u32 = 7;

/// The first pause between attempts; each later one is twice as long.
const FIRST_PAUSE_MICROS: i64 = 2_000_000;

/// The longest pause a run waits through, its own or one that the receiver asks for.
const LONGEST_PAUSE_MICROS: i64 = 60_000_000;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The receiver has it.
    Accepted,
    /// It may go well later.
    NotNow {
        /// Why.
        why: String,
        /// The receiver asks to be left alone for so long, microseconds.
        after_micros: Option<i64>,
    },
    /// Trying again at once would change nothing; a person must look.
    Refused {
        /// Why.
        why: String,
    },
}

/// The world outside, given by the front end.
pub struct Surroundings<'a> {
    /// Where secrets lie.
    pub secrets: Secrets<'a>,
    /// The clock, microseconds since the epoch.
    pub now: &'a dyn Fn() -> i64,
    /// Waits; false if the program was asked to stop meanwhile.
    pub pause: &'a dyn Fn(Duration) -> bool,
    /// Whether the program was asked to stop.
    pub stopping: &'a dyn Fn() -> bool,
    /// Chance, for the pauses: many agencies scan at the same hour.
    pub random: &'a dyn Fn() -> u64,
}

/// How a message stands after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Accepted by the receiver.
    Accepted,
    /// Waits for the next run.
    Waits {
        /// Why it was not delivered.
        why: String,
    },
    /// Not tried any more.
    GivenUp {
        /// Why it was not delivered at last.
        why: String,
    },
}

/// What became of a message in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// How it travels.
    pub channel: Channel,
    /// The scan it tells of.
    pub scan: u64,
    /// Its id.
    pub id: String,
    /// Attempts in this run.
    pub tries: u32,
    /// How it stands.
    pub standing: Standing,
}

type Carrier<'c> = Box<dyn Fn(&Message, i64) -> Answer + 'c>;

/// Delivers everything that waits, the oldest first. What cannot be delivered stays, and is in the answer with its reason.
///
/// After a failure that may pass, later messages of the same channel are left for the next run: a receiver that is down is asked once.
/// Files of the outbox that cannot be read, and writes that fail, are the second part of the answer.
pub fn deliver(outbox: &Outbox, settings: &Settings, around: &Surroundings<'_>) -> (Vec<Delivered>, Vec<NotifyError>) {
    let (messages, mut troubles) = outbox.waiting();
    let mut told = Vec::new();
    for channel in Channel::ALL {
        let mut waiting = messages.iter().filter(|m| m.channel == channel).peekable();
        if waiting.peek().is_none() {
            continue;
        }
        let (carrier, tries) = match carrier(channel, settings, around) {
            Ok(carrier) => carrier,
            Err(why) => (Box::new(move |_: &Message, _| Answer::Refused { why: why.clone() }) as Carrier<'_>, 1),
        };
        let mut down: Option<String> = None;
        for message in waiting {
            if (around.stopping)() {
                break;
            }
            let run = attempt(message, &carrier, tries, down.as_deref(), around);
            down = down.or(run.down);
            let settled = match &run.delivered.standing {
                Standing::Accepted => outbox.delivered(&run.message),
                Standing::Waits { .. } => outbox.keep(&run.message),
                Standing::GivenUp { .. } => outbox.given_up(&run.message),
            };
            troubles.extend(settled.err());
            told.push(run.delivered);
        }
    }
    (told, troubles)
}

/// The carrier of a channel and its attempts in a run; in words why there is none.
fn carrier<'c>(channel: Channel, settings: &'c Settings, around: &Surroundings<'_>) -> Result<(Carrier<'c>, u32), String> {
    let said = |error: NotifyError| error.hint().map_or_else(|| error.to_string(), |hint| format!("{error}; {hint}"));
    match channel {
        Channel::Webhook => {
            let hook = settings.webhook.as_ref().ok_or("unattended.toml has no [webhook] any more")?;
            let secret = around.secrets.read(&hook.secret).map_err(said)?;
            let sender = webhook::Sender::new(hook, &secret).map_err(said)?;
            let carry = move |message: &Message, now| match webhook::body(&message.tidings) {
                Ok(body) => sender.send(&message.id, &body, now),
                Err(error) => Answer::Refused { why: error.to_string() },
            };
            Ok((Box::new(carry), hook.tries))
        }
        Channel::Mail => {
            let to = settings.mail.as_ref().ok_or("unattended.toml has no [mail] any more")?;
            let password = to.login.as_ref().map(|(_, name)| around.secrets.read(name)).transpose().map_err(said)?;
            let sender = mail::Sender::new(to, password.as_ref()).map_err(said)?;
            Ok((Box::new(move |message: &Message, _| sender.send(message)), to.tries))
        }
    }
}

struct Run {
    message: Message,
    delivered: Delivered,
    /// The receiver is down or wants to be left alone: why.
    down: Option<String>,
}

fn attempt(message: &Message, carry: &Carrier<'_>, tries: u32, down: Option<&str>, around: &Surroundings<'_>) -> Run {
    let mut message = message.clone();
    let mut tried = 0;
    let mut passing = false;
    let early = message.not_before.is_some_and(|at| at > (around.now)()).then(|| "the receiver asked to be tried later".to_owned());
    let mut why = down.map(str::to_owned).or(early);
    // What was not tried does not count as a run: it waits behind another message, or because it was asked to.
    if why.is_none() {
        message.runs += 1;
        message.not_before = None;
        loop {
            let now = (around.now)();
            tried += 1;
            message.tries += 1;
            let (said, wait, again) = match carry(&message, now) {
                Answer::Accepted => {
                    let delivered = Delivered { channel: message.channel, scan: message.tidings.scan.seq, id: message.id.clone(), tries: tried, standing: Standing::Accepted };
                    message.last_error = None;
                    return Run { message, delivered, down: None };
                }
                Answer::Refused { why } => (why, 0, false),
                Answer::NotNow { why, after_micros } => {
                    passing = true;
                    let wait = after_micros.unwrap_or(0).max(pause(tried, (around.random)()));
                    if after_micros.is_some_and(|after| after > LONGEST_PAUSE_MICROS) {
                        message.not_before = Some(now.saturating_add(wait));
                    }
                    (why, wait, wait <= LONGEST_PAUSE_MICROS && tried < tries)
                }
            };
            why = Some(said);
            if !again || !(around.pause)(Duration::from_micros(wait.unsigned_abs())) {
                break;
            }
        }
    }
    let why = why.unwrap_or_default();
    message.last_error = Some(why.clone());
    let down = (passing || down.is_some()).then(|| why.clone());
    let standing = if message.runs >= RUNS { Standing::GivenUp { why } } else { Standing::Waits { why } };
    let delivered = Delivered { channel: message.channel, scan: message.tidings.scan.seq, id: message.id.clone(), tries: tried, standing };
    Run { message, delivered, down }
}

/// The pause after the `tried`-th attempt: doubling, and between half and the whole of it by chance.
fn pause(tried: u32, random: u64) -> i64 {
    let whole = FIRST_PAUSE_MICROS.saturating_mul(1 << tried.saturating_sub(1).min(20)).min(LONGEST_PAUSE_MICROS);
    let half = whole / 2;
    half + i64::try_from(random % (half.unsigned_abs() + 1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::wording::tests::tidings;

    /// A world whose clock only the pauses move.
    struct World {
        now: Cell<i64>,
        pauses: RefCell<Vec<i64>>,
        stop_after: usize,
    }

    fn world() -> World {
        World { now: Cell::new(1_000_000_000), pauses: RefCell::default(), stop_after: usize::MAX }
    }

    fn run(world: &World, message: &Message, tries: u32, down: Option<&str>, answers: &[Answer]) -> Run {
        let next = Cell::new(0);
        let carry: Carrier<'_> = Box::new(|_, _| {
            next.set(next.get() + 1);
            answers[next.get() - 1].clone()
        });
        let around = Surroundings {
            secrets: Secrets { dir: std::path::Path::new("."), credentials: None },
            now: &|| world.now.get(),
            pause: &|wait| {
                let micros = i64::try_from(wait.as_micros()).unwrap();
                world.pauses.borrow_mut().push(micros);
                world.now.set(world.now.get() + micros);
                world.pauses.borrow().len() < world.stop_after
            },
            stopping: &|| false,
            random: &|| u64::MAX / 3,
        };
        let run = attempt(message, &carry, tries, down, &around);
        assert_eq!(next.get(), run.delivered.tries as usize);
        run
    }

    fn message() -> Message {
        let folder = tempfile::tempdir().unwrap();
        let outbox = Outbox::of(folder.path());
        outbox.put(Channel::Webhook, "scan_1", &tidings(), 0).unwrap();
        outbox.waiting().0.remove(0)
    }

    fn not_now(after_micros: Option<i64>) -> Answer {
        Answer::NotNow { why: "the receiver answered 503".to_owned(), after_micros }
    }

    #[test]
    fn what_may_pass_is_tried_again_after_growing_pauses_of_chance() {
        let world = world();
        let answers = [not_now(None), not_now(None), not_now(None), Answer::Accepted];
        let done = run(&world, &message(), 5, None, &answers);
        assert_eq!((done.delivered.standing, done.delivered.tries), (Standing::Accepted, 4));
        let pauses = world.pauses.into_inner();
        assert_eq!(pauses.len(), 3);
        for (nth, pause) in pauses.iter().enumerate() {
            let whole = FIRST_PAUSE_MICROS << nth;
            assert!((whole / 2..=whole).contains(pause), "{nth}: {pause}");
        }
        for tried in 1..100 {
            assert!((1..=LONGEST_PAUSE_MICROS).contains(&pause(tried, u64::MAX)));
        }
    }

    #[test]
    fn a_pause_that_the_receiver_asks_for_is_kept_and_a_long_one_left_to_a_later_run() {
        let short = world();
        let done = run(&short, &message(), 5, None, &[not_now(Some(40_000_000)), Answer::Accepted]);
        assert_eq!(done.delivered.standing, Standing::Accepted);
        assert_eq!(short.pauses.into_inner(), [40_000_000]);

        let long = world();
        let done = run(&long, &message(), 5, None, &[not_now(Some(3_600_000_000))]);
        assert!(long.pauses.borrow().is_empty());
        assert_eq!(done.message.not_before, Some(1_000_000_000 + 3_600_000_000));
        let early = run(&long, &done.message, 5, None, &[]);
        assert_eq!((early.message.runs, early.delivered.tries), (1, 0), "not tried, not counted");
        long.now.set(done.message.not_before.unwrap());
        assert_eq!(run(&long, &early.message, 5, None, &[Answer::Accepted]).delivered.standing, Standing::Accepted);
    }

    #[test]
    fn what_is_refused_is_not_tried_again_in_the_run_and_given_up_after_a_week_of_runs() {
        let mut message = message();
        for nth in 1..=RUNS {
            let refused = [Answer::Refused { why: "the receiver answered 401".to_owned() }];
            let done = run(&world(), &message, 5, None, &refused);
            assert_eq!(done.down, None, "the next message may be another matter");
            message = done.message;
            let given_up = matches!(done.delivered.standing, Standing::GivenUp { .. });
            assert_eq!((message.runs, given_up), (nth, nth == RUNS));
        }
        assert_eq!((message.tries, message.last_error.as_deref()), (RUNS, Some("the receiver answered 401")));
    }

    #[test]
    fn behind_a_receiver_that_is_down_nothing_is_tried_and_a_stop_ends_the_pauses() {
        let first = run(&world(), &message(), 3, None, &[not_now(None), not_now(None), not_now(None)]);
        assert_eq!(first.down.as_deref(), Some("the receiver answered 503"));
        let second = run(&world(), &message(), 3, first.down.as_deref(), &[]);
        assert_eq!((second.message.runs, second.down.as_deref()), (0, Some("the receiver answered 503")));

        let stopped = World { stop_after: 1, ..world() };
        let done = run(&stopped, &message(), 5, None, &[not_now(None)]);
        assert!(matches!(done.delivered.standing, Standing::Waits { .. }));
        assert_eq!(done.delivered.tries, 1);
    }
}
