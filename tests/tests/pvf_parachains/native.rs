// SPDX-License-Identifier: GPL-3.0-only
//! Native code in a job: what a PVF could run if it broke out of wasm.
//!
//! A debugger's means, for the PVF is stopped in the middle of its loop and its thread is made to do system calls. The
//! kernel cannot tell them from the job's own, so all of the job's sandbox applies.

use std::{ffi::CStr, io, mem, ptr};

/// Instructions `syscall` and, for the child of a fork, a jump to itself.
const CODE: [u8; 4] = [0x0f, 0x05, 0xeb, 0xfe];
const CODE_MASK: u64 = 0xffff_ffff;
/// How far below its stack the thread's memory is free to write to.
const BELOW_STACK: u64 = 4_096;
const WORD: usize = size_of::<u64>();

/// A thread that is stopped. Dropping it lets it go on as if nothing had been.
pub struct Hijacked {
    id: libc::pid_t,
    registers: libc::user_regs_struct,
    /// What was in the place of `CODE`.
    replaced: u64,
    ended: bool,
}

/// How a system call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Returned(i64),
    /// The number of an error, as in `libc`.
    Refused(i32),
    /// The process was killed by this signal.
    Killed(libc::c_int),
}

impl Hijacked {
    /// The thread must be running outside of the kernel. All calls have to come from the calling thread.
    pub fn stop(id: libc::pid_t) -> Self {
        request(libc::PTRACE_ATTACH, id, 0, 0);
        assert!(libc::WIFSTOPPED(wait(id)), "thread {id} does not stop");
        let registers = registers(id);
        let replaced = read_word(id, registers.rip);
        let code = u64::from(u32::from_le_bytes(CODE));
        write_word(id, registers.rip, (replaced & !CODE_MASK) | code);
        Self { id, registers, replaced, ended: false }
    }

    /// Does one system call.
    pub fn call(&mut self, number: libc::c_long, arguments: [u64; 3]) -> Outcome {
        let mut registers = self.registers;
        registers.rax = number.cast_unsigned();
        // Not in a system call, so there is none to restart.
        registers.orig_rax = u64::MAX;
        [registers.rdi, registers.rsi, registers.rdx] = arguments;
        registers.r10 = 0;
        set_registers(self.id, &registers);
        request(libc::PTRACE_SINGLESTEP, self.id, 0, 0);
        let mut status = wait(self.id);
        // Older kernels ask the debugger first whether the signal of the filter may be delivered.
        while libc::WIFSTOPPED(status) && libc::WSTOPSIG(status) == libc::SIGSYS {
            request(libc::PTRACE_CONT, self.id, 0, libc::SIGSYS.unsigned_abs().into());
            status = wait(self.id);
        }
        if libc::WIFSIGNALED(status) {
            self.ended = true;
            return Outcome::Killed(libc::WTERMSIG(status));
        }
        assert!(
            libc::WIFSTOPPED(status) && libc::WSTOPSIG(status) == libc::SIGTRAP,
            "thread {} is not after its step, its status is {status:#x}",
            self.id
        );
        let result = self::registers(self.id).rax.cast_signed();
        // The kernel's errors are the numbers from -4095 to -1.
        match i32::try_from(result) {
            Ok(error @ -4_095..=-1) => Outcome::Refused(-error),
            _ => Outcome::Returned(result),
        }
    }

    /// Writes a text where the thread can read it, over the one before, and returns where.
    pub fn text(&self, text: &CStr) -> u64 {
        let start = (self.registers.rsp - BELOW_STACK) & !7;
        for (chunk, address) in text.to_bytes_with_nul().chunks(WORD).zip((start..).step_by(WORD)) {
            let mut word = [0; WORD];
            word[..chunk.len()].copy_from_slice(chunk);
            write_word(self.id, address, u64::from_le_bytes(word));
        }
        start
    }
}

impl Drop for Hijacked {
    fn drop(&mut self) {
        // After a failed assertion there may be nothing to restore, and a second panic would hide the first.
        if self.ended || std::thread::panicking() {
            return;
        }
        write_word(self.id, self.registers.rip, self.replaced);
        set_registers(self.id, &self.registers);
        request(libc::PTRACE_DETACH, self.id, 0, 0);
    }
}

fn registers(id: libc::pid_t) -> libc::user_regs_struct {
    let mut registers = mem::MaybeUninit::<libc::user_regs_struct>::zeroed();
    let address: *mut libc::user_regs_struct = registers.as_mut_ptr();
    // SAFETY: the kernel writes one such structure to the address.
    let outcome = unsafe { libc::ptrace(libc::PTRACE_GETREGS, id, ptr::null_mut::<libc::c_void>(), address) };
    assert_eq!(outcome, 0, "registers of {id}: {}", io::Error::last_os_error());
    // SAFETY: it has been written, and was valid as zeros before.
    unsafe { registers.assume_init() }
}

fn set_registers(id: libc::pid_t, registers: &libc::user_regs_struct) {
    let address: *const libc::user_regs_struct = registers;
    // SAFETY: the kernel reads one such structure from the address.
    let outcome = unsafe { libc::ptrace(libc::PTRACE_SETREGS, id, ptr::null_mut::<libc::c_void>(), address) };
    assert_eq!(outcome, 0, "registers of {id}: {}", io::Error::last_os_error());
}

fn read_word(id: libc::pid_t, address: u64) -> u64 {
    // SAFETY: the error's number is this thread's own. A word of all ones is told from a failure by it.
    unsafe { *libc::__errno_location() = 0 };
    let (address, nothing) = (address as *mut libc::c_void, ptr::null_mut::<libc::c_void>());
    // SAFETY: the C library gives the kernel a place for the word, and returns what is there.
    let word = unsafe { libc::ptrace(libc::PTRACE_PEEKTEXT, id, address, nothing) };
    let error = io::Error::last_os_error();
    assert_eq!(error.raw_os_error(), Some(0), "word at {address:?} of {id}: {error}");
    word.cast_unsigned()
}

fn write_word(id: libc::pid_t, address: u64, word: u64) {
    request(libc::PTRACE_POKETEXT, id, address, word);
}

/// A request whose address and data are in the other process, or are plain numbers.
fn request(request: libc::c_uint, id: libc::pid_t, address: u64, data: u64) {
    // SAFETY: the kernel accesses nothing of this process for it.
    let outcome = unsafe { libc::ptrace(request, id, address as *mut libc::c_void, data as *mut libc::c_void) };
    assert_eq!(outcome, 0, "request {request} to {id}: {}", io::Error::last_os_error());
}

/// Waits until the thread stops or ends.
fn wait(id: libc::pid_t) -> libc::c_int {
    let mut status = 0;
    // SAFETY: the kernel writes the status to the address.
    let found = unsafe { libc::waitpid(id, &mut status, libc::__WALL) };
    assert_eq!(found, id, "thread {id} does not report: {}", io::Error::last_os_error());
    status
}
