// SPDX-License-Identifier: GPL-3.0-only
//! PVFs by hand: the smallest one that answers, and what differs from it in one thing.

use codec::Encode;
use polkadot_parachain_primitives::primitives::ValidationResult;
use polkadot_primitives::HeadData;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, InstructionSink, MemArg, MemorySection, MemoryType, Module, RefType,
    StartSection, TableSection, TableType, TypeSection, ValType,
};

/// Where the workers' allocator may begin. Below is the answer.
const HEAP_BASE: i32 = 1_024;
/// Where the answer lies, and in it the four bytes of the head, after their length in one byte.
const ANSWER: i32 = 0;
const ANSWER_HEAD: i32 = ANSWER + 1;
/// What the workers pass begins with the parent's head, which has four bytes too.
const PARENT_HEAD: u64 = 1;

/// Indices into the type section.
const VALIDATE_BLOCK: u32 = 0;
const PROCEDURE: u32 = 1;
const HOST_FUNCTION: u32 = 2;

/// A wasm page, as the power of two by which an index becomes an address, and pages of the machine in it.
const WASM_PAGE_BITS: i32 = 16;
const MACHINE_PAGE: u64 = 4_096;
const MACHINE_PAGES: u64 = (1 << WASM_PAGE_BITS) / MACHINE_PAGE;

/// How large a filler is in bytes, about.
const FILLER_BYTES: usize = 100_000;

/// A PVF; anything not said otherwise is as in the good one.
pub struct Pvf {
    import: Option<(&'static str, &'static str)>,
    entry: &'static str,
    memory_pages: u64,
    table_entries: Option<u64>,
    body: Function,
    /// Functions that nobody calls.
    fillers: Vec<Function>,
    /// Whether the first filler runs when the module is instantiated.
    start: bool,
}

impl Pvf {
    /// Its head is a number, of which each block's is the parent's plus one.
    pub fn good() -> Self {
        let body = function(&[], |code| {
            code.i32_const(ANSWER_HEAD);
            code.local_get(0).i32_load(unaligned(PARENT_HEAD));
            code.i32_const(1).i32_add().i32_store(unaligned(0));
            code.i64_const(output(ANSWER, answer().len()));
        });
        Self {
            import: None,
            entry: "validate_block",
            memory_pages: 1,
            table_entries: None,
            body,
            fillers: Vec::new(),
            start: false,
        }
    }

    pub fn endless_loop() -> Self {
        Self { body: function(&[], spin), ..Self::good() }
    }

    /// Instantiation does not end, and `validate_block` is not reached.
    pub fn endless_start() -> Self {
        Self { fillers: vec![function(&[], spin)], start: true, ..Self::good() }
    }

    pub fn endless_recursion() -> Self {
        let body = function(&[], |code| {
            code.local_get(0).local_get(1).call(0);
        });
        Self { body, ..Self::good() }
    }

    pub fn trap() -> Self {
        let body = function(&[], |code| {
            code.unreachable();
        });
        Self { body, ..Self::good() }
    }

    /// Takes memory page by page, writes to all of it, and goes on when there is no more.
    pub fn endless_growth() -> Self {
        let before = 2;
        let body = function(&[(1, ValType::I32)], |code| {
            code.loop_(BlockType::Empty);
            code.i32_const(1).memory_grow(0).local_tee(before);
            code.i32_const(-1).i32_ne().if_(BlockType::Empty);
            for page in 0..MACHINE_PAGES {
                code.local_get(before).i32_const(WASM_PAGE_BITS).i32_shl();
                code.i32_const(1).i32_store(unaligned(page * MACHINE_PAGE));
            }
            code.end().br(0).end().unreachable();
        });
        Self { body, ..Self::good() }
    }

    /// Reads at the last address, far above its memory.
    pub fn touch_beyond_memory() -> Self {
        let body = function(&[], |code| {
            code.i32_const(-4).i32_load(unaligned(0)).drop().unreachable();
        });
        Self { body, ..Self::good() }
    }

    /// Asks the workers' allocator for one MiB after the other.
    pub fn endless_allocation() -> Self {
        let body = function(&[], |code| {
            code.loop_(BlockType::Empty).i32_const(1 << 20).call(0).drop().br(0).end().unreachable();
        });
        Self { import: Some(("env", "ext_allocator_malloc_version_1")), body, ..Self::good() }
    }

