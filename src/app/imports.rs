//! Uploads are imported by the warehouses' own child processes.

use std::path::Path;

use async_trait::async_trait;

use crate::adapters::warehouse::{
    ImportError, ImportKind, ImportLimits, Importer, build_demo_shop,
};
use crate::data::{self, ImportRefusal, Imported, UPLOAD_BYTES_MAX};

/// The warehouses' importer for the data side.
#[derive(Debug, Default)]
pub(super) struct Imports(Importer);

#[async_trait]
impl data::Importer for Imports {
    async fn import(
        &self,
        source: &Path,
        is_workbook: bool,
        name: &str,
        out: &Path,
    ) -> Result<Imported, ImportRefusal> {
        let kind = if is_workbook { ImportKind::Excel } else { ImportKind::Csv };
        let limits = ImportLimits { bytes: UPLOAD_BYTES_MAX, ..ImportLimits::default() };
        let report = self.0.import(source, kind, name, out, limits, |_| ()).await;
        let report = report.map_err(|error| match error {
            ImportError::File(words) => ImportRefusal::File(words),
            ImportError::Timeout(_) => ImportRefusal::File(error.to_string()),
            ImportError::TooLarge => ImportRefusal::TooLarge,
            ImportError::Busy => ImportRefusal::Busy,
        })?;
        Ok(Imported { rows: report.rows, columns: report.columns })
    }

    async fn demo_shop(&self, out: &Path) -> Result<(), ImportRefusal> {
        let out = out.to_owned();
        let made = tokio::task::spawn_blocking(move || build_demo_shop(&out)).await;
        let made = made.map_err(std::io::Error::other).and_then(|made| made);
        made.map_err(|error| {
            tracing::error!(%error, "the demo shop cannot be made");
            ImportRefusal::File("the demo shop cannot be made".to_owned())
        })
    }
}
