// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo xcmp`: tokens and calls both ways between two parachains, off the relay chain.
//!
//! | message | from | to |
//! | --- | --- | --- |
//! | `token-there` | first parachain | second parachain |
//! | `token-back` | second parachain | first parachain |
//! | `call-there` | first parachain | second parachain, as a paid call |
//! | `call-back` | second parachain | first parachain, as a paid call |
//!
//! None waits for another. In the end all is read again from final blocks, and judged: each message must have its place in a
//! stream, and a root over it on the relay chain.

use super::{
    chains::{Chains, Place},
    error::{Error, Result},
    report::{amount, Report},
    runtimes::{AccountId, Balance},
    story::Story,
    transfer::{account_junction, paid_call, Action, Hop, Plan},
    Narrator, START,
};
use crate::{
    network::{Manifest, Role},
    xcmp::trace::{record::StreamRecord, Stream},
};
use codec::Encode;
use polkadot_primitives::HrmpChannelId;
use polkadot_runtime_parachains::hrmp::HrmpChannels;
use serde::{Deserialize, Serialize};
use serin_parachain_runtime::{constants::currency::UNIT, RuntimeCall};
use serin_runtime::Runtime;
use sp_keyring::Sr25519Keyring;
use std::time::Duration;
use xcm::latest::Location;
use xcm_executor::traits::TransferType;

const TOKEN: Balance = 7 * UNIT;
/// What a call may cost, and what its account is given for it.
const CALL_FEES: Balance = UNIT;
const CALL_FUNDS: Balance = 10 * UNIT;
/// More than all fees of one sender.
const FEES: Balance = UNIT;
const REMARK: &[u8] = b"sent from a sibling";
/// As far back as the messages are looked for in their streams: others may send some too.
const TRACED_MESSAGES: u64 = 16;

// An account each on either chain, whose balance nothing else changes meanwhile. Collators and their pay are Alice and Bob.
const TOKEN_SENDER: Sr25519Keyring = Sr25519Keyring::Dave;
const CALLER: Sr25519Keyring = Sr25519Keyring::Eve;
/// Gets what arrives.
const RECEIVER: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// Pays for what the callers' accounts need.
const FUNDER: Sr25519Keyring = Sr25519Keyring::Charlie;

/// What the demonstration found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct XcmpReport {
    #[serde(flatten)]
    pub messages: Report,
    /// Each way, with the messages in their streams.
    pub streams: Vec<StreamRecord>,
}

/// Sends all messages and follows them. An error means that the story could not begin; what went wrong in it is in the report.
pub async fn run(network: &Manifest, timeout: Duration, narrator: &Narrator) -> Result<XcmpReport> {
    let chains = Chains::connect(network, START).await?;
    let story = Story { chains, narrator, timeout };
    story.ensure_no_hrmp(network).await?;
    story.wait_for_first_blocks().await?;
    story.ensure_funds(&needs()).await?;
    let (there, back) =
        (story.caller(Place::First, Place::Second).await?, story.caller(Place::Second, Place::First).await?);
    for (at, caller) in [(Place::Second, &there), (Place::First, &back)] {
        story.fund(at, caller, CALL_FUNDS, &FUNDER.pair()).await?;
    }

    let told = tokio::join!(
        story.tell(story.token("token-there", Place::First, Place::Second)),
        story.tell(story.token("token-back", Place::Second, Place::First)),
        story.tell(story.call("call-there", Place::First, Place::Second, there)),
        story.tell(story.call("call-back", Place::Second, Place::First, back)),
    );
    let mut messages = story.end(network, vec![told.0, told.1, told.2, told.3]).await;
    let streams = streams(network).await?;
    for stream in &streams {
        narrator.tell(stream.to_string().trim_end());
    }
    let lost = messages.messages.iter().filter(|message| !has_a_place(message.id.as_deref(), &streams));
    let lost = lost.map(|message| format!("{}: it is in no stream", message.what)).collect::<Vec<_>>();
    messages.missing.extend(lost);
    messages.held = messages.missing.is_empty();
    Ok(XcmpReport { messages, streams })
}

