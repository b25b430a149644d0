// SPDX-License-Identifier: GPL-3.0-only
//! A message as it is planned: who sends what, over which chains it goes, and what that is going to cost.

use super::{
    chains::{Chains, Place},
    error::Result,
    runtimes::{AccountId, Balance, Runtime},
};
use sp_core::{sr25519, Pair};
use sp_runtime::traits::StaticLookup;
use xcm::{
    latest::{
        Asset, AssetFilter, AssetId, Assets, Fungibility, Instruction, Junction, Location, OriginKind, WeightLimit,
        WildAsset, Xcm,
    },
    VersionedAssetId, VersionedAssets, VersionedLocation, VersionedXcm,
};
use xcm_executor::traits::TransferType;

/// What is signed. Locations are as the sending chain sees them.
#[derive(Clone, Debug)]
pub enum Action {
    /// An asset goes to an account on another chain. Its kind names the chain that keeps the reserve, since the calls that
    /// find it out by themselves refuse KSM on a network of that name.
    Transfer {
        destination: Location,
        asset: Location,
        amount: Balance,
        kind: Box<TransferType>,
        beneficiary: AccountId,
    },
    /// The own token goes to an account on the same chain.
    Give { beneficiary: AccountId, amount: Balance },
    /// A program goes as it is, in the name of who signed.
    Send { destination: Location, program: Xcm<()> },
}

/// A message that is to be followed.
pub struct Plan {
    /// A short name, for programs.
    pub name: &'static str,
    /// The same for people, like "10 KSM from the relay chain to picasso".
    pub what: String,
    pub from: Place,
    pub signer: sr25519::Pair,
    pub action: Action,
    /// How much of the sending chain's own token goes away with it, beside all fees.
    pub own_amount: Balance,
    /// What it carries; nothing when it pays with what is there already.
    pub carried: Balance,
    /// The chains that run it, in their order.
    pub hops: Vec<Hop>,
    /// Whether the last chain must find a remark of the last account: what the message is for.
    pub remarks: bool,
}

/// A chain that runs a message.
#[derive(Clone, Debug)]
pub struct Hop {
    pub at: Place,
    /// Fees are paid in it, and it is what moves. As the chain sees it.
    pub asset: Location,
    pub token: &'static str,
    /// Whose balance tells what has moved: who gets it, or pays.
    pub account: AccountId,
}

impl Action {
    /// The call of that runtime.
    pub fn call<R: Runtime>(&self) -> R::Call {
        let versioned = |location: &Location| Box::new(VersionedLocation::from(location.clone()));
        let call: pallet_xcm::Call<R::Config> = match self {
            Self::Transfer { destination, asset, amount, kind, beneficiary } => {
                pallet_xcm::Call::transfer_assets_using_type_and_then {
                    dest: versioned(destination),
                    assets: Box::new(VersionedAssets::from(Assets::from(amount_of(asset, *amount)))),
                    assets_transfer_type: kind.clone(),
                    remote_fees_id: Box::new(VersionedAssetId::from(AssetId(asset.clone()))),
                    fees_transfer_type: kind.clone(),
                    custom_xcm_on_dest: Box::new(VersionedXcm::from(Xcm::<()>(vec![deposit(beneficiary)]))),
                    weight_limit: WeightLimit::Unlimited,
                }
            }
            Self::Send { destination, program } => pallet_xcm::Call::send {
                dest: versioned(destination),
                message: Box::new(VersionedXcm::from(program.clone())),
            },
            Self::Give { beneficiary, amount } => {
                let dest = <R::Config as frame_system::Config>::Lookup::unlookup(beneficiary.clone());
                return pallet_balances::Call::transfer_keep_alive { dest, value: *amount }.into();
            }
        };
        call.into()
    }
}

impl Plan {
    pub fn account(&self) -> AccountId {
        self.signer.public().into()
    }

    /// What it is going to cost: its delivery on the chain that sends it, then on each chain that runs it the running, and
    /// the delivery of what that chain sends on. Every chain tries what it will be asked to do, and names its price.
    pub async fn predict(&self, chains: &Chains) -> Result<Vec<Balance>> {
        let source = chains.get(self.from);
        let Some(first) = self.hops.first() else { return Ok(Vec::new()) };
        let destination = chains.location(first.at, self.from);
        let mut message = source.try_action(&self.account(), &self.action, &destination).await?;
        let mut fees = vec![source.price_of_delivery(&destination, &message).await?];
        let mut previous = self.from;
        for (index, hop) in self.hops.iter().enumerate() {
            let chain = chains.get(hop.at);
            let origin = chains.location(previous, hop.at);
            let next = self.hops.get(index.saturating_add(1)).map(|next| chains.location(next.at, hop.at));
            let tried = chain.try_message(&origin, &message, next.as_ref()).await?;
            let mut fee = chain.price_of_weight(tried.used, &hop.asset).await?;
            if let (Some(next), Some(onward)) = (next, tried.onward) {
                fee = fee.saturating_add(chain.price_of_delivery(&next, &onward).await?);
                message = onward;
            }
            fees.push(fee);
            previous = hop.at;
        }
        Ok(fees)
    }
}

/// A program that pays with what its origin's account has on the chain that runs it, has the account dispatch `call` there,
/// and gives it back what is left.
pub fn paid_call(call: Vec<u8>, account: &AccountId, fees: Balance) -> Xcm<()> {
    let fees = amount_of(&Location::here(), fees);
    Xcm(vec![
        Instruction::WithdrawAsset(fees.clone().into()),
        Instruction::BuyExecution { fees, weight_limit: WeightLimit::Unlimited },
        Instruction::Transact {
            origin_kind: OriginKind::SovereignAccount,
            fallback_max_weight: None,
            call: call.into(),
        },
        Instruction::RefundSurplus,
        deposit(account),
    ])
}

/// An account of a chain, within the location of that chain.
pub fn account_junction(account: &AccountId) -> Junction {
    Junction::AccountId32 { network: None, id: account.clone().into() }
}

fn amount_of(asset: &Location, amount: Balance) -> Asset {
    Asset { id: AssetId(asset.clone()), fun: Fungibility::Fungible(amount) }
}

fn deposit(beneficiary: &AccountId) -> Instruction<()> {
    let (assets, beneficiary) =
        (AssetFilter::Wild(WildAsset::AllCounted(1)), Location::new(0, account_junction(beneficiary)));
    Instruction::DepositAsset { assets, beneficiary }
}
