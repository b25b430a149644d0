// SPDX-License-Identifier: GPL-3.0-only
//! The life of a parachain that somebody registers: what it costs, how validators check its code, how it comes to a core,
//! who may do what with it, and how it ends.

use super::support::{apply, apply_extrinsic, Chain};
use frame_support::traits::ReservableCurrency;
use polkadot_primitives::{
    CoreIndex, HeadData, Id as ParaId, PvfCheckStatement, SessionIndex, ValidationCode, ValidatorIndex,
    ValidatorSignature, MAX_CODE_SIZE, MIN_CODE_SIZE,
};
use polkadot_runtime_common::{
    paras_registrar::{self, ParaInfo},
    slots,
};
use polkadot_runtime_parachains::{
    configuration, coretime, on_demand, paras,
    runtime_api_impl::v13,
    scheduler::{CoreAssignment, PartsOf57600},
    shared, ParaLifecycle,
};
use serin_runtime::{
    constants::currency::{deposit, UNITS},
    genesis_config_presets::{GenesisParachain, ParachainKind, Preset, Transport},
    Balance, Balances, Paras, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, UncheckedExtrinsic,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, DispatchError, MultiAddress};
use std::ops::Range;

type RegistrarError = paras_registrar::Error<Runtime>;
type RegistrarEvent = paras_registrar::Event<Runtime>;
type ParasError = paras::Error<Runtime>;
type ParasEvent = paras::Event<Runtime>;

const VALIDATORS: u32 = 4;
/// Of four validators three decide that code is good, and two that it is not: then there can be no three.
const TO_ACCEPT: u32 = 3;
const TO_REJECT: u32 = 2;
/// After how many sessions something that was decided about a parachain is in force, and a vote without outcome ends.
const DELAY: SessionIndex = 2;

/// Neither of them is a validator.
const MANAGER: Sr25519Keyring = Sr25519Keyring::Ferdie;
const STRANGER: Sr25519Keyring = Sr25519Keyring::Eve;
/// Genesis gives it nothing.
const PAUPER: Sr25519Keyring = Sr25519Keyring::One;

/// There from genesis on, with a core, under the stranger's management.
const HOSTED: u32 = 2_087;
/// The first id that the preset leaves free.
const ID: u32 = 2_101;
/// The id after that.
const NEXT_ID: u32 = 2_102;
/// The core beside the one of the genesis.
const CORE: u16 = 1;

const ID_DEPOSIT: Balance = 4 * UNITS;

#[test]
fn a_registration_is_paid_for_and_in_force_two_sessions_after_the_vote() {
    let mut chain = chain();
    assert_eq!(reserved(&mut chain, MANAGER), 0);
    assert_eq!(submit(&mut chain, MANAGER, reserve()), Ok(()));
    assert_eq!(reserved(&mut chain, MANAGER), ID_DEPOSIT);
    assert!(has(&chain, RegistrarEvent::Reserved { para_id: ID.into(), who: MANAGER.to_account_id() }));

    assert_eq!(submit(&mut chain, MANAGER, register(ID, head(), code())), Ok(()));
    // Of the code it is not the size that counts, but what an upgrade may make of it.
    let expected = ID_DEPOSIT + deposit(0, MAX_CODE_SIZE) + deposit(0, 100);
    assert_eq!(reserved(&mut chain, MANAGER), expected);
    let info = ParaInfo { manager: MANAGER.to_account_id(), deposit: expected, locked: None };
    assert_eq!(chain.inspect(|| paras_registrar::Paras::<Runtime>::get(ParaId::from(ID))), Some(info));
    assert!(has(&chain, RegistrarEvent::Registered { para_id: ID.into(), manager: MANAGER.to_account_id() }));
    assert!(has(&chain, ParasEvent::PvfCheckStarted(code().hash(), ID.into())));
    assert_eq!(chain.inspect(v13::pvfs_require_precheck::<Runtime>), [code().hash()]);

    assert_eq!(vote(&mut chain, true, 0..TO_ACCEPT - 1), [Ok(()), Ok(())]);
    assert!(!has(&chain, ParasEvent::PvfCheckAccepted(code().hash(), ID.into())));
    assert_eq!(vote(&mut chain, true, TO_ACCEPT - 1..TO_ACCEPT), [Ok(())]);
    assert!(has(&chain, ParasEvent::PvfCheckAccepted(code().hash(), ID.into())));
    // Who comes later finds no vote.
    assert_eq!(vote(&mut chain, true, TO_ACCEPT..VALIDATORS), [Err(ParasError::PvfCheckSubjectInvalid.into())]);

    pass_sessions(&mut chain, DELAY - 1);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Onboarding));
    pass_sessions(&mut chain, 1);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Parathread));
    chain.inspect(|| {
        assert_eq!(paras::Heads::<Runtime>::get(ParaId::from(ID)), Some(head()));
        assert_eq!(paras::CurrentCodeHash::<Runtime>::get(ParaId::from(ID)), Some(code().hash()));
    });
}

