//! A dry run: the whole export is read as for an import, and counted.

use starling_actors::domain::ChannelKind;

use super::source::{Broken, Export, Names};

/// What an export holds.
#[derive(Debug, Default)]
struct Holds {
    messages: u64,
    replies: u64,
    reactions: u64,
    files: u64,
    links: u64,
    empty: u64,
}

/// Reads everything and says what would be brought.
pub(super) fn trial(export: &mut dyn Export) -> Result<String, Broken> {
    let names = own_names(export);
    let mut holds = Holds::default();
    for room in 0..export.rooms().len() {
        for part in 0..export.parts(room) {
            for writing in export.part(room, part, &names)? {
                if writing.text.trim().is_empty() && writing.files.is_empty() {
                    holds.empty += 1;
                    continue;
                }
                holds.messages += 1;
                holds.replies += u64::from(writing.root.is_some());
                holds.reactions +=
                    writing.reactions.iter().map(|(_, users)| users.len() as u64).sum::<u64>();
                for file in &writing.files {
                    let is_there = match &file.path {
                        Some(path) => export.open(path)?.is_some(),
                        None => false,
                    };
                    *(if is_there { &mut holds.files } else { &mut holds.links }) += 1;
                }
            }
        }
    }
    Ok(told(export, &holds))
}

/// What an export calls its own people and channels.
fn own_names(export: &dyn Export) -> Names {
    let people = export.people().iter().map(|it| (it.id.clone(), it.username.clone()));
    let rooms = export.rooms().iter().map(|it| (it.id.clone(), it.name.clone()));
    Names { people: people.collect(), rooms: rooms.collect() }
}

fn told(export: &dyn Export, holds: &Holds) -> String {
    let people = export.people();
    let programs = people.iter().filter(|person| person.is_program).count();
    let persons = people.iter().filter(|person| !person.is_program);
    let gone = persons.clone().filter(|person| !person.is_active).count();
    let unreachable = persons.clone().filter(|person| person.email.is_empty()).count();
    let of = |kind| export.rooms().iter().filter(|room| room.kind == kind).count();
    format!(
        "The export can be read. It would bring\n  \
         people     {} ({gone} switched off, {unreachable} without an e-mail), and {programs} \
         programs\n  \
         channels   {} public, {} private, {} groups, {} direct\n  \
         messages   {} ({} in threads), {} reactions\n  \
         files      {} in the export, {} as links or not at all\n  \
         left out   {} messages without words\nNothing was changed.",
        persons.count(),
        of(ChannelKind::Public),
        of(ChannelKind::Private),
        of(ChannelKind::Group),
        of(ChannelKind::Direct),
        holds.messages,
        holds.replies,
        holds.reactions,
        holds.files,
        holds.links,
        holds.empty,
    )
}
