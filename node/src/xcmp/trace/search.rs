// SPDX-License-Identifier: GPL-3.0-only
//! The first block after which something holds that holds ever after.

use crate::demo::{
    chain::{BlockId, Chain},
    runtimes::{BlockNumber, Runtime},
    Result,
};
use std::future::Future;

/// Looks back from the best block by longer and longer steps, so that only states about as old as what is looked for are
/// asked for. None when it does not hold yet.
pub async fn first_block<R, F>(chain: &Chain<R>, holds: impl Fn(BlockId) -> F) -> Result<Option<BlockId>>
where
    R: Runtime,
    F: Future<Output = Result<bool>>,
{
    let best = chain.best().await?;
    let holds_at = |number| {
        let holds = &holds;
        async move { holds(block(chain, number).await?).await }
    };
    let Some(number) = first_number(best.number, holds_at).await? else { return Ok(None) };
    block(chain, number).await.map(Some)
}

async fn block<R: Runtime>(chain: &Chain<R>, number: BlockNumber) -> Result<BlockId> {
    let hash = chain.hash_at(number).await?;
    let hash = hash.ok_or_else(|| chain.answer("a hash", format!("it has no block {number} any more")))?;
    Ok(BlockId { number, hash })
}

async fn first_number<F>(best: BlockNumber, holds: impl Fn(BlockNumber) -> F) -> Result<Option<BlockNumber>>
where
    F: Future<Output = Result<bool>>,
{
    if !holds(best).await? {
        return Ok(None);
    }
    // It holds at `high`, and not below `low`.
    let (mut high, mut step) = (best, 1);
    let mut low = loop {
        let Some(number) = high.checked_sub(step) else { break 0 };
        if !holds(number).await? {
            break number.saturating_add(1);
        }
        high = number;
        step = step.saturating_mul(2);
    };
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle).await? {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    Ok(Some(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn the_first_block_is_found_wherever_it_is() {
        for best in 0..40 {
            for first in 0..=best {
                let found = first_number(best, |number| async move { Ok(number >= first) }).await.unwrap();
                assert_eq!(found, Some(first), "of {best}");
            }
            assert_eq!(first_number(best, |_| async { Ok(false) }).await.unwrap(), None);
        }
    }

    #[tokio::test]
    async fn what_is_recent_is_found_without_old_states() {
        let oldest = Cell::new(u32::MAX);
        let holds = |number| {
            oldest.set(oldest.get().min(number));
            async move { Ok(number >= 990) }
        };
        assert_eq!(first_number(1_000, holds).await.unwrap(), Some(990));
        assert!(oldest.get() > 960, "{} was asked for", oldest.get());
    }
}