#[test]
fn what_cannot_be_registered_is_refused() {
    let mut chain = chain();
    assert_eq!(submit(&mut chain, MANAGER, reserve()), Ok(()));
    let long = |bytes: u32| vec![1; usize::try_from(bytes).expect("a length fits")];
    let head_limit = chain.inspect(configuration::ActiveConfig::<Runtime>::get).max_head_data_size;
    let refused = [
        (MANAGER, register(NEXT_ID, head(), code()), RegistrarError::NotReserved),
        (STRANGER, register(ID, head(), code()), RegistrarError::NotOwner),
        (STRANGER, register(HOSTED, head(), code()), RegistrarError::AlreadyRegistered),
        (MANAGER, register(ID, head(), ValidationCode(long(MIN_CODE_SIZE - 1))), RegistrarError::InvalidCode),
        (MANAGER, register(ID, head(), ValidationCode(long(MAX_CODE_SIZE + 1))), RegistrarError::CodeTooLarge),
        (MANAGER, register(ID, HeadData(long(head_limit + 1)), code()), RegistrarError::HeadDataTooLarge),
    ];
    for (signer, call, error) in refused {
        let expected = Err(DispatchError::from(error));
        assert_eq!(submit(&mut chain, signer, call), expected);
        assert_eq!(reserved(&mut chain, MANAGER), ID_DEPOSIT);
        assert_eq!(reserved(&mut chain, STRANGER), 0);
    }
    assert_eq!(submit(&mut chain, MANAGER, register(ID, head(), code())), Ok(()));
    let again = submit(&mut chain, MANAGER, register(ID, head(), code()));
    assert_eq!(again, Err(RegistrarError::AlreadyRegistered.into()));
}

#[test]
fn who_lacks_the_deposit_gets_neither_id_nor_registration() {
    let mut chain = chain();
    let lacks_it: Result<(), DispatchError> = Err(pallet_balances::Error::<Runtime>::InsufficientBalance.into());
    give(&mut chain, PAUPER, 3 * UNITS);
    assert_eq!(submit(&mut chain, PAUPER, reserve()), lacks_it);
    give(&mut chain, PAUPER, 3 * UNITS);
    assert_eq!(submit(&mut chain, PAUPER, reserve()), Ok(()));
    assert_eq!(submit(&mut chain, PAUPER, register(ID, head(), code())), lacks_it);
    assert_eq!(reserved(&mut chain, PAUPER), ID_DEPOSIT);
    assert_eq!(lifecycle(&mut chain, ID), None);

    // An id that was reserved for nothing is given back for all of its deposit.
    assert_eq!(submit(&mut chain, PAUPER, deregister(ID)), Ok(()));
    assert_eq!(reserved(&mut chain, PAUPER), 0);
}

#[test]
fn code_that_validators_reject_is_not_registered() {
    let mut chain = chain();
    reserve_and_register(&mut chain);
    assert_eq!(vote(&mut chain, false, 0..TO_REJECT - 1), [Ok(())]);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Onboarding));
    assert_eq!(vote(&mut chain, false, TO_REJECT - 1..TO_REJECT), [Ok(())]);
    is_rejected(&mut chain);
}

