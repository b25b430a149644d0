// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo xcm`: one message of each kind, hop by hop.
//!
//! | message | from | over | to |
//! | --- | --- | --- | --- |
//! | `ksm-down` | relay chain | DMP | first parachain |
//! | `ksm-across` | first parachain | UMP, relay chain, DMP | second parachain |
//! | `ksm-up` | second parachain | UMP | relay chain |
//! | `token-across` | first parachain | HRMP or XCMP | second parachain |
//! | `remark` | first parachain | UMP | relay chain, as a paid call |
//!
//! The KSM goes round, so those three follow each other; the others run beside them. In the end all is read again from final
//! blocks, and judged.

use super::{
    chains::{Chains, Place},
    error::{Error, Result},
    report::{amount, Report},
    runtimes::{AccountId, Balance},
    story::Story,
    transfer::{account_junction, paid_call, Action, Hop, Plan},
    Narrator, START,
};
use crate::network::Manifest;
use codec::Encode;
use serin_runtime::{constants::currency::UNITS, RuntimeCall};
use sp_core::{sr25519, Pair};
use sp_keyring::Sr25519Keyring;
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
    story.ensure_funds(&needs(&sender)).await?;
    let remarker = story.remark_account().await?;
    story.fund(Place::Relay, &remarker, REMARK_FUNDS, &FUNDER.pair()).await?;

    let circle = [story.ksm_down(sender), story.ksm_across().await?, story.ksm_up()];
    let (circle, token, remark) =
        tokio::join!(story.one_by_one(circle), story.tell(story.token_across()), story.tell(story.remark(remarker)));
    let told = circle.into_iter().chain([token, remark]).collect();
    Ok(story.end(network, told).await)
}

/// What each account has to have.
fn needs(sender: &sr25519::Pair) -> [(Place, AccountId, Balance); 6] {
    [
        (Place::Relay, AccountId::from(sender.public()), DOWN + FEES),
        (Place::Relay, FUNDER.to_account_id(), REMARK_FUNDS + FEES),
        (Place::First, FIRST_HOLDER.to_account_id(), FEES),
        (Place::First, TOKEN_SENDER.to_account_id(), TOKEN + FEES),
        (Place::First, REMARKER.to_account_id(), FEES),
        (Place::Second, SECOND_HOLDER.to_account_id(), FEES),
    ]
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

    /// The account on the relay chain that belongs to the one on the first parachain which makes the remark.
    async fn remark_account(&self) -> Result<AccountId> {
        let parachain = self.chains.location(Place::First, Place::Relay);
        let location = parachain.appended_with(account_junction(&REMARKER.to_account_id()));
        self.chains.relay.account_of(&location.unwrap_or_else(|(parachain, _)| parachain)).await
    }
}
