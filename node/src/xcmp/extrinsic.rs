// SPDX-License-Identifier: GPL-3.0-only
//! A delivery as a transaction of the runtime that is to take it in. Where the pallet is in a runtime, and which transaction
//! extensions that has, is read from its metadata, so that one relayer serves every parachain with the pallet.

use codec::{Compact, Decode, Encode};
use frame_metadata::{
    v14::{PalletMetadata, RuntimeMetadataV14},
    RuntimeMetadata, RuntimeMetadataPrefixed,
};
use pallet_xcmp_channels::BlockUse;
use scale_info::{form::PortableForm, PortableRegistry, TypeDef};
use serin_primitives::xcmp::Delivery;
use std::collections::BTreeMap;

/// A general transaction, which has extensions and no signature, of format 5.
const GENERAL_V5: u8 = 0b0100_0000 | 5;
/// The set of extensions that the metadata lists.
const EXTENSION_VERSION: u8 = 0;
/// By its calls the pallet is known, whatever a runtime calls it.
const CALLS: [&str; 3] = ["pallet_xcmp_channels", "pallet", "Call"];
/// Its extension is the one that is not checked in a transaction nobody signs, and so may say anything.
const NONCE_EXTENSION: &str = "CheckNonce";
/// Deeper than any extension's type.
const MAX_DEPTH: u32 = 16;

/// What a relayer has to know of a runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryFormat {
    /// Pallet and call.
    call: [u8; 2],
    /// The extensions around the nonce.
    extensions: (Vec<u8>, Vec<u8>),
    has_nonce: bool,
    /// How much a block takes in.
    pub budget: BlockUse,
    errors: BTreeMap<u8, String>,
}

impl DeliveryFormat {
    /// Reads the encoded metadata. The error is a reason.
    pub fn read(mut metadata: &[u8]) -> Result<Self, String> {
        let prefixed = RuntimeMetadataPrefixed::decode(&mut metadata).map_err(|error| error.to_string())?;
        let RuntimeMetadata::V14(metadata) = prefixed.1 else {
            return Err(format!("its version is {} and not 14", prefixed.1.version()));
        };
        let (pallet, deliver) = find_deliver(&metadata).ok_or("no pallet has the call xcmp_channels.deliver")?;
        let budget = pallet.constants.iter().find(|constant| constant.name == "BlockBudget");
        let budget = budget.and_then(|constant| BlockUse::decode(&mut constant.value.as_slice()).ok());

        let (mut extensions, mut has_nonce) = ((Vec::new(), Vec::new()), false);
        for extension in &metadata.extrinsic.signed_extensions {
            if extension.identifier == NONCE_EXTENSION {
                has_nonce = true;
                continue;
            }
            let bytes = if has_nonce { &mut extensions.1 } else { &mut extensions.0 };
            encode_nothing(&metadata.types, extension.ty.id, MAX_DEPTH, bytes)
                .ok_or_else(|| format!("the extension {} has no value that says nothing", extension.identifier))?;
        }
        Ok(Self {
            call: [pallet.index, deliver],
            extensions,
            has_nonce,
            budget: budget.ok_or("the pallet has no constant BlockBudget")?,
            errors: errors(&metadata.types, pallet),
        })
    }

    /// The encoded transaction. `attempt`: another one makes another transaction of the same delivery, as a pool does not look
    /// twice at one that it has refused.
    pub fn transaction(&self, delivery: &Delivery, attempt: u32) -> Vec<u8> {
        let mut bytes = vec![GENERAL_V5, EXTENSION_VERSION];
        bytes.extend(&self.extensions.0);
        if self.has_nonce {
            Compact(attempt).encode_to(&mut bytes);
        }
        bytes.extend(&self.extensions.1);
        bytes.extend(self.call);
        delivery.encode_to(&mut bytes);
        // With its length in front, as all transactions are.
        bytes.encode()
    }

    /// The name of the pallet's error with that number, which a refused transaction says.
    pub fn error(&self, number: u8) -> Option<&str> {
        self.errors.get(&number).map(String::as_str)
    }
}

/// The pallet, and the number of its call.
fn find_deliver(metadata: &RuntimeMetadataV14) -> Option<(&PalletMetadata<PortableForm>, u8)> {
    metadata.pallets.iter().find_map(|pallet| {
        let calls = metadata.types.resolve(pallet.calls.as_ref()?.ty.id)?;
        let TypeDef::Variant(variants) = &calls.type_def else { return None };
        let deliver = variants.variants.iter().find(|call| call.name == "deliver")?;
        (calls.path.segments == CALLS).then_some((pallet, deliver.index))
    })
}