#[test]
fn code_that_nobody_votes_on_is_not_registered() {
    let mut chain = chain();
    reserve_and_register(&mut chain);
    assert_eq!(vote(&mut chain, true, 0..TO_ACCEPT - 1), [Ok(()), Ok(())]);
    // A new session has other validators: the vote begins anew.
    pass_sessions(&mut chain, 1);
    assert_eq!(vote(&mut chain, true, 0..TO_ACCEPT - 1), [Ok(()), Ok(())]);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Onboarding));
    pass_sessions(&mut chain, DELAY - 1);
    is_rejected(&mut chain);
}

#[test]
fn each_validator_votes_once_under_its_own_name() {
    let mut chain = chain();
    reserve_and_register(&mut chain);
    let now = session(&mut chain);
    chain.transact(|| {
        let cast = |statement: PvfCheckStatement, signer: u32| {
            let signature = sign(&statement, signer);
            cast_vote(statement, signature)
        };
        assert_eq!(cast(statement(true, 0, now), 0), Ok(()));
        assert_eq!(cast(statement(false, 0, now), 0), Err(ParasError::PvfCheckDoubleVote.into()));
        assert_eq!(cast(statement(true, 1, now), 2), Err(ParasError::PvfCheckInvalidSignature.into()));
        assert_eq!(cast(statement(true, 1, now + 1), 1), Err(ParasError::PvfCheckStatementFuture.into()));
        let unknown = statement(true, VALIDATORS, now);
        assert_eq!(cast(unknown, 1), Err(ParasError::PvfCheckValidatorIndexOutOfBounds.into()));
    });
    pass_sessions(&mut chain, 1);
    chain.transact(|| {
        let late = statement(true, 1, now);
        let signature = sign(&late, 1);
        assert_eq!(cast_vote(late, signature), Err(ParasError::PvfCheckStatementStale.into()));
    });
}

#[test]
fn code_that_is_in_use_needs_no_vote() {
    let mut chain = chain();
    assert_eq!(submit(&mut chain, MANAGER, reserve()), Ok(()));
    assert_eq!(submit(&mut chain, MANAGER, register(ID, head(), hosted_code())), Ok(()));
    assert!(has(&chain, ParasEvent::PvfCheckAccepted(hosted_code().hash(), ID.into())));
    pass_sessions(&mut chain, DELAY);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Parathread));
}

#[test]
fn an_order_is_paid_for_and_served_by_a_core_of_the_pool() {
    let mut chain = registered();
    by_root(&mut chain, |now| assign_core(CoreAssignment::Pool, now));
    assert!(!has_claim(&mut chain, CORE));

    let refused = submit(&mut chain, MANAGER, order(0));
    assert_eq!(refused, Err(on_demand::Error::<Runtime>::SpotPriceHigherThanMaxAmount.into()));
    assert_eq!(submit(&mut chain, MANAGER, order(UNITS)), Ok(()));
    let price = chain.events().iter().find_map(|(_, event)| match event {
        RuntimeEvent::OnDemandAssignmentProvider(on_demand::Event::OnDemandOrderPlaced {
            para_id,
            spot_price,
            ordered_by,
        }) if *para_id == ParaId::from(ID) && *ordered_by == MANAGER.to_account_id() => Some(*spot_price),
        _ => None,
    });
    assert!(price.is_some_and(|price| price > 0 && price <= UNITS), "{price:?}");
    assert!(has_claim(&mut chain, CORE));

    // It buys one block, not the core.
    let number = chain.number();
    chain.advance_to(number + 5);
    assert!(!has_claim(&mut chain, CORE));
}

#[test]
fn root_and_nobody_else_gives_a_core() {
    let mut chain = registered();
    let assignment = assign_core(CoreAssignment::Task(ID), chain.number());
    assert_eq!(submit(&mut chain, MANAGER, assignment), Err(DispatchError::BadOrigin));
    let more_cores = RuntimeCall::Configuration(configuration::Call::set_coretime_cores { new: u32::from(CORE) + 1 });
    assert_eq!(submit(&mut chain, MANAGER, more_cores.clone()), Err(DispatchError::BadOrigin));

    by_root(&mut chain, |now| assign_core(CoreAssignment::Task(ID), now));
    by_root(&mut chain, |_| more_cores);
    assert!(has(&chain, coretime::Event::<Runtime>::CoreAssigned { core: CoreIndex(u32::from(CORE)) }));
    pass_sessions(&mut chain, DELAY);
    let cores = chain.inspect(configuration::ActiveConfig::<Runtime>::get).scheduler_params.num_cores;
    assert_eq!(cores, u32::from(CORE) + 1);
    assert!(has_claim(&mut chain, CORE));
    // Unlike an order, it lasts.
    pass_sessions(&mut chain, DELAY);
    assert!(has_claim(&mut chain, CORE));
}

