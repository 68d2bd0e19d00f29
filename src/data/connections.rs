//! Connections: made by admins and analysts, changed by admins and by who made them, deleted by admins.
//!
//! Who may see what comes out of a connection is its `access`; admins see that it is there in any case,
//! since they have to manage it.

use starling_actors::domain::{
    Access, Connection, ConnectionId, ConnectionKind, OrgId, Timestamp, UserId,
};
use starling_actors::ports::{Precondition, QuestionsError};

use super::connection_form::check_whole;
use super::quota::QuotaError;
use super::schemas::HEADS;
use super::stored::connection::{Secrets, StoredAccess, StoredConnection, StoredFile};
use super::stored::text::{Id, Word};
use super::uploads::UPLOADS;
use super::{By, ConnectionForm, Data, DataError};
use crate::records::{SERVER, Shelf, Versioned};

/// Connections, below their organization.
pub(super) const CONNECTIONS: Shelf<StoredConnection> = Shelf::new("connection");
/// Organizations of all connections: what rotates keys and refreshes schemas looks here. An entry is
/// there before its connection and goes after it.
pub(super) const CONNECTION_INDEX: Shelf<Id<OrgId>> = Shelf::new("connection_index");
/// Who might see what came out of a connection when it was deleted.
const LAST_ACCESS: Shelf<StoredAccess> = Shelf::new("connection_access");
/// The claim of a name within an organization.
const NAME: &str = "connection_name";
/// Connections of one organization that are listed: beyond what any organization may have, except the
/// default one.
pub(super) const LISTED_MAX: usize = 1_000;

