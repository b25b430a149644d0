// SPDX-License-Identifier: GPL-3.0-only
//! Work that takes long: done on a thread of its own, told of while it goes on, and given up when nobody wants it any more.

use crate::network::{Error, Result};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    io::{self, Read},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
    thread,
};
use tokio::sync::oneshot;

/// How far some work has got, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

impl Progress {
    pub fn percent(self) -> u64 {
        // Nothing to do is done.
        self.done.saturating_mul(100).checked_div(self.total).unwrap_or(100)
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} ({} %)", Megabytes(self.done), Megabytes(self.total), self.percent())
    }
}

/// Bytes, as people read them.
pub struct Megabytes(pub u64);

impl fmt::Display for Megabytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0 / 100_000;
        write!(formatter, "{}.{} MB", tenths / 10, tenths % 10)
    }
}

/// Told of each further percent. Answers whether the work is still wanted. It must not block.
pub type Watcher = Arc<dyn Fn(Progress) -> bool + Send + Sync>;

/// Work under way. Dropping it gives the work up, and waits until what it has begun is cleaned up.
pub struct Work<T> {
    is_unwanted: Arc<AtomicBool>,
    outcome: oneshot::Receiver<Result<T>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl<T: Send + 'static> Work<T> {
    /// `work` gets the meter by which it tells how far it is, and learns that it is not wanted any more.
    pub fn start(watcher: Watcher, work: impl FnOnce(Meter) -> Result<T> + Send + 'static) -> Result<Self> {
        let is_unwanted = Arc::new(AtomicBool::new(false));
        let meter = Meter::new(watcher, is_unwanted.clone());
        let (sender, outcome) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("snapshot".to_owned())
            .spawn(move || {
                // Without a receiver the work was given up, and has noticed.
                let _ = sender.send(work(meter));
            })
            .map_err(Error::io("starting a thread of", "this process"))?;
        Ok(Self { is_unwanted, outcome, thread: Some(thread) })
    }

    pub async fn finish(mut self) -> Result<T> {
        let panicked = || Error::io("working in", "this process")(io::Error::other("the thread of the work panicked"));
        (&mut self.outcome).await.unwrap_or_else(|_| Err(panicked()))
    }
}

impl<T> Drop for Work<T> {
    fn drop(&mut self) {
        self.is_unwanted.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A panic has been printed, and told by `finish`.
            let _ = thread.join();
        }
    }
}

/// Counts what is done.
pub struct Meter {
    progress: Progress,
    watcher: Watcher,
    is_unwanted: Arc<AtomicBool>,
}

impl Meter {
    fn new(watcher: Watcher, is_unwanted: Arc<AtomicBool>) -> Self {
        Self { progress: Progress::default(), watcher, is_unwanted }
    }

    /// How much there is to do.
    pub fn begin(&mut self, total: u64) {
        self.progress = Progress { done: 0, total };
    }

    /// Fails once the work is not wanted any more.
    pub fn add(&mut self, bytes: u64) -> Result<()> {
        let before = self.progress.percent();
        self.progress.done = self.progress.done.saturating_add(bytes);
        if self.progress.percent() > before && !(self.watcher)(self.progress) {
            self.is_unwanted.store(true, Ordering::SeqCst);
        }
        self.check()
    }

    /// Fails once the work is not wanted any more.
    pub fn check(&self) -> Result<()> {
        if self.is_unwanted.load(Ordering::SeqCst) {
            Err(Error::GivenUp)
        } else {
            Ok(())
        }
    }
}

/// Counts what is read, and fails once the work is not wanted any more.
pub struct Metered<'a, R> {
    inner: R,
    meter: &'a mut Meter,
    read: u64,
    failed: bool,
}

impl<'a, R> Metered<'a, R> {
    pub fn new(inner: R, meter: &'a mut Meter) -> Self {
        Self { inner, meter, read: 0, failed: false }
    }

    /// How much was read.
    pub const fn read_bytes(&self) -> u64 {
        self.read
    }

    /// Whether an error came from reading: who copies has only one for reading and writing.
    pub const fn has_failed(&self) -> bool {
        self.failed
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer).inspect_err(|error| {
            self.failed = error.kind() != io::ErrorKind::Interrupted;
        })?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        self.read = self.read.saturating_add(bytes);
        self.meter.add(bytes).map_err(io::Error::other)?;
        Ok(count)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use std::sync::Mutex;

    /// Wants everything, and tells nobody.
    pub fn patient() -> Watcher {
        Arc::new(|_| true)
    }

    pub fn meter() -> Meter {
        Meter::new(patient(), Arc::default())
    }

    #[test]
    fn each_percent_is_told_once() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let sink = told.clone();
        let watcher: Watcher = Arc::new(move |progress: Progress| {
            sink.lock().unwrap().push(progress.percent());
            true
        });
        let mut meter = Meter::new(watcher, Arc::default());
        meter.begin(1_000);
        for bytes in [9, 1, 5, 5, 480, 500] {
            meter.add(bytes).unwrap();
        }
        assert_eq!(*told.lock().unwrap(), [1, 2, 50, 100]);
    }

    #[test]
    fn what_is_not_wanted_any_more_is_given_up() {
        let mut meter = Meter::new(Arc::new(|_| false), Arc::default());
        meter.begin(100);
        let mut reader = Metered::new(&b"some bytes"[..], &mut meter);
        let error = reader.read(&mut [0; 4]).unwrap_err();
        assert_ne!(error.kind(), io::ErrorKind::Interrupted, "copying would try again");
        assert!(!reader.has_failed() && reader.read_bytes() == 4);
        assert!(matches!(meter.check(), Err(Error::GivenUp)));
    }

    #[tokio::test]
    async fn work_tells_its_outcome() {
        let work = Work::start(patient(), |_| Ok(7)).unwrap();
        assert_eq!(work.finish().await.unwrap(), 7);
        let work = Work::<()>::start(patient(), |_| Err(Error::NoNetwork)).unwrap();
        assert!(matches!(work.finish().await, Err(Error::NoNetwork)));
    }

    #[tokio::test]
    async fn work_that_is_dropped_ends_before_the_drop_does() {
        let has_ended = Arc::new(AtomicBool::new(false));
        let flag = has_ended.clone();
        let work = Work::<()>::start(patient(), move |meter| {
            while meter.check().is_ok() {
                thread::yield_now();
            }
            flag.store(true, Ordering::SeqCst);
            meter.check()
        });
        drop(work.unwrap());
        assert!(has_ended.load(Ordering::SeqCst));
    }

    #[test]
    fn sizes_are_read_by_people() {
        let progress = Progress { done: 12_345_678, total: 24_000_000 };
        assert_eq!(progress.to_string(), "12.3 MB of 24.0 MB (51 %)");
        assert_eq!(Progress::default().percent(), 100);
    }
}
