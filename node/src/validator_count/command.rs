// SPDX-License-Identifier: GPL-3.0-only
//! `serin validators ...`: one function per subcommand.

use super::{
    api::{unanswered, ValidatorCount},
    cli::{StatusCmd, ValidatorsAction, ValidatorsCmd},
    record::{Answers, StatusRecord},
    Error, Result,
};
use crate::{
    demo::{self, chain::Chain},
    network::{self, Manifest, Role},
};
use std::io::{self, Write};

/// Runs the subcommand.
pub fn run(command: &ValidatorsCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.action {
        ValidatorsAction::Status(command) => runtime.block_on(status(command)),
    }
}

async fn status(command: &StatusCmd) -> Result<()> {
    let record = ask(&node_url(command)?).await?;
    let text = if command.json {
        format!("{}\n", serde_json::to_string(&record).map_err(io::Error::from)?)
    } else {
        record.to_string()
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// What the node at `url` says of the validator count after its best block.
pub async fn ask(url: &str) -> Result<StatusRecord> {
    let chain = Chain::connect("the relay chain", url).await.map_err(|error| match error {
        demo::Error::Rpc { source, .. } => unanswered(url)(source),
        other => other.into(),
    })?;
    let api = ValidatorCount::of(&chain, url).await?;
    let block = chain.best().await?;
    Ok(StatusRecord::from(Answers {
        block,
        status: api.status(block).await?,
        steps: api.projection(block).await?,
        sessions: api.health(block).await?,
        timing: api.timing(block.hash).await?,
    }))
}

fn node_url(command: &StatusCmd) -> Result<String> {
    if let Some(url) = &command.url {
        return Ok(url.clone());
    }
    let network = Manifest::of_running(command.target.network.as_deref()).map_err(|error| match error {
        network::Error::NoNetwork => Error::NoNetwork,
        other => other.into(),
    })?;
    Ok(network.running(|node| node.role == Role::Validator)?.rpc_url.clone())
}
