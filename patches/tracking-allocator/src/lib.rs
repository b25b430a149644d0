// SPDX-License-Identifier: GPL-3.0-only
#![doc = include_str!("../README.md")]

use std::{
    alloc::{GlobalAlloc, Layout},
    ptr::null_mut,
    sync::{
        atomic::{AtomicBool, AtomicIsize, AtomicPtr, AtomicUsize, Ordering},
        Mutex,
    },
};

type FailureHandler = Box<dyn Fn() + Send>;

/// Whether a measurement is running: the only thing an allocation looks at outside of one.
static TRACKING: AtomicBool = AtomicBool::new(false);
/// Bytes allocated less bytes freed since the measurement began; negative when it frees what is older.
static CURRENT: AtomicIsize = AtomicIsize::new(0);
/// The highest value of `CURRENT`.
static PEAK: AtomicIsize = AtomicIsize::new(0);
/// Bytes above which an allocation fails; `isize::MAX` without a limit.
static LIMIT: AtomicIsize = AtomicIsize::new(isize::MAX);
/// Called once, when the limit is first passed. Null when there is none.
static FAILURE_HANDLER: AtomicPtr<FailureHandler> = AtomicPtr::new(null_mut());
/// How many threads are in `fail` and may be running the handler.
static FAILING: AtomicUsize = AtomicUsize::new(0);
/// Held by whoever starts or ends a measurement, never by an allocation.
static CONTROL: Mutex<()> = Mutex::new(());

/// Wraps the allocator `A`; at most one instance per process measures at a time.
pub struct TrackingAllocator<A: GlobalAlloc>(pub A);

impl<A: GlobalAlloc> TrackingAllocator<A> {
    /// Starts a measurement. `limit` is the number of bytes above which an allocation returns null, after
    /// `failure_handler` was called.
    ///
    /// # Safety
    ///
    /// The failure handler runs inside the allocator and must not allocate or free.
    pub unsafe fn start_tracking(&self, limit: Option<isize>, failure_handler: Option<FailureHandler>) {
        let _control = CONTROL.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        TRACKING.store(false, Ordering::SeqCst);
        install(failure_handler);
        CURRENT.store(0, Ordering::SeqCst);
        PEAK.store(0, Ordering::SeqCst);
        LIMIT.store(limit.filter(|&limit| limit != 0).unwrap_or(isize::MAX), Ordering::SeqCst);
        TRACKING.store(true, Ordering::SeqCst);
    }

    /// Ends the measurement, and returns its peak in bytes, which can be zero or negative.
    pub fn end_tracking(&self) -> isize {
        let _control = CONTROL.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        TRACKING.store(false, Ordering::SeqCst);
        LIMIT.store(isize::MAX, Ordering::SeqCst);
        // The handler stays in place, at most one per measurement: an allocation that saw the measurement
        // running may still be about to call it.
        PEAK.load(Ordering::SeqCst)
    }
}

/// Replaces the failure handler. The one before is leaked on purpose, see `end_tracking`.
fn install(failure_handler: Option<FailureHandler>) {
    let handler = failure_handler.map_or(null_mut(), |handler| Box::into_raw(Box::new(handler)));
    FAILURE_HANDLER.store(handler, Ordering::SeqCst);
}

/// Counts `bytes`; false when an allocation of that size goes over the limit.
#[inline]
fn count(bytes: isize) -> bool {
    if !TRACKING.load(Ordering::Relaxed) {
        return true;
    }
    let current = CURRENT.fetch_add(bytes, Ordering::Relaxed).wrapping_add(bytes);
    if bytes <= 0 {
        return true;
    }
    let peak = PEAK.fetch_max(current, Ordering::Relaxed).max(current);
    peak <= LIMIT.load(Ordering::Relaxed)
}

/// The first thread over the limit runs the handler; any other waits for it, for its null would abort the process
/// before the handler has said why.
#[cold]
#[inline(never)]
fn fail() -> *mut u8 {
    FAILING.fetch_add(1, Ordering::SeqCst);
    let handler = FAILURE_HANDLER.swap(null_mut(), Ordering::SeqCst);
    if !handler.is_null() {
        // SAFETY: `install` made the pointer from a box and nobody frees it; the swap makes this the only caller.
        unsafe { (*handler)() }
    }
    FAILING.fetch_sub(1, Ordering::SeqCst);
    while FAILING.load(Ordering::SeqCst) > 0 {
        std::hint::spin_loop();
    }
    null_mut()
}

/// A layout's size; `Layout` guarantees that it fits.
#[inline]
fn size(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}

// SAFETY: every method either returns null or hands its arguments unchanged to the wrapped allocator.
unsafe impl<A: GlobalAlloc> GlobalAlloc for TrackingAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !count(size(layout.size())) {
            return fail();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { self.0.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !count(size(layout.size())) {
            return fail();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-size(layout.size()));
        // SAFETY: the caller's promise about `pointer` and `layout` is passed on.
        unsafe { self.0.dealloc(pointer, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if !count(size(new_size).wrapping_sub(size(layout.size()))) {
            return fail();
        }
        // SAFETY: the caller's promise about `pointer`, `layout` and `new_size` is passed on.
        unsafe { self.0.realloc(pointer, layout, new_size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    #[test]
    fn counts_the_peak_and_fails_above_the_limit() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        let allocator = TrackingAllocator(System);
        let kib = Layout::from_size_align(1024, 8).unwrap();
        let mib = Layout::from_size_align(1 << 20, 8).unwrap();

        // SAFETY: the handler does not allocate; every pointer is freed with the layout it came with.
        unsafe {
            allocator.start_tracking(
                Some(8 * 1024),
                Some(Box::new(|| {
                    CALLS.fetch_add(1, Ordering::SeqCst);
                })),
            );
            let small = allocator.alloc(kib);
            assert!(!small.is_null());
            assert!(allocator.alloc(mib).is_null());
            assert!(allocator.alloc(mib).is_null());
            allocator.dealloc(small, kib);
        }
        assert_eq!(CALLS.load(Ordering::SeqCst), 1, "the handler runs once");
        assert!(allocator.end_tracking() > 1 << 20);

        // SAFETY: as above.
        unsafe {
            let large = allocator.alloc(mib);
            assert!(!large.is_null(), "no limit outside a measurement");
            allocator.dealloc(large, mib);
        }
    }
}