#[test]
fn its_first_block_locks_a_parachain_against_its_manager() {
    let mut chain = registered();
    by_root(&mut chain, |_| new_head());
    assert_eq!(locked(&mut chain), Some(true));

    let add_lock = RuntimeCall::Registrar(paras_registrar::Call::add_lock { para: ID.into() });
    let new_code = ValidationCode(b"\0asm\x01\0\0\0third".to_vec());
    let upgrade = paras_registrar::Call::schedule_code_upgrade { para: ID.into(), new_code };
    let set_head = paras_registrar::Call::set_current_head { para: ID.into(), new_head: head() };
    for call in
        [deregister(ID), swap(ID, HOSTED), add_lock, RuntimeCall::Registrar(upgrade), RuntimeCall::Registrar(set_head)]
    {
        assert_eq!(submit(&mut chain, MANAGER, call.clone()), Err(RegistrarError::ParaLocked.into()), "{call:?}");
        assert_eq!(submit(&mut chain, STRANGER, call.clone()), Err(DispatchError::BadOrigin), "{call:?}");
    }
    let unlock = RuntimeCall::Registrar(paras_registrar::Call::remove_lock { para: ID.into() });
    assert_eq!(submit(&mut chain, MANAGER, unlock.clone()), Err(DispatchError::BadOrigin));

    // What Root has unlocked no block locks again.
    by_root(&mut chain, |_| unlock);
    by_root(&mut chain, |_| new_head());
    assert_eq!(locked(&mut chain), Some(false));
    assert_eq!(submit(&mut chain, MANAGER, deregister(ID)), Ok(()));
}

#[test]
fn two_parachains_swap_places_and_leases_when_both_managers_want_it() {
    let mut chain = registered();
    // Without a lease it would lose its place at the start of the next lease period.
    let lease = slots::Call::force_lease {
        para: HOSTED.into(),
        leaser: STRANGER.to_account_id(),
        amount: UNITS,
        period_begin: chain.number() / Preset::Local.timing().lease_period_blocks,
        period_count: 8,
    };
    by_root(&mut chain, |_| RuntimeCall::Slots(lease));
    let leases = |id: u32| slots::Leases::<Runtime>::get(ParaId::from(id));

    assert_eq!(submit(&mut chain, MANAGER, swap(ID, HOSTED)), Ok(()));
    pass_sessions(&mut chain, DELAY);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Parathread), "one of two is not enough");
    assert_eq!(submit(&mut chain, MANAGER, swap(HOSTED, ID)), Err(DispatchError::BadOrigin));
    chain.transact(|| {
        let (hosted, other) = (leases(HOSTED), leases(ID));
        assert!(!hosted.is_empty() && other.is_empty());
        assert_eq!(apply(STRANGER, swap(HOSTED, ID)), Ok(()));
        assert_eq!((leases(HOSTED), leases(ID)), (other, hosted));
    });
    assert!(has(&chain, RegistrarEvent::Swapped { para_id: HOSTED.into(), other_id: ID.into() }));
    pass_sessions(&mut chain, DELAY);
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::Parachain));
    assert_eq!(lifecycle(&mut chain, HOSTED), Some(ParaLifecycle::Parathread));

    // One that holds a lease's place is not given up by its manager.
    assert_eq!(submit(&mut chain, MANAGER, deregister(ID)), Err(RegistrarError::NotParathread.into()));
}

