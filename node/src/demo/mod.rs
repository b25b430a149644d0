// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo ...`: scenarios on a running local network. Each tells what it does and what the chains do about it, and fails
//! when they did something else. The library behind them is that of the tests too.
//!
//! Reading order: [`chain`] is the client of one chain, [`runtimes`] what it has to know of a runtime, [`submission`] a
//! transaction until it is final, `pulse` the rhythm of a wait. [`xcm`] and [`xcmp`] are scenarios about messages, `story` what they share; [`transfer`] a message as planned,
//! `trace` as it is found on the chains, [`report`] what came of it; `chains` asks three chains by place, `xcm_api` what they
//! say of XCM. [`governance`] is another; [`referendum`] a vote, [`candidate`] who waits to validate. [`auction`] is the third.

pub mod auction;
pub mod candidate;
pub mod chain;
mod chains;
mod error;
pub mod governance;
mod pulse;
pub mod referendum;
pub mod report;
pub mod runtimes;
mod story;
pub mod submission;
mod trace;
pub mod transfer;
pub mod xcm;
mod xcm_api;
pub mod xcmp;

pub use error::{Error, Result};

use crate::network::{self, cli::TargetArgs, Manifest};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

/// The command that starts a network on which messages can be shown.
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
    /// Tokens and calls go both ways between two parachains, and no message touches the relay chain
    ///
    /// Each of the first two parachains sends its token to the other, and an account of each has its account on the other put a
    /// remark there, and pays for that. Relayers carry the messages, as `network up` starts one. The end tells each one's way with
    /// its place in the stream, as `serin xcmp trace` does. Exits with 1 unless all of it happened.
    Xcmp(XcmpCmd),
    /// Holders vote the number of validators up, and those who wait join the set
    ///
    /// Nodes added with `serin network add validator` run for election, and a referendum on the track validator_count_admin
    /// sets a plan. The story tells the vote, each step, what holds the plan, each larger set, and each newcomer's first
    /// block; with eras of two minutes it takes ten minutes and more. Exits with 1 unless the first larger set came in the era
    /// that the chain promised when the plan was set, and all of them joined.
    Governance(GovernanceCmd),
    /// A parachain wins a core in a candle auction, and writes its first block
    ///
    /// A referendum on the track auction_admin opens an auction. kilt, which is registered and has no core, bids for the first
    /// periods; two patrons of another parachain outbid each other while the candle burns, and its crowdloan bids by itself. The
    /// story draws the candle block again from the headers of the chain, and the winners from the bids, and gives the loser its
    /// money back. Exits with 1 unless all of it came out as the chain says, and kilt's first block came within 60 blocks.
    Auction(AuctionCmd),
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

#[derive(Clone, Debug, Args)]
pub struct XcmpCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// Print one JSON record on standard output in the end; the story goes to standard error
    #[arg(long)]
    pub json: bool,

    /// How long to wait for any one thing
    #[arg(long, value_name = "SECONDS", default_value_t = xcm::TIMEOUT.as_secs())]
    pub timeout: u64,
}

#[derive(Clone, Debug, Args)]
pub struct GovernanceCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// Print one JSON record on standard output in the end; the story goes to standard error
    #[arg(long)]
    pub json: bool,

    /// How many validators come at once
    #[arg(long, value_name = "N", default_value_t = governance::STEP)]
    pub step: u32,

    /// How long to wait for any one thing
    #[arg(long, value_name = "SECONDS", default_value_t = governance::TIMEOUT.as_secs())]
    pub timeout: u64,
}

#[derive(Clone, Debug, Args)]
pub struct AuctionCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// Print one JSON record on standard output in the end; the story goes to standard error
    #[arg(long)]
    pub json: bool,

    /// Go on until the lease is over and kilt has left its core, and have it win another one
    #[arg(long)]
    pub full: bool,

    /// How long to wait for any one thing
    #[arg(long, value_name = "SECONDS", default_value_t = auction::TIMEOUT.as_secs())]
    pub timeout: u64,
}

/// Runs the scenario.
pub fn run(command: &DemoCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.scenario {
        Scenario::Xcm(command) => runtime.block_on(run_xcm(command)),
        Scenario::Xcmp(command) => runtime.block_on(run_xcmp(command)),
        Scenario::Governance(command) => runtime.block_on(run_governance(command)),
        Scenario::Auction(command) => runtime.block_on(run_auction(command)),
    }
}

