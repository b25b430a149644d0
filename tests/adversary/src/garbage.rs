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

/// How many sets of claims [`claims`] returns.
const CLAIMS: usize = 2;

/// Makes each kind in turn.
pub fn collator() -> CollatorFn {
    let made = AtomicUsize::new(0);
    Box::new(move |relay_parent, data| {
        let number = made.fetch_add(1, Ordering::Relaxed);
        let kind = number % BLOCKS.len();
        log::info!("garbage of kind {kind} for a candidate on {relay_parent:?}");
        let claim = &claims(data)[number % CLAIMS];
        let collation = collation(BLOCKS[kind](), claim.clone());
        Box::pin(async move { Some(CollationResult { collation }) })
    })
}

fn collation(block: Vec<u8>, commitments: CandidateCommitments) -> Collation {
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

/// What candidates on that data claim. One takes no message of the relay chain, one takes a single one: whether there are any
/// the data does not say, and a candidate that takes none of some is turned away before anybody looks at its block.
pub fn claims(data: &PersistedValidationData) -> [CandidateCommitments; CLAIMS] {
    let head = HeadData(data.parent_head.0.iter().rev().copied().collect());
    [0, 1].map(|processed_downward_messages| CandidateCommitments {
        upward_messages: Default::default(),
        horizontal_messages: Default::default(),
        new_validation_code: None,
        head_data: head.clone(),
        processed_downward_messages,
        hrmp_watermark: data.relay_parent_number,
    })
}
