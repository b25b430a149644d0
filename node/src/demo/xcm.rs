// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo xcm`: one message of each kind, hop by hop.
//!
//! | message | from | over | to |
//! | --- | --- | --- | --- |
//! | `ksm-down` | relay chain | DMP | first parachain |
//! | `ksm-across` | first parachain | UMP, relay chain, DMP | second parachain |
//! | `ksm-up` | second parachain | UMP | relay chain |
//! | `token-across` | first parachain | HRMP | second parachain |
//! | `remark` | first parachain | UMP | relay chain, as a paid call |
//!
//! The KSM goes round, so those three follow each other; the others run beside them. In the end all is read again from final
//! blocks, and judged.

use super::{
    chain::BlockId,
    chains::{Chains, Place},
    error::{Error, Result},
    pulse::Pulse,
    report::{amount, MessageReport, Report},
    runtimes::{AccountId, Balance},
    trace::Watch,
    transfer::{account_junction, paid_call, Action, Hop, Plan},
    Narrator, START,
};
use crate::network::Manifest;
use codec::Encode;
use serin_runtime::{constants::currency::UNITS, RuntimeCall};
use sp_core::{crypto::Ss58Codec, sr25519, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::MultiAddress;
use std::time::Duration;
use xcm::{latest::Location, VersionedLocation};
use xcm_executor::traits::TransferType;

/// Whose KSM goes round.
pub const SENDER: &str = "//Alice";
/// Bounds each wait: several times what it takes on two busy cores.
pub const TIMEOUT: Duration = Duration::from_secs(240);

const DOWN: Balance = 10 * UNITS;
const ACROSS: Balance = 4 * UNITS;
const UP: Balance = 2 * UNITS;
const TOKEN: Balance = 7 * UNITS;
/// What the remark may cost, and what its account is given for it.
const REMARK_FEES: Balance = UNITS / 10;
const REMARK_FUNDS: Balance = UNITS;
/// More than all fees of one sender.
const FEES: Balance = UNITS;
const REMARK: &[u8] = b"sent from a parachain";

// An account each, whose balance nothing else changes meanwhile. Collators and their pay are Alice and Bob.
/// Has the KSM on the first parachain, and sends it on.
const FIRST_HOLDER: Sr25519Keyring = Sr25519Keyring::Charlie;
/// Sends the first parachain's own token.
const TOKEN_SENDER: Sr25519Keyring = Sr25519Keyring::Dave;
/// Has the KSM on the second parachain and sends it back; on the first, makes the remark.
const SECOND_HOLDER: Sr25519Keyring = Sr25519Keyring::Eve;
const REMARKER: Sr25519Keyring = Sr25519Keyring::Eve;
/// Gets what arrives in the end, on either chain.
const RECEIVER: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// Pays on the relay chain for what the remark's account needs.
const FUNDER: Sr25519Keyring = Sr25519Keyring::Bob;

#[derive(Clone, Debug)]
pub struct Options {
    /// The secret of the account that the KSM is taken from.
    pub sender: String,
    /// Bounds each wait.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { sender: SENDER.to_owned(), timeout: TIMEOUT }
    }
}

/// Sends one message of each kind and follows it. An error means that the story could not begin; what went wrong in it is in
/// the report.
pub async fn run(network: &Manifest, options: &Options, narrator: &Narrator) -> Result<Report> {
    let sender = sr25519::Pair::from_string(&options.sender, None).map_err(|_| Error::Secret)?;
    let chains = Chains::connect(network, START).await?;
    let story = Story { chains, narrator, timeout: options.timeout };
    story.wait_for_first_blocks().await?;
    story.ensure_funds(&sender).await?;
    let remarker = story.remark_account().await?;
    story.fund(&remarker).await?;

    let circle = [story.ksm_down(sender), story.ksm_across().await?, story.ksm_up()];
    let (circle, token, remark) =
        tokio::join!(story.one_by_one(circle), story.tell(story.token_across()), story.tell(story.remark(remarker)));
    let told = circle.into_iter().chain([token, remark]).collect();
    Ok(story.end(network, told).await)
}

/// A message, and what became of it.
struct Told {
    plan: Plan,
    watch: Option<Watch>,
    report: MessageReport,
}

struct Story<'a> {
    chains: Chains,
    narrator: &'a Narrator,
    timeout: Duration,
}

