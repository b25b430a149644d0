// SPDX-License-Identifier: GPL-3.0-only
//! A running `serin --dev`, on ports of its own.

use jsonrpsee::{
    core::{
        client::{ClientT, Error as ClientError, Subscription, SubscriptionClientT},
        params::ArrayParams,
    },
    rpc_params,
    ws_client::WsClient,
};
use serde_json::Value;
use serin_node::network::rpc::{self, Header};
use serin_tests::process::{rpc_address, serin, text, Finished, Running};
use std::{path::Path, process::Command, time::Duration};
use tokio::runtime::Runtime;

/// Covers compiling the runtime and some slots on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

/// The client library sends it, and no test looks at what it answers.
const UNSUBSCRIBED_ON_DROP: &str = "archive_v1_storageDiff_stopStorageDiff";

/// `serin --dev` on `base_path`, not started yet. It takes free ports, which its log names.
pub fn dev_command(base_path: &Path, more: &[&str]) -> Command {
    let mut command = serin(["--dev", "--base-path", text(base_path), "--rpc-port", "0", "--port", "0"]);
    command.args(["--no-prometheus", "--no-telemetry"]).args(more);
    command
}

/// A node that answers. Dropping it kills it.
pub struct DevNode {
    process: Running,
    url: String,
    client: WsClient,
    runtime: Runtime,
}

impl DevNode {
    pub fn start(base_path: &Path, more: &[&str]) -> Self {
        Self::from_process(Running::start(dev_command(base_path, more)))
    }

    /// Waits until the node answers.
    pub fn from_process(mut process: Running) -> Self {
        let address = process.wait_for("JSON-RPC server", LIMIT, |process| rpc_address(&process.stderr()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime starts");
        let url = format!("ws://{address}");
        let client = runtime.block_on(rpc::connect(&url)).expect("the server listens");
        Self { process, url, client, runtime }
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The first block reported that has at least this number.
    pub fn wait_for_best(&self, number: u32) -> u32 {
        self.wait_for_head("chain_subscribeNewHeads", "chain_unsubscribeNewHeads", number)
    }

    pub fn wait_for_finalized(&self, number: u32) -> u32 {
        self.wait_for_head("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads", number)
    }

    /// The answer to a request, or the code of the error.
    pub fn request(&self, method: &str, parameters: Value) -> Result<Value, i64> {
        let parameters = array_of(parameters);
        self.runtime.block_on(self.client.request(method, parameters)).map_err(|error| code_of(&error))
    }

    /// Whether the server accepts a subscription, or the code of the error. It ends when it is dropped.
    pub fn subscribe(&self, method: &str, parameters: Value) -> Result<(), i64> {
        let accepted = self.client.subscribe::<Value, _>(method, array_of(parameters), UNSUBSCRIBED_ON_DROP);
        self.runtime.block_on(accepted).map(drop).map_err(|error| code_of(&error))
    }

    /// Stops it as an operator does, which must succeed.
    pub fn stop(mut self) -> Finished {
        self.process.signal(libc::SIGTERM);
        self.process.wait(LIMIT).expect_success()
    }

    /// Kills it in the middle of its work.
    pub fn kill(mut self) {
        self.process.signal(libc::SIGKILL);
        self.process.wait(LIMIT);
    }

    /// Waits for the end that the node comes to by itself.
    pub fn wait(self) -> Finished {
        self.process.wait(LIMIT)
    }

    fn wait_for_head(&self, subscribe: &str, unsubscribe: &str, at_least: u32) -> u32 {
        let heads = async {
            let mut heads: Subscription<Header> =
                self.client.subscribe(subscribe, rpc_params![], unsubscribe).await.ok()?;
            while let Some(head) = heads.next().await {
                let number = head.ok()?.number;
                if number >= at_least {
                    return Some(number);
                }
            }
            None
        };
        let number = self.runtime.block_on(async { tokio::time::timeout(LIMIT, heads).await });
        number
            .unwrap_or_else(|_| panic!("no block {at_least} in {LIMIT:?}:\n{}", self.process.stderr()))
            .unwrap_or_else(|| panic!("the node did not answer any more:\n{}", self.process.stderr()))
    }
}

fn array_of(parameters: Value) -> ArrayParams {
    let mut array = ArrayParams::new();
    for parameter in parameters.as_array().expect("parameters are an array") {
        array.insert(parameter).expect("a value is JSON");
    }
    array
}

fn code_of(error: &ClientError) -> i64 {
    match error {
        ClientError::Call(error) => error.code().into(),
        other => panic!("the node did not answer: {other}"),
    }
}
