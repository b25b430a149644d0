// SPDX-License-Identifier: GPL-3.0-only
//! Candidates that claim a new head, and prove nothing.

use polkadot_node_primitives::{BlockData, Collation, CollationResult, CollatorFn, MaybeCompressedPoV, PoV};
use polkadot_primitives::{CandidateCommitments, HeadData, PersistedValidationData};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What takes the place of a parachain's block. Each is some other code's business to refuse.
const BLOCKS: [fn() -> Vec<u8>; 4] = [
    Vec::new,
    || b"no block at all".to_vec(),
    // The encoding of a list that is longer than its bytes.
    || vec![0xff; 1_024],
    // Compresses to nearly nothing and is as long as a block may be.
    || vec![0; 4 * 1_024 * 1_024],
];

/// Makes each kind in turn.
pub fn collator() -> CollatorFn {
    let made = AtomicUsize::new(0);
    Box::new(move |relay_parent, data| {
        let kind = made.fetch_add(1, Ordering::Relaxed) % BLOCKS.len();
        log::info!("garbage of kind {kind} for a candidate on {relay_parent:?}");
        let collation = collation(BLOCKS[kind](), data);
        Box::pin(async move { Some(CollationResult { collation }) })
    })
}

fn collation(block: Vec<u8>, data: &PersistedValidationData) -> Collation {
    let commitments = commitments(data);
    Collation {
        upward_messages: commitments.upward_messages,
        horizontal_messages: commitments.horizontal_messages,
        new_validation_code: commitments.new_validation_code,
        head_data: commitments.head_data,
        proof_of_validity: MaybeCompressedPoV::Raw(PoV { block_data: BlockData(block) }),
        processed_downward_messages: commitments.processed_downward_messages,
        hrmp_watermark: commitments.hrmp_watermark,
    }
}

/// What a candidate on that data claims.
pub fn commitments(data: &PersistedValidationData) -> CandidateCommitments {
    let head = data.parent_head.0.iter().rev().copied().collect();
    CandidateCommitments {
        upward_messages: Default::default(),
        horizontal_messages: Default::default(),
        new_validation_code: None,
        head_data: HeadData(head),
        processed_downward_messages: 0,
        hrmp_watermark: data.relay_parent_number,
    }
}
