//! From the words of a question to SQL: link, read, settle, write. Follow-ups read the conversation
//! again from its beginning, so that nothing has to be remembered between questions.

use super::dates::Day;
use super::form::Form;
use super::link;
use super::query::Writer;
use super::reader;
use super::schema_map::SchemaMap;
use super::settle::settle;
use super::trouble::Trouble;
use super::vocabulary::{Sense, Vocabulary, stems_of};
use super::words::{Word, words};
use super::write::Pen;
use crate::domain::Dialect;
use crate::ports::{DraftTask, Example, Turn};

/// A question in SQL.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answered {
    /// The statement.
    pub(super) sql: String,
    /// What was understood.
    pub(super) form: Form,
    /// Misspelt words, and what they were read as.
    pub(super) mended: Vec<String>,
}

/// Earlier questions that are read again at most: T 10 turns of history, and follow-ups of follow-ups
/// rarely go back further.
const TURNS_MAX: usize = 10;

/// Answers a question, or says why not.
pub(super) fn answer(task: &DraftTask, dialect: Dialect) -> Result<Answered, Trouble> {
    let map = SchemaMap::new(&task.schema);
    let today =
        Day::parse(&task.today).ok_or_else(|| Trouble::plain("I do not know what day it is."))?;
    let conversation = || task.history.iter().map(|turn| turn.question.as_str());
    let said = conversation().chain([task.question.as_str()]).collect::<Vec<_>>().join(" ");
    let vocabulary = Vocabulary::new(&map, &task.metrics, &said);
    let pen = Pen(dialect);
    let engine = Engine { map: &map, vocabulary: &vocabulary, today };
    let mut before = None;
    let skipped = task.history.len().saturating_sub(TURNS_MAX);
    for turn in task.history.iter().skip(skipped) {
        before = engine.earlier(turn, before.as_ref());
    }
    let (form, mended) = engine.form(&words(&task.question), before.as_ref())?;
    let writer = Writer { map: &map, pen, metrics: &task.metrics };
    let sql = writer.write(&form)?;
    Ok(Answered { sql, form, mended })
}

/// The SQL of a verified question with the same words, whatever their forms and the filler among them.
pub(super) fn verified<'a>(question: &str, examples: &'a [Example]) -> Option<&'a Example> {
    let asked = content(question);
    examples.iter().find(|example| !asked.is_empty() && content(&example.question) == asked)
}

/// The stems of the words that matter.
fn content(question: &str) -> Vec<String> {
    let all = words(question);
    let mut out = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let (count, keys) = super::lexicon::keys(&all[at..]);
        let is_filler = count >= 1 && keys == [super::lexicon::Key::Filler];
        if !is_filler || word.is_quoted {
            out.push(word.stem.clone());
        }
    }
    out
}

struct Engine<'a> {
    map: &'a SchemaMap<'a>,
    vocabulary: &'a Vocabulary,
    today: Day,
}

impl Engine<'_> {
    /// What an earlier turn asked for; nothing where it was not understood then either.
    fn earlier(&self, turn: &Turn, before: Option<&Form>) -> Option<Form> {
        self.form(&words(&turn.question), before).ok().map(|(form, _)| form)
    }

    fn form(&self, words: &[Word], before: Option<&Form>) -> Result<(Form, Vec<String>), Trouble> {
        let (items, mended) =
            link::link(words, self.vocabulary, self.today).map_err(Trouble::Unknown)?;
        let sketch = reader::read(&items, self.map)?;
        Ok((settle(&sketch, self.map, before)?, mended))
    }
}

/// What can be asked about: the names of the largest tables.
pub(super) fn offers(task: &DraftTask) -> Vec<String> {
    let mut tables: Vec<_> = task.schema.tables.iter().collect();
    tables.sort_by_key(|table| std::cmp::Reverse(table.row_count.unwrap_or(0)));
    tables.iter().take(OFFERS_MAX).map(|table| table.name.clone()).collect()
}

/// Tables named in an apology: more would be no sentence.
const OFFERS_MAX: usize = 8;

/// Whether a question names a table.
pub(super) fn names_table(task: &DraftTask) -> bool {
    let map = SchemaMap::new(&task.schema);
    let vocabulary = Vocabulary::new(&map, &task.metrics, &task.question);
    words(&task.question).iter().any(|word| {
        let meanings = vocabulary.meanings(&stems_of(&word.text));
        meanings.iter().any(|meaning| meaning.cost == 0 && matches!(meaning.sense, Sense::Table(_)))
    })
}

/// Whether a question speaks of something in the schema.
pub(super) fn mentions_data(task: &DraftTask) -> bool {
    let map = SchemaMap::new(&task.schema);
    let vocabulary = Vocabulary::new(&map, &task.metrics, &task.question);
    let asks = |word: &Word| {
        let (_, keys) = super::lexicon::keys(std::slice::from_ref(word));
        keys.iter().any(|key| {
            use super::lexicon::Key;
            matches!(
                key,
                Key::Money | Key::Units | Key::Sum | Key::Average | Key::Super(..) | Key::By
            )
        })
    };
    words(&task.question).iter().any(|word| {
        let is_known = !vocabulary.meanings(&stems_of(&word.text)).is_empty();
        asks(word)
            || is_known
                && !super::topics::is_keyword(&word.lower)
                && super::lexicon::keys(std::slice::from_ref(word)).0 == 0
    })
}
