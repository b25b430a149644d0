// SPDX-License-Identifier: GPL-3.0-only
//! How long to wait before the next try.

use std::time::Duration;
use tokio::time::sleep;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(16);

/// Twice as long each time, up to a bound.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    next: Duration,
}

impl Default for Pause {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Pause {
    /// Whether none was taken since the last success.
    pub fn is_fresh(self) -> bool {
        self.next == FIRST
    }

    pub async fn take(&mut self) {
        sleep(self.advance()).await;
    }

    fn advance(&mut self) -> Duration {
        let now = self.next;
        self.next = now.saturating_mul(2).min(LONGEST);
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let mut pause = Pause::default();
        assert!(pause.is_fresh());
        let taken = (0..9).map(|_| pause.advance().as_millis()).collect::<Vec<_>>();
        assert_eq!(taken, [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000]);
        assert!(!pause.is_fresh());
    }
}
