//! A value that most questions never ask for: it stays as it was stored until somebody does.
//! Bytes that are none of it are noted as damage, and read as nothing at all.

use std::sync::OnceLock;

use super::codec::{Input, Output, Stored};
use super::pieces::{Lain, Place};

/// A value, perhaps still as it was stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Later<T> {
    value: OnceLock<T>,
    /// Where it lies, and how many bytes it has.
    laid: Option<(Lain, Place, usize)>,
}

impl<T: Stored + Default> Later<T> {
    /// The value.
    pub(crate) fn get(&self) -> &T {
        self.value.get_or_init(|| self.read())
    }

    /// Changes the value, which from then on is no longer the one that was stored.
    pub(crate) fn change<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut value = self.value.take().unwrap_or_else(|| self.read());
        let changed = change(&mut value);
        *self = Self { value: value.into(), laid: None };
        changed
    }

    fn read(&self) -> T {
        let Some((lain, place, len)) = &self.laid else { return T::default() };
        let value = || {
            let bytes = bytemuck::cast_slice(lain.words(*place, len.div_ceil(4))).get(..*len)?;
            let mut input = Input::new(bytes, lain.counts())?;
            let value = T::take(&mut input)?;
            input.is_at_end().then_some(value)
        };
        value().unwrap_or_else(|| {
            lain.damaged();
            T::default()
        })
    }
}

/// Its length, and where it was laid.
impl<T: Stored + Default> Stored for Later<T> {
    fn put(&self, out: &mut Output<'_>) {
        let mut own = Output { spelled: out.spelled, ..Output::default() };
        self.get().put(&mut own);
        out.number(own.bytes.len() as u64);
        out.lay(&own.bytes);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        let len = usize::try_from(input.number()?).ok()?;
        let (lain, place) = input.laid()?;
        Some(Self { value: OnceLock::new(), laid: Some((lain, place, len)) })
    }
}
