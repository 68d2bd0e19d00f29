//! The demo shop as a connection, for trying things out: one click, and questions have data.

use super::uploads::ImportRefusal;
use super::{By, ConnectionDetails, Data, DataError, Importer};
use starling_actors::domain::ConnectionKind;

/// What people see in the list.
const NAME: &str = "Demo shop";

impl Data {
    /// Makes the shop's database among the uploads, and a connection to it. Admins and analysts may.
    pub async fn create_demo_shop(
        &self,
        by: &By,
        importer: &dyn Importer,
    ) -> Result<ConnectionDetails, DataError> {
        if !by.caller.role.may_curate_data() {
            return Err(DataError::Forbidden("only admins and analysts connect data"));
        }
        let _room = self.make_room(by.org()).await?;
        let dir = &self.inner.uploads_dir;
        tokio::fs::create_dir_all(dir).await.map_err(|error| {
            tracing::error!(%error, "the folder of uploads cannot be made");
            DataError::Unavailable
        })?;
        let upload = self.fresh_id();
        let out = dir.join(format!("{upload}.sqlite"));
        importer.demo_shop(&out).await.map_err(|refusal| match refusal {
            ImportRefusal::Busy => DataError::Busy("other files are being imported: try again"),
            ImportRefusal::File(_) | ImportRefusal::TooLarge => DataError::Unavailable,
        })?;
        let made = async {
            let file = self.keep_database(by.org(), &upload, &out).await?;
            self.create_uploaded(by, ConnectionKind::Sqlite, NAME, &file).await
        };
        let made = made.await;
        if made.is_err()
            && let Err(error) = tokio::fs::remove_file(&out).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a demo shop without a connection is left behind");
        }
        made
    }
}
