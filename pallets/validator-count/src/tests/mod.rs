// SPDX-License-Identifier: GPL-3.0-only
//! One file per behaviour. The invariants are checked after every block of every test.

mod baseline;
mod calls;
mod cost;
mod eras;
mod finality;
mod first_step;
mod holding;
mod jump_or_plan;
mod missed_rule;
mod ramp;
mod rollback;
mod rules;
mod sessions;
mod simulation;
mod status;
mod tier;