// What is sent.
impl Story<'_> {
    fn ksm_down(&self, sender: sr25519::Pair) -> Plan {
        let first = self.name(Place::First);
        Plan {
            name: "ksm-down",
            what: format!("{} from {} to {first}", amount(DOWN, "KSM"), self.name(Place::Relay)),
            from: Place::Relay,
            signer: sender,
            action: Action::Transfer {
                destination: self.chains.location(Place::First, Place::Relay),
                asset: Location::here(),
                amount: DOWN,
                kind: Box::new(TransferType::LocalReserve),
                beneficiary: FIRST_HOLDER.to_account_id(),
            },
            own_amount: DOWN,
            carried: DOWN,
            hops: vec![self.ksm_hop(Place::First, FIRST_HOLDER.to_account_id())],
            remarks: false,
        }
    }

    /// The relay chain keeps the KSM of both: it moves it from the one's account to the other's.
    async fn ksm_across(&self) -> Result<Plan> {
        let (first, second) = (self.name(Place::First), self.name(Place::Second));
        let on_relay = self.chains.location(Place::Second, Place::Relay);
        let reserve = self.chains.relay.account_of(&on_relay).await?;
        Ok(Plan {
            name: "ksm-across",
            what: format!("{} from {first} over {} to {second}", amount(ACROSS, "KSM"), self.name(Place::Relay)),
            from: Place::First,
            signer: FIRST_HOLDER.pair(),
            action: Action::Transfer {
                destination: self.chains.location(Place::Second, Place::First),
                asset: Location::parent(),
                amount: ACROSS,
                kind: Box::new(TransferType::RemoteReserve(VersionedLocation::from(Location::parent()))),
                beneficiary: SECOND_HOLDER.to_account_id(),
            },
            own_amount: 0,
            carried: ACROSS,
            hops: vec![self.ksm_hop(Place::Relay, reserve), self.ksm_hop(Place::Second, SECOND_HOLDER.to_account_id())],
            remarks: false,
        })
    }

    fn ksm_up(&self) -> Plan {
        let (second, relay) = (self.name(Place::Second), self.name(Place::Relay));
        Plan {
            name: "ksm-up",
            what: format!("{} from {second} back to {relay}", amount(UP, "KSM")),
            from: Place::Second,
            signer: SECOND_HOLDER.pair(),
            action: Action::Transfer {
                destination: Location::parent(),
                asset: Location::parent(),
                amount: UP,
                kind: Box::new(TransferType::DestinationReserve),
                beneficiary: RECEIVER.to_account_id(),
            },
            own_amount: 0,
            carried: UP,
            hops: vec![self.ksm_hop(Place::Relay, RECEIVER.to_account_id())],
            remarks: false,
        }
    }

    fn token_across(&self) -> Plan {
        let token = self.chains.get(Place::First).token();
        let (first, second) = (self.name(Place::First), self.name(Place::Second));
        Plan {
            name: "token-across",
            what: format!("{} of {first} to {second}", amount(TOKEN, token)),
            from: Place::First,
            signer: TOKEN_SENDER.pair(),
            action: Action::Transfer {
                destination: self.chains.location(Place::Second, Place::First),
                asset: Location::here(),
                amount: TOKEN,
                kind: Box::new(TransferType::LocalReserve),
                beneficiary: RECEIVER.to_account_id(),
            },
            own_amount: TOKEN,
            carried: TOKEN,
            hops: vec![Hop {
                at: Place::Second,
                asset: self.chains.location(Place::First, Place::Second),
                token,
                account: RECEIVER.to_account_id(),
            }],
            remarks: false,
        }
    }

    fn remark(&self, account: AccountId) -> Plan {
        let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark: REMARK.to_vec() });
        let (first, relay) = (self.name(Place::First), self.name(Place::Relay));
        Plan {
            name: "remark",
            what: format!("a paid remark from {first} on {relay}"),
            from: Place::First,
            signer: REMARKER.pair(),
            action: Action::Send {
                destination: Location::parent(),
                program: paid_call(call.encode(), &account, REMARK_FEES),
            },
            own_amount: 0,
            carried: 0,
            hops: vec![self.ksm_hop(Place::Relay, account)],
            remarks: true,
        }
    }

    fn ksm_hop(&self, at: Place, account: AccountId) -> Hop {
        Hop { at, asset: self.chains.location(Place::Relay, at), token: "KSM", account }
    }

    fn name(&self, place: Place) -> &str {
        self.chains.get(place).name()
    }
}

