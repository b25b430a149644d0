// SPDX-License-Identifier: GPL-3.0-only
//! What `--wait-for` waits for.

use super::{
    node::{NodeState, NodeStatus},
    Error,
};
use std::{fmt, str::FromStr};

/// Holds for a network when it holds for each of its running validators; `rpc` and `para:` have their own reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every node answers, those of parachains too.
    Rpc,
    /// The node's best block has at least this number.
    Best(u32),
    /// The node's finalized block has at least this number.
    Finalized(u32),
    /// The relay chain has included the parachain's block of this number.
    Para { id: u32, number: u32 },
}

impl Condition {
    /// Whether a node does its part. `para:` asks nothing of a single node.
    pub fn is_met(self, status: &NodeStatus) -> bool {
        status.state == NodeState::Running
            && match self {
                Self::Rpc | Self::Para { .. } => true,
                Self::Best(number) => status.best >= number,
                Self::Finalized(number) => status.finalized >= number,
            }
    }
}

impl FromStr for Condition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = || Error::InvalidCondition { text: text.to_owned() };
        match text.split_once('=') {
            None if text == "rpc" => Ok(Self::Rpc),
            Some(("best", number)) => number.parse().map(Self::Best).map_err(|_| invalid()),
            Some(("finalized", number)) => number.parse().map(Self::Finalized).map_err(|_| invalid()),
            Some((para, number)) => {
                let id = para.strip_prefix("para:").and_then(|id| id.parse().ok()).ok_or_else(invalid)?;
                Ok(Self::Para { id, number: number.parse().map_err(|_| invalid())? })
            }
            None => Err(invalid()),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rpc => formatter.write_str("rpc"),
            Self::Best(number) => write!(formatter, "best={number}"),
            Self::Finalized(number) => write!(formatter, "finalized={number}"),
            Self::Para { id, number } => write!(formatter, "para:{id}={number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_as_they_are_written() {
        let para = Condition::Para { id: 2_087, number: 3 };
        for condition in [Condition::Rpc, Condition::Best(7), Condition::Finalized(1), para] {
            assert_eq!(condition.to_string().parse::<Condition>().unwrap(), condition);
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_is_possible() {
        for text in [
            "",
            "finalized",
            "finalized=",
            "finalized=-1",
            "finalized=x",
            "rpc=1",
            "Best=1",
            "para=1",
            "para:picasso=1",
            "para:2087=",
            "para:2087",
        ] {
            let message = text.parse::<Condition>().unwrap_err().to_string();
            assert!(message.contains("finalized=N") && message.contains("para:ID=N"), "{message}");
        }
    }

    #[test]
    fn only_a_node_that_answers_meets_a_condition() {
        let mut status = NodeStatus { state: NodeState::Starting, best: 5, finalized: 3 };
        assert!(!Condition::Rpc.is_met(&status));
        status.state = NodeState::Running;
        assert!(Condition::Rpc.is_met(&status));
        assert!(Condition::Best(5).is_met(&status) && !Condition::Best(6).is_met(&status));
        assert!(Condition::Finalized(3).is_met(&status) && !Condition::Finalized(4).is_met(&status));
    }
}
