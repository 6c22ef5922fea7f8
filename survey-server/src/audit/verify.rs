//! Going through the chain, row by row.

use thiserror::Error;

use super::{chain::Head, store::Record};
use crate::error::AppError;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Flaw {
    /// Its hash is not that of its content after its predecessor.
    #[error("was changed, or the row before it was")]
    Changed,
    /// Rows between it and its predecessor are gone.
    #[error("does not follow its predecessor: rows are missing before it")]
    Gap,
    /// It has a number from before the place where the log begins.
    #[error("belongs to the archived part and has no place here")]
    Archived,
    /// The log ends elsewhere than its head says.
    #[error("is the last row, but the head of the log is another: the end was cut off or added to")]
    NotTheHead,
    /// The head's authentication fails.
    #[error("is the last row, but the key does not authenticate it: the log was rewritten without the key")]
    Unauthenticated,
    /// A head that was noted earlier is not part of the log.
    #[error("is where the head that was noted should be, and is not: the log was cut off or rewritten since")]
    ExpectedMissing,
}

/// Why the log is not intact.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The first row that does not hold.
    #[error("the audit log is broken: row {sequence} {flaw}")]
    Broken {
        /// Its number.
        sequence: i64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] AppError),
}

/// An intact log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its head.
    pub head: Head,
    /// How many rows were gone through.
    pub n_rows: u64,
    /// How many rows came before, in archived segments.
    pub n_archived: i64,
}

/// A walk along the chain.
pub(super) struct Verifier {
    archived: i64,
    head: Head,
    expected: Option<Head>,
    n_rows: u64,
}

impl Verifier {
    /// Begins after the archived part.
    pub(super) fn new(archived: Head, expected: Option<Head>) -> Verifier {
        // A head noted before the archived part's end cannot be looked up here: the archive holds it.
        let expected = expected.filter(|head| head.sequence >= archived.sequence);
        Verifier { archived: archived.sequence, head: archived, expected, n_rows: 0 }
    }

    /// The row reached so far.
    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// Goes one row on.
    pub(super) fn take(&mut self, record: &Record) -> Result<(), AuditError> {
        self.check_expected()?;
        let broken = |flaw| AuditError::Broken { sequence: record.sequence, flaw };
        if record.sequence != self.head.sequence + 1 {
            return Err(broken(Flaw::Gap));
        }
        if record.link().hash(&self.head.hash) != record.hash {
            return Err(broken(Flaw::Changed));
        }
        self.head = Head { sequence: record.sequence, hash: record.hash.clone() };
        self.n_rows += 1;
        Ok(())
    }

    /// Holds that the log ended where `head` says, and that a head noted earlier was passed.
    pub(super) fn finish(self, head: &Head) -> Result<Verified, AuditError> {
        self.check_expected()?;
        if let Some(expected) = self.expected.as_ref().filter(|expected| expected.sequence > self.head.sequence) {
            return Err(AuditError::Broken { sequence: expected.sequence, flaw: Flaw::ExpectedMissing });
        }
        if self.head != *head {
            return Err(AuditError::Broken { sequence: self.head.sequence, flaw: Flaw::NotTheHead });
        }
        Ok(Verified { head: self.head, n_rows: self.n_rows, n_archived: self.archived })
    }

    fn check_expected(&self) -> Result<(), AuditError> {
        match &self.expected {
            Some(expected) if expected.sequence == self.head.sequence && *expected != self.head => {
                Err(AuditError::Broken { sequence: expected.sequence, flaw: Flaw::ExpectedMissing })
            }
            _ => Ok(()),
        }
    }
}
