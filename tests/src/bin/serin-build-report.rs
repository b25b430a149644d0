// SPDX-License-Identifier: GPL-3.0-only
//! Says after a build what it cost and what it made: the slowest units when much was compiled, hash and sizes of each
//! runtime blob. Reads what `cargo build --timings` and the wasm builder left in the target directory.

use anyhow::{Context, Result};
use serde_json::{Deserializer, Value};
use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
};

/// Fewer compiled crates are an ordinary incremental build, whose times nobody asks for.
const MANY_CRATES: usize = 100;
const SLOWEST_SHOWN: usize = 10;

fn main() -> Result<()> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .context("CARGO_TARGET_DIR is not set; run `make build`, which sets it")?;
    let timings = target.join("cargo-timings/cargo-timing.html");
    let page = fs::read_to_string(&timings)
        .with_context(|| format!("cannot read {}; build with `cargo build --timings`", timings.display()))?;
    let units = compiled_units(&page).with_context(|| format!("{} has an unknown form", timings.display()))?;
    for line in slowest(&units) {
        println!("{line}");
    }
    for line in blobs(&target.join("release/wbuild"))? {
        println!("{line}");
    }
    Ok(())
}

/// One run of the compiler or of a build script.
#[derive(Debug, PartialEq)]
struct Unit {
    name: String,
    version: String,
    /// Empty for a library, otherwise as in ` build script (run)`.
    kind: String,
    seconds: f64,
}

/// Reads the units from cargo's page, where they stand as one JavaScript constant.
fn compiled_units(page: &str) -> Result<Vec<Unit>> {
    let (_, data) = page.split_once("const UNIT_DATA = ").context("it holds no UNIT_DATA")?;
    let list = Deserializer::from_str(data).into_iter::<Value>().next().context("UNIT_DATA is empty")??;
    let units = list.as_array().context("UNIT_DATA is no list")?;
    units.iter().map(unit).collect()
}

fn unit(value: &Value) -> Result<Unit> {
    let text = |field: &str| {
        let text = value.get(field).and_then(Value::as_str).map(str::to_owned);
        text.with_context(|| format!("a unit has no {field}"))
    };
    let seconds = value.get("duration").and_then(Value::as_f64).context("a unit has no duration")?;
    Ok(Unit { name: text("name")?, version: text("version")?, kind: text("target")?, seconds })
}

/// A table of the slowest units; nothing after a small build.
fn slowest(units: &[Unit]) -> Vec<String> {
    let crates: BTreeSet<_> = units.iter().map(|unit| (&unit.name, &unit.version)).collect();
    if crates.len() <= MANY_CRATES {
        return Vec::new();
    }
    let mut sorted: Vec<&Unit> = units.iter().collect();
    sorted.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
    let heading = format!("compiled {} crates; the slowest units, in seconds of wall time:", crates.len());
    let row = |unit: &&Unit| format!("  {:>7.1}  {} {}{}", unit.seconds, unit.name, unit.version, unit.kind);
    std::iter::once(heading).chain(sorted.iter().take(SLOWEST_SHOWN).map(row)).collect()
}

/// One line per runtime below `folder`, where the wasm builder works.
fn blobs(folder: &Path) -> Result<Vec<String>> {
    let runtimes = match fs::read_dir(folder) {
        Ok(runtimes) => runtimes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    let mut lines = Vec::new();
    for runtime in runtimes {
        let runtime = runtime.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let Some(package) = runtime.file_name().and_then(|name| name.to_str()) else { continue };
        let stem = package.replace('-', "_");
        let compact = runtime.join(format!("{stem}.compact.wasm"));
        let compressed = runtime.join(format!("{stem}.compact.compressed.wasm"));
        // A folder without blobs belongs to a build that was skipped or is under way.
        if let (Ok(compact), Ok(compressed)) = (fs::read(compact), fs::read(compressed)) {
            lines.push(blob_line(package, &compact, &compressed));
        }
    }
    lines.sort_unstable();
    Ok(lines)
}

/// The hash is the one that `authorize_upgrade` takes.
fn blob_line(package: &str, compact: &[u8], compressed: &[u8]) -> String {
    let hash = hex::encode(sp_crypto_hashing::blake2_256(compressed));
    format!("{package}: {} bytes compact, {} bytes compressed, blake2-256 0x{hash}", compact.len(), compressed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(units: usize) -> String {
        let row = |i: usize| {
            format!(
                r#"{{"i": {i}, "name": "crate-{i}", "version": "1.0.0", "mode": "todo", "target": "", "features": [],
                "start": 0.0, "duration": {i}.5, "unblocked_units": [], "sections": null}}"#
            )
        };
        let rows: Vec<_> = (0..units).map(row).collect();
        format!("<script>\nconst UNIT_DATA = [{}];\nconst CONCURRENCY_DATA = [];</script>", rows.join(",\n"))
    }

    #[test]
    fn shows_the_slowest_of_a_large_build() {
        let lines = slowest(&compiled_units(&page(MANY_CRATES + 1)).unwrap());
        assert_eq!(lines.len(), 1 + SLOWEST_SHOWN);
        assert_eq!(lines[1], "    100.5  crate-100 1.0.0");
    }

    #[test]
    fn says_nothing_about_a_small_build() {
        assert!(slowest(&compiled_units(&page(MANY_CRATES)).unwrap()).is_empty());
        assert!(slowest(&compiled_units(&page(0)).unwrap()).is_empty());
    }

    #[test]
    fn an_unknown_page_is_an_error() {
        assert!(compiled_units("<html>").is_err());
        assert!(compiled_units("const UNIT_DATA = {};").is_err());
        assert!(compiled_units("const UNIT_DATA = [{\"name\": 1}];").is_err());
    }

    #[test]
    fn names_hash_and_sizes_of_each_blob() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = folder.path().join("serin-runtime");
        fs::create_dir(&runtime).unwrap();
        fs::create_dir(folder.path().join("skipped")).unwrap();
        fs::write(runtime.join("serin_runtime.compact.wasm"), [0u8; 10]).unwrap();
        fs::write(runtime.join("serin_runtime.compact.compressed.wasm"), b"").unwrap();
        let lines = blobs(folder.path()).unwrap();
        // The hash of nothing, as published with the algorithm.
        let empty = "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
        assert_eq!(lines, [format!("serin-runtime: 10 bytes compact, 0 bytes compressed, blake2-256 0x{empty}")]);
        assert!(blobs(&folder.path().join("missing")).unwrap().is_empty());
    }
}
