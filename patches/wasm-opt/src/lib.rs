// SPDX-License-Identifier: GPL-3.0-only
#![doc = include_str!("../README.md")]

use std::{fmt, fs, io, path::Path};

use wasmparser::{Operator, Parser, Payload};

/// The passes that `substrate-wasm-builder` names. Both are always carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Drop `.debug_*` custom sections.
    StripDwarf,
    /// Make sure that no sign-extension opcode is left.
    SignextLowering,
}

/// Builder of one run, as in the crate it stands in for.
#[derive(Debug, Clone, Default)]
pub struct OptimizationOptions {}

impl OptimizationOptions {
    /// No optimisation; the only level the stand-in knows.
    pub fn new_opt_level_0() -> Self {
        Self::default()
    }

    /// Accepted for the API's sake: the stand-in adds no feature to a module.
    pub fn mvp_features_only(&mut self) -> &mut Self {
        self
    }

    /// Accepted for the API's sake: names are kept whatever is asked.
    pub fn debug_info(&mut self, _keep_names: bool) -> &mut Self {
        self
    }

    /// Accepted for the API's sake: every run carries out both passes.
    pub fn add_pass(&mut self, _pass: Pass) -> &mut Self {
        self
    }

    /// Reads the module `infile`, and writes it without DWARF to `outfile` (which may be the same file).
    pub fn run(&self, infile: impl AsRef<Path>, outfile: impl AsRef<Path>) -> Result<(), OptimizationError> {
        let module = fs::read(infile)?;
        refuse_sign_extension(&module)?;
        fs::write(outfile, strip_dwarf(&module)?)?;
        Ok(())
    }
}

/// Why a run failed.
#[derive(Debug)]
pub enum OptimizationError {
    /// A file could not be read or written.
    Io(io::Error),
    /// The input is no valid module.
    Malformed(wasmparser::BinaryReaderError),
    /// The input holds an opcode that some executors do not know; build it for `wasm32v1-none`.
    SignExtension {
        /// Byte offset of the opcode in the module.
        offset: usize,
    },
}

impl fmt::Display for OptimizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Malformed(error) => write!(f, "not a valid wasm module: {error}"),
            Self::SignExtension { offset } => {
                write!(f, "sign-extension opcode at byte {offset}; build the module for the target wasm32v1-none")
            }
        }
    }
}

impl std::error::Error for OptimizationError {}

impl From<io::Error> for OptimizationError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<wasmparser::BinaryReaderError> for OptimizationError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Malformed(error)
    }
}

fn refuse_sign_extension(module: &[u8]) -> Result<(), OptimizationError> {
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CodeSectionEntry(body) = payload? else { continue };
        for operator in body.get_operators_reader()?.into_iter_with_offsets() {
            let (operator, offset) = operator?;
            if matches!(
                operator,
                Operator::I32Extend8S
                    | Operator::I32Extend16S
                    | Operator::I64Extend8S
                    | Operator::I64Extend16S
                    | Operator::I64Extend32S
            ) {
                return Err(OptimizationError::SignExtension { offset });
            }
        }
    }
    Ok(())
}

fn strip_dwarf(module: &[u8]) -> Result<Vec<u8>, OptimizationError> {
    let mut stripped = Vec::with_capacity(module.len());
    let mut copied = 0;
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        if !section.name().starts_with(".debug_") {
            continue;
        }
        let body = section.range();
        let start = section_start(module, body.start, body.len());
        stripped.extend_from_slice(&module[copied..start]);
        copied = body.end;
    }
    stripped.extend_from_slice(&module[copied..]);
    Ok(stripped)
}

/// Where the section whose body starts at `body` begins: its id byte stands before the LEB128 length, which a
/// linker may have padded.
fn section_start(module: &[u8], body: usize, body_len: usize) -> usize {
    const MAX_LEB128_U32_BYTES: usize = 5;
    (1..=MAX_LEB128_U32_BYTES)
        .filter_map(|width| body.checked_sub(width + 1))
        .find(|&start| module[start] == 0 && leb128(&module[start + 1..body]) == Some(body_len))
        .expect("the parser has just read this section's id and length; qed")
}

/// The value of `bytes`, if they are exactly one LEB128 number.
fn leb128(bytes: &[u8]) -> Option<usize> {
    let (last, head) = bytes.split_last()?;
    let well_formed = last & 0x80 == 0 && head.iter().all(|byte| byte & 0x80 != 0);
    well_formed.then(|| {
        bytes.iter().enumerate().fold(0, |value, (index, byte)| value | usize::from(byte & 0x7f) << (7 * index))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\0asm\x01\0\0\0";

    fn custom(name: &str, content: &[u8], length_width: usize) -> Vec<u8> {
        let length = 1 + name.len() + content.len();
        let mut section = vec![0];
        for index in 0..length_width {
            let more = if index + 1 < length_width { 0x80 } else { 0 };
            section.push(((length >> (7 * index)) & 0x7f) as u8 | more);
        }
        section.push(name.len() as u8);
        section.extend_from_slice(name.as_bytes());
        section.extend_from_slice(content);
        section
    }

    #[test]
    fn drops_dwarf_and_keeps_everything_else() {
        for length_width in [1, 2, 5] {
            let kept = [HEADER.to_vec(), custom("runtime_version", &[1, 2, 3], 1), custom("name", &[], 1)].concat();
            let full = [
                HEADER.to_vec(),
                custom(".debug_info", &[0; 20], length_width),
                custom("runtime_version", &[1, 2, 3], 1),
                custom(".debug_str", &[0; 7], length_width),
                custom("name", &[], 1),
                custom(".debug_line", &[7], length_width),
            ]
            .concat();
            assert_eq!(strip_dwarf(&full).unwrap(), kept);
        }
    }

    #[test]
    fn refuses_sign_extension() {
        // (func (result i32) i32.const 0 i32.extend8_s)
        let mut module = HEADER.to_vec();
        module.extend_from_slice(&[1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 7, 1, 5, 0, 0x41, 0, 0xc0, 0x0b]);
        assert!(matches!(refuse_sign_extension(&module), Err(OptimizationError::SignExtension { .. })));
    }
}
