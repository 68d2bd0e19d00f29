//! Which connection a question is put to, and which of its tables it may use.
//!
//! **Invariant:** what the thread does not allow, or the asker may not use, is never chosen, whoever
//! names it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::settings::QueryPorts;
use super::words::{split, stem};
use crate::domain::{
    Connection, ConnectionId, Job, JobError, OrgRole, Schema, Table, Thread, ThreadId, UserId,
};
use crate::ports::QuestionsError;

/// A connection and those of its tables that may be used.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) connection: Connection,
    pub(super) schema: Arc<Schema>,
}

/// Why nothing was chosen.
pub(super) enum NotChosen {
    /// There is nothing to choose from: questions that need no data can still be answered.
    Nothing,
    /// Several fit: the asker has to say which.
    Several(Vec<Connection>),
    /// It may not be.
    Refused(JobError),
    /// The stores do not answer.
    Unavailable,
}

impl From<QuestionsError> for NotChosen {
    fn from(_: QuestionsError) -> Self {
        Self::Unavailable
    }
}

/// Connections that someone may use, in a thread or outside of one.
pub(super) async fn usable(
    ports: &QueryPorts,
    org: crate::domain::OrgId,
    (user, role): (UserId, OrgRole),
    thread: Option<&Thread>,
) -> Result<Vec<Connection>, QuestionsError> {
    let is_guest = role == OrgRole::Guest;
    let mut connections = ports.asking.catalog.connections(org).await?;
    connections.retain(|connection| {
        connection.is_active
            && connection.access.admits(user, is_guest)
            && thread.is_none_or(|thread| allows(thread, connection))
    });
    Ok(connections)
}

/// A connection as it is now, if someone may still use it: what was chosen a while ago may have been
/// narrowed since, and who chose it may have lost a right.
pub(super) async fn still_usable(
    ports: &QueryPorts,
    user: UserId,
    chosen: &Connection,
) -> Result<Option<Connection>, QuestionsError> {
    let asking = &ports.asking;
    let Some(role) = asking.roles.role(chosen.org, user).await? else { return Ok(None) };
    let found = asking.catalog.connection(chosen.org, chosen.id).await?;
    let is_guest = role == OrgRole::Guest;
    Ok(found.filter(|found| found.is_active && found.access.admits(user, is_guest)))
}

/// Chooses for a job.
pub(super) async fn choose(
    ports: &QueryPorts,
    job: &Job,
    thread: Option<&Thread>,
    before: Option<ConnectionId>,
) -> Result<Chosen, NotChosen> {
    let usable = usable(ports, job.org, (job.asked_by.user, job.role), thread).await?;
    if let Some(wanted) = job.connection {
        let found = usable.into_iter().find(|connection| connection.id == wanted);
        let connection = found.ok_or_else(|| {
            NotChosen::Refused(JobError {
                code: "connection_not_allowed",
                message: "This connection cannot be used here. Ask an admin for access, or choose \
                      another one."
                    .to_owned(),
            })
        })?;
        return with_schema(ports, connection, thread).await;
    }
    let mut candidates = Vec::new();
    for connection in usable {
        candidates.push(with_schema(ports, connection, thread).await?);
    }
    best(&job.question, candidates, before)
}

/// The tables of a connection that a thread allows.
pub(super) async fn with_schema(
    ports: &QueryPorts,
    connection: Connection,
    thread: Option<&Thread>,
) -> Result<Chosen, NotChosen> {
    let schema = ports.asking.catalog.schema(connection.org, connection.id).await?;
    let allowed = thread.map(|thread| &thread.allowed_tables[..]).unwrap_or_default();
    let schema = if allowed.is_empty() {
        schema
    } else {
        let is_allowed = |table: &&Table| allowed.iter().any(|name| is_named(table, name));
        let tables = schema.tables.iter().filter(is_allowed).cloned().collect();
        Arc::new(Schema { tables, refreshed_at: schema.refreshed_at })
    };
    Ok(Chosen { connection, schema })
}

/// The thread that a job was asked in. One that is not found bounds nothing, so nothing is done.
pub(super) async fn thread_of(
    ports: &QueryPorts,
    org: crate::domain::OrgId,
    thread: Option<ThreadId>,
) -> Result<Option<Thread>, QuestionsError> {
    let Some(id) = thread else { return Ok(None) };
    let found = ports.directory.thread(org, id).await;
    let found = found.map_err(|_| QuestionsError::Unavailable)?;
    found.map(Some).ok_or(QuestionsError::Unavailable)
}

