// SPDX-License-Identifier: GPL-3.0-only
//! The commands on a chain's database and spec. The work is the SDK's; this gives it our client.

use crate::{
    cli::Cli,
    error::{Error, Result},
};
use futures::TryFutureExt;
use polkadot_service::{new_chain_ops, revert_backend, Block};
use sc_cli::{
    BuildSpecCmd, ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd, ImportBlocksCmd,
    PurgeChainCmd, RevertCmd, SubstrateCli,
};

pub fn build_spec(cli: &Cli, cmd: &BuildSpecCmd) -> Result<()> {
    cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.chain_spec, config.network).map_err(Error::Cli))
}

/// Needs no node configuration, and so works without a base path or a node key.
pub fn export_chain_spec(cli: &Cli, cmd: &ExportChainSpecCmd) -> Result<()> {
    let spec = cli.load_spec(&cmd.chain).map_err(Error::input)?;
    cmd.run(spec).map_err(Error::Cli)
}

pub fn check_block(cli: &Cli, cmd: &CheckBlockCmd) -> Result<()> {
    cli.create_runner(cmd)?.async_run(|mut config| {
        let (client, _, import_queue, task_manager) = new_chain_ops(&mut config)?;
        Ok((cmd.run(client, import_queue).map_err(Error::Cli), task_manager))
    })
}

pub fn export_blocks(cli: &Cli, cmd: &ExportBlocksCmd) -> Result<()> {
    cli.create_runner(cmd)?.async_run(|mut config| {
        let (client, _, _, task_manager) = new_chain_ops(&mut config)?;
        Ok((cmd.run(client, config.database).map_err(Error::Cli), task_manager))
    })
}

pub fn export_state(cli: &Cli, cmd: &ExportStateCmd) -> Result<()> {
    cli.create_runner(cmd)?.async_run(|mut config| {
        let (client, _, _, task_manager) = new_chain_ops(&mut config)?;
        Ok((cmd.run(client, config.chain_spec).map_err(Error::Cli), task_manager))
    })
}

pub fn import_blocks(cli: &Cli, cmd: &ImportBlocksCmd) -> Result<()> {
    cli.create_runner(cmd)?.async_run(|mut config| {
        let (client, _, import_queue, task_manager) = new_chain_ops(&mut config)?;
        Ok((cmd.run(client, import_queue).map_err(Error::Cli), task_manager))
    })
}

pub fn purge_chain(cli: &Cli, cmd: &PurgeChainCmd) -> Result<()> {
    cli.create_runner(cmd)?.sync_run(|config| cmd.run(config.database).map_err(Error::Cli))
}

/// Reverts the blocks and, before them, what BABE, GRANDPA and the parachain subsystems stored about them.
pub fn revert(cli: &Cli, cmd: &RevertCmd) -> Result<()> {
    cli.create_runner(cmd)?.async_run(|mut config| {
        let (client, backend, _, task_manager) = new_chain_ops(&mut config)?;
        let spawn_handle = task_manager.spawn_handle();
        let revert_auxiliary = Box::new(move |client, backend, blocks| {
            revert_backend(client, backend, blocks, config, spawn_handle)
                .map_err(|error| sc_cli::Error::Application(error.into()))
        });
        Ok((cmd.run(client, backend, Some(revert_auxiliary)).map_err(Error::Cli), task_manager))
    })
}

pub fn chain_info(cli: &Cli, cmd: &ChainInfoCmd) -> Result<()> {
    cli.create_runner(cmd)?.sync_run(|config| cmd.run::<Block>(&config).map_err(Error::Cli))
}
