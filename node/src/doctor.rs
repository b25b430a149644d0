// SPDX-License-Identifier: GPL-3.0-only
//! `serin doctor`: what would keep this machine from running a validator.
//!
//! Each check is a module with one function, which returns its findings and changes nothing. A finding that is not `ok`
//! names its fix.

mod clock;
mod disk;
mod files;
mod ports;
mod session_keys;
mod workers;

use crate::{
    cli::{Cli, DoctorCommand},
    error::{Error, Result},
    workers::VERSION_LINE,
};
use sc_cli::SubstrateCli;
use sc_service::BasePath;
use serde::Serialize;
use std::{io::Write, path::PathBuf};

/// Runs all checks and prints what they found. An error if one of them failed.
pub fn run(command: &DoctorCommand) -> Result<()> {
    let report = Report::new(command)?;
    let mut output = std::io::stdout().lock();
    if command.json {
        let json = serde_json::to_string(&report).map_err(std::io::Error::from)?;
        writeln!(output, "{json}")?;
    } else {
        report.print(&mut output)?;
    }
    match report.failed {
        0 => Ok(()),
        failed => Err(Error::Doctor { failed }),
    }
}

/// All findings, in the order of the checks.
#[derive(Serialize)]
struct Report {
    version: &'static str,
    failed: usize,
    findings: Vec<Finding>,
}

/// What a check found.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    /// A validator runs, but less well or less safely than it could.
    Warning,
    /// A validator does not run, or must not.
    Failed,
}

impl Report {
    fn new(command: &DoctorCommand) -> Result<Self> {
        let base_path = match &command.base_path {
            Some(path) => BasePath::new(path),
            None => BasePath::from_project("", "", &Cli::executable_name()),
        };
        let chains = chain_directories(&base_path, command.chain.as_deref())?;
        let findings: Vec<Finding> = [
            workers::check(),
            clock::check(),
            ports::check(),
            disk::check(base_path.path()),
            files::check(&chains),
            session_keys::check(command.rpc_url.as_deref(), command.stash.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect();
        let failed = findings.iter().filter(|finding| finding.level == Level::Failed).count();
        Ok(Self { version: VERSION_LINE, failed, findings })
    }

    fn print(&self, output: &mut impl Write) -> std::io::Result<()> {
        writeln!(output, "{}", self.version)?;
        for Finding { check, level, message, fix } in &self.findings {
            writeln!(output, "{:<8} {check:<13} {message}", level.name())?;
            if let Some(fix) = fix {
                writeln!(output, "{:<8} {:<13} fix: {fix}", "", "")?;
            }
        }
        Ok(())
    }
}

impl Finding {
    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, message: message.into(), fix: None }
    }

    fn warning(check: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, level: Level::Warning, message: message.into(), fix: Some(fix.into()) }
    }

    fn failed(check: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { check, level: Level::Failed, message: message.into(), fix: Some(fix.into()) }
    }
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// The directories of the chain that is named, or of all chains that a node ever ran on.
fn chain_directories(base_path: &BasePath, chain: Option<&str>) -> Result<Vec<PathBuf>> {
    if let Some(chain) = chain {
        let spec =
            serin_chain_spec::load(chain, Default::default()).map_err(|error| Error::input(error.to_string()))?;
        return Ok(vec![base_path.config_dir(spec.id())]);
    }
    let Ok(entries) = std::fs::read_dir(base_path.path().join("chains")) else { return Ok(Vec::new()) };
    let mut directories: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    directories.sort();
    Ok(directories)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_prints_each_fix_below_its_finding() {
        let findings = vec![Finding::ok("clock", "synchronised"), Finding::failed("disk", "full", "make room")];
        let report = Report { version: "serin 1", failed: 1, findings };
        let mut text = Vec::new();
        report.print(&mut text).expect("a vector takes all");
        let text = String::from_utf8(text).expect("text");
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert_eq!(
            lines,
            ["serin 1", "ok       clock         synchronised", "failed   disk          full", "fix: make room"]
        );
    }

    #[test]
    fn json_leaves_out_absent_fixes() {
        let json = serde_json::to_value(Finding::ok("clock", "synchronised")).expect("serializes");
        assert_eq!(json, serde_json::json!({"check": "clock", "level": "ok", "message": "synchronised"}));
    }

    #[test]
    fn chains_under_the_base_path_are_found() {
        let base = tempfile::tempdir().expect("a directory");
        let base_path = BasePath::new(base.path());
        assert!(chain_directories(&base_path, None).expect("nothing there yet").is_empty());
        std::fs::create_dir_all(base_path.config_dir("serin_local")).expect("created");
        let expected = vec![base_path.config_dir("serin_local")];
        assert_eq!(chain_directories(&base_path, None).expect("readable"), expected);
    }
}
