//! How far answers looked and what they were read from, as bytes and back.
//! Anything that is not what it should be reads as nothing.

use timeline::stored::{Input, Output, Stored};
use timeline::view::reading::papers::KINDS;
use timeline::view::{Hull, Read, Whose};
use timeline::{ContactKey, PersonKey, ProgramKey};

use super::reach::{Around, Days, Reach};
use super::stored::{list, put_day, take_day, taken};

impl Stored for Days {
    fn put(&self, out: &mut Output<'_>) {
        self.any.put(out);
        out.signed(self.back);
        out.signed(self.ahead);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        // No two days lie further apart, and none looks back to where it looks ahead.
        let days = |input: &mut Input<'_>| input.signed().filter(|days| (0..=i64::from(i32::MAX)).contains(days));
        Some(Self { any: bool::take(input)?, back: days(input)?, ahead: days(input)? })
    }
}

impl Stored for Around {
    fn put(&self, out: &mut Output<'_>) {
        let Self { individual, peer, program, month, session } = self;
        [individual, peer, program, month].into_iter().for_each(|days| days.put(out));
        session.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(Self {
            individual: Stored::take(input)?,
            peer: Stored::take(input)?,
            program: Stored::take(input)?,
            month: Stored::take(input)?,
            session: bool::take(input)?,
        })
    }
}

impl Stored for Reach {
    fn put(&self, out: &mut Output<'_>) {
        let Self { contacts, papers, meetings, people, programs } = self;
        contacts.put(out);
        papers.iter().for_each(|around| around.put(out));
        [meetings, people].into_iter().for_each(|days| days.put(out));
        programs.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let contacts = Stored::take(input)?;
        let mut papers = [Around::default(); KINDS.len()];
        for around in &mut papers {
            *around = Stored::take(input)?;
        }
        let [meetings, people] = [Days::take(input)?, Days::take(input)?];
        Some(Self { contacts, papers, meetings, people, programs: u8::take(input)? })
    }
}

fn put_hull(out: &mut Output<'_>, hull: Hull) {
    put_day(out, hull.from);
    put_day(out, hull.to);
}

fn take_hull(input: &mut Input<'_>) -> Option<Hull> {
    Some(Hull { from: take_day(input)?, to: take_day(input)? })
}

/// A read without its deadline and day, which are kept elsewhere.
pub(super) fn put_read(out: &mut Output<'_>, read: &Read) {
    let Read { people, dated, everyone, individuals, programs, contacts, papers, all_papers, sessions, meetings, deadline: _, today: _ } = read;
    people.put(out);
    list(out, dated, |out, (person, day)| {
        person.put(out);
        put_day(out, *day);
    });
    everyone.put(out);
    individuals.put(out);
    programs.put(out);
    list(out, contacts, |out, (whose, hull)| {
        match whose {
            Whose::Individual(who) => {
                out.number(0);
                who.put(out);
            }
            Whose::Peer(who) => {
                out.number(1);
                who.put(out);
            }
            Whose::Program(which) => {
                out.number(2);
                which.put(out);
            }
            Whose::Session(which) => {
                out.number(3);
                which.put(out);
            }
        }
        put_hull(out, *hull);
    });
    papers.put(out);
    all_papers.put(out);
    sessions.put(out);
    list(out, meetings, |out, (program, hull)| {
        program.put(out);
        put_hull(out, *hull);
    });
}

pub(super) fn take_read(input: &mut Input<'_>) -> Option<Read> {
    Some(Read {
        people: Vec::<(PersonKey, u8)>::take(input)?,
        dated: taken(input, |input| Some((PersonKey::take(input)?, take_day(input)?)))?,
        everyone: u8::take(input)?,
        individuals: Stored::take(input)?,
        programs: Vec::<(ProgramKey, u8)>::take(input)?,
        contacts: taken(input, |input| {
            let whose = match input.number()? {
                0 => Whose::Individual(Stored::take(input)?),
                1 => Whose::Peer(Stored::take(input)?),
                2 => Whose::Program(Stored::take(input)?),
                3 => Whose::Session(Stored::take(input)?),
                _ => return None,
            };
            Some((whose, take_hull(input)?))
        })?,
        papers: Vec::<(ContactKey, u8)>::take(input)?,
        all_papers: u8::take(input)?,
        sessions: Stored::take(input)?,
        meetings: taken(input, |input| Some((ProgramKey::take(input)?, take_hull(input)?)))?,
        deadline: None,
        today: false,
    })
}
