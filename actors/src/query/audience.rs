//! Who may see an answer: asked before it is posted, and again whenever it is read.

use super::settings::QueryPorts;
use crate::domain::{Access, Audience, ChannelId, ChannelRole, Connection, Membership};
use crate::ports::DirectoryError;

/// Who of a channel may see what comes out of a connection.
pub(super) async fn audience(
    ports: &QueryPorts,
    channel: ChannelId,
    connection: Option<&Connection>,
) -> Result<Audience, DirectoryError> {
    let Some(connection) = connection else { return Ok(Audience::Organization) };
    let members = ports.directory.members(channel).await?;
    Ok(among(&members, connection))
}

/// Those connections of which everyone may know who reads a channel, now or later: what the log says
/// stays in it.
pub(super) async fn known_to_all(
    ports: &QueryPorts,
    channel: ChannelId,
    mut connections: Vec<Connection>,
) -> Result<Vec<Connection>, DirectoryError> {
    let members = ports.directory.members(channel).await?;
    connections.retain(|connection| among(&members, connection) == Audience::Organization);
    Ok(connections)
}

fn among(members: &[Membership], connection: &Connection) -> Audience {
    let all_may = members
        .iter()
        .all(|member| connection.access.admits(member.user, member.role == ChannelRole::Guest));
    match (&connection.access, all_may) {
        (_, false) => Audience::Restricted,
        (Access::Organization, true) => Audience::Organization,
        (Access::Users(_), true) => Audience::Listed,
    }
}
