// SPDX-License-Identifier: GPL-3.0-only
//! The PVF host as a validator runs it: in Secure Validator Mode, with this executable as both workers.

use super::{
    modules::Pvf,
    processes::{children_of, wait_for, Process},
};
use futures::channel::oneshot;
use polkadot_node_core_pvf::{
    get_worker_version, start, Config, Metrics, PrepareError, PrepareJobKind, Priority, PvfPrepData, SecurityStatus,
    ValidationError, ValidationHost,
};
use polkadot_node_core_pvf_common::execute::ValidationContext;
use polkadot_node_primitives::{BlockData, PoV};
use polkadot_node_subsystem::messages::PvfExecKind;
use polkadot_parachain_primitives::primitives::ValidationResult;
use polkadot_primitives::{
    CandidateDescriptorV2, CandidateReceiptV2, CoreIndex, ExecutorParam, ExecutorParams, Hash, HeadData, Id,
    PersistedValidationData, MAX_CODE_SIZE,
};
use serin_tests::binary::serin_binary;
use std::{
    fmt::{Debug, Display},
    future::Future,
    process,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{task::block_in_place, time::timeout};

/// What code may unpack to: the relay chain allows ten times what it stores.
pub const BOMB_LIMIT: u32 = MAX_CODE_SIZE * 10;
/// Bounds each wait: many times what it takes on two busy cores.
pub const LIMIT: Duration = Duration::from_secs(300);

/// The SDK allows three seconds, which a machine that is busy with other things can need.
const SPAWN_LIMIT: Duration = Duration::from_secs(60);
const PARA: u32 = 2_087;

pub struct Host {
    handle: ValidationHost,
    /// Where artifacts are kept, and each worker has its directory.
    cache: TempDir,
    /// The head of the good PVF's last block.
    head: AtomicU32,
}

/// What a PVF may use. By default so much that a good one never fails for it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// CPU time; the host waits four times as long.
    pub preparation: Duration,
    pub execution: Duration,
    pub executor: ExecutorParams,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            preparation: Duration::from_secs(120),
            execution: Duration::from_secs(60),
            executor: ExecutorParams::default(),
        }
    }
}

impl Limits {
    pub fn preparation(preparation: Duration) -> Self {
        Self { preparation, ..Self::default() }
    }

    pub fn execution(execution: Duration) -> Self {
        Self { execution, ..Self::default() }
    }

    /// Limits what a preparation may allocate.
    pub fn preparation_memory(bytes: u64) -> Self {
        let executor = [ExecutorParam::PrecheckingMaxMemory(bytes)];
        Self { executor: ExecutorParams::from(&executor[..]), ..Self::default() }
    }
}

impl Host {
    pub async fn start() -> Self {
        let cache = tempfile::tempdir().expect("a directory");
        let binary = serin_binary();
        let version = get_worker_version(&binary).expect("the executable prints its version");
        let secure = true;
        let mut config =
            Config::new(cache.path().to_owned(), Some(version), secure, binary.clone(), binary.clone(), 2, 1, 2);
        config.prepare_worker_spawn_timeout = SPAWN_LIMIT;
        config.execute_worker_spawn_timeout = SPAWN_LIMIT;
        let (handle, task) = start(config, Metrics::default()).await.unwrap_or_else(|error| {
            panic!("{error}: run `{} doctor`, it says what this machine lacks", binary.display())
        });
        tokio::spawn(task);
        let host = Self { handle, cache, head: AtomicU32::new(0) };
        host.still_works("the start").await;
        host
    }

    /// What of the sandbox this machine has.
    pub fn security(&self) -> &SecurityStatus {
        &self.handle.security_status
    }

    /// Prepares as validators do before they vote for new code.
    pub async fn prepare(&self, code: &[u8], limits: &Limits) -> Answer<(), PrepareError> {
        let (sender, receiver) = oneshot::channel();
        let data = preparation(code, limits, PrepareJobKind::Prechecking);
        let mut handle = self.handle.clone();
        measured(async {
            handle.precheck_pvf(data, sender).await.expect("the host listens");
            receiver.await.expect("the host answers")
        })
        .await
    }

    /// Prepares, unless that is done, and runs.
    pub async fn execute(&self, code: &[u8], limits: &Limits) -> Answer<ValidationResult, ValidationError> {
        self.execute_upon(code, limits, self.head.load(Ordering::SeqCst), Vec::new()).await
    }

    /// As above, for a block of these bytes.
    pub async fn execute_block(
        &self,
        code: &[u8],
        limits: &Limits,
        block: Vec<u8>,
    ) -> Answer<ValidationResult, ValidationError> {
        self.execute_upon(code, limits, self.head.load(Ordering::SeqCst), block).await
    }

    /// Fails unless the good PVF's next block is valid.
    pub async fn still_works(&self, after: &str) {
        let parent = self.head.load(Ordering::SeqCst);
        let answer = self.execute_upon(&Pvf::good().encode(), &Limits::default(), parent, Vec::new()).await;
        let result = answer.result.unwrap_or_else(|error| panic!("a good PVF fails after {after}: {error}"));
        assert_eq!(result.head_data, head(parent + 1), "a good PVF answers wrongly after {after}");
        self.head.store(parent + 1, Ordering::SeqCst);
    }

