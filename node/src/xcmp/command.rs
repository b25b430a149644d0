// SPDX-License-Identifier: GPL-3.0-only
//! `serin xcmp ...`: one function per subcommand.

use super::{
    cli::{RelayCmd, TraceCmd, XcmpAction, XcmpCmd},
    relay::{self, Options},
    trace::Stream,
    Error, Result,
};
use crate::{
    demo::{Narrator, Voice},
    network::{self, cli::TargetArgs, Manifest, Role},
};
use serin_chain_spec::ParachainKind;
use std::io::{self, Write};

/// Runs the subcommand.
pub fn run(command: &XcmpCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.action {
        XcmpAction::Relay(command) => runtime.block_on(relay(command)),
        XcmpAction::Trace(command) => runtime.block_on(trace(command)),
    }
}

async fn relay(command: &RelayCmd) -> Result<()> {
    let RelayCmd { target, from, to, metrics_port } = command;
    let (from, to) = if from.is_empty() {
        let collators = collators(&running_network(target)?);
        (collators.clone(), collators)
    } else {
        (from.clone(), to.clone())
    };
    let options = Options { from, to, metrics_port: *metrics_port };
    relay::run(&options, Narrator::new(Voice::Stdout)).await
}

async fn trace(command: &TraceCmd) -> Result<()> {
    for (relay, from, to) in directions(command)? {
        let record = Stream::connect(&relay, &from, &to).await?.trace(command.last).await?;
        let text = if command.json {
            format!("{}\n", serde_json::to_string(&record).map_err(io::Error::from)?)
        } else {
            record.to_string()
        };
        match io::stdout().lock().write_all(text.as_bytes()) {
            // The reader has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            outcome => outcome?,
        }
    }
    Ok(())
}

/// A node of the relay chain, of the sender and of the receiver, for each direction that is asked for.
fn directions(command: &TraceCmd) -> Result<Vec<(String, String, String)>> {
    if let (Some(relay), Some(from), Some(to)) = (&command.relay, &command.from, &command.to) {
        return Ok(vec![(relay.clone(), from.clone(), to.clone())]);
    }
    let network = running_network(&command.target)?;
    let relay = &network.running(|node| node.role == Role::Validator)?.rpc_url;
    let with_core = network.parachains.iter().filter(|para| para.kind == ParachainKind::WithCore);
    let nodes = with_core.map(|para| network.running(|node| node.para == Some(para.id)));
    let urls = nodes.map(|node| Ok(node?.rpc_url.clone())).collect::<Result<Vec<_>>>()?;
    let pairs = urls.iter().flat_map(|from| urls.iter().map(move |to| (from, to))).filter(|(from, to)| from != to);
    Ok(pairs.map(|(from, to)| (relay.clone(), from.clone(), to.clone())).collect())
}

/// Where all collators of the network answer.
fn collators(network: &Manifest) -> Vec<String> {
    let collators = network.nodes.iter().filter(|node| node.role == Role::Collator);
    collators.map(|node| node.rpc_url.clone()).collect()
}

fn running_network(target: &TargetArgs) -> Result<Manifest> {
    Manifest::of_running(target.network.as_deref()).map_err(|error| match error {
        network::Error::NoNetwork => Error::NoNetwork,
        other => other.into(),
    })
}
