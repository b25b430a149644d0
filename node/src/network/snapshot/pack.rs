// SPDX-License-Identifier: GPL-3.0-only
//! Writes a snapshot.

use super::{
    content::{Content, Item},
    draft::Draft,
    header::{self, Header},
    work::{Meter, Metered},
    FILES,
};
use crate::network::{manifest::Manifest, Error, Result};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::Path,
};

/// zstd's own default: tables of a database become about half as large, faster than a disk writes them.
const COMPRESSION_LEVEL: i32 = 3;

/// Fills `draft` with what the network under its base path keeps. Nothing may write there meanwhile.
pub fn pack(network: Manifest, draft: &Draft, meter: &mut Meter) -> Result<Header> {
    let base_path = network.base_path.clone();
    let content = Content::of(&network)?;
    let header = Header::new(network, &content);
    let text = serde_json::to_vec_pretty(&header).map_err(|source| Error::Malformed {
        what: "a snapshot's header",
        path: draft.target().to_owned(),
        source,
    })?;

    let failed = || Error::io("writing", draft.target());
    let mut encoder = zstd::Encoder::new(BufWriter::new(draft.file()), COMPRESSION_LEVEL).map_err(failed())?;
    // By it damage is noticed.
    encoder.include_checksum(true).map_err(failed())?;
    let mut archive = tar::Builder::new(encoder);
    let text_bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    append(&mut archive, Path::new(header::ENTRY), text_bytes, text.as_slice()).map_err(failed())?;
    meter.begin(header.bytes);
    for item in &content.files {
        append_file(&mut archive, &base_path, item, draft.target(), meter)?;
    }
    let finish = || -> io::Result<()> {
        let mut file = archive.into_inner()?.finish()?;
        file.flush()?;
        // The name comes only after the content: a snapshot that is there after a power cut is whole.
        draft.file().sync_all()
    };
    finish().map_err(failed())?;
    Ok(header)
}

fn append_file(
    archive: &mut tar::Builder<impl Write>,
    base_path: &Path,
    item: &Item,
    target: &Path,
    meter: &mut Meter,
) -> Result<()> {
    let source = base_path.join(&item.path);
    let file = File::open(&source).map_err(Error::io("reading", &source))?;
    let mut reader = Metered::new(file.take(item.bytes), meter);
    let outcome = append(archive, &Path::new(FILES).join(&item.path), item.bytes, &mut reader);
    let (read, has_failed) = (reader.read_bytes(), reader.has_failed());
    // An error may be no more than the word that the work is not wanted.
    meter.check()?;
    match outcome {
        Err(error) if has_failed => Err(Error::io("reading", source)(error)),
        Err(error) => Err(Error::io("writing", target)(error)),
        Ok(()) if read != item.bytes => {
            Err(Error::io("reading", source)(io::Error::other("it became shorter meanwhile")))
        }
        Ok(()) => Ok(()),
    }
}

fn append(archive: &mut tar::Builder<impl Write>, name: &Path, bytes: u64, content: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, content)
}
