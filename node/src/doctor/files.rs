// SPDX-License-Identifier: GPL-3.0-only
//! Who may read the secrets: the session keys in the keystore and the node key.

use super::{Finding, Level};
use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

const FILES: &str = "files";

/// The bits that let anyone but the owner in.
const OTHERS: u32 = 0o077;

/// `chains` are the directories of chains under the base path.
pub fn check(chains: &[PathBuf]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for chain in chains {
        let keystore = chain.join("keystore");
        // The names of the files are public keys: an open directory gives away less than an open file.
        findings.extend(check_mode(&keystore, Level::Warning, "700"));
        for key in files_in(&keystore) {
            findings.extend(check_mode(&key, Level::Failed, "600"));
        }
        findings.extend(check_mode(&chain.join("network").join("secret_ed25519"), Level::Failed, "600"));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(FILES, "keystore and node key are closed to others, where there are any"));
    }
    findings
}

/// Nothing if the file is closed to others or does not exist.
fn check_mode(path: &Path, level_if_open: Level, mode_to_set: &str) -> Option<Finding> {
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            let message = format!("{} cannot be looked at: {error}", path.display());
            return Some(Finding::warning(FILES, message, "run this check as the node's user"));
        }
    };
    (mode & OTHERS != 0).then(|| Finding {
        check: FILES,
        level: level_if_open,
        message: format!("{} is open to others (mode {:o})", path.display(), mode & 0o777),
        fix: Some(format!("chmod {mode_to_set} {}", path.display())),
    })
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        fs::write(path, "secret").expect("written");
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    }

    #[test]
    fn open_secrets_are_found() {
        let chain = tempfile::tempdir().expect("a directory");
        let chains = [chain.path().to_path_buf()];
        let keystore = chain.path().join("keystore");
        write(&keystore.join("6772616e00"), 0o600);
        write(&chain.path().join("network/secret_ed25519"), 0o600);
        fs::set_permissions(&keystore, fs::Permissions::from_mode(0o700)).expect("set");
        let levels = || check(&chains).into_iter().map(|finding| finding.level).collect::<Vec<_>>();
        assert_eq!(levels(), [Level::Ok]);

        fs::set_permissions(&keystore, fs::Permissions::from_mode(0o755)).expect("set");
        assert_eq!(levels(), [Level::Warning]);
        write(&keystore.join("6772616e00"), 0o640);
        write(&chain.path().join("network/secret_ed25519"), 0o644);
        assert_eq!(levels(), [Level::Warning, Level::Failed, Level::Failed]);
    }

    #[test]
    fn nothing_there_is_fine() {
        let levels: Vec<Level> = check(&["/nonexistent".into()]).into_iter().map(|finding| finding.level).collect();
        assert_eq!(levels, [Level::Ok]);
    }
}
