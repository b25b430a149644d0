// SPDX-License-Identifier: GPL-3.0-only
//! What a node counts, from its Prometheus endpoint.

use anyhow::{Context, Result};
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A histogram of the seconds that a validator took to prepare each PVF.
pub const PVF_PREPARATION: &str = "polkadot_pvf_preparation_time";
/// A node on this machine answers within a moment, or not at all.
const LIMIT: Duration = Duration::from_secs(30);

/// All metrics of the node at `http://HOST:PORT/metrics`, as text.
pub fn fetch(url: &str) -> Result<String> {
    let address = url.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/metrics"));
    let address = address.with_context(|| format!("{url} is no endpoint of metrics"))?;
    let mut stream = TcpStream::connect(address).with_context(|| format!("connecting to {url}"))?;
    stream.set_read_timeout(Some(LIMIT))?;
    // By this version the server closes the connection behind its answer.
    write!(stream, "GET /metrics HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).with_context(|| format!("reading {url}"))?;
    Ok(answer)
}

/// The sum of the samples of that name whose labels contain `label`.
pub fn sum(metrics: &str, name: &str, label: &str) -> f64 {
    let samples = metrics.lines().filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let labels = series.strip_prefix(name)?;
        let is_this = labels.is_empty() || labels.starts_with('{');
        (is_this && labels.contains(label)).then(|| value.parse::<f64>().ok())?
    });
    samples.sum()
}

/// How many values the histogram of that name has, and their sum.
pub fn histogram(metrics: &str, name: &str) -> (f64, f64) {
    (sum(metrics, &format!("{name}_count"), ""), sum(metrics, &format!("{name}_sum"), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_told_apart_by_name_and_label() {
        let metrics = "\
# HELP votes_total Votes.
votes_total{status=\"success\",chain=\"local\"} 3
votes_total{status=\"stale\",chain=\"local\"} 1
votes_total_bucket{status=\"success\"} 7
peers 2
";
        assert_eq!(sum(metrics, "votes_total", "status=\"success\""), 3.0);
        assert_eq!(sum(metrics, "votes_total", ""), 4.0);
        assert_eq!(sum(metrics, "peers", ""), 2.0);
        assert_eq!(sum(metrics, "nothing", ""), 0.0);
    }
    #[test]
    fn a_histogram_tells_how_many_and_how_much() {
        let metrics = "\
seconds_bucket{chain=\"local\",le=\"+Inf\"} 2
seconds_sum{chain=\"local\"} 3.5
seconds_count{chain=\"local\"} 2
";
        assert_eq!(histogram(metrics, "seconds"), (2.0, 3.5));
        assert_eq!(histogram(metrics, "minutes"), (0.0, 0.0));
    }
}
