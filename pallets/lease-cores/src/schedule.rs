// SPDX-License-Identifier: GPL-3.0-only
//! When work is assigned, and for which blocks.

use core::ops::Range;
use polkadot_primitives::BlockNumber;
use serin_primitives::lease::{LeaseClock, LeasePeriod};

/// The blocks of `period` in which a core can do other work, if it can do so from `earliest` on; `None` if it is too late.
pub(crate) fn servable_blocks(
    clock: LeaseClock,
    period: LeasePeriod,
    earliest: BlockNumber,
) -> Option<Range<BlockNumber>> {
    let begin = clock.first_block(period)?.max(earliest);
    let end = clock.first_block(period.checked_add(1)?)?;
    (begin < end).then_some(begin..end)
}

/// The block in which to begin with the work of `period`, so that the last of so many `cores` is told `notice` blocks before
/// it.
///
/// Not earlier: what the scheduler was told can only be changed for later blocks.
pub(crate) fn due_block(
    clock: LeaseClock,
    period: LeasePeriod,
    notice: BlockNumber,
    cores: u32,
    cores_per_block: u32,
) -> BlockNumber {
    let blocks = cores.div_ceil(cores_per_block.max(1)).max(1);
    let begin = clock.first_block(period).unwrap_or(BlockNumber::MAX);
    // At the chain's start there are fewer blocks before a period: then at once.
    begin.saturating_sub(notice).saturating_sub(blocks.saturating_sub(1))
}
