// SPDX-License-Identifier: GPL-3.0-only
//! Runtimes that a chain must refuse.

use codec::Encode;
use serin_runtime::VERSION;

/// Where a runtime says which version it is, so that nobody has to run it to know.
const VERSION_SECTION: &[u8] = b"runtime_version";
/// The begin of every wasm module: the magic number, and version 1 of the format.
const WASM_HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM_SECTION: u8 = 0;

/// No wasm at all.
pub fn garbage() -> Vec<u8> {
    b"this is no runtime".to_vec()
}

/// A wasm module that holds nothing but a version.
pub fn with_version(spec_name: &'static str, spec_version: u32) -> Vec<u8> {
    let mut version = VERSION;
    version.spec_name = spec_name.into();
    version.spec_version = spec_version;
    let section = [leb128(VERSION_SECTION.len()), VERSION_SECTION.to_vec(), version.encode()].concat();
    [WASM_HEADER.to_vec(), vec![CUSTOM_SECTION], leb128(section.len()), section].concat()
}

/// How wasm writes lengths: seven bits to a byte, the lowest first; the eighth bit says that more follow.
fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).expect("seven bits fit");
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[test]
fn lengths_are_written_as_wasm_wants_them() {
    assert_eq!(leb128(0), [0]);
    assert_eq!(leb128(127), [0x7f]);
    assert_eq!(leb128(624_485), [0xe5, 0x8e, 0x26]);
}