async fn run_xcm(command: &XcmCmd) -> Result<()> {
    let network = running_network(&command.target, START)?;
    let options = xcm::Options { sender: command.sender.clone(), timeout: Duration::from_secs(command.timeout) };
    let report = xcm::run(&network, &options, &narrator(command.json)).await?;
    end(command.json.then_some(&report), report.held, &report.missing)
}

async fn run_xcmp(command: &XcmpCmd) -> Result<()> {
    let network = running_network(&command.target, START)?;
    let timeout = Duration::from_secs(command.timeout);
    let report = xcmp::run(&network, timeout, &narrator(command.json)).await?;
    end(command.json.then_some(&report), report.messages.held, &report.messages.missing)
}

async fn run_governance(command: &GovernanceCmd) -> Result<()> {
    let network = running_network(&command.target, "serin network up")?;
    let options = governance::Options { step: command.step, timeout: Duration::from_secs(command.timeout) };
    let report = governance::run(&network, &options, &narrator(command.json)).await?;
    end(command.json.then_some(&report), report.succeeded, &report.missing)
}

async fn run_auction(command: &AuctionCmd) -> Result<()> {
    let network = running_network(&command.target, auction::START)?;
    let options = auction::Options { full: command.full, timeout: Duration::from_secs(command.timeout) };
    let report = auction::run(&network, &options, &narrator(command.json)).await?;
    end(command.json.then_some(&report), report.succeeded, &report.missing)
}

/// Prints the record, if one was asked for, and makes the outcome that of the command.
fn end<R: Serialize>(record: Option<&R>, is_as_told: bool, missing: &[String]) -> Result<()> {
    if let Some(record) = record {
        let record = serde_json::to_string(record).map_err(io::Error::from)?;
        writeln!(io::stdout(), "{record}")?;
    }
    if is_as_told {
        Ok(())
    } else {
        Err(Error::Missing { missing: missing.to_vec() })
    }
}

/// A record has standard output for itself.
fn narrator(is_json: bool) -> Narrator {
    Narrator::new(if is_json { Voice::Stderr } else { Voice::Stdout })
}

fn running_network(target: &TargetArgs, start: &'static str) -> Result<Manifest> {
    Manifest::of_running(target.network.as_deref()).map_err(|error| match error {
        network::Error::NoNetwork => Error::NoNetwork { start },
        other => other.into(),
    })
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

    fn parse(line: &[&str]) -> Scenario {
        Cli::try_parse_from(line).unwrap_or_else(|error| panic!("{error}")).demo.scenario
    }

    #[test]
    fn validators_come_one_by_one_unless_told_otherwise() {
        let Scenario::Governance(command) = parse(&["serin", "governance"]) else { panic!("another scenario") };
        assert_eq!((command.step, command.json, command.timeout), (1, false, 900));
        let line = ["serin", "governance", "--network", "one", "--step", "3", "--json", "--timeout", "5"];
        let Scenario::Governance(command) = parse(&line) else { panic!("another scenario") };
        assert_eq!((command.step, command.json, command.timeout), (3, true, 5));
        assert_eq!(command.target.network.as_deref(), Some("one"));
    }

    #[test]
    fn an_auction_ends_with_the_first_block_unless_told_otherwise() {
        let Scenario::Auction(command) = parse(&["serin", "auction"]) else { panic!("another scenario") };
        assert_eq!((command.full, command.json, command.timeout), (false, false, 600));
        let line = ["serin", "auction", "--network", "one", "--full", "--json", "--timeout", "5"];
        let Scenario::Auction(command) = parse(&line) else { panic!("another scenario") };
        assert_eq!((command.full, command.json, command.timeout), (true, true, 5));
    }

    #[test]
    fn the_sender_is_alice_unless_named() {
        let parse = |line: &[&str]| match parse(line) {
            Scenario::Xcm(command) => command,
            other => panic!("{other:?}"),
        };
        let command = parse(&["serin", "xcm"]);
        assert_eq!((command.sender.as_str(), command.json), ("//Alice", false));
        let command = parse(&["serin", "xcm", "--network", "one", "--sender", "//Bob", "--json", "--timeout", "5"]);
        assert_eq!((command.sender.as_str(), command.json, command.timeout), ("//Bob", true, 5));
        assert_eq!(command.target.network.as_deref(), Some("one"));
    }
}
