//! Where files of people are. The core reads and writes none.

use crate::domain::{FileId, OrgId};

/// Where a file is. Made of ids only, so that no name of a person's choice becomes a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// The tenant.
    pub org: OrgId,
    /// The file's own id.
    pub file: FileId,
}
