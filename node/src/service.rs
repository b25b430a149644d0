// SPDX-License-Identifier: GPL-3.0-only
//! The relay node: `polkadot_service` with our flags.
//!
//! `polkadot_service` treats chains by the prefix of their id and does not know ours. So authoring backs off when
//! finality lags by more than 50 blocks, and finalized data stays in the availability store for 25 hours.

use crate::{
    auctions,
    cli::Cli,
    error::{Error, Result},
    logging, start_checks,
    validator_count::{self, reporter::ReporterKey},
    workers::{own_executable, EXECUTE_WORKER_NAME, PREPARE_WORKER_NAME, VERSION_LINE},
};
use frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE;
use polkadot_cli::RunCmd;
use polkadot_service::{build_full, Configuration, IsParachainNode, NewFullParams, TaskManager, ValidatorOverseerGen};
use sc_storage_monitor::{StorageMonitorParams, StorageMonitorService};
use sc_sysinfo::HwBench;
use sp_runtime::AccountId32;
use std::{collections::HashSet, time::Duration};

/// Runs a relay node until it fails or is told to stop.
pub fn run(cli: Cli) -> Result<()> {
    refuse_unusable_flags(&cli.run)?;
    let runner = logging::create_runner(&cli)?;
    warn_of_idle_flags(&cli.run);
    let Cli { run, storage_monitor, report_finality, .. } = cli;
    runner.run_node_until_exit(move |config| async move { start(config, run, storage_monitor, report_finality) })
}

fn start(
    config: Configuration,
    run: RunCmd,
    storage_monitor: StorageMonitorParams,
    report_finality: Option<AccountId32>,
) -> Result<TaskManager> {
    start_checks::check(&config, &run)?;
    let database = config.database.clone();
    let registry = config.prometheus_registry().cloned();
    let reporter = report_finality.map(|account| ReporterKey::new(account, config.keystore.clone()));
    let hwbench = benchmark_hardware(&config, &run);
    let params = NewFullParams {
        is_parachain_node: IsParachainNode::No,
        // The runtime has no BEEFY.
        enable_beefy: false,
        force_authoring_backoff: run.force_authoring_backoff,
        telemetry_worker_handle: None,
        node_version: (!run.disable_worker_version_check).then(|| VERSION_LINE.to_owned()),
        // By the flag and not by the role: `--dev` and `--alice` alone are for trying things out, on any machine.
        secure_validator_mode: run.base.validator && !run.insecure_validator,
        workers_path: run.workers_path.or_else(own_executable),
        workers_names: Some((PREPARE_WORKER_NAME.into(), EXECUTE_WORKER_NAME.into())),
        execute_workers_max_num: run.execute_workers_max_num,
        prepare_workers_soft_max_num: run.prepare_workers_soft_max_num,
        prepare_workers_hard_max_num: run.prepare_workers_hard_max_num,
        keep_finalized_for: run.keep_finalized_for,
        overseer_gen: ValidatorOverseerGen,
        overseer_message_channel_capacity_override: run.overseer_channel_capacity_override,
        malus_finality_delay: None,
        hwbench,
        invulnerable_ah_collators: HashSet::new(),
        collator_protocol_hold_off: run.collator_protocol_hold_off.map(Duration::from_millis),
        experimental_collator_protocol: run.experimental_collator_protocol.unwrap_or(false),
        collator_reputation_persist_interval: run.collator_reputation_persist_interval.map(Duration::from_secs),
    };
    let node = build_full(config, params)?;
    validator_count::follow(&node, registry.as_ref(), reporter);
    auctions::follow(&node, registry.as_ref());
    let task_manager = node.task_manager;
    if let Some(path) = database.path() {
        let spawner = task_manager.spawn_essential_handle();
        StorageMonitorService::try_spawn(storage_monitor, path.to_path_buf(), &spawner)?;
    }
    Ok(task_manager)
}

/// Takes some seconds, which a development chain does not have to wait for.
fn benchmark_hardware(config: &Configuration, run: &RunCmd) -> Option<HwBench> {
    if run.no_hardware_benchmarks || run.base.shared_params.dev {
        return None;
    }
    let directory = config.database.path()?;
    // If this fails, so does the disk's benchmark, and opening the database then reports why.
    let _ = std::fs::create_dir_all(directory);
    Some(sc_sysinfo::gather_hwbench(Some(directory), &SUBSTRATE_REFERENCE_HARDWARE))
}

fn refuse_unusable_flags(run: &RunCmd) -> Result<()> {
    if run.pyroscope_server.is_some() {
        return Err(Error::input("--pyroscope-server is not supported by this executable; leave it out"));
    }
    if run.collator_reputation_persist_interval.is_some() && run.experimental_collator_protocol != Some(true) {
        return Err(Error::input(
            "--collator-reputation-persist-interval needs --experimental-collator-protocol; pass both or neither",
        ));
    }
    Ok(())
}

fn warn_of_idle_flags(run: &RunCmd) {
    let idle = [
        ("--force-kusama", run.force_kusama),
        ("--force-westend", run.force_westend),
        ("--force-rococo", run.force_rococo),
        ("--keep-finalized-for", run.keep_finalized_for.is_some()),
    ];
    for (flag, _) in idle.into_iter().filter(|(_, given)| *given) {
        log::warn!("{flag} has no effect on this chain");
    }
}
