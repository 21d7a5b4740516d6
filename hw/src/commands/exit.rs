//! How a command ended, and the exit code that says so.

use std::process::ExitCode;

/// How a command ended. In a shell or script the next command runs in any case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// All was done.
    Done,
    /// There is no such command.
    NoSuchCommand,
    /// The command line is not right.
    BadCommandLine,
    /// The program could not get ready: no lock directory, a configuration that does not parse.
    InitFailed,
    /// Something could not be done; what could be done, was.
    Failed,
}

/// Returns LVM2's exit code for an outcome. The only place that knows them.
pub(super) fn code(outcome: Outcome) -> ExitCode {
    ExitCode::from(match outcome {
        Outcome::Done => 0,
        Outcome::NoSuchCommand => 2,
        Outcome::BadCommandLine => 3,
        Outcome::InitFailed => 4,
        Outcome::Failed => 5,
    })
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The command line cannot be read; the lines say why.
    #[error("{}", .0.join("\n"))]
    Parse(Vec<String>),
    /// Options or arguments contradict each other, or a value is not right.
    #[error("{0}")]
    Usage(String),
    /// The help of a command that is not there.
    #[error("{0}: no such command.")]
    NoHelp(String),
    /// Arguments or options that the command needs are missing.
    #[error("no command with matching syntax recognised")]
    Syntax,
    /// The request makes no sense, and why has been told already.
    #[error("already reported")]
    Misused,
    /// An option that the command knows, but not together with the others.
    #[error("Command does not accept option: {0}.")]
    Option(String),
    /// One argument too many.
    #[error("Command does not accept argument: {0}.")]
    Argument(String),
    /// The program could not get ready.
    #[error("{0}")]
    Init(String),
    /// It failed, and why.
    #[error("{0}")]
    Failed(String),
    /// It failed, and that has been told already.
    #[error("already reported")]
    Reported,
}

impl Failure {
    /// Returns how the command ended.
    pub(super) const fn outcome(&self) -> Outcome {
        match self {
            Self::Parse(_)
            | Self::Usage(_)
            | Self::NoHelp(_)
            | Self::Misused
            | Self::Syntax
            | Self::Option(_)
            | Self::Argument(_) => Outcome::BadCommandLine,
            Self::Init(_) => Outcome::InitFailed,
            Self::Failed(_) | Self::Reported => Outcome::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Outcome};

    #[test]
    fn a_command_line_that_is_not_right_is_not_a_failure_of_the_command() {
        for (failure, outcome) in [
            (Failure::Parse(vec![]), Outcome::BadCommandLine),
            (Failure::Usage(String::new()), Outcome::BadCommandLine),
            (Failure::NoHelp(String::new()), Outcome::BadCommandLine),
            (Failure::Misused, Outcome::BadCommandLine),
            (Failure::Syntax, Outcome::BadCommandLine),
            (Failure::Option("--size".into()), Outcome::BadCommandLine),
            (Failure::Argument("c".into()), Outcome::BadCommandLine),
            (Failure::Init(String::new()), Outcome::InitFailed),
            (Failure::Failed(String::new()), Outcome::Failed),
            (Failure::Reported, Outcome::Failed),
        ] {
            assert_eq!(failure.outcome(), outcome, "{failure:?}");
        }
    }
}