    /// Calls a function of another module.
    pub fn calling(module: &'static str, name: &'static str) -> Self {
        let body = function(&[], |code| {
            code.i32_const(0).call(0).drop().unreachable();
        });
        Self { import: Some((module, name)), body, ..Self::good() }
    }

    /// Says that its answer is `length` bytes at `pointer`.
    pub fn answering(pointer: i32, length: usize) -> Self {
        let body = function(&[], |code| {
            code.i64_const(output(pointer, length));
        });
        Self { body, ..Self::good() }
    }

    /// Has `validate_block` under another name.
    pub fn without_entry() -> Self {
        Self { entry: "validate", ..Self::good() }
    }

    pub fn with_memory(memory_pages: u64) -> Self {
        Self { memory_pages, ..Self::good() }
    }

    pub fn with_table(table_entries: u64) -> Self {
        Self { table_entries: Some(table_entries), ..Self::good() }
    }

    /// Takes long to compile: arithmetic from memory to memory, of which no compiler can leave anything out.
    pub fn slow_to_compile(fillers: usize) -> Self {
        const STEP_BYTES: usize = 28;
        let filler = function(&[], |code| {
            for (step, address) in (0..FILLER_BYTES / STEP_BYTES).zip((64..HEAP_BASE).step_by(8).cycle()) {
                let odd = i64::try_from(step).expect("a small number") * 0x0102_0305 + 1;
                code.i32_const(address).i32_const(address ^ 8).i64_load(unaligned(0));
                code.i64_const(odd).i64_mul().i64_const(!odd).i64_xor().i64_store(unaligned(0));
            }
        });
        Self { fillers: vec![filler; fillers], ..Self::good() }
    }

    /// One byte each for many instructions: small when compressed, and large in a compiler's memory.
    pub fn large_in_memory(fillers: usize) -> Self {
        let filler = function(&[], |code| {
            for _ in 0..FILLER_BYTES {
                code.nop();
            }
        });
        Self { fillers: vec![filler; fillers], ..Self::good() }
    }

    pub fn encode(&self) -> Vec<u8> {
        let imported = u32::from(self.import.is_some());
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32, ValType::I32], [ValType::I64]);
        types.ty().function([], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        let mut imports = ImportSection::new();
        if let Some((module, name)) = self.import {
            imports.import(module, name, EntityType::Function(HOST_FUNCTION));
        }
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        functions.function(VALIDATE_BLOCK);
        code.function(&self.body);
        for filler in &self.fillers {
            functions.function(PROCEDURE);
            code.function(filler);
        }
        let mut tables = TableSection::new();
        if let Some(minimum) = self.table_entries {
            let element_type = RefType::FUNCREF;
            tables.table(TableType { element_type, table64: false, minimum, maximum: None, shared: false });
        }
        let mut memories = MemorySection::new();
        let minimum = self.memory_pages;
        memories.memory(MemoryType { minimum, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        let constant = GlobalType { val_type: ValType::I32, mutable: false, shared: false };
        globals.global(constant, &ConstExpr::i32_const(HEAP_BASE));
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0).export("__heap_base", ExportKind::Global, 0);
        exports.export(self.entry, ExportKind::Func, imported);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(ANSWER), answer());

        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
        module.section(&globals).section(&exports);
        if self.start {
            module.section(&StartSection { function_index: imported + 1 });
        }
        module.section(&code).section(&data);
        module.finish()
    }
}

/// What the good PVF answers, but for the number in the head.
fn answer() -> Vec<u8> {
    ValidationResult {
        head_data: HeadData(vec![0; 4]),
        new_validation_code: None,
        upward_messages: Default::default(),
        horizontal_messages: Default::default(),
        processed_downward_messages: 0,
        hrmp_watermark: 0,
    }
    .encode()
}

/// As `validate_block` returns it: the length in the upper half.
fn output(pointer: i32, length: usize) -> i64 {
    let length = u32::try_from(length).expect("lengths have 32 bits");
    (i64::from(length) << 32) | i64::from(pointer.cast_unsigned())
}

fn spin(code: &mut InstructionSink<'_>) {
    code.loop_(BlockType::Empty).br(0).end().unreachable();
}

fn function(locals: &[(u32, ValType)], write: impl FnOnce(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new(locals.iter().copied());
    let mut code = function.instructions();
    write(&mut code);
    code.end();
    function
}

fn unaligned(offset: u64) -> MemArg {
    MemArg { offset, align: 0, memory_index: 0 }
}
