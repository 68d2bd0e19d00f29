//! Who may see an answer: asked before it is posted, and again whenever it is read.

use super::settings::QueryPorts;
use crate::domain::{Access, Audience, ChannelId, ChannelRole, Connection};
use crate::ports::DirectoryError;

/// Who of a channel may see what comes out of a connection.
pub(super) async fn audience(
    ports: &QueryPorts,
    channel: ChannelId,
    connection: Option<&Connection>,
) -> Result<Audience, DirectoryError> {
    let Some(connection) = connection else { return Ok(Audience::Organization) };
    let members = ports.directory.members(channel).await?;
    let all_may = members
        .iter()
        .all(|member| connection.access.admits(member.user, member.role == ChannelRole::Guest));
    Ok(match (&connection.access, all_may) {
        (_, false) => Audience::Restricted,
        (Access::Organization, true) => Audience::Organization,
        (Access::Users(_), true) => Audience::Listed,
    })
}
