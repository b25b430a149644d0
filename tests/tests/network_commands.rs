// SPDX-License-Identifier: GPL-3.0-only
//! A single development node: its life on one database, the commands on that database, and the faults of ports and disks.

mod commands {
    mod database;
    mod dev_node;
    mod disks;
    mod json_rpc;
    mod logging;
    mod no_xcmp;
    mod ports;
}
