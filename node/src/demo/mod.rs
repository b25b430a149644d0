// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo ...`: scenarios on a running local network. Each tells what it does and what the chains do about it, and fails
//! when they did something else. The library behind them is that of the tests too.
//!
//! Reading order: [`xcm`] is the scenario; [`transfer`] a message as planned, `trace` as it is found on the chains, [`report`]
//! what came of it; `chains` asks the three chains by place; [`chain`] is the client of one, `xcm_api` what it says of XCM;
//! [`runtimes`] what a client has to know of a runtime.

pub mod chain;
mod chains;
mod error;
pub mod report;
pub mod runtimes;
mod trace;
pub mod transfer;
pub mod xcm;
mod xcm_api;

pub use error::{Error, Result};

use crate::network::{self, cli::TargetArgs, Manifest, Registry};
use clap::{Args, Subcommand};
use report::Report;
use std::{
    io::{self, Write},
    time::{Duration, Instant},
};
use xcm::Options;

/// The command that starts a network on which every scenario can be shown.
pub const START: &str = "serin network up --para 2087:picasso --para 2100:subsocial";

/// Show on a running local network what its chains do.
#[derive(Clone, Debug, Args)]
pub struct DemoCmd {
    #[command(subcommand)]
    pub scenario: Scenario,
}

#[derive(Clone, Debug, Subcommand)]
pub enum Scenario {
    /// Money and a call go from chain to chain: each hop with its block, each fee as predicted and as paid
    ///
    /// KSM goes from the relay chain to the first parachain, from there through the relay chain to the second, and back to
    /// the relay chain. The first parachain's own token goes to the second through their channel. An account on the first
    /// has its account on the relay chain put a remark there, and pays for that. Exits with 1 unless all of it happened.
    Xcm(XcmCmd),
}

#[derive(Clone, Debug, Args)]
pub struct XcmCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// Print one JSON record on standard output in the end; the story goes to standard error
    #[arg(long)]
    pub json: bool,

    /// Secret of the relay chain's account that the KSM is taken from: a derivation, a phrase or 32 bytes as hex
    #[arg(long, value_name = "SECRET", default_value = xcm::SENDER)]
    pub sender: String,

    /// How long to wait for any one thing
    #[arg(long, value_name = "SECONDS", default_value_t = xcm::TIMEOUT.as_secs())]
    pub timeout: u64,
}

/// Runs the scenario.
pub fn run(command: &DemoCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.scenario {
        Scenario::Xcm(command) => runtime.block_on(run_xcm(command)),
    }
}

async fn run_xcm(command: &XcmCmd) -> Result<()> {
    let network = running_network(&command.target)?;
    let options = Options { sender: command.sender.clone(), timeout: Duration::from_secs(command.timeout) };
    let narrator = Narrator::new(if command.json { Voice::Stderr } else { Voice::Stdout });
    let report = xcm::run(&network, &options, &narrator).await?;
    if command.json {
        let record = serde_json::to_string(&report).map_err(io::Error::from)?;
        writeln!(io::stdout(), "{record}")?;
    }
    let Report { held, missing, .. } = report;
    if held {
        Ok(())
    } else {
        Err(Error::Missing { missing })
    }
}

fn running_network(target: &TargetArgs) -> Result<Manifest> {
    let entry = Registry::open()?.select(target.network.as_deref()).map_err(|error| match error {
        network::Error::NoNetwork => Error::NoNetwork { start: START },
        other => other.into(),
    })?;
    // Without a manifest the network is at the very beginning of its start.
    Ok(Manifest::load(&entry.base_path)?.ok_or(network::Error::NotRunning { path: entry.base_path })?)
}

/// Where a story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    Stdout,
    Stderr,
}

/// Tells a story line by line, with the time since it began.
#[derive(Debug)]
pub struct Narrator {
    begun: Instant,
    voice: Voice,
}

impl Narrator {
    pub fn new(voice: Voice) -> Self {
        Self { begun: Instant::now(), voice }
    }

    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub fn tell(&self, text: &str) {
        let line = format!("{:6.1} s  {text}\n", self.begun.elapsed().as_secs_f64());
        // A listener who has gone ends the telling, not the story: its outcome is the exit code.
        let _ = match self.voice {
            Voice::Stdout => io::stdout().write_all(line.as_bytes()),
            Voice::Stderr => io::stderr().write_all(line.as_bytes()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        demo: DemoCmd,
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_sender_is_alice_unless_named() {
        let parse = |line: &[&str]| {
            let Scenario::Xcm(command) = Cli::try_parse_from(line).unwrap_or_else(|e| panic!("{e}")).demo.scenario;
            command
        };
        let command = parse(&["serin", "xcm"]);
        assert_eq!((command.sender.as_str(), command.json), ("//Alice", false));
        let command = parse(&["serin", "xcm", "--network", "one", "--sender", "//Bob", "--json", "--timeout", "5"]);
        assert_eq!((command.sender.as_str(), command.json, command.timeout), ("//Bob", true, 5));
        assert_eq!(command.target.network.as_deref(), Some("one"));
    }
}
