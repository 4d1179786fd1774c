//! Which encoding a file has, and its text as UTF-8.

use super::Fault;
use encoding_rs::{Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    /// Also GBK and GB2312, which are parts of it.
    Gb18030,
}

impl Encoding {
    /// As shown to people and stored.
    pub const fn word(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 BOM",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Gb18030 => "GB18030",
        }
    }

    const fn mark(self) -> usize {
        match self {
            Encoding::Utf8Bom => 3,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
            Encoding::Utf8 | Encoding::Gb18030 => 0,
        }
    }

    fn decoder(self) -> Decoder {
        let encoding = match self {
            Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Gb18030 => GB18030,
        };
        encoding.new_decoder_without_bom_handling()
    }
}

const CHUNK: usize = 64 << 10;
/// So many three-byte characters before the first bad byte are not GB18030 by chance.
const SURELY_UTF8: usize = 8;

/// A byte-order mark decides; else strict UTF-8; else GB18030 (whether it really is shows in decoding). Reads to the first
/// proof against UTF-8, or to the end.
pub fn detect(mut input: impl Read) -> Result<Encoding, Fault> {
    let mut buffer = vec![0; CHUNK];
    let mut kept = fill(&mut input, &mut buffer)?;
    match &buffer[..kept] {
        [0xef, 0xbb, 0xbf, ..] => return Ok(Encoding::Utf8Bom),
        [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Fault::Workbook),
        _ => {}
    }
    let mut wide = 0;
    loop {
        let valid = encoding_rs::Encoding::utf8_valid_up_to(&buffer[..kept]);
        wide += buffer[..valid].iter().filter(|byte| (0xe0..0xf0).contains(*byte)).count();
        let rest = kept - valid;
        let at_end = kept < buffer.len();
        if rest > 3 || (at_end && rest > 0) {
            return if wide >= SURELY_UTF8 { Err(Fault::Damaged) } else { Ok(Encoding::Gb18030) };
        }
        if at_end {
            return Ok(Encoding::Utf8);
        }
        // A character cut by the end of the buffer is looked at again with what follows.
        buffer.copy_within(valid..kept, 0);
        kept = rest + fill(&mut input, &mut buffer[rest..])?;
    }
}

/// Reads until the buffer is full or the input ends.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match input.read(&mut buffer[have..]) {
            Ok(0) => break,
            Ok(n) => have += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(have)
}

/// The text as UTF-8: mark removed, every kind of line break one `\n`. Fails on the first byte sequence that is no text, and
/// on NUL (a workbook saved by mistake, UTF-16 without its mark, or an attack: no text has it).
pub struct Decoded<R> {
    input: R,
    decoder: Decoder,
    raw: Window,
    text: Window,
    /// Bytes of the mark still to be dropped.
    mark: usize,
    /// No more raw bytes come.
    ended: bool,
    /// The decoder has said so, too, and may not be asked again.
    finished: bool,
    after_cr: bool,
    line: u64,
}

/// A buffer of which `from..to` is still to be used.
struct Window {
    bytes: Vec<u8>,
    from: usize,
    to: usize,
}

impl Window {
    fn new() -> Window {
        Window { bytes: vec![0; CHUNK], from: 0, to: 0 }
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }
}

impl<R: Read> Decoded<R> {
    pub fn new(input: R, encoding: Encoding) -> Decoded<R> {
        Decoded {
            input,
            decoder: encoding.decoder(),
            raw: Window::new(),
            text: Window::new(),
            mark: encoding.mark(),
            ended: false,
            finished: false,
            after_cr: false,
            line: 1,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let have = fill(&mut self.input, &mut self.raw.bytes)?;
        self.ended = have < self.raw.bytes.len();
        (self.raw.from, self.raw.to) = (self.mark.min(have), have);
        self.mark = 0;
        Ok(())
    }

    fn decode(&mut self) -> io::Result<()> {
        if self.raw.rest().is_empty() && !self.ended {
            self.refill()?;
        }
        let text = &mut self.text.bytes;
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(self.raw.rest(), text, self.ended);
        self.raw.from += read;
        (self.text.from, self.text.to) = (0, written);
        self.unify_line_breaks()?;
        match result {
            DecoderResult::Malformed(..) => Err(Fault::Encoding { line: self.line }.into()),
            DecoderResult::InputEmpty => {
                self.finished = self.ended;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }

    fn unify_line_breaks(&mut self) -> io::Result<()> {
        let mut kept = 0;
        for at in 0..self.text.to {
            let byte = self.text.bytes[at];
            let second_half = byte == b'\n' && std::mem::take(&mut self.after_cr);
            self.after_cr = byte == b'\r';
            let byte = if self.after_cr { b'\n' } else { byte };
            match byte {
                0 => return Err(Fault::Nul { line: self.line }.into()),
                b'\n' if second_half => continue,
                b'\n' => self.line += 1,
                _ => {}
            }
            self.text.bytes[kept] = byte;
            kept += 1;
        }
        self.text.to = kept;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.text.rest().is_empty() && !self.finished {
            self.decode()?;
        }
        let n = self.text.rest().len().min(out.len());
        out[..n].copy_from_slice(&self.text.rest()[..n]);
        self.text.from += n;
        Ok(n)
    }
}