    /// Runs code that does not end by itself, and in the meantime does something to what runs it.
    pub async fn execute_and<T>(
        &self,
        code: &[u8],
        limits: &Limits,
        act: impl FnOnce(BusyWorker) -> T,
    ) -> (Answer<ValidationResult, ValidationError>, T) {
        let act = async {
            let worker = self.busy_worker().await;
            block_in_place(|| act(worker))
        };
        tokio::join!(self.execute(code, limits), act)
    }

    /// An execute worker whose job has been busy for a while, so that it is in the PVF and no longer before it.
    async fn busy_worker(&self) -> BusyWorker {
        const BUSY: Duration = Duration::from_millis(50);
        wait_for("job that runs a PVF", SPAWN_LIMIT, || {
            self.execute_workers().into_iter().find_map(|worker| {
                let job = children_of(worker.id).into_iter().find(Process::is_alive)?;
                let thread = job.thread("execute thread").filter(|thread| thread.cpu_time() >= BUSY)?;
                Some(BusyWorker { worker, job, thread: thread.id })
            })
        })
        .await
    }

    /// Only of this host: other tests may have theirs in this process.
    fn execute_workers(&self) -> Vec<Process> {
        let own = libc::pid_t::try_from(process::id()).expect("process ids are positive");
        let cache = self.cache.path().to_str().expect("temporary directories have names in UTF-8");
        let mut workers = children_of(own);
        workers.retain(|worker| {
            let command = worker.command();
            command.contains("execute-worker") && command.contains(cache)
        });
        workers
    }

    async fn execute_upon(
        &self,
        code: &[u8],
        limits: &Limits,
        parent: u32,
        block: Vec<u8>,
    ) -> Answer<ValidationResult, ValidationError> {
        let (sender, receiver) = oneshot::channel();
        let data = preparation(code, limits, PrepareJobKind::Compilation);
        let candidate = candidate(&data, limits, parent, block);
        let mut handle = self.handle.clone();
        measured(async {
            handle
                .execute_pvf(data, candidate, Priority::Normal, PvfExecKind::Approval, sender)
                .await
                .expect("the host listens");
            receiver.await.expect("the host answers")
        })
        .await
    }
}

/// The processes of an execution, and the thread in which the PVF runs.
#[derive(Clone, Copy, Debug)]
pub struct BusyWorker {
    pub worker: Process,
    /// The worker's child, in which one candidate is executed.
    pub job: Process,
    pub thread: libc::pid_t,
}

/// How a request ended, and how long that took.
pub struct Answer<T, E> {
    pub result: Result<T, E>,
    pub took: Duration,
}

impl<T: Debug, E: Display + Debug> Answer<T, E> {
    /// Prints the case's line of the table, and fails unless the error is of the right kind.
    #[track_caller]
    pub fn fails(self, case: &str, right: impl FnOnce(&E) -> bool) {
        self.print(case);
        match &self.result {
            Ok(value) => panic!("{case} succeeds: {value:?}"),
            Err(error) => assert!(right(error), "{case} fails otherwise: {error:?}"),
        }
    }

    /// Prints the case's line of the table, and fails unless there is no error.
    #[track_caller]
    pub fn succeeds(self, case: &str) -> T {
        self.print(case);
        self.result.unwrap_or_else(|error| panic!("{case} fails: {error:?}"))
    }

    pub fn print(&self, case: &str) {
        let outcome = self.result.as_ref().map_or_else(ToString::to_string, |_| "good".into());
        // What follows is a backtrace in wasm.
        let outcome = outcome.lines().next().unwrap_or_default();
        println!("{case:<44} {:>6} ms  {outcome}", self.took.as_millis());
    }
}

async fn measured<T, E>(request: impl Future<Output = Result<T, E>>) -> Answer<T, E> {
    let start = Instant::now();
    let result = timeout(LIMIT, request).await.unwrap_or_else(|_| panic!("the host does not answer in {LIMIT:?}"));
    Answer { result, took: start.elapsed() }
}

fn preparation(code: &[u8], limits: &Limits, kind: PrepareJobKind) -> PvfPrepData {
    PvfPrepData::from_code(code.to_vec(), limits.executor.clone(), limits.preparation, kind, BOMB_LIMIT)
}

fn candidate(data: &PvfPrepData, limits: &Limits, parent: u32, block: Vec<u8>) -> ValidationContext {
    let nothing = Hash::default();
    let descriptor = CandidateDescriptorV2::new(
        Id::from(PARA),
        nothing,
        CoreIndex(0),
        0,
        nothing,
        nothing,
        nothing,
        nothing,
        data.code_hash(),
    );
    ValidationContext {
        candidate_receipt: CandidateReceiptV2 { descriptor, commitments_hash: nothing },
        pvd: Arc::new(PersistedValidationData {
            parent_head: head(parent),
            relay_parent_number: 1,
            relay_parent_storage_root: nothing,
            max_pov_size: 5 * 1024 * 1024,
        }),
        pov: Arc::new(PoV { block_data: BlockData(block) }),
        executor_params: limits.executor.clone(),
        exec_timeout: limits.execution,
        v3_seen: false,
    }
}

fn head(number: u32) -> HeadData {
    HeadData(number.to_le_bytes().to_vec())
}