#[test]
fn deregistration_returns_the_deposit_and_forgets_the_parachain() {
    let mut chain = chain();
    reserve_and_register(&mut chain);
    // It must have come to its place before it can leave it.
    assert_eq!(submit(&mut chain, MANAGER, deregister(ID)), Err(RegistrarError::NotParathread.into()));
    accept(&mut chain);
    assert_eq!(submit(&mut chain, STRANGER, deregister(ID)), Err(DispatchError::BadOrigin));

    assert_eq!(submit(&mut chain, MANAGER, deregister(ID)), Ok(()));
    assert_eq!(reserved(&mut chain, MANAGER), 0);
    assert!(has(&chain, RegistrarEvent::Deregistered { para_id: ID.into() }));
    assert_eq!(lifecycle(&mut chain, ID), Some(ParaLifecycle::OffboardingParathread));
    pass_sessions(&mut chain, DELAY);
    assert_eq!(lifecycle(&mut chain, ID), None);
    assert_eq!(chain.inspect(|| paras::Heads::<Runtime>::get(ParaId::from(ID))), None);

    let again = submit(&mut chain, MANAGER, register(ID, head(), code()));
    assert_eq!(again, Err(RegistrarError::NotReserved.into()));
    assert_eq!(submit(&mut chain, MANAGER, reserve()), Ok(()));
    let owner = chain.inspect(|| paras_registrar::Paras::<Runtime>::get(ParaId::from(NEXT_ID)));
    assert_eq!(owner.map(|info| info.manager), Some(MANAGER.to_account_id()), "no id is given twice");
}

fn chain() -> Chain {
    let hosted = GenesisParachain {
        id: HOSTED.into(),
        head: HeadData(vec![7]),
        code: hosted_code(),
        manager: STRANGER.to_account_id(),
        kind: ParachainKind::WithCore,
    };
    Chain::with_genesis(
        Preset::Local,
        VALIDATORS,
        Preset::Local.genesis_with_parachains(VALIDATORS, &[hosted], Transport::Hrmp),
    )
}

/// A chain on which the parachain is registered, and could buy a core.
fn registered() -> Chain {
    let mut chain = chain();
    reserve_and_register(&mut chain);
    accept(&mut chain);
    chain
}

fn reserve_and_register(chain: &mut Chain) {
    assert_eq!(submit(chain, MANAGER, reserve()), Ok(()));
    // So that votes fall into the session of the registration.
    pass_sessions(chain, 1);
    assert_eq!(submit(chain, MANAGER, register(ID, head(), code())), Ok(()));
}

fn accept(chain: &mut Chain) {
    assert_eq!(vote(chain, true, 0..TO_ACCEPT), [Ok(()); 3]);
    pass_sessions(chain, DELAY);
    assert_eq!(lifecycle(chain, ID), Some(ParaLifecycle::Parathread));
}

/// Nothing is left but the id and its deposit, which its manager gets back.
fn is_rejected(chain: &mut Chain) {
    assert!(has(chain, ParasEvent::PvfCheckRejected(code().hash(), ID.into())));
    assert_eq!(lifecycle(chain, ID), None);
    pass_sessions(chain, DELAY);
    assert_eq!(lifecycle(chain, ID), None);
    assert!(reserved(chain, MANAGER) > ID_DEPOSIT);
    assert_eq!(submit(chain, MANAGER, deregister(ID)), Ok(()));
    assert_eq!(reserved(chain, MANAGER), 0);
}

/// Never run here: whether it is good code is what the votes say.
fn code() -> ValidationCode {
    ValidationCode(b"\0asm\x01\0\0\0other".to_vec())
}

fn hosted_code() -> ValidationCode {
    ValidationCode(b"\0asm\x01\0\0\0first".to_vec())
}

fn head() -> HeadData {
    HeadData(vec![1; 100])
}

fn reserve() -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::reserve {})
}

fn register(id: u32, genesis_head: HeadData, validation_code: ValidationCode) -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::register { id: id.into(), genesis_head, validation_code })
}

fn deregister(id: u32) -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::deregister { id: id.into() })
}

fn swap(id: u32, other: u32) -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::swap { id: id.into(), other: other.into() })
}

/// As the inclusion of a block would note it.
fn new_head() -> RuntimeCall {
    RuntimeCall::Paras(paras::Call::force_note_new_head { para: ID.into(), new_head: HeadData(vec![2; 100]) })
}

fn assign_core(to: CoreAssignment, begin: u32) -> RuntimeCall {
    let assignment = vec![(to, PartsOf57600::FULL)];
    RuntimeCall::Coretime(coretime::Call::assign_core { core: CORE, begin, assignment, end_hint: None })
}