fn errors(types: &PortableRegistry, pallet: &PalletMetadata<PortableForm>) -> BTreeMap<u8, String> {
    let errors = pallet.error.as_ref().and_then(|error| types.resolve(error.ty.id));
    match errors.map(|errors| &errors.type_def) {
        Some(TypeDef::Variant(errors)) => {
            errors.variants.iter().map(|error| (error.index, error.name.clone())).collect()
        }
        _ => BTreeMap::new(),
    }
}

/// Appends the value of the type that says nothing: no tip, no era, no hash. None when there is no such value.
fn encode_nothing(types: &PortableRegistry, id: u32, depth: u32, bytes: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match &types.resolve(id)?.type_def {
        TypeDef::Composite(composite) => {
            composite.fields.iter().try_for_each(|field| encode_nothing(types, field.ty.id, depth, bytes))
        }
        TypeDef::Tuple(tuple) => {
            tuple.fields.iter().try_for_each(|field| encode_nothing(types, field.id, depth, bytes))
        }
        TypeDef::Variant(variants) => {
            let first = variants.variants.iter().min_by_key(|variant| variant.index)?;
            bytes.push(first.index);
            first.fields.iter().try_for_each(|field| encode_nothing(types, field.ty.id, depth, bytes))
        }
        TypeDef::Array(array) => {
            (0..array.len).try_for_each(|_| encode_nothing(types, array.type_param.id, depth, bytes))
        }
        // The compact form of zero, and the length of an empty list.
        TypeDef::Compact(_) | TypeDef::Sequence(_) => {
            bytes.push(0);
            Some(())
        }
        TypeDef::Primitive(primitive) => {
            bytes.resize(bytes.len().checked_add(primitive_bytes(primitive))?, 0);
            Some(())
        }
        TypeDef::BitSequence(_) => None,
    }
}

const fn primitive_bytes(primitive: &scale_info::TypeDefPrimitive) -> usize {
    use scale_info::TypeDefPrimitive as Primitive;
    match primitive {
        Primitive::Bool | Primitive::Str | Primitive::U8 | Primitive::I8 => 1,
        Primitive::U16 | Primitive::I16 => 2,
        Primitive::Char | Primitive::U32 | Primitive::I32 => 4,
        Primitive::U64 | Primitive::I64 => 8,
        Primitive::U128 | Primitive::I128 => 16,
        Primitive::U256 | Primitive::I256 => 32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use codec::DecodeAll;
    use pallet_xcmp_channels::Channel;
    use serin_parachain_runtime::{Runtime, RuntimeCall, UncheckedExtrinsic};
    use serin_primitives::xcmp::tree::TreePath;
    use sp_runtime::generic::Preamble;

    fn format() -> DeliveryFormat {
        let metadata = with_state(|| Runtime::metadata().encode());
        DeliveryFormat::read(&metadata).expect("the demonstration has the pallet")
    }

    /// Some constants in the metadata are read from the state.
    fn with_state<R>(read: impl FnOnce() -> R) -> R {
        sp_io::TestExternalities::default().execute_with(read)
    }

    fn delivery() -> Delivery {
        let leaf = Channel::default().leaf(2_100.into());
        let path = TreePath::new(&[leaf.hash()], 0).expect("there is one leaf");
        Delivery {
            sender: 2_087.into(),
            root: Default::default(),
            leaf,
            path,
            payloads: Default::default(),
            extension: Default::default(),
        }
    }

    #[test]
    fn a_delivery_is_a_general_transaction_of_the_runtime() {
        for attempt in [0, 7, 70_000] {
            let bytes = format().transaction(&delivery(), attempt);
            let transaction = UncheckedExtrinsic::decode_all(&mut bytes.as_slice()).expect("the runtime reads it");
            let expected = RuntimeCall::XcmpChannels(pallet_xcmp_channels::Call::deliver { delivery: delivery() });
            assert_eq!(transaction.function, expected);
            assert!(matches!(transaction.preamble, Preamble::General(_)));
        }
    }

    #[test]
    fn another_attempt_is_another_transaction() {
        assert_ne!(format().transaction(&delivery(), 0), format().transaction(&delivery(), 1));
    }

    #[test]
    fn errors_and_budget_are_the_pallets() {
        let format = format();
        let number = pallet_xcmp_channels::Error::<Runtime>::UnknownRoot.encode()[0];
        assert_eq!(format.error(number), Some("UnknownRoot"));
        assert!(format.budget.messages > 0 && format.budget.bytes > 0);
    }

    #[test]
    fn a_runtime_without_the_pallet_is_told_from_one_that_cannot_be_read() {
        let relay = with_state(|| serin_runtime::Runtime::metadata().encode());
        assert!(DeliveryFormat::read(&relay).is_err_and(|reason| reason.contains("xcmp_channels.deliver")));
        assert!(DeliveryFormat::read(b"nothing").is_err());
    }
}
