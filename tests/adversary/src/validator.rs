// SPDX-License-Identifier: GPL-3.0-only
//! A validator that finds every candidate valid.
//!
//! It differs from an honest one in a single subsystem: in the place of the one that has candidates executed stands one that
//! believes what they claim. As it never executes them, it does not learn what honest candidates commit to, and cannot back
//! those.

use crate::{garbage, node};
use futures::FutureExt;
use polkadot_node_primitives::{InvalidCandidate, ValidationResult};
use polkadot_node_subsystem_types::{
    messages::{CandidateValidationMessage, PreCheckOutcome, PvfExecKind},
    ChainApiBackend, OverseerSignal, RuntimeApiSubsystemClient,
};
use polkadot_overseer::{
    gen::SpawnedSubsystem, FromOrchestra, Overseer, OverseerConnector, OverseerHandle, SpawnGlue, Subsystem,
    SubsystemContext, SubsystemError,
};
use polkadot_primitives::{CandidateReceiptV2, PersistedValidationData};
use polkadot_service::{
    build_full, overseer::validator_overseer_builder, Configuration, Error, ExtendedOverseerGenArgs, IsParachainNode,
    OverseerGen, OverseerGenArgs, TaskManager,
};
use sc_client_api::AuxStore;
use sp_core::traits::SpawnNamed;
use std::sync::Arc;

pub fn start(config: Configuration) -> Result<TaskManager, Error> {
    Ok(build_full(config, node::parameters(IsParachainNode::No, CredulousOverseer))?.task_manager)
}

struct CredulousOverseer;

impl OverseerGen for CredulousOverseer {
    fn generate<Spawner, RuntimeClient>(
        &self,
        connector: OverseerConnector,
        args: OverseerGenArgs<Spawner, RuntimeClient>,
        extended: Option<ExtendedOverseerGenArgs>,
    ) -> Result<(Overseer<SpawnGlue<Spawner>, Arc<RuntimeClient>>, OverseerHandle), Error>
    where
        RuntimeClient: RuntimeApiSubsystemClient + ChainApiBackend + AuxStore + 'static,
        Spawner: 'static + SpawnNamed + Clone + Unpin,
    {
        let missing = || SubsystemError::Context("a validator's overseer needs the extended arguments".into());
        let builder = validator_overseer_builder(args, extended.ok_or_else(missing)?)?;
        Ok(builder.replace_candidate_validation(|_| Credulous).build_with_connector(connector)?)
    }
}

struct Credulous;

impl<Context> Subsystem<Context, SubsystemError> for Credulous
where
    Context: SubsystemContext<Message = CandidateValidationMessage, Signal = OverseerSignal, Error = SubsystemError>,
{
    fn start(self, context: Context) -> SpawnedSubsystem<SubsystemError> {
        SpawnedSubsystem { name: "candidate-validation-subsystem", future: believe(context).boxed() }
    }
}

async fn believe<Context>(mut context: Context) -> Result<(), SubsystemError>
where
    Context: SubsystemContext<Message = CandidateValidationMessage, Signal = OverseerSignal, Error = SubsystemError>,
{
    loop {
        match context.recv().await? {
            FromOrchestra::Signal(OverseerSignal::Conclude) => return Ok(()),
            FromOrchestra::Signal(_) => {}
            FromOrchestra::Communication { msg } => answer(msg),
        }
    }
}

fn answer(message: CandidateValidationMessage) {
    // Nobody waits any more where sending fails.
    match message {
        CandidateValidationMessage::ValidateFromExhaustive {
            validation_data,
            candidate_receipt,
            exec_kind,
            response_sender,
            ..
        } => {
            let _ = response_sender.send(Ok(opinion(validation_data, &candidate_receipt, exec_kind)));
        }
        CandidateValidationMessage::PreCheck { response_sender, .. } => {
            let _ = response_sender.send(PreCheckOutcome::Valid);
        }
    }
}

fn opinion(data: PersistedValidationData, receipt: &CandidateReceiptV2, kind: PvfExecKind) -> ValidationResult {
    let claimed = garbage::claims(&data);
    let garbage = claimed.iter().find(|claim| claim.hash() == receipt.commitments_hash);
    let is_backing = matches!(kind, PvfExecKind::Backing(_) | PvfExecKind::BackingSystemParas(_));
    match garbage.or((!is_backing).then_some(&claimed[0])) {
        Some(commitments) => {
            log::info!("{} finds {:?} valid; garbage: {}", kind.as_str(), receipt.hash(), garbage.is_some());
            ValidationResult::Valid(commitments.clone(), data)
        }
        None => ValidationResult::Invalid(InvalidCandidate::CommitmentsHashMismatch),
    }
}