/// What each account has to have.
fn needs() -> Vec<(Place, AccountId, Balance)> {
    let on_each = [(TOKEN_SENDER, TOKEN + FEES), (CALLER, FEES), (FUNDER, CALL_FUNDS + FEES)];
    let places = [Place::First, Place::Second].into_iter();
    places.flat_map(|place| on_each.map(|(account, needs)| (place, account.to_account_id(), needs))).collect()
}

/// The last messages each way.
async fn streams(network: &Manifest) -> Result<Vec<StreamRecord>> {
    let relay = &network.running(|node| node.role == Role::Validator)?.rpc_url;
    let node = |para: u32| network.running(|node| node.para == Some(para)).map(|node| node.rpc_url.as_str());
    let mut streams = Vec::new();
    let [first, second] = Chains::ids(network, START)?;
    for (from, to) in [(first, second), (second, first)] {
        let stream = Stream::connect(relay, node(from)?, node(to)?).await.map_err(Box::new)?;
        streams.push(stream.trace(TRACED_MESSAGES).await.map_err(Box::new)?);
    }
    Ok(streams)
}

/// Whether the message was run out of a stream with a root on the relay chain.
fn has_a_place(id: Option<&str>, streams: &[StreamRecord]) -> bool {
    let mut messages = streams.iter().flat_map(|stream| &stream.messages);
    messages.any(|message| Some(message.id.as_str()) == id && message.included.is_some() && message.executed.is_some())
}

impl Story<'_> {
    /// An open HRMP channel would take the messages.
    async fn ensure_no_hrmp(&self, network: &Manifest) -> Result<()> {
        let [first, second] = Chains::ids(network, START)?;
        let relay = &self.chains.relay;
        let at = relay.best().await?.hash;
        for (sender, recipient) in [(first, second), (second, first)] {
            let id = HrmpChannelId { sender: sender.into(), recipient: recipient.into() };
            if relay.storage(&HrmpChannels::<Runtime>::hashed_key_for(id), at).await?.is_some() {
                return Err(Error::HrmpOpen { network: network.name.clone(), start: START });
            }
        }
        Ok(())
    }

    /// The account on one chain that belongs to the caller on the other.
    async fn caller(&self, from: Place, to: Place) -> Result<AccountId> {
        let parachain = self.chains.location(from, to);
        let location = parachain.appended_with(account_junction(&CALLER.to_account_id()));
        self.chains.get(to).account_of(&location.unwrap_or_else(|(parachain, _)| parachain)).await
    }

    fn token(&self, name: &'static str, from: Place, to: Place) -> Plan {
        let token = self.chains.get(from).token();
        Plan {
            name,
            what: format!("{} of {} to {}", amount(TOKEN, token), self.name(from), self.name(to)),
            from,
            signer: TOKEN_SENDER.pair(),
            action: Action::Transfer {
                destination: self.chains.location(to, from),
                asset: Location::here(),
                amount: TOKEN,
                kind: Box::new(TransferType::LocalReserve),
                beneficiary: RECEIVER.to_account_id(),
            },
            own_amount: TOKEN,
            carried: TOKEN,
            hops: vec![Hop { at: to, asset: self.chains.location(from, to), token, account: RECEIVER.to_account_id() }],
            remarks: false,
        }
    }

    fn call(&self, name: &'static str, from: Place, to: Place, account: AccountId) -> Plan {
        let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark: REMARK.to_vec() });
        let token = self.chains.get(to).token();
        Plan {
            name,
            what: format!("a paid remark from {} on {}", self.name(from), self.name(to)),
            from,
            signer: CALLER.pair(),
            action: Action::Send {
                destination: self.chains.location(to, from),
                program: paid_call(call.encode(), &account, CALL_FEES),
            },
            own_amount: 0,
            carried: 0,
            hops: vec![Hop { at: to, asset: Location::here(), token, account }],
            remarks: true,
        }
    }
}
