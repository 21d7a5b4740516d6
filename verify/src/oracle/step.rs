//! One step of a sequence, as data that prints and reads back, so that a failure can be repeated.

use crate::world::World;
use anyhow::{Context, bail};
use std::fmt;

/// Who carries a step out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// LVM2.
    Oracle,
    /// The program that is held against LVM2.
    Subject,
}

/// One step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// A command line. `{0}` stands for the device of disk 0, `{dir}` for a directory.
    Run {
        /// Who runs it.
        by: Role,
        /// The command and its arguments.
        args: Vec<String>,
    },
    /// A disk changes its size under the programs.
    Resize {
        /// The number of the disk.
        disk: usize,
        /// The new size in bytes.
        size: u64,
    },
    /// A disk disappears.
    Hide(usize),
    /// A disk comes back.
    Show(usize),
}

impl Role {
    /// Returns the other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Oracle => Self::Subject,
            Self::Subject => Self::Oracle,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run { by, args } => {
                let by = if *by == Role::Oracle { 'L' } else { 'X' };
                write!(f, "{by} {}", args.join(" "))
            }
            Self::Resize { disk, size } => write!(f, "resize {disk} {size}"),
            Self::Hide(disk) => write!(f, "hide {disk}"),
            Self::Show(disk) => write!(f, "show {disk}"),
        }
    }
}

impl std::str::FromStr for Step {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        Ok(match words.as_slice() {
            ["L", args @ ..] => Self::Run {
                by: Role::Oracle,
                args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            },
            ["X", args @ ..] => Self::Run {
                by: Role::Subject,
                args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            },
            ["resize", disk, size] => Self::Resize { disk: disk.parse()?, size: size.parse()? },
            ["hide", disk] => Self::Hide(disk.parse()?),
            ["show", disk] => Self::Show(disk.parse()?),
            _ => bail!("no step: {line}"),
        })
    }
}

/// A whole sequence: the sizes of its disks, and its steps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// Sizes of the disks in bytes.
    pub sizes: Vec<u64>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes.iter().map(u64::to_string).collect();
        writeln!(f, "disks {}", sizes.join(" "))?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl std::str::FromStr for Sequence {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let sizes = lines
            .next()
            .and_then(|line| line.strip_prefix("disks "))
            .context("a sequence begins with the sizes of its disks")?
            .split(' ')
            .map(|size| size.parse().with_context(|| format!("size {size}")))
            .collect::<anyhow::Result<_>>()?;
        let steps = lines.map(str::parse).collect::<anyhow::Result<_>>()?;
        Ok(Self { sizes, steps })
    }
}

/// Puts the names of devices and of the directory into a step's arguments.
pub fn resolve(args: &[String], world: &World) -> Vec<String> {
    args.iter()
        .map(|arg| {
            let mut arg = arg.replace("{dir}", &world.dir().display().to_string());
            for (number, disk) in world.disks.iter().enumerate() {
                arg = arg.replace(&format!("{{{number}}}"), disk.device());
            }
            arg
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Role, Sequence, Step};

    #[test]
    fn a_sequence_reads_back_as_it_was_printed() {
        let sequence = Sequence {
            sizes: vec![64 << 20, 33 << 20],
            steps: vec![
                Step::Run {
                    by: Role::Oracle,
                    args: vec!["vgcreate".into(), "vg0".into(), "{0}".into()],
                },
                Step::Run {
                    by: Role::Subject,
                    args: vec!["lvs".into(), "-S".into(), String::new()],
                },
                Step::Resize { disk: 1, size: 99 },
                Step::Hide(0),
                Step::Show(0),
            ],
        };
        assert_eq!(sequence.to_string().parse::<Sequence>().unwrap(), sequence);
        assert!("jump 7".parse::<Step>().is_err());
        assert!("".parse::<Sequence>().is_err());
    }
}
