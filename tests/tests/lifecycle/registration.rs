// SPDX-License-Identifier: GPL-3.0-only
//! A registration with the registrar, by an account that is no authority of anything, and what is refused.

use super::{
    on_relay::{reserved, session, OnRelay},
    FOUNDER, LIMIT,
};
use anyhow::{ensure, Context, Result};
use polkadot_primitives::{HeadData, Id as ParaId, ValidationCode, MAX_CODE_SIZE, MIN_CODE_SIZE};
use polkadot_runtime_common::paras_registrar;
use polkadot_runtime_parachains::paras;
use serin_node::network::rpc::from_hex;
use serin_runtime::{
    constants::currency::{deposit, UNITS},
    AccountId, Balance, Hash, Runtime, RuntimeCall, RuntimeEvent,
};
use serin_tests::{
    chain::Chain,
    process::{run_serin, text},
};
use sp_core::{sr25519, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::MultiAddress;
use std::path::{Path, PathBuf};

/// The spec's name of the parachain.
const NAME: &str = "latecomer";
const ID_DEPOSIT: Balance = 4 * UNITS;
/// After how many sessions a registration is in force.
const SESSION_DELAY: u32 = 2;
/// They reserve and pay for what is refused.
const STRANGER: Sr25519Keyring = Sr25519Keyring::Eve;
const PATRON: Sr25519Keyring = Sr25519Keyring::Charlie;
const PAUPER: &str = "//Pauper";
/// A size that the registrar finds nothing wrong with.
const GARBAGE_BYTES: u32 = 1_000;
/// How far above an id that was just reserved nobody has reserved one.
const UNRESERVED: u32 = 100;

/// What a parachain team has made before it comes to the relay chain.
pub struct Genesis {
    pub spec: PathBuf,
    pub head: HeadData,
    pub code: ValidationCode,
}

impl Genesis {
    /// By the commands of the executable.
    pub fn export(id: ParaId, directory: &Path) -> Result<Self> {
        let spec = directory.join(format!("{NAME}.json"));
        let chain = format!("para:{}:{NAME}", u32::from(id));
        run_serin(["export-chain-spec", "--chain", &chain, "--raw", "--output", text(&spec)]).expect_success();
        let export = |what: &str| {
            let printed = run_serin(["collator", what, "--chain", text(&spec)]).expect_success().stdout;
            from_hex(printed.trim()).with_context(|| format!("{what} printed no hex"))
        };
        let head = HeadData(export("export-genesis-head")?);
        let code = ValidationCode(export("export-genesis-wasm")?);
        Ok(Self { spec, head, code })
    }
}

/// The id that the founder gets.
pub async fn reserve(chain: &Chain) -> Result<ParaId> {
    let before = reserved(chain, FOUNDER, chain.finalized().await?.hash).await?;
    ensure!(before == 0, "the founder has {before} reserved already");
    let (id, at) = reserve_by(chain, &FOUNDER.pair()).await?;
    let held = reserved(chain, FOUNDER, at).await?;
    ensure!(held == ID_DEPOSIT, "{held} is reserved for the id, not {ID_DEPOSIT}");
    Ok(id)
}

/// Registers it, and waits until it could buy a core.
pub async fn register(para: &OnRelay<'_>, genesis: &Genesis) -> Result<()> {
    let chain = para.chain;
    let call = register_call(para.id, genesis.head.clone(), genesis.code.clone());
    let registered = chain.submit(&FOUNDER.pair(), call).await.context("the registration")?;
    let deposit = deposit_for(&genesis.head)?;
    let held = reserved(chain, FOUNDER, registered.block.hash).await?;
    ensure!(held == deposit, "{held} is reserved for the registration, not {deposit}");
    let info = para.registration(registered.block.hash).await?;
    let is_founders = info.manager == FOUNDER.to_account_id() && info.deposit == deposit && info.locked.is_none();
    ensure!(is_founders, "the registrar noted {info:?}");

    let code = genesis.code.hash();
    para.wait_accepted(code, registered.block.number).await?;
    let key = paras::Heads::<Runtime>::hashed_key_for(para.id);
    let (seen, head) = chain.wait_value("the parachain's head", &key, LIMIT, |_: &HeadData| true).await?;
    ensure!(head == genesis.head, "the relay chain has another head");
    ensure!(para.code_hash(seen.hash).await? == Some(code), "the relay chain has other code");

    let onboarded = para.first_with_head(registered.block.number..=seen.number).await?;
    let (begun, done) = (session(chain, registered.block.hash).await?, session(chain, onboarded.hash).await?);
    println!(
        "{:?}: registered in block {} of session {begun} for {deposit} planck, in force after block {} with session {done}",
        para.id, registered.block.number, onboarded.number
    );
    ensure!(done == begun + SESSION_DELAY, "it took {} sessions", done - begun);
    Ok(())
}

/// What nobody can do, while the founder's registration goes its way.
pub async fn refusals(chain: &Chain, id: ParaId, genesis: &Genesis) -> Result<()> {
    tokio::try_join!(
        bad_registrations(chain, id, &genesis.head),
        no_registration_without_deposit(chain, &genesis.head)
    )?;
    println!(
        "refused: an id of another or of nobody, code that is too short, too long or none, whoever lacks the deposit"
    );
    Ok(())
}

async fn bad_registrations(chain: &Chain, id: ParaId, head: &HeadData) -> Result<()> {
    let stranger = STRANGER.pair();
    let register = |id, code| register_call(id, head.clone(), code);
    refused(chain, &stranger, register(id, no_code(GARBAGE_BYTES)?), "Registrar(NotOwner)").await?;

    let (own, _) = reserve_by(chain, &stranger).await?;
    let unknown = ParaId::from(u32::from(own) + UNRESERVED);
    refused(chain, &stranger, register(unknown, no_code(GARBAGE_BYTES)?), "Registrar(NotReserved)").await?;
    refused(chain, &stranger, register(own, no_code(MIN_CODE_SIZE - 1)?), "Registrar(InvalidCode)").await?;
    refused(chain, &stranger, register(own, no_code(MAX_CODE_SIZE + 1)?), "Registrar(CodeTooLarge)").await?;

    // The registrar looks at the size alone; what is no code the validators refuse.
    let garbage = no_code(GARBAGE_BYTES)?;
    let hash = garbage.hash();
    let registered = chain.submit(&stranger, register(own, garbage)).await.context("registering garbage")?;
    let rejected = RuntimeEvent::Paras(paras::Event::PvfCheckRejected(hash, own));
    let is_rejection = |event: &RuntimeEvent| (*event == rejected).then_some(());
    let (block, ()) = chain.wait_event("rejection of garbage", registered.block.number, LIMIT, is_rejection).await?;
    println!("garbage was registered in block {} and rejected in block {}", registered.block.number, block.number);

    let deregister = RuntimeCall::Registrar(paras_registrar::Call::deregister { id: own });
    let given_up = chain.submit(&stranger, deregister).await.context("giving the id up")?;
    let held = reserved(chain, STRANGER, given_up.block.hash).await?;
    ensure!(held == 0, "{held} stays reserved after the id was given up");
    Ok(())
}

async fn no_registration_without_deposit(chain: &Chain, head: &HeadData) -> Result<()> {
    let pauper = sr25519::Pair::from_string(PAUPER, None)?;
    let gift = |value: Balance| {
        let dest = MultiAddress::Id(AccountId::from(pauper.public()));
        RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value })
    };
    let reserve_call = RuntimeCall::Registrar(paras_registrar::Call::reserve {});
    chain.submit(&PATRON.pair(), gift(ID_DEPOSIT / 2)).await?;
    refused(chain, &pauper, reserve_call, "Balances(InsufficientBalance)").await?;
    chain.submit(&PATRON.pair(), gift(ID_DEPOSIT)).await?;
    let (own, _) = reserve_by(chain, &pauper).await?;
    let call = register_call(own, head.clone(), no_code(GARBAGE_BYTES)?);
    refused(chain, &pauper, call, "Balances(InsufficientBalance)").await
}

