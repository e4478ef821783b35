//! Tiles of 256 hashes and their paths, as tlog-tiles (C2SP, v0.1.0) lays them out.
//! It refuses widths and levels that no tree can have, and never names an empty tile.

use std::fmt::Write as _;

/// Levels of the tree in one tile.
pub const TILE_HEIGHT: u8 = 8;
/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;

/// Eight levels of eight bits hold any tree whose size is a `u64`.
pub(crate) const TILE_LEVELS: u8 = 8;

/// Which tile: level 0 holds leaf hashes, level l the roots of the full tiles of level l-1. Hash
/// `i` of a tile covers the leaves `(index * 256 + i) * 256^level` up to the next one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// Level of the tile, 0 to 7.
    pub level: u8,
    /// Position in its level, from the left.
    pub index: u64,
}

impl TileId {
    /// How many hashes this tile has in a tree of `size` leaves: 0 (not there) to 256 (full).
    pub fn width(self, size: u64) -> usize {
        if self.level >= TILE_LEVELS {
            return 0;
        }
        let hashes = size >> (TILE_HEIGHT * self.level);
        let before = self.index.saturating_mul(TILE_WIDTH as u64);
        hashes.saturating_sub(before).min(TILE_WIDTH as u64) as usize
    }

    /// `tile/<L>/<N>` for a full tile, `tile/<L>/<N>.p/<W>` for a partial one of `width` hashes.
    pub fn path(self, width: usize) -> String {
        numbered_path(&format!("tile/{}", self.level), self.index, width)
    }

    /// Reads what [`TileId::path`] writes: the tile and its width, 1 to 256. Anything else, such
    /// as leading zeros or a width of 0, is `None`.
    pub fn from_path(path: &str) -> Option<(Self, usize)> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse::<usize>().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let digits: String = number.split('/').map(|group| group.trim_start_matches('x')).collect();
        let id = Self { level: level.parse().ok()?, index: digits.parse().ok()? };
        // Only one spelling of a path is right: the one that would be written.
        let right = id.level < TILE_LEVELS && (1..=TILE_WIDTH).contains(&width) && id.path(width) == path;
        right.then_some((id, width))
    }
}

/// `tile/entries/<N>` or `tile/entries/<N>.p/<W>`: the leaf data that belongs to level-0 tile N.
pub fn entries_path(index: u64, width: usize) -> String {
    numbered_path("tile/entries", index, width)
}

/// Writes N in groups of three digits, all but the last with an `x` before them, so that no
/// directory ever holds more than a thousand names.
fn numbered_path(prefix: &str, index: u64, width: usize) -> String {
    let mut groups = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    let mut path = prefix.to_owned();
    for group in groups.iter().rev() {
        path.push('/');
        path.push_str(group);
    }
    if width < TILE_WIDTH {
        // Writing to a String cannot fail.
        let _ = write!(path, ".p/{width}");
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = TileId { level: 0, index: 1_234_067 };
        assert_eq!(tile.path(256), "tile/0/x001/x234/067");
        assert_eq!(tile.path(5), "tile/0/x001/x234/067.p/5");
        assert_eq!(TileId { level: 2, index: 0 }.path(1), "tile/2/000.p/1");
        assert_eq!(entries_path(273, 112), "tile/entries/273.p/112");
    }

    #[test]
    fn widths_are_those_of_the_specification() {
        let width = |level, index, size| TileId { level, index }.width(size);
        assert_eq!(width(0, 272, 70_000), 256);
        assert_eq!(width(0, 273, 70_000), 112);
        assert_eq!(width(0, 274, 70_000), 0);
        assert_eq!(width(1, 0, 70_000), 256);
        assert_eq!(width(1, 1, 70_000), 17);
        assert_eq!(width(2, 0, 70_000), 1);
        assert_eq!(width(0, 0, 256), 256);
        assert_eq!(width(1, 0, 256), 1);
        assert_eq!(width(7, 0, u64::MAX), 255);
        assert_eq!(width(8, 0, u64::MAX), 0);
        assert_eq!(width(0, u64::MAX, u64::MAX), 0);
    }

    #[test]
    fn only_the_one_spelling_of_a_path_is_read() {
        let read = TileId::from_path;
        assert_eq!(read("tile/0/x001/x234/067.p/5"), Some((TileId { level: 0, index: 1_234_067 }, 5)));
        assert_eq!(read("tile/7/000"), Some((TileId { level: 7, index: 0 }, 256)));
        for wrong in [
            "tile/0/1",
            "tile/00/000",
            "tile/8/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/05",
            "tile/0/x000/001",
            "tile/0/xx01/001",
            "tile/0/001/001",
            "tile/0/+01",
            "tile//000",
            "tile/0/",
            "",
            "tile/0/x001/x234/067.p/",
            "entries/000",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