/// A connection without its secrets.
#[derive(Clone, Debug)]
pub struct ConnectionDetails {
    /// As the core knows it.
    pub connection: Connection,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: Option<u16>,
    /// The database on it.
    pub database: String,
    /// Who enters.
    pub username: String,
    /// Who enters for queries, if that is another one.
    pub readonly_username: String,
    /// How the session is encrypted.
    pub ssl_mode: String,
    /// Snowflake's account, warehouse, schema and role.
    pub account: String,
    /// Snowflake's warehouse.
    pub warehouse: String,
    /// The namespace that discovery keeps to.
    pub schema: String,
    /// Snowflake's role.
    pub role: String,
    /// Whether any secret is kept for entering.
    pub has_password: bool,
    /// Whether it may run under a role that could write.
    pub allows_privileged: bool,
    /// Whether samples are kept.
    pub keeps_samples: bool,
    /// When its schema was last read.
    pub synced_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Data {
    /// Makes a connection.
    pub async fn create_connection(
        &self,
        by: &By,
        form: &ConnectionForm,
    ) -> Result<ConnectionDetails, DataError> {
        if !by.caller.role.may_curate_data() {
            return Err(DataError::Forbidden("only admins and analysts connect data"));
        }
        let kind = form.kind.as_deref().unwrap_or_default().parse().map_err(|_| {
            DataError::field("type", "must be postgresql, mysql, sqlite or snowflake")
        })?;
        if matches!(kind, ConnectionKind::Csv | ConnectionKind::Excel) {
            return Err(DataError::field("type", "upload the file instead"));
        }
        let mut new = self.new_connection(by, kind);
        if form.name.is_none() {
            return Err(DataError::field("name", "is required"));
        }
        check_authority(by, form)?;
        form.apply(&mut new, &self.inner.vault)?;
        if let Some(path) = &form.file_path {
            new.address.file = Some(self.import(by, kind, path).await?);
        }
        check_whole(&new)?;
        self.add_connection(by, new).await
    }

    /// Makes the connection of an upload whose database was kept as `file`; without a connection the
    /// storage does not keep it. Its name gets a number when another one has it. When it is not known
    /// whether it was made, the sweep of loose files finds out.
    pub(super) async fn create_uploaded(
        &self,
        by: &By,
        kind: ConnectionKind,
        name: &str,
        file: &StoredFile,
    ) -> Result<ConnectionDetails, DataError> {
        let made = self.create_numbered(by, kind, name, file).await;
        if !matches!(made, Err(DataError::Unavailable)) {
            self.settle_file(by.org(), file, made.is_ok()).await;
        }
        made
    }

    async fn create_numbered(
        &self,
        by: &By,
        kind: ConnectionKind,
        name: &str,
        file: &StoredFile,
    ) -> Result<ConnectionDetails, DataError> {
        for number in 1..=100 {
            let mut new = self.new_connection(by, kind);
            let name = if number == 1 { name.to_owned() } else { format!("{name} ({number})") };
            let form = ConnectionForm { name: Some(name), ..ConnectionForm::default() };
            form.apply(&mut new, &self.inner.vault)?;
            new.address.file = Some(file.clone());
            match self.add_connection(by, new).await {
                Err(DataError::NameTaken(_)) => {}
                outcome => return outcome,
            }
        }
        Err(DataError::NameTaken("connection"))
    }

    /// The connections that a person may see, by name.
    pub async fn list_connections(&self, by: &By) -> Result<Vec<ConnectionDetails>, DataError> {
        let mut listed = Vec::new();
        for found in self.stored_connections(by.org()).await? {
            if may_see(by, &found.value) {
                listed.push(self.details(found).await?);
            }
        }
        Ok(listed)
    }

    /// One connection.
    pub async fn show_connection(
        &self,
        by: &By,
        id: ConnectionId,
    ) -> Result<ConnectionDetails, DataError> {
        let found = self.visible_connection(by, id).await?;
        self.details(found).await
    }

    /// Changes a connection: an admin, or who made it.
    pub async fn change_connection(
        &self,
        by: &By,
        id: ConnectionId,
        form: &ConnectionForm,
    ) -> Result<ConnectionDetails, DataError> {
        let Versioned { version, mut value, .. } = self.managed_connection(by, id).await?;
        check_authority(by, form)?;
        let (before, entered) = (value.name.clone(), value.address.clone());
        form.apply(&mut value, &self.inner.vault)?;
        // An admin allowed one role on one server, not whatever its maker puts there later.
        if value.address != entered && !by.caller.role.may_administer() {
            value.allows_privileged = false;
        }
        if let Some(path) = &form.file_path {
            value.address.file = Some(self.import(by, value.kind.0, path).await?);
        }
        check_whole(&value)?;
        value.updated_at = self.now().into();
        let owner = id.to_string();
        if value.name != before {
            self.claim_name(by.org(), &value.name, &owner).await?;
        }
        let place = (by.org(), "", owner.as_str());
        let when = Precondition::Version(version);
        let stored = self.inner.shelves.put(&CONNECTIONS, place, &value, when).await;
        let (kept, freed) =
            if stored.is_ok() { (&value.name, &before) } else { (&before, &value.name) };
        // Which one is in use is not known after an open outcome: then both stay its own.
        let is_known = !matches!(stored, Err(QuestionsError::Unavailable));
        if is_known && folded(kept) != folded(freed) {
            self.release_name(by.org(), freed, &owner).await;
        }
        let version = stored?;
        let name = ("name", value.name.clone());
        self.note(by.did("connection.update", ("connection", owner.clone()), vec![name])).await;
        self.details(Versioned { id: owner, version, value }).await
    }

    /// Deletes a connection and all that hangs on it; only admins may.
    pub async fn delete_connection(&self, by: &By, id: ConnectionId) -> Result<(), DataError> {
        let found = self.visible_connection(by, id).await?.value;
        if !by.caller.role.may_administer() {
            return Err(DataError::Forbidden("only admins delete connections"));
        }
        let (org, owner) = (by.org(), id.to_string());
        let shelves = &self.inner.shelves;
        if let Some(file) = &found.address.file {
            self.loosen_file(org, file).await?;
        }
        // Answers out of it stay, and are open to whom they were open last.
        let place = (org, "", owner.as_str());
        shelves.put(&LAST_ACCESS, place, &found.access, Precondition::Any).await?;
        // The name goes first: a crash in between leaves one that can be deleted again.
        self.release_name(org, &found.name, &owner).await;
        shelves.delete(&CONNECTIONS, org, "", &owner).await?;
        self.forget_schema(org, id).await?;
        self.forget_examples(org, id).await?;
        self.forget_metrics(org, id).await?;
        shelves.delete(&CONNECTION_INDEX, SERVER, "", &owner).await?;
        if let Some(file) = &found.address.file {
            self.remove_file(org, id, file).await;
            if let Some(upload) = file.upload() {
                shelves.delete(&UPLOADS, org, "", &upload).await?;
            }
        }
        self.settle_count(org).await;
        let name = ("name", found.name);
        self.note(by.did("connection.delete", ("connection", owner), vec![name])).await;
        Ok(())
    }

    /// A connection that this person may see.
    pub(super) async fn visible_connection(
        &self,
        by: &By,
        id: ConnectionId,
    ) -> Result<Versioned<StoredConnection>, DataError> {
        let found = self.stored_connection(by.org(), id).await?;
        found.filter(|found| may_see(by, &found.value)).ok_or(DataError::NotFound("connection"))
    }

    /// A connection that this person may change.
    pub(super) async fn managed_connection(
        &self,
        by: &By,
        id: ConnectionId,
    ) -> Result<Versioned<StoredConnection>, DataError> {
        let found = self.visible_connection(by, id).await?;
        let is_maker = found.value.created_by.0 == by.user() && by.caller.role.may_curate_data();
        if is_maker || by.caller.role.may_administer() {
            Ok(found)
        } else {
            Err(DataError::Forbidden("only admins and who made a connection change it"))
        }
    }

    /// A connection whose data this person may see.
    pub(super) async fn readable_connection(
        &self,
        by: &By,
        id: ConnectionId,
    ) -> Result<Versioned<StoredConnection>, DataError> {
        let found = self.visible_connection(by, id).await?;
        if admits(by, &found.value.access) {
            Ok(found)
        } else {
            Err(DataError::Forbidden("the data of this connection is open to others only"))
        }
    }

    pub(super) async fn stored_connection(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Option<Versioned<StoredConnection>>, QuestionsError> {
        self.inner.shelves.get(&CONNECTIONS, org, "", &id.to_string()).await
    }

    /// Who may see what comes out of a connection, or came out of one that is deleted.
    pub(super) async fn last_access(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Option<Access>, QuestionsError> {
        if let Some(found) = self.stored_connection(org, id).await? {
            return Ok(Some((&found.value.access).into()));
        }
        let last = self.inner.shelves.get(&LAST_ACCESS, org, "", &id.to_string()).await?;
        Ok(last.map(|last| (&last.value).into()))
    }

    /// All connections of an organization, by name.
    pub(super) async fn stored_connections(
        &self,
        org: OrgId,
    ) -> Result<Vec<Versioned<StoredConnection>>, QuestionsError> {
        let mut found = self.inner.shelves.list(&CONNECTIONS, org, "", LISTED_MAX).await?;
        found.sort_by_cached_key(|found| folded(&found.value.name));
        Ok(found)
    }

    async fn details(
        &self,
        found: Versioned<StoredConnection>,
    ) -> Result<ConnectionDetails, DataError> {
        let Versioned { version, value, id } = found;
        let head = self.inner.shelves.get(&HEADS, value.org.0, "", &id).await?;
        let Secrets { password, readonly_password, private_key, .. } = &value.secrets;
        let has_password =
            password.is_some() || readonly_password.is_some() || private_key.is_some();
        let address = value.address.clone();
        Ok(ConnectionDetails {
            connection: value.connection(version),
            host: address.host,
            port: address.port,
            database: address.database,
            username: address.username,
            readonly_username: address.readonly_username,
            ssl_mode: address.ssl_mode,
            account: address.account,
            warehouse: address.warehouse,
            schema: address.schema,
            role: address.role,
            has_password,
            allows_privileged: value.allows_privileged,
            keeps_samples: value.keeps_samples,
            synced_at: head.map(|head| head.value.refreshed_at.into()),
            created_by: value.created_by.0,
            created_at: value.created_at.into(),
            updated_at: value.changed_at(),
        })
    }

    fn new_connection(&self, by: &By, kind: ConnectionKind) -> StoredConnection {
        let now = self.now().into();
        StoredConnection {
            id: Id(ConnectionId::from_u128(self.inner.clock.fresh_id())),
            org: Id(by.org()),
            name: String::new(),
            kind: Word(kind),
            access: StoredAccess::default(),
            is_active: true,
            address: super::stored::connection::Address::default(),
            secrets: Secrets::default(),
            allows_privileged: false,
            keeps_samples: true,
            created_by: Id(by.user()),
            created_at: now,
            updated_at: now,
        }
    }

    async fn add_connection(
        &self,
        by: &By,
        new: StoredConnection,
    ) -> Result<ConnectionDetails, DataError> {
        let (org, owner) = (by.org(), new.id.0.to_string());
        self.claim_name(org, &new.name, &owner).await?;
        let stored = self.count_and_add(org, &owner, &new).await;
        let version = match stored {
            Ok(version) => version,
            // It may be stored. A name whose record never came goes to the next one who asks.
            Err(DataError::Unavailable) => return Err(DataError::Unavailable),
            Err(error) => {
                self.release_name(org, &new.name, &owner).await;
                return Err(error);
            }
        };
        let details = vec![("name", new.name.clone()), ("type", new.kind.0.as_str().to_owned())];
        self.note(by.did("connection.create", ("connection", owner.clone()), details)).await;
        self.details(Versioned { id: owner, version, value: new }).await
    }

    async fn count_and_add(
        &self,
        org: OrgId,
        owner: &str,
        new: &StoredConnection,
    ) -> Result<u64, DataError> {
        let _counting = self.inner.counting.lock().await;
        let mut taken = self.inner.quota.take(org).await;
        if taken == Err(QuotaError::Full) {
            // A crash may have left the count too high.
            self.settle(org).await?;
            taken = self.inner.quota.take(org).await;
        }
        taken.map_err(|error| match error {
            QuotaError::Full => DataError::LimitReached("connections"),
            QuotaError::Unavailable => DataError::Unavailable,
        })?;
        let shelves = &self.inner.shelves;
        let stored = async {
            let place = (SERVER, "", owner);
            shelves.put(&CONNECTION_INDEX, place, &Id(org), Precondition::Any).await?;
            shelves.put(&CONNECTIONS, (org, "", owner), new, Precondition::Absent).await
        };
        let stored = stored.await;
        if stored.is_err() {
            self.settle(org).await?;
        }
        Ok(stored?)
    }

    /// Counts what is there, for the limit.
    async fn settle(&self, org: OrgId) -> Result<(), DataError> {
        let there = self.inner.shelves.list(&CONNECTIONS, org, "", LISTED_MAX).await?.len();
        let settled = self.inner.quota.settle(org, u32::try_from(there).unwrap_or(u32::MAX)).await;
        settled.map_err(|_| DataError::Unavailable)
    }

    async fn settle_count(&self, org: OrgId) {
        let _counting = self.inner.counting.lock().await;
        if let Err(error) = self.settle(org).await {
            tracing::warn!(%error, %org, "the count of connections is too high until the next one");
        }
    }

    async fn claim_name(&self, org: OrgId, name: &str, owner: &str) -> Result<(), DataError> {
        let key = format!("{org}/{}", folded(name));
        let record = CONNECTIONS.key(org, "", owner);
        let claimed = self.inner.shelves.claim(NAME, &key, owner, &record).await;
        claimed.map_err(|error| match error {
            QuestionsError::Conflict => DataError::NameTaken("connection"),
            QuestionsError::Unavailable => DataError::Unavailable,
        })
    }

    async fn release_name(&self, org: OrgId, name: &str, owner: &str) {
        let key = format!("{org}/{}", folded(name));
        if let Err(error) = self.inner.shelves.release(NAME, &key, owner).await {
            tracing::warn!(%error, %org, "the name of a connection stays taken");
        }
    }
}

/// A name for comparing.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn admits(by: &By, access: &StoredAccess) -> bool {
    let access: starling_actors::domain::Access = access.into();
    access.admits(by.user(), !by.caller.role.may_read_data())
}

fn may_see(by: &By, connection: &StoredConnection) -> bool {
    by.caller.role.may_administer()
        || admits(by, &connection.access)
        || (connection.created_by.0 == by.user() && by.caller.role.may_curate_data())
}

/// Some fields are an admin's or the operator's to set.
fn check_authority(by: &By, form: &ConnectionForm) -> Result<(), DataError> {
    if form.allow_privileged == Some(true) && !by.caller.role.may_administer() {
        return Err(DataError::Forbidden("only an admin allows a role that could write"));
    }
    if form.file_path.is_some() && !by.caller.is_superuser {
        return Err(DataError::Forbidden("only a superuser names files of the server"));
    }
    Ok(())
}