fn allows(thread: &Thread, connection: &Connection) -> bool {
    let id = connection.id.to_string();
    thread.allowed_databases.is_empty()
        || thread
            .allowed_databases
            .iter()
            .any(|name| *name == id || name.eq_ignore_ascii_case(&connection.name))
}

fn is_named(table: &Table, name: &str) -> bool {
    match name.split_once('.') {
        Some((namespace, name)) => {
            table.name.eq_ignore_ascii_case(name)
                && table.namespace.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(namespace))
        }
        None => table.name.eq_ignore_ascii_case(name),
    }
}

/// The one whose tables speak most of what was asked. A follow-up names nothing, so it stays where
/// the conversation was.
fn best(
    question: &str,
    mut candidates: Vec<Chosen>,
    before: Option<ConnectionId>,
) -> Result<Chosen, NotChosen> {
    if candidates.len() <= 1 {
        return candidates.pop().ok_or(NotChosen::Nothing);
    }
    let asked = words(question);
    let scores: Vec<usize> = candidates.iter().map(|one| score(&asked, &one.schema)).collect();
    let top = scores.iter().copied().max().unwrap_or_default();
    let leaders: Vec<usize> = (0..scores.len()).filter(|place| scores[*place] == top).collect();
    let kept = leaders.iter().find(|place| Some(candidates[**place].connection.id) == before);
    let place = match (&leaders[..], kept) {
        (_, Some(kept)) => *kept,
        ([only], None) => *only,
        _ => {
            let one = |place: &usize| candidates[*place].connection.clone();
            return Err(NotChosen::Several(leaders.iter().map(one).collect()));
        }
    };
    Ok(candidates.swap_remove(place))
}

fn score(asked: &BTreeSet<String>, schema: &Schema) -> usize {
    let mut known = BTreeSet::new();
    for table in &schema.tables {
        known.extend(words(&table.name));
        for column in &table.columns {
            known.extend(words(&column.name));
            known.extend(words(&column.business_term));
            known.extend(column.samples.iter().map(|sample| sample.to_lowercase()));
        }
    }
    asked.intersection(&known).count()
}

/// The stems of a text's words. What is shorter than three letters says too little.
fn words(text: &str) -> BTreeSet<String> {
    split(text).filter(|word| word.chars().count() > 2).map(|word| stem(&word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, Column, ConnectionKind, OrgId};

    fn chosen(id: u128, name: &str, table: &str, column: &str) -> Chosen {
        let column = Column { name: column.to_owned(), ..Column::default() };
        let table = Table { name: table.to_owned(), columns: vec![column], ..Table::default() };
        Chosen {
            connection: Connection {
                id: ConnectionId::from_u128(id),
                org: OrgId::from_u128(1),
                name: name.to_owned(),
                kind: ConnectionKind::Sqlite,
                access: Access::Organization,
                is_active: true,
                version: 1,
            },
            schema: Arc::new(Schema { tables: vec![table], ..Schema::default() }),
        }
    }

    fn two() -> Vec<Chosen> {
        vec![chosen(1, "shop", "orders", "unitPrice"), chosen(2, "clinic", "visits", "doctor")]
    }

    #[test]
    fn the_connection_whose_tables_are_named_is_chosen() {
        let chosen = best("how many visits per doctor?", two(), None);

        assert_eq!(chosen.ok().map(|chosen| chosen.connection.name), Some("clinic".to_owned()));
    }

    #[test]
    fn a_follow_up_stays_where_the_conversation_was() {
        let chosen = best("and last year?", two(), Some(ConnectionId::from_u128(2)));

        assert_eq!(chosen.ok().map(|chosen| chosen.connection.name), Some("clinic".to_owned()));
    }

    #[test]
    fn nothing_is_guessed_when_several_fit() {
        let Err(NotChosen::Several(found)) = best("how are we doing?", two(), None) else {
            panic!("one was chosen");
        };

        let names: Vec<_> = found.iter().map(|connection| connection.name.as_str()).collect();
        assert_eq!(names, ["shop", "clinic"]);
    }
}
