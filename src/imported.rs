//! What was brought from other programs: which of theirs is which of ours. So bringing the same again, after
//! a break or from a newer export, makes nothing twice.
//!
//! **Invariant:** ours is chosen and stored before it is made, so whoever comes later makes the same.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, Records, RecordsError};

use crate::records::{Shelf, Shelves};

/// Below the program and the kind of thing: by their id, ours.
const IMPORTED: Shelf<Known> = Shelf::new("imported");

/// What of ours it is.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    id: String,
}

/// What is remembered of imports. Cheap to clone.
#[derive(Clone)]
pub struct Imported {
    shelves: Shelves<RecordsError>,
}

impl std::fmt::Debug for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Imported")
    }
}

impl Imported {
    /// Over these records.
    pub fn new(records: Arc<dyn Records>) -> Self {
        Self { shelves: Shelves::new(records) }
    }

    /// What of ours something of theirs is or will be, and whether that was known before: `fresh`,
    /// unless another was chosen earlier.
    pub async fn settle<T: Display + FromStr>(
        &self,
        org: OrgId,
        (source, kind): (&str, &str),
        theirs: &str,
        fresh: T,
    ) -> Result<(T, bool), RecordsError> {
        let parent = format!("{source}/{kind}");
        if let Some(known) = self.shelves.get(&IMPORTED, org, &parent, theirs).await? {
            let id = known.value.id.parse().map_err(|_| RecordsError::Unavailable)?;
            return Ok((id, true));
        }
        let known = Known { id: fresh.to_string() };
        let place = (org, parent.as_str(), theirs);
        self.shelves.put(&IMPORTED, place, &known, Precondition::Absent).await?;
        Ok((fresh, false))
    }

    /// Says that something of theirs is this of ours, whatever was chosen before.
    pub async fn correct<T: Display>(
        &self,
        org: OrgId,
        (source, kind): (&str, &str),
        theirs: &str,
        ours: T,
    ) -> Result<(), RecordsError> {
        let parent = format!("{source}/{kind}");
        let known = Known { id: ours.to_string() };
        let place = (org, parent.as_str(), theirs);
        self.shelves.put(&IMPORTED, place, &known, Precondition::Any).await.map(drop)
    }
}
