//! The frames of a pack: taken apart, hashed on all cores, and held against each other in order (`FORMAT.md`, "frames.bin").
//! It refuses the first frame that is not what its header says, by its seq.

use chain::{Genesis, HEADER_LEN, Header, Link};
use transparency::{Hash, leaf_hash};

/// One frame: its header, and its body if it was not left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) header: &'a [u8; HEADER_LEN],
    pub(crate) body: Option<&'a [u8]>,
}

/// What is known of all frames once they were checked.
#[derive(Debug, Default)]
pub(crate) struct Frames<'a> {
    pub(crate) all: Vec<Frame<'a>>,
    /// Seq and leaf hash of each.
    pub(crate) leaves: Vec<(u64, Hash)>,
    pub(crate) bodies: u64,
    /// `recorded_at` of the first and last frame.
    pub(crate) recorded: Option<(i64, i64)>,
}

impl<'a> Frame<'a> {
    /// The fields of the header. Frames in [`Frames`] have been read once, so this does not fail on them.
    pub(crate) fn fields(&self) -> Option<Header> {
        Header::from_bytes(self.header).ok()
    }

    /// The payload behind the blinding.
    pub(crate) fn payload(&self) -> Option<&'a [u8]> {
        self.body.and_then(|body| body.get(chain::BLINDING_LEN..))
    }
}

impl<'a> Frames<'a> {
    /// The frame at a seq.
    pub(crate) fn at(&self, seq: u64) -> Option<&Frame<'a>> {
        let place = self.leaves.binary_search_by_key(&seq, |(seq, _)| *seq).ok()?;
        self.all.get(place)
    }

    /// Takes `frames.bin` apart and checks everything about it but its place in the tree.
    ///
    /// # Errors
    /// What does not hold, and at which seq or byte.
    pub(crate) fn read(bytes: &'a [u8], genesis: &Genesis, size: u64) -> Result<Self, String> {
        let all = split(bytes)?;
        let hashed = hash_all(&all);
        let mut frames = Self { leaves: Vec::with_capacity(all.len()), ..Self::default() };
        let mut before: Option<(Header, Link)> = None;
        for (frame, hashed) in all.iter().zip(hashed) {
            let Hashed { header, link, leaf, body_agrees } = hashed;
            let seq = header.seq;
            let refuse = |why: &str| Err(format!("seq {seq}: {why}"));
            if header.ledger_id != genesis.ledger_id() {
                return refuse("the frame belongs to another ledger");
            }
            if seq >= size {
                return refuse(&format!("the frame lies behind the {size} events of the tree"));
            }
            if !body_agrees {
                return refuse("the body does not have the hash in its header");
            }
            match &before {
                Some((previous, _)) if seq <= previous.seq => return refuse(&format!("the frame follows that of seq {}", previous.seq)),
                Some((previous, _)) if header.recorded_at < previous.recorded_at => return refuse("it was recorded before the frame in front of it"),
                Some((previous, link)) if seq == previous.seq + 1 && header.previous != *link => return refuse("it does not follow the frame before it (previous link differs)"),
                None if header.recorded_at < genesis.created_at() => return refuse("it was recorded before the ledger was made"),
                None if seq == 0 && header.previous != genesis.first_link() => return refuse("it does not follow this genesis"),
                Some(_) | None => {}
            }
            frames.leaves.push((seq, leaf));
            frames.bodies += u64::from(frame.body.is_some());
            // The opening of the ledger comes with every pack; it says nothing about when these records were made.
            let first = frames.recorded.filter(|_| before.as_ref().is_none_or(|(previous, _)| previous.seq != 0));
            frames.recorded = Some((first.map_or(header.recorded_at, |(first, _)| first), header.recorded_at));
            before = Some((header, link));
        }
        frames.all = all;
        Ok(frames)
    }
}

/// Takes frames one after another until nothing is left.
fn split(bytes: &[u8]) -> Result<Vec<Frame<'_>>, String> {
    let mut frames = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let at = bytes.len() - rest.len();
        let short = || format!("frames.bin ends in the middle of the frame at byte {at}");
        let (header, tail) = rest.split_first_chunk::<HEADER_LEN>().ok_or_else(short)?;
        let fields = Header::from_bytes(header).map_err(|error| format!("frames.bin, the frame at byte {at}: {error}"))?;
        let (flag, tail) = tail.split_first().ok_or_else(short)?;
        let (body, tail) = match flag {
            0 => (None, tail),
            1 => {
                let (body, tail) = tail.split_at_checked(fields.body_len as usize).ok_or_else(short)?;
                (Some(body), tail)
            }
            other => return Err(format!("seq {}: its body is marked with {other}, which is neither 0 nor 1", fields.seq)),
        };
        frames.push(Frame { header, body });
        rest = tail;
    }
    Ok(frames)
}

struct Hashed {
    header: Header,
    link: Link,
    leaf: Hash,
    body_agrees: bool,
}

fn hash_one(frame: &Frame<'_>) -> Option<Hashed> {
    let header = frame.fields()?;
    let body_agrees = frame.body.is_none_or(|body| chain::body_hash(body) == header.body_hash);
    Some(Hashed { header, link: chain::link(frame.header), leaf: leaf_hash(frame.header), body_agrees })
}

/// Below this many frames a second thread costs more than it saves.
const PER_THREAD: usize = 2_000;

/// Hashes every frame, in order. All of them were read by [`split`], so none is passed over.
fn hash_all(frames: &[Frame<'_>]) -> Vec<Hashed> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(frames.len() / PER_THREAD).max(1);
    let share = frames.len().div_ceil(threads).max(1);
    if threads == 1 {
        return frames.iter().filter_map(hash_one).collect();
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = frames.chunks(share).map(|part| scope.spawn(move || part.iter().filter_map(hash_one).collect::<Vec<_>>())).collect();
        // A thread that ends early leaves its frames out, and the proof then does not lead to the root.
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}
