// SPDX-License-Identifier: GPL-3.0-only
//! The order of the workspace's crates: each depends on crates of lower layers only.

use super::{finding::Finding, json::Json};
use std::path::Path;

/// Top-level folders, lowest first.
const LAYERS: [&str; 6] = ["primitives", "pallets", "runtime", "chain-spec", "node", "tests"];

/// Checks what `cargo metadata --no-deps` prints. `read` gives the text of a manifest.
pub fn check(metadata: &Json, read: impl Fn(&Path) -> String) -> Vec<Finding> {
    let root = Path::new(metadata.field("workspace_root").text().unwrap_or_default());
    metadata.field("packages").items().iter().flat_map(|package| check_package(root, package, &read)).collect()
}

fn check_package(root: &Path, package: &Json, read: &impl Fn(&Path) -> String) -> Vec<Finding> {
    let name = package.field("name").text().unwrap_or_default();
    let manifest_path = Path::new(package.field("manifest_path").text().unwrap_or_default());
    let file = manifest_path.strip_prefix(root).unwrap_or(manifest_path).display().to_string();
    let Some(layer) = layer(root, manifest_path) else {
        let message = format!("the crate {name} is in no layer");
        return vec![Finding { file, line: 1, message, remedy: "move it below one of the layers' folders" }];
    };

    let manifest = read(manifest_path);
    let mut findings = Vec::new();
    for dependency in package.field("dependencies").items() {
        // Only crates of the workspace have a path.
        let Some(path) = dependency.field("path").text() else { continue };
        let is_dev = dependency.field("kind").text() == Some("dev");
        let dependency_name = dependency.field("name").text().unwrap_or_default();
        let allowed = match self::layer(root, Path::new(path)) {
            Some(lower) => lower < layer || (is_dev && lower == layer),
            None => false,
        };
        if !allowed {
            let key = dependency.field("rename").text().unwrap_or(dependency_name);
            findings.push(Finding {
                file: file.clone(),
                line: line_of(&manifest, key),
                message: format!("{name} depends on {dependency_name}, which is not in a lower layer"),
                remedy: "the order is primitives <- pallets <- runtime <- chain-spec <- node <- tests; \
                         let the two meet through a trait of a lower layer",
            });
        }
    }
    findings
}

fn layer(root: &Path, path: &Path) -> Option<usize> {
    let folder = path.strip_prefix(root).ok()?.components().next()?.as_os_str();
    LAYERS.iter().position(|layer| folder == *layer)
}

/// The line of a manifest that begins with `key`; 1 when there is none.
fn line_of(manifest: &str, key: &str) -> usize {
    let is_entry = |line: &str| {
        let after = line.trim_start().strip_prefix(key);
        after.is_some_and(|after| after.starts_with([' ', '.', '=']))
    };
    manifest.lines().position(is_entry).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(folder: &str, dependency: &str, kind: &str) -> Json {
        let text = format!(
            r#"{{"workspace_root": "/w", "packages": [{{"name": "a", "manifest_path": "/w/{folder}/Cargo.toml",
            "dependencies": [
                {{"name": "codec", "kind": null}},
                {{"name": "b", "kind": {kind}, "path": "/w/{dependency}"}}
            ]}}]}}"#
        );
        Json::parse(&text).unwrap()
    }

    fn count(folder: &str, dependency: &str, kind: &str) -> usize {
        check(&metadata(folder, dependency, kind), |_| String::new()).len()
    }

    #[test]
    fn lower_layers_may_be_used() {
        assert_eq!(count("pallets/xcmp", "primitives", "null"), 0);
        assert_eq!(count("runtime/relay", "pallets/timing", "null"), 0);
        assert_eq!(count("tests", "node", "null"), 0);
        assert_eq!(count("node", "primitives", "\"build\""), 0);
    }

    #[test]
    fn neighbours_and_higher_layers_may_not() {
        assert_eq!(count("pallets/a", "pallets/b", "null"), 1);
        assert_eq!(count("pallets/a", "pallets/b", "\"build\""), 1);
        assert_eq!(count("primitives", "pallets/b", "null"), 1);
        assert_eq!(count("runtime/relay", "node", "\"dev\""), 1);
        assert_eq!(count("node", "patches/wasm-opt", "null"), 1);
    }

    #[test]
    fn tests_of_a_pallet_may_use_its_neighbours() {
        assert_eq!(count("pallets/a", "pallets/b", "\"dev\""), 0);
    }

    #[test]
    fn every_crate_is_in_a_layer() {
        assert_eq!(count("misc", "primitives", "null"), 1);
    }

    #[test]
    fn findings_name_the_line_of_the_manifest() {
        let manifest = "[dependencies]\nbb = \"1\"\nb.workspace = true\n";
        let findings = check(&metadata("node", "tests", "null"), |_| manifest.into());
        assert_eq!((findings[0].file.as_str(), findings[0].line), ("node/Cargo.toml", 3));
    }
}