/// Fails unless the transaction was included and failed with the error of that name.
pub async fn refused(chain: &Chain, signer: &sr25519::Pair, call: RuntimeCall, name: &str) -> Result<()> {
    let told = chain.submit(signer, call).await.map_or_else(|error| format!("{error:#}"), |_| "success".to_owned());
    let expected = format!("the relay chain refused the transaction in its block: {name}");
    ensure!(told == expected, "{told} in place of {name}");
    Ok(())
}

/// So many bytes that are no wasm.
fn no_code(bytes: u32) -> Result<ValidationCode> {
    Ok(ValidationCode(vec![1; usize::try_from(bytes)?]))
}

/// The next free id, and the block after which it is reserved.
async fn reserve_by(chain: &Chain, signer: &sr25519::Pair) -> Result<(ParaId, Hash)> {
    let call = RuntimeCall::Registrar(paras_registrar::Call::reserve {});
    let done = chain.submit(signer, call).await.context("reserving an id")?;
    let id = done.events.iter().find_map(|event| match event {
        RuntimeEvent::Registrar(paras_registrar::Event::Reserved { para_id, .. }) => Some(*para_id),
        _ => None,
    });
    Ok((id.context("no id was reserved")?, done.block.hash))
}

fn register_call(id: ParaId, genesis_head: HeadData, validation_code: ValidationCode) -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::register { id, genesis_head, validation_code })
}

/// Of the code it is not the size that counts, but what an upgrade may make of it.
fn deposit_for(head: &HeadData) -> Result<Balance> {
    Ok(ID_DEPOSIT + deposit(0, MAX_CODE_SIZE) + deposit(0, u32::try_from(head.0.len())?))
}