// What has to be there before.
impl Story<'_> {
    async fn wait_for_first_blocks(&self) -> Result<()> {
        let mut pulse = self.pulse().await?;
        let mut heights = Vec::new();
        for place in [Place::Relay, Place::First, Place::Second] {
            let chain = self.chains.get(place);
            let best = loop {
                match chain.best().await?.number {
                    0 => pulse.beat(&format!("first block of {}", chain.name())).await?,
                    best => break best,
                }
            };
            heights.push(format!("{} #{best}", chain.name()));
        }
        self.narrator.tell(&heights.join(", "));
        Ok(())
    }

    /// Every account has to have what it sends, and its fees.
    async fn ensure_funds(&self, sender: &sr25519::Pair) -> Result<()> {
        let needed = [
            (Place::Relay, AccountId::from(sender.public()), DOWN + FEES),
            (Place::Relay, FUNDER.to_account_id(), REMARK_FUNDS + FEES),
            (Place::First, FIRST_HOLDER.to_account_id(), FEES),
            (Place::First, TOKEN_SENDER.to_account_id(), TOKEN + FEES),
            (Place::First, REMARKER.to_account_id(), FEES),
            (Place::Second, SECOND_HOLDER.to_account_id(), FEES),
        ];
        for (place, account, needs) in needed {
            let chain = self.chains.get(place);
            let has = chain.balance(&Location::here(), &account, chain.best().await?.hash).await?;
            if has < needs {
                return Err(Error::Funds {
                    account: account.to_ss58check(),
                    chain: chain.name().to_owned(),
                    has: amount(has, chain.token()),
                    needs: amount(needs, chain.token()),
                });
            }
        }
        Ok(())
    }

    /// The account on the relay chain that belongs to the one on the first parachain which makes the remark.
    async fn remark_account(&self) -> Result<AccountId> {
        let parachain = self.chains.location(Place::First, Place::Relay);
        let location = parachain.appended_with(account_junction(&REMARKER.to_account_id()));
        self.chains.relay.account_of(&location.unwrap_or_else(|(parachain, _)| parachain)).await
    }

    /// Gives the account on the relay chain what a remark costs there, unless it has that.
    async fn fund(&self, account: &AccountId) -> Result<()> {
        let relay = &self.chains.relay;
        let has = || async { relay.balance(&Location::here(), account, relay.best().await?.hash).await };
        if has().await? >= REMARK_FUNDS / 2 {
            return Ok(());
        }
        let dest = MultiAddress::Id(account.clone());
        let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: REMARK_FUNDS });
        relay.send(&relay.sign(&FUNDER.pair(), call).await?).await?;
        let mut pulse = self.pulse().await?;
        while has().await? < REMARK_FUNDS / 2 {
            pulse.beat(&format!("{} on the account of the remark", amount(REMARK_FUNDS, "KSM"))).await?;
        }
        let given = amount(REMARK_FUNDS, "KSM");
        self.narrator.tell(&format!(
            "{} has {given} for the remark of its account's owner on {}",
            account.to_ss58check(),
            self.name(Place::First)
        ));
        Ok(())
    }
}

