// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
