// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::hrmp`.

use super::{declared, each, nanos_each, xcm_sent};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_runtime_parachains::hrmp::WeightInfo as HrmpWeight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> HrmpWeight for WeightInfo<T> {
    /// The request, the list of them, the sender's count; what exists already; a deposit; the other side told.
    fn hrmp_init_open_channel() -> Weight {
        declared::<T>(80, 10, 6).saturating_add(xcm_sent::<T>())
    }

    fn hrmp_accept_open_channel() -> Weight {
        declared::<T>(80, 8, 5).saturating_add(xcm_sent::<T>())
    }

    fn hrmp_close_channel() -> Weight {
        declared::<T>(80, 6, 4).saturating_add(xcm_sent::<T>())
    }

    fn force_clean_hrmp(i: u32, e: u32) -> Weight {
        declared::<T>(60, 4, 4).saturating_add(channels_closed::<T>(i.saturating_add(e)))
    }

    /// For each the request, the channel, both lifecycles, both indices, both counts.
    fn force_process_hrmp_open(c: u32) -> Weight {
        declared::<T>(40, 4, 2).saturating_add(each::<T>(c, 60, 10, 8))
    }

    fn force_process_hrmp_close(c: u32) -> Weight {
        declared::<T>(40, 3, 2).saturating_add(channels_closed::<T>(c))
    }

    /// `c` is the length of the list that the request is taken from.
    fn hrmp_cancel_open_request(c: u32) -> Weight {
        request_cancelled::<T>().saturating_add(nanos_each(500, c.into()))
    }

    fn clean_open_channel_requests(c: u32) -> Weight {
        declared::<T>(40, 3, 2).saturating_add(each::<T>(c, 40, 6, 6))
    }

    /// `c` requests, none or one, are in the way and cancelled first.
    fn force_open_hrmp_channel(c: u32) -> Weight {
        Self::establish_system_channel().saturating_add(request_cancelled::<T>().saturating_mul(c.into()))
    }

    fn establish_system_channel() -> Weight {
        Self::hrmp_init_open_channel().saturating_add(Self::hrmp_accept_open_channel())
    }

    fn poke_channel_deposits() -> Weight {
        declared::<T>(80, 6, 4)
    }

    /// A channel there, and one back.
    fn establish_channel_with_system() -> Weight {
        Self::establish_system_channel().saturating_mul(2)
    }
}

/// For each the close request, the channel, its contents, both deposits, both indices.
fn channels_closed<T: frame_system::Config>(count: u32) -> Weight {
    each::<T>(count, 60, 8, 9)
}

fn request_cancelled<T: frame_system::Config>() -> Weight {
    declared::<T>(80, 6, 5)
}
