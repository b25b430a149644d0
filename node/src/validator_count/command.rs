// SPDX-License-Identifier: GPL-3.0-only
//! `serin validators ...`: one function per subcommand.

use super::{
    api::ValidatorCount,
    cli::{StatusCmd, ValidatorsAction, ValidatorsCmd},
    record::{Answers, StatusRecord},
    Result,
};
use crate::relay_node;
use std::io::{self, Write};

/// Runs the subcommand.
pub fn run(command: &ValidatorsCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.action {
        ValidatorsAction::Status(command) => runtime.block_on(status(command)),
    }
}

async fn status(command: &StatusCmd) -> Result<()> {
    let record = ask(&command.node.url()?).await?;
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
    let chain = relay_node::connect(url).await?;
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
