//! The zip file around a pack, in its one spelling (`FORMAT.md`, "The file"): entries taken out, and the file written anew to compare.
//! It refuses every other spelling, decompresses nothing, and believes no length beyond the bytes at hand.

/// The entries there can be, in the order of the file, and whether each must be there.
pub(crate) const ENTRIES: &[(&str, bool)] = &[
    ("manifest.json", true),
    ("manifest.note", true),
    ("cover.html", true),
    ("notice.txt", false),
    ("checkpoint.txt", true),
    ("genesis.bin", true),
    ("rotations.json", false),
    ("frames.bin", true),
    ("proof.bin", true),
    ("consistency.json", false),
    ("sample.json", false),
    ("keys.json", true),
    ("findings.json", true),
    ("redactions.json", true),
    ("history/supervision.json", true),
    ("history/credentials.json", true),
    ("trailer.json", true),
];

/// The most entries that are read at all.
const MAX_ENTRIES: usize = 32;
/// The longest entry that is read as text or JSON: 256 MiB.
pub(crate) const MAX_TEXT_LEN: usize = 256 * 1024 * 1024;

const LOCAL_LEN: usize = 30;
const LOCAL: [u8; 4] = [0x50, 0x4b, 0x03, 0x04];
const CENTRAL: [u8; 4] = [0x50, 0x4b, 0x01, 0x02];
const END: [u8; 4] = [0x50, 0x4b, 0x05, 0x06];

/// One entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
}

/// The entries of a file, and what is wrong with the file around them.
#[derive(Debug, Default)]
pub(crate) struct Archive<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) problem: Option<String>,
}

impl<'a> Archive<'a> {
    /// Takes a file apart. What cannot be taken apart has no entries and a problem.
    pub(crate) fn read(file: &'a [u8]) -> Self {
        let mut archive = Self::default();
        if u32::try_from(file.len()).is_err() {
            archive.problem = Some("the file is 4 GiB or longer, a pack is shorter".into());
            return archive;
        }
        let mut at = 0;
        let mut central = Vec::new();
        while file.get(at..at + 4) == Some(&LOCAL) {
            if archive.entries.len() == MAX_ENTRIES {
                archive.problem = Some(format!("there are more than {MAX_ENTRIES} entries"));
                return archive;
            }
            let Some((entry, crc, end)) = take(file, at) else {
                archive.fail(format!("the entry at byte {at} goes past the end of the file, or its name is not text"));
                return archive;
            };
            if file.get(at..at + LOCAL_LEN) != Some(&local(entry, crc)) {
                archive.fail(format!("the header of {} is not written as a pack's is", entry.name));
            }
            if crc32fast::hash(entry.bytes) != crc {
                archive.fail(format!("{} does not have the CRC-32 in its header", entry.name));
            }
            push_central(&mut central, entry, crc, at);
            archive.entries.push(entry);
            at = end;
        }
        let end = end_record(archive.entries.len(), central.len(), at);
        let tail = file.get(at..).unwrap_or_default();
        if tail.len() != central.len() + end.len() || !tail.starts_with(&central) || !tail.ends_with(&end) {
            let what = if archive.entries.is_empty() { "this is not a pack: no entry can be found in it" } else { "the directory at the end is not the one these entries have" };
            archive.fail(what.into());
        }
        archive.check_names();
        archive
    }

    /// The first problem is the one that is told.
    fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    fn check_names(&mut self) {
        let mut next = 0;
        for entry in &self.entries {
            let ahead = ENTRIES.get(next..).unwrap_or_default();
            let Some(place) = ahead.iter().position(|(name, _)| *name == entry.name) else {
                let problem = format!("{} is no entry of a pack, or stands in another place than it must", shown(entry.name));
                self.problem.get_or_insert(problem);
                return;
            };
            if let Some((missing, _)) = ahead.iter().take(place).find(|(_, must)| *must) {
                self.problem.get_or_insert(format!("{missing} is missing"));
                return;
            }
            next += place + 1;
        }
        if let Some((missing, _)) = ENTRIES.get(next..).unwrap_or_default().iter().find(|(_, must)| *must) {
            self.problem.get_or_insert(format!("{missing} is missing"));
        }
    }

    /// The bytes of an entry.
    pub(crate) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.bytes)
    }
}

/// A name from a hostile file, fit to be printed.
fn shown(name: &str) -> String {
    name.chars().take(60).flat_map(char::escape_default).collect()
}

/// The entry at `at`, the CRC-32 in its header, and where the next begins.
fn take(file: &[u8], at: usize) -> Option<(Entry<'_>, u32, usize)> {
    let head = file.get(at..at.checked_add(LOCAL_LEN)?)?;
    let crc = u32::from_le_bytes(head.get(14..18)?.try_into().ok()?);
    let len = usize::try_from(u32::from_le_bytes(head.get(18..22)?.try_into().ok()?)).ok()?;
    let name_len = usize::from(u16::from_le_bytes(head.get(26..28)?.try_into().ok()?));
    let name_at = at + LOCAL_LEN;
    let data_at = name_at.checked_add(name_len)?;
    let end = data_at.checked_add(len)?;
    let name = std::str::from_utf8(file.get(name_at..data_at)?).ok()?;
    Some((Entry { name, bytes: file.get(data_at..end)? }, crc, end))
}

/// What local and central header share: from the version needed to the length of the name. Lengths fit, because the file is below 4 GiB and a name was read from 16 bits.
fn shared(entry: Entry<'_>, crc: u32) -> [u8; 24] {
    let mut bytes = [0; 24];
    let len = (entry.bytes.len() as u32).to_le_bytes();
    bytes[0] = 10;
    bytes[8] = 0x21;
    bytes[10..14].copy_from_slice(&crc.to_le_bytes());
    bytes[14..18].copy_from_slice(&len);
    bytes[18..22].copy_from_slice(&len);
    bytes[22..24].copy_from_slice(&(entry.name.len() as u16).to_le_bytes());
    bytes
}

fn local(entry: Entry<'_>, crc: u32) -> [u8; LOCAL_LEN] {
    let mut bytes = [0; LOCAL_LEN];
    bytes[..4].copy_from_slice(&LOCAL);
    bytes[4..28].copy_from_slice(&shared(entry, crc));
    bytes
}

fn push_central(central: &mut Vec<u8>, entry: Entry<'_>, crc: u32, offset: usize) {
    central.extend_from_slice(&CENTRAL);
    central.extend_from_slice(&[20, 0]);
    central.extend_from_slice(&shared(entry, crc));
    central.extend_from_slice(&[0; 12]);
    central.extend_from_slice(&(offset as u32).to_le_bytes());
    central.extend_from_slice(entry.name.as_bytes());
}

fn end_record(entries: usize, central_len: usize, central_at: usize) -> [u8; 22] {
    let mut bytes = [0; 22];
    let count = (entries as u16).to_le_bytes();
    bytes[..4].copy_from_slice(&END);
    bytes[8..10].copy_from_slice(&count);
    bytes[10..12].copy_from_slice(&count);
    bytes[12..16].copy_from_slice(&(central_len as u32).to_le_bytes());
    bytes[16..20].copy_from_slice(&(central_at as u32).to_le_bytes());
    bytes
}
