// SPDX-License-Identifier: GPL-3.0-only
//! Ports that are taken. A port that the user named is the one that tools will ask for, so another one will not do.

use serin_tests::process::{run_serin, text};
use std::net::{Ipv4Addr, TcpListener};

const FLAGS: [&str; 3] = ["--rpc-port", "--port", "--prometheus-port"];

#[test]
fn network_named_ports_in_use_are_refused() {
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let taken = holder.local_addr().expect("bound").port().to_string();
    let base = tempfile::tempdir().expect("a directory");
    for flag in FLAGS {
        let mut arguments = vec!["--dev", "--base-path", text(base.path())];
        for other in FLAGS {
            // The kernel chooses a free port for 0.
            arguments.extend([other, if other == flag { taken.as_str() } else { "0" }]);
        }
        run_serin(arguments).expect_error(&[&taken, "in use", flag]);
    }
}
