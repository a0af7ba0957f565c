//! Random rows, held both ways: as columns of cells and as structs.

use super::program::{BYTES, Choices, FLOATS, INTERVALS, INTS, Kind, TEXTS, WIDES};
use laminar_codegen::sir::{FieldAt, Layout, Load, Program, Validity};
use laminar_runtime::stage::{Cell, ColumnRef};
use laminar_runtime::types::{BytesRef, Str, Sym, TextRef};

/// Rows of one program's inputs.
pub struct Rows {
    pub len: usize,
    columns: Vec<Column>,
    refs: Vec<ColumnRef>,
    fields: Vec<FieldAt>,
    stride: usize,
    memory: Vec<u64>,
    /// What `Str` fields refer to.
    _texts: Vec<Str>,
}

struct Column {
    words: Vec<u64>,
    valid: Vec<u8>,
}

impl Rows {
    pub fn random(choices: &mut Choices, program: &Program, kinds: &[Kind]) -> Rows {
        let len = choices.below(24);
        let (fields, stride) = place(program, kinds);
        let mut rows = Rows {
            len,
            columns: vec![],
            refs: vec![],
            fields,
            stride,
            memory: vec![0; len * stride / 8],
            _texts: vec![],
        };
        for (i, kind) in kinds.iter().enumerate() {
            let nullable = program.inputs[i].nullable;
            let mut column = Column { words: vec![], valid: vec![] };
            for row in 0..len {
                let valid = !(nullable && choices.chance(3));
                let text = choices.one_of(&TEXTS);
                let cell = if valid { value(choices, *kind, text) } else { [0, 0] };
                column.words.extend(&cell[..kind.repr().width() / 8]);
                column.valid.push(valid as u8);
                if valid {
                    rows.write(row, i, *kind, cell, text);
                } else if let Validity::NullBit { offset, bit } = rows.fields[i].validity {
                    rows.memory[(row * stride + offset) / 8] |= 1 << bit;
                }
            }
            rows.columns.push(column);
        }
        let refs = rows.columns.iter().zip(&program.inputs);
        rows.refs = refs
            .map(|(c, input)| ColumnRef {
                data: c.words.as_ptr().cast(),
                valid: if input.nullable { c.valid.as_ptr() } else { std::ptr::null() },
            })
            .collect();
        rows
    }

    pub fn layout(&self) -> Layout {
        Layout::Rows { stride: self.stride, fields: self.fields.clone() }
    }

    /// What `ExprCtx::base` is for a layout.
    pub fn base(&self, layout: &Layout) -> *const u8 {
        match layout {
            Layout::Cells => self.refs.as_ptr().cast(),
            Layout::Rows { .. } => self.memory.as_ptr().cast(),
        }
    }

    fn write(&mut self, row: usize, input: usize, kind: Kind, cell: Cell, text: &'static str) {
        let at = row * self.stride + self.fields[input].offset;
        let mut bytes = [cell[0].to_le_bytes(), cell[1].to_le_bytes()].concat();
        match kind {
            Kind::Str => {
                let text = Str::new(text);
                // The 16 bytes of a `Str`, whose owner stays in `_texts`.
                // SAFETY: any initialised bytes can be read; `Str` has no padding.
                bytes = unsafe { std::mem::transmute_copy::<Str, [u8; 16]>(&text) }.to_vec();
                self._texts.push(text);
            }
            Kind::Sym => {
                // SAFETY: a `Sym` is a `u32`.
                bytes = unsafe { std::mem::transmute::<Sym, u32>(Sym::new(text)) }.to_le_bytes().to_vec();
            }
            Kind::F32 => bytes = (f64::from_bits(cell[0]) as f32).to_le_bytes().to_vec(),
            _ => {}
        }
        let width = size(kind);
        // SAFETY: the field is within the memory, which is made of whole rows.
        unsafe {
            let memory = self.memory.as_mut_ptr().cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), memory.add(at), width);
        }
    }
}

fn value(choices: &mut Choices, kind: Kind, text: &'static str) -> Cell {
    let int = choices.one_of(&INTS);
    let word = |i: i64| [i as u64, 0];
    match kind {
        Kind::Bool | Kind::BoolWord => word(int & 1),
        Kind::I8 => word(int as i8 as i64),
        Kind::U8 => word(int as u8 as i64),
        Kind::I16 => word(int as i16 as i64),
        Kind::U16 => word(int as u16 as i64),
        Kind::I32 => word(int as i32 as i64),
        Kind::U32 => word(int as u32 as i64),
        Kind::Int => word(int),
        Kind::Float => [choices.one_of(&FLOATS).to_bits(), 0],
        // As an `f32` field holds it: the bits of a NaN survive the way there and back.
        Kind::F32 => [f64::from(choices.one_of(&FLOATS) as f32).to_bits(), 0],
        Kind::BytesPair => BytesRef::new(choices.one_of(&BYTES)).to_cell(),
        Kind::TextPair | Kind::Str | Kind::Sym => TextRef::new(text).to_cell(),
        Kind::Interval => choices.one_of(&INTERVALS).to_cell(),
        Kind::Wide if choices.chance(3) => [int as u64, choices.one_of(&INTS) as u64],
        Kind::Wide => {
            let wide = choices.one_of(&WIDES);
            [wide as u64, (wide >> 64) as u64]
        }
    }
}

fn size(kind: Kind) -> usize {
    match kind {
        Kind::Bool | Kind::I8 | Kind::U8 => 1,
        Kind::I16 | Kind::U16 => 2,
        Kind::I32 | Kind::U32 | Kind::Sym | Kind::F32 => 4,
        Kind::Int | Kind::BoolWord | Kind::Float => 8,
        Kind::TextPair | Kind::BytesPair | Kind::Str | Kind::Interval | Kind::Wide => 16,
    }
}

/// A word of null bits, then the fields, each aligned.
fn place(program: &Program, kinds: &[Kind]) -> (Vec<FieldAt>, usize) {
    let mut at = 8_usize;
    let mut fields = Vec::new();
    for (i, &kind) in kinds.iter().enumerate() {
        let load = match kind {
            Kind::Bool => Load::Bool,
            Kind::I8 => Load::I8,
            Kind::U8 => Load::U8,
            Kind::I16 => Load::I16,
            Kind::U16 => Load::U16,
            Kind::I32 => Load::I32,
            Kind::U32 => Load::U32,
            Kind::Int | Kind::BoolWord | Kind::Float => Load::Word,
            Kind::F32 => Load::F32,
            Kind::TextPair | Kind::BytesPair | Kind::Interval | Kind::Wide => Load::Pair,
            Kind::Str => Load::Str,
            Kind::Sym => Load::Sym,
        };
        let validity = match program.inputs[i].nullable {
            true => Validity::NullBit { offset: 0, bit: i as u8 },
            false => Validity::Always,
        };
        at = at.next_multiple_of(size(kind).min(8));
        fields.push(FieldAt { offset: at, load, validity });
        at += size(kind);
    }
    (fields, at.next_multiple_of(8))
}