// What becomes of it.
impl Story<'_> {
    /// Tells of messages of which each needs what the one before it brings.
    async fn one_by_one(&self, plans: [Plan; 3]) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        for plan in plans {
            let stuck = told.last().filter(|last| !last.report.missing.is_empty()).map(|last| last.plan.name);
            told.push(match stuck {
                None => self.tell(plan).await,
                Some(name) => {
                    let mut report = MessageReport::new(&plan);
                    report.missing.push(format!("not sent, for want of what {name} should have brought"));
                    Told { plan, watch: None, report }
                }
            });
        }
        told
    }

    async fn tell(&self, plan: Plan) -> Told {
        let report = MessageReport::new(&plan);
        let mut told = Told { plan, watch: None, report };
        if let Err(error) = self.follow(&mut told).await {
            self.narrator.tell(&format!("{}: {error}", told.plan.what));
            told.report.missing.push(error.to_string());
        }
        told
    }

    /// Has the chains predict the fees, sends the message, and tells of each step until it has arrived.
    async fn follow(&self, told: &mut Told) -> Result<()> {
        let Told { plan, watch, report } = told;
        report.predict(&self.chains, plan, plan.predict(&self.chains).await?);
        let fees = report.fees.iter().map(|fee| format!("{} {}", fee.chain, amount(fee.predicted, &fee.token)));
        let fees = fees.collect::<Vec<_>>().join(", ");
        self.narrator.tell(&format!("{}: will cost on {fees}", plan.what));

        let watch = watch.insert(Watch::begin(&self.chains, plan).await?);
        let mut pulse = self.pulse().await?;
        loop {
            let trace = watch.look(&self.chains, plan).await?;
            let id = format!("{:?}", trace.message);
            for hop in report.note(&self.chains, &trace, self.narrator.milliseconds()) {
                self.narrator.tell(&hop.line(&plan.what, &id));
                pulse.renew();
            }
            let Some(what) = &trace.waits_for else {
                report.measure(&self.chains, plan, &trace).await?;
                self.narrator.tell(&report.summary());
                return Ok(());
            };
            pulse.beat(what).await?;
        }
    }

    /// Waits until all of it is final, and judges it.
    async fn end(&self, network: &Manifest, mut told: Vec<Told>) -> Report {
        let has_arrived = told.iter().all(|told| told.report.missing.is_empty());
        let settled = if has_arrived { self.settle(&mut told).await.map(Some) } else { Ok(None) };
        let (finalized, unsettled) = match settled {
            Ok(finalized) => (finalized, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let judged = told.iter_mut().flat_map(|told| {
            if finalized.is_some() {
                told.report.judge();
            }
            let (what, missing) = (told.plan.what.clone(), told.report.missing.clone());
            missing.into_iter().map(move |missing| format!("{what}: {missing}"))
        });
        let missing = judged.chain(unsettled).collect::<Vec<_>>();
        let held = missing.is_empty();
        self.narrator.tell(if held { "everything arrived, and is final" } else { "not everything is as it should be" });
        Report {
            network: network.name.clone(),
            held,
            missing,
            finalized,
            milliseconds: self.narrator.milliseconds(),
            messages: told.into_iter().map(|told| told.report).collect(),
        }
    }

    /// Reads everything again once the last block of it is final. Returns the relay chain's final block.
    async fn settle(&self, told: &mut [Told]) -> Result<u32> {
        let mut pulse = self.pulse().await?;
        loop {
            // Asked for first: what is found up to this block is then on the chain that it ends.
            let finalized = self.chains.relay.finalized().await?.number;
            let (mut last, mut waits_for, mut traces) = (0, None, Vec::new());
            for Told { plan, watch, .. } in told.iter() {
                let Some(watch) = watch else { continue };
                let trace = watch.look(&self.chains, plan).await?;
                last = last.max(trace.last_relay_block());
                waits_for = waits_for.or_else(|| trace.waits_for.clone());
                traces.push(trace);
            }
            if waits_for.is_none() && last <= finalized {
                for (Told { plan, report, .. }, trace) in told.iter_mut().zip(traces) {
                    report.note(&self.chains, &trace, self.narrator.milliseconds());
                    report.measure(&self.chains, plan, &trace).await?;
                    self.check_remark(plan, report, trace.processed().last()).await?;
                }
                return Ok(finalized);
            }
            pulse.beat(&waits_for.unwrap_or_else(|| format!("final relay block {last}"))).await?;
        }
    }

    /// A message counts as run also when the call in it failed.
    async fn check_remark(&self, plan: &Plan, report: &mut MessageReport, block: Option<BlockId>) -> Result<()> {
        let (Some(hop), Some(block), true) = (plan.hops.last(), block, plan.remarks) else { return Ok(()) };
        let chain = self.chains.get(hop.at);
        if !chain.has_remark_of(&hop.account, block).await? {
            let account = hop.account.to_ss58check();
            report.missing.push(format!("block {} of {} has no remark of {account}", block.number, chain.name()));
        }
        Ok(())
    }

    async fn pulse(&self) -> Result<Pulse<'_>> {
        Ok(Pulse::new(self.chains.heads().await?, self.narrator, self.timeout))
    }
}