/// The SDK prefers orders paid with credits, which a broker chain sells. Here there is none.
#[allow(deprecated)]
fn order(max_amount: Balance) -> RuntimeCall {
    let call = on_demand::Call::place_order_keep_alive { max_amount, para_id: ID.into() };
    RuntimeCall::OnDemandAssignmentProvider(call)
}

fn submit(chain: &mut Chain, signer: Sr25519Keyring, call: RuntimeCall) -> Result<(), DispatchError> {
    chain.transact(|| apply(signer, call))
}

/// `call` is told the number of the block before.
fn by_root(chain: &mut Chain, call: impl FnOnce(u32) -> RuntimeCall) {
    let call = call(chain.number());
    let outcome = chain.transact(|| call.dispatch(RuntimeOrigin::root()).map(|_| ()).map_err(|error| error.error));
    assert_eq!(outcome, Ok(()));
}

fn give(chain: &mut Chain, account: Sr25519Keyring, value: Balance) {
    let dest = MultiAddress::Id(account.to_account_id());
    let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value });
    assert_eq!(submit(chain, STRANGER, call), Ok(()));
}

/// These validators' votes on the code, in one block: what became of each.
fn vote(chain: &mut Chain, accept: bool, validators: Range<u32>) -> Vec<Result<(), DispatchError>> {
    chain.transact(|| {
        let now = shared::CurrentSessionIndex::<Runtime>::get();
        let votes = validators.map(|index| {
            let statement = statement(accept, index, now);
            let signature = sign(&statement, index);
            cast_vote(statement, signature)
        });
        votes.collect()
    })
}

fn statement(accept: bool, validator: u32, session_index: SessionIndex) -> PvfCheckStatement {
    PvfCheckStatement { accept, subject: code().hash(), session_index, validator_index: ValidatorIndex(validator) }
}

/// Signed with the session key that the validator of that index has now.
fn sign(statement: &PvfCheckStatement, validator: u32) -> ValidatorSignature {
    let index = usize::try_from(validator).expect("an index fits");
    let key = shared::ActiveValidatorKeys::<Runtime>::get().swap_remove(index);
    let key = Sr25519Keyring::from_public(&key.into()).expect("genesis validators have development keys");
    key.sign(&statement.signing_payload()).into()
}

/// As the validator's node sends it: a transaction without a signer.
fn cast_vote(stmt: PvfCheckStatement, signature: ValidatorSignature) -> Result<(), DispatchError> {
    let call = RuntimeCall::Paras(paras::Call::include_pvf_check_statement { stmt, signature });
    apply_extrinsic(UncheckedExtrinsic::new_bare(call)).expect("votes are checked when they are dispatched")
}

fn pass_sessions(chain: &mut Chain, count: SessionIndex) {
    let end = session(chain) + count;
    while session(chain) < end {
        chain.block(|| ());
    }
}

/// The session that the parachain host is in.
fn session(chain: &mut Chain) -> SessionIndex {
    chain.inspect(shared::CurrentSessionIndex::<Runtime>::get)
}

fn reserved(chain: &mut Chain, account: Sr25519Keyring) -> Balance {
    chain.inspect(|| <Balances as ReservableCurrency<_>>::reserved_balance(&account.to_account_id()))
}

fn lifecycle(chain: &mut Chain, id: u32) -> Option<ParaLifecycle> {
    chain.inspect(|| Paras::lifecycle(id.into()))
}

fn locked(chain: &mut Chain) -> Option<bool> {
    chain.inspect(|| paras_registrar::Paras::<Runtime>::get(ParaId::from(ID))).and_then(|info| info.locked)
}

/// Whether the parachain is among those that the core will serve within the next blocks.
fn has_claim(chain: &mut Chain, core: u16) -> bool {
    let claims = chain.inspect(v13::claim_queue::<Runtime>);
    claims.get(&CoreIndex(core.into())).is_some_and(|claims| claims.contains(&ParaId::from(ID)))
}

fn has(chain: &Chain, event: impl Into<RuntimeEvent>) -> bool {
    let event = event.into();
    chain.events().iter().any(|(_, found)| *found == event)
}
