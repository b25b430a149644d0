// SPDX-License-Identifier: GPL-3.0-only
//! Tests of the formats and of what is verified. `world` builds honest chains, `forgeries` bends what they say.

mod digest;
mod forgeries;
mod frontier;
mod tree;
mod vectors;
mod world;
