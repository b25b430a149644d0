// SPDX-License-Identifier: GPL-3.0-only
//! Checks the rules of this repository that neither rustfmt nor clippy knows: which crate may depend on which, real
//! weights in the runtime, licence lines, no unfinished marks, no ignored tests.
//!
//! Uses the standard library alone, so that `make lint-fast` compiles it with `rustc` in a moment, before any
//! dependency.
//! Prints one finding per line as `file:line: what is wrong: what to do`, and fails when there is one.

mod dependencies;
mod finding;
mod json;
mod text;

use finding::Finding;
use json::Json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    match findings() {
        Ok((files, findings)) if findings.is_empty() => {
            println!("serin-lint: {files} files, nothing found");
            ExitCode::SUCCESS
        }
        Ok((_, findings)) => {
            for finding in &findings {
                println!("{finding}");
            }
            println!("serin-lint: {} found", findings.len());
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("serin-lint: {message}");
            ExitCode::FAILURE
        }
    }
}

/// How many files were read, and what was found in them.
fn findings() -> Result<(usize, Vec<Finding>), String> {
    let root = PathBuf::from(output("git", &["rev-parse", "--show-toplevel"], Path::new("."))?.trim_end());
    // New files count before they are committed.
    let listed = output("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"], &root)?;
    let mut files: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    files.sort_unstable();

    let mut read = 0;
    let mut findings = Vec::new();
    for path in files {
        // A file that git lists may be deleted in the working tree, or be no text.
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        read += 1;
        findings.extend(text::check(path, &text));
    }

    let metadata = output("cargo", &["metadata", "--no-deps", "--format-version", "1"], &root)?;
    let metadata = Json::parse(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    findings.extend(dependencies::check(&metadata, |manifest| fs::read_to_string(manifest).unwrap_or_default()));
    Ok((read, findings))
}

fn output(program: &str, arguments: &[&str], directory: &Path) -> Result<String, String> {
    let command = format!("{program} {}", arguments.join(" "));
    let output = Command::new(program).args(arguments).current_dir(directory).output().map_err(|error| {
        format!("`{command}` did not start: {error}; run it inside a git clone, with cargo on the PATH")
    })?;
    if !output.status.success() {
        return Err(format!("`{command}` failed: {}", String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{command}` printed no UTF-8; rename the file it lists"))
}
