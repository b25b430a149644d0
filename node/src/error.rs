// SPDX-License-Identifier: GPL-3.0-only
//! Why a command failed.

/// The result of a command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// From parsing, the configuration or one of the SDK's commands.
    #[error(transparent)]
    Cli(#[from] sc_cli::Error),
    /// From starting the relay node.
    #[error(transparent)]
    Node(#[from] polkadot_service::Error),
    /// From the layers below the relay node.
    #[error(transparent)]
    Service(#[from] sc_service::Error),
    /// From watching the free space of the database's disk.
    #[error(transparent)]
    Storage(#[from] sc_storage_monitor::Error),
    /// From a command on a local network.
    #[error(transparent)]
    Network(#[from] crate::network::Error),
    /// From a scenario on a local network.
    #[error(transparent)]
    Demo(#[from] crate::demo::Error),
    /// From what a chain says of its validators.
    #[error(transparent)]
    Validators(#[from] crate::validator_count::Error),
    /// From carrying messages between parachains.
    #[error(transparent)]
    Xcmp(#[from] crate::xcmp::Error),
    /// From what a chain says of its auctions.
    #[error(transparent)]
    Auctions(#[from] crate::auctions::Error),
    /// From a command's own files and output.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// `doctor` found something that must be put right.
    #[error("{failed} of the checks failed; each finding above names its fix")]
    Doctor { failed: usize },
}

impl Error {
    /// An error in what the user asked for. `message` says what to do instead.
    pub fn input(message: impl Into<String>) -> Self {
        Self::Cli(sc_cli::Error::Input(message.into()))
    }

    /// The message, followed by those of its causes that it does not contain already.
    pub fn describe(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let message = error.to_string();
            if !text.contains(&message) {
                text.push_str(": ");
                text.push_str(&message);
            }
            cause = error.source();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_once() {
        let full = std::io::Error::other("no space left on device");
        let hidden = Error::Storage(sc_storage_monitor::Error::IOError(full));
        assert_eq!(hidden.describe(), "IO Error: no space left on device");
        assert_eq!(Error::input("no chain").describe(), "Invalid input: no chain");
    }
}
