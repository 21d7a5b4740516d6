//! Loop devices on sparse files: disks that LVM2 and Extant share, gone when they are dropped.

use anyhow::{Context, bail, ensure};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often attaching is tried while others take the free devices.
const ATTEMPTS: u32 = 50;
/// The highest number of a loop device that is made where the system has too few.
const NODES_MAX: u32 = 256;
/// What is compared and rewritten at once when content is put back.
const PIECE: usize = 64 * 1024;

/// A loop device on a sparse file. Dropping it detaches the device and removes the file.
#[derive(Debug)]
pub struct LoopDisk {
    device: String,
    file: PathBuf,
    size: u64,
    sector_size: u64,
}

/// The parts of a disk that hold its metadata, as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Runs of bytes with the place of their first one.
    runs: Vec<(u64, Vec<u8>)>,
}

impl LoopDisk {
    /// Makes a sparse file of `size` bytes and attaches it, in sectors of `sector_size` bytes.
    ///
    /// # Errors
    /// If the file cannot be made or no loop device can be had (this needs root).
    pub fn new(file: PathBuf, size: u64, sector_size: u32) -> anyhow::Result<Self> {
        let sector_size = u64::from(sector_size);
        let size = size / sector_size * sector_size;
        File::create(&file)
            .and_then(|created| created.set_len(size))
            .with_context(|| format!("making {}", file.display()))?;
        for attempt in 0..ATTEMPTS {
            if let Some(device) = attach(&file, sector_size)? {
                return Ok(Self { device, file, size, sector_size });
            }
            make_nodes();
            std::thread::sleep(Duration::from_millis(20 * u64::from(attempt.min(10))));
        }
        bail!("no free loop device after {ATTEMPTS} attempts")
    }

    /// Returns the path of its device.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Returns its size in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Makes it larger or smaller, in whole sectors.
    ///
    /// # Errors
    /// If the file or the device refuses.
    pub fn resize(&mut self, size: u64) -> anyhow::Result<()> {
        let size = size / self.sector_size * self.sector_size;
        if size == self.size {
            return Ok(());
        }
        OpenOptions::new().write(true).open(&self.file)?.set_len(size)?;
        let done =
            quiet("losetup").args(["-c", &self.device]).status().context("running losetup -c")?;
        ensure!(done.success(), "losetup -c {} failed", self.device);
        self.size = size;
        Ok(())
    }

    /// Reads `length` bytes at `offset`.
    ///
    /// # Errors
    /// If the device cannot be read.
    pub fn read(&self, offset: u64, length: usize) -> anyhow::Result<Vec<u8>> {
        let mut device = File::open(&self.device)?;
        read_at(&mut device, offset, length).with_context(|| {
            let device = &self.device;
            format!("reading {length} bytes at {offset} of {device}, {} long", self.size)
        })
    }

    /// Writes bytes at `offset`.
    ///
    /// # Errors
    /// If the device cannot be written.
    pub fn write(&self, offset: u64, bytes: &[u8]) -> anyhow::Result<()> {
        let mut device = OpenOptions::new().write(true).open(&self.device)?;
        device.seek(SeekFrom::Start(offset))?;
        device.write_all(bytes)?;
        device.flush()?;
        Ok(())
    }

    /// Takes a copy of its first `head` and last `tail` bytes, and of `more` ranges, first byte and
    /// length each.
    ///
    /// # Errors
    /// If the device cannot be read.
    pub fn content(&self, head: u64, tail: u64, more: &[(u64, u64)]) -> anyhow::Result<Content> {
        let mut device = File::open(&self.device)?;
        let mut ranges = vec![(0, head.min(self.size))];
        let tail_start = self.size.saturating_sub(tail).max(head.min(self.size));
        ranges.push((tail_start, self.size - tail_start));
        for (start, length) in more {
            let start = (*start).min(self.size);
            ranges.push((start, (*length).min(self.size - start)));
        }
        let runs = ranges
            .into_iter()
            .map(|(start, length)| {
                let length = usize::try_from(length)?;
                let bytes = read_at(&mut device, start, length)
                    .with_context(|| format!("reading {length} bytes at {start}"))?;
                Ok((start, bytes))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Content { runs })
    }

    /// Puts content back, writing only what differs.
    ///
    /// # Errors
    /// If the device cannot be read or written.
    pub fn restore(&self, content: &Content) -> anyhow::Result<()> {
        let mut device = OpenOptions::new().read(true).write(true).open(&self.device)?;
        for (start, wanted) in &content.runs {
            let present = read_at(&mut device, *start, wanted.len())?;
            let mut place = *start;
            for (new, old) in wanted.chunks(PIECE).zip(present.chunks(PIECE)) {
                if new != old {
                    device.seek(SeekFrom::Start(place))?;
                    device.write_all(new)?;
                }
                place += u64::try_from(new.len())?;
            }
        }
        device.flush()?;
        Ok(())
    }

    /// Fills its first `head` and last `tail` bytes with zeros, writing only where there is
    /// something.
    ///
    /// # Errors
    /// If the device cannot be read or written.
    pub fn clear(&self, head: u64, tail: u64) -> anyhow::Result<()> {
        let mut content = self.content(head, tail, &[])?;
        for (_, bytes) in &mut content.runs {
            bytes.fill(0);
        }
        self.restore(&content)
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        // Nothing more can be done about a failure here; the file goes with its directory.
        let _ = quiet("losetup").args(["-d", &self.device]).status();
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Attaches a file to a free loop device; none if somebody else was faster or there is none.
fn attach(file: &Path, sector_size: u64) -> anyhow::Result<Option<String>> {
    let output = Command::new("losetup")
        .args(["-f", "--show", "--sector-size", &sector_size.to_string()])
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .context("running losetup (package mount or util-linux)")?;
    let device = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !device.is_empty()).then_some(device))
}

/// Makes the nodes of loop devices that the kernel would serve but `/dev` lacks.
fn make_nodes() {
    for number in 0..NODES_MAX {
        let path = format!("/dev/loop{number}");
        if !Path::new(&path).exists() {
            // A failure shows in the next attempt to attach; one new node is enough for that.
            let _ = quiet("mknod").args([&path, "b", "7", &number.to_string()]).status();
            return;
        }
    }
}

fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn read_at(device: &mut File, offset: u64, length: usize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    device.seek(SeekFrom::Start(offset))?;
    device.read_exact(&mut bytes)?;
    Ok(bytes)
}
