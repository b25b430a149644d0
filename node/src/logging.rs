// SPDX-License-Identifier: GPL-3.0-only
//! The node's log, and the runner that is made together with it.
//!
//! The SDK's logger writes lines for people and takes no other format. For JSON its place is taken by that of
//! `tracing-subscriber`, and `create_json_runner` does what `SubstrateCli::create_runner` does around it.

use crate::{
    cli::Cli,
    error::{Error, Result},
};
use clap::ValueEnum;
use sc_cli::{CliConfiguration, Runner, Signals, SubstrateCli};
use std::{env, io};
use tracing_subscriber::{filter::ParseError, fmt, EnvFilter};

/// What is logged unless the user says otherwise: the same as in the format for people.
const DEFAULT_DIRECTIVES: &str =
    "info,ws=off,yamux=off,regalloc=off,cranelift_codegen=off,cranelift_wasm=warn,hyper=warn,\
    trust_dns_proto=off,hickory_proto=off,libp2p_mdns::behaviour::iface=off,rustls::common_state=off,rustls::conn=off";

/// How a node writes its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// One JSON object per event, with its time in UTC.
    Json,
}

/// Starts the log in the format asked for. The runner has the node's configuration.
pub fn create_runner(cli: &Cli) -> Result<Runner<Cli>> {
    match cli.log_format {
        LogFormat::Text => Ok(cli.create_runner_with_logger_hook(&cli.run.base, polkadot_node_metrics::logger_hook())?),
        LogFormat::Json => create_json_runner(cli),
    }
}

fn create_json_runner(cli: &Cli) -> Result<Runner<Cli>> {
    let run = &cli.run.base;
    refuse_flags_of_the_other_logger(run)?;
    let runtime = sc_cli::build_runtime()?;
    let signals = runtime.block_on(async { Signals::capture() })?;
    let config = run.create_configuration(cli, runtime.handle().clone())?;
    sp_panic_handler::set(&Cli::support_url(), &Cli::impl_version());
    start_json_log(&run.log_filters()?)?;
    raise_limit_of_open_files();
    Ok(Runner::new(config, runtime, signals)?)
}

fn refuse_flags_of_the_other_logger(run: &sc_cli::RunCmd) -> Result<()> {
    let given = [
        ("--enable-log-reloading", run.enable_log_reloading()?),
        ("--tracing-targets", run.tracing_targets()?.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((flag, _)) => {
            Err(Error::input(format!("{flag} works with --log-format text only; leave one of them out")))
        }
        None => Ok(()),
    }
}

fn start_json_log(directives: &str) -> Result<()> {
    let filter = filter(&env::var("RUST_LOG").unwrap_or_default(), directives)
        .map_err(|error| Error::input(format!("the log filter cannot be read: {error}")))?;
    fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_thread_names(true)
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init()
        .map_err(|error| Error::input(format!("the log cannot be started: {error}")))
}

/// Of several directives for one target the last counts.
fn filter(variable: &str, directives: &str) -> Result<EnvFilter, ParseError> {
    let lists = [DEFAULT_DIRECTIVES, variable, directives];
    let mut directives = lists.iter().flat_map(|list| list.split(',')).filter(|directive| !directive.is_empty());
    directives.try_fold(EnvFilter::default(), |filter, directive| Ok(filter.add_directive(directive.parse()?)))
}

/// A node has a file open for each peer and each of the database's tables.
fn raise_limit_of_open_files() {
    if let Err(error) = fdlimit::raise_fd_limit() {
        log::warn!("The limit of open files could not be raised: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_directives_win() {
        let filter =
            filter("babe=trace,yamux=warn", "babe=debug").unwrap_or_else(|error| panic!("{error}")).to_string();
        let directives = filter.split(',').collect::<Vec<_>>();
        for expected in ["info", "babe=debug", "yamux=warn", "hyper=warn"] {
            assert!(directives.contains(&expected), "no {expected} in {filter}");
        }
        assert!(!filter.contains("babe=trace") && !filter.contains("yamux=off"), "{filter}");
    }

    #[test]
    fn a_malformed_directive_is_refused() {
        assert!(filter("", "babe=loud").is_err());
    }
}
