// SPDX-License-Identifier: GPL-3.0-only
//! How several measurements of one thing are told.

use std::fmt::{self, Display};

/// Median and range of some measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub least: u64,
    pub median: u64,
    pub greatest: u64,
    pub count: usize,
    pub unit: &'static str,
}

impl Summary {
    /// Of an even number the median is the lower one of the two in the middle. Panics when there are none.
    pub fn of(mut values: Vec<u64>, unit: &'static str) -> Self {
        values.sort_unstable();
        let count = values.len();
        Self { least: values[0], median: values[(count - 1) / 2], greatest: values[count - 1], count, unit }
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { least, median, greatest, count, unit } = self;
        write!(f, "median {median} {unit}, from {least} to {greatest} (n = {count})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        let summary = Summary::of(vec![9, 1, 5], "ms");
        assert_eq!(summary, Summary { least: 1, median: 5, greatest: 9, count: 3, unit: "ms" });
        assert_eq!(Summary::of(vec![4, 2], "ms").median, 2);
        assert_eq!(summary.to_string(), "median 5 ms, from 1 to 9 (n = 3)");
    }
}
