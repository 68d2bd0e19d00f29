//! Search over 1,000,000 messages of 200 channels: the whole way from a person's words to messages, on
//! the stores of one machine. The goal is a p95 of at most 100 ms.
//!
//! Not a Criterion bench: what counts is the slow end of many different questions, not the mean of one.
//! `cargo bench -p starling-bench --bench search -- 50000` takes fewer messages.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use starling::adapters::search::SearchFiles;
use starling::adapters::sqlite::{SqliteLog, Store};
use starling::app::SystemClock;
use starling_actors::chat::{Caller, People, PeopleError};
use starling_actors::domain::{
    Bucket, Byline, Channel, ChannelId, ChannelKind, ChannelRole, Entry, Epoch, Event, MessageId,
    MessageKind, OrgId, OrgRole, Posted, Seq, Timestamp, UserId,
};
use starling_actors::memory::MemoryQuestions;
use starling_actors::ports::{
    Append, AppendOutcome, Claim, ClaimOutcome, Clock, Directory, MessageLog, NewChannel,
};
use starling_actors::search::{Search, SearchNews, SearchPorts, SearchSort, SearchWish};
use tokio::time::Instant;

const ORG: OrgId = OrgId::from_u128(1);
const READER: UserId = UserId::from_u128(1_000);
const MESSAGES: u64 = 1_000_000;
/// When it is only to be seen that it runs.
const MESSAGES_OF_A_TEST: u64 = 2_000;
const CHANNELS: u64 = 200;
/// Every fifth channel is not the reader's.
const OTHERS: u64 = 5;
const AUTHORS: u64 = 500;
const WORDS: u64 = 60_000;
/// One message in half a minute: a year for a million.
const PAUSE_MS: i64 = 31_000;
/// Messages of one append.
const BATCH: usize = 500;
/// Questions of each kind.
const QUESTIONS: u64 = 150;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = words.iter().any(|word| word == "--bench");
    let asked = words.iter().find_map(|word| word.parse().ok());
    let messages = asked.unwrap_or(if is_bench { MESSAGES } else { MESSAGES_OF_A_TEST });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(messages));
}

async fn measure(messages: u64) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let store = Store::open(dir.path(), &SystemClock).expect("a store");
    let mut town = Town { log: store.log(), dice: Dice(7), written: HashMap::new() };
    town.open_channels(&store).await;
    let begun = Instant::now();
    town.talk(messages).await;
    println!("wrote {messages} messages in {:.0?}", begun.elapsed());

    let data = Arc::new(MemoryQuestions::default());
    let folder = dir.path().join("search");
    let ports = SearchPorts {
        index: Arc::new(SearchFiles::open(&folder, None).expect("a folder")),
        log: Arc::new(store.log()),
        history: Arc::new(store.log()),
        directory: Arc::new(store.directory()),
        people: Arc::new(Everyone),
        answers: data.clone(),
        catalog: data,
        clock: Arc::new(SystemClock),
    };
    let search = Search::new(ports, SearchNews::default());
    let begun = Instant::now();
    while look(&search, String::new(), SearchSort::Newest).await.1 {}
    let taken = begun.elapsed();
    let bytes: u64 = std::fs::read_dir(&folder)
        .expect("is there")
        .map(|file| file.and_then(|file| file.metadata()).map_or(0, |file| file.len()))
        .sum();
    println!("indexed what the reader may read in {taken:.0?}; {} MB on disk", bytes >> 20);
    ask_all(&search, &mut town.dice).await;
}

/// Every kind of question, and all together.
async fn ask_all(search: &Search, dice: &mut Dice) {
    let mut all = Vec::new();
    println!("{:34} {:>8} {:>8} {:>8} {:>8}", "milliseconds", "p50", "p95", "p99", "max");
    for kind in Kind::ALL {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..QUESTIONS {
            let (text, sort) = kind.question(dice);
            let begun = Instant::now();
            found += look(search, text, sort).await.0;
            times.push(begun.elapsed());
        }
        tell(&format!("{kind:?} ({} of 20 hits)", found / QUESTIONS), &mut times);
        all.extend(times);
    }
    tell("all", &mut all);
}

/// How many hits its first page has, and whether some may be missing.
async fn look(search: &Search, text: String, sort: SearchSort) -> (u64, bool) {
    let caller = Caller {
        org: ORG,
        byline: byline(READER),
        role: OrgRole::Analyst,
        is_superuser: false,
        login: None,
        token: None,
    };
    let wish = SearchWish { text, sort, limit: 20, ..SearchWish::default() };
    let page = search.find(&caller, wish).await.expect("is answered");
    (page.messages.len() as u64, page.is_incomplete)
}

fn tell(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let [p50, p95, p99, max] = [50, 95, 99, 100].map(|percent| at(percent).as_secs_f64() * 1_000.0);
    println!("{name:34} {p50:8.1} {p95:8.1} {p99:8.1} {max:8.1}");
}

/// What people look for.
#[derive(Clone, Copy, Debug)]
enum Kind {
    RareWord,
    CommonWord,
    TwoWords,
    Phrase,
    ShortBeginning,
    LongBeginning,
    FromAndIn,
    CommonInSmallChannel,
    WithLink,
    Without,
    FilterAlone,
    NewestInAWeek,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::RareWord,
        Self::CommonWord,
        Self::TwoWords,
        Self::Phrase,
        Self::ShortBeginning,
        Self::LongBeginning,
        Self::FromAndIn,
        Self::CommonInSmallChannel,
        Self::WithLink,
        Self::Without,
        Self::FilterAlone,
        Self::NewestInAWeek,
    ];

    fn question(self, dice: &mut Dice) -> (String, SearchSort) {
        let common = spell(dice.below(20));
        let usual = spell(20 + dice.below(2_000));
        let beginning =
            |letters| spell(dice_of(&usual) % WORDS).chars().take(letters).collect::<String>();
        let author = dice.below(AUTHORS);
        let text = match self {
            Self::RareWord => spell(WORDS / 2 + dice.below(WORDS / 2)),
            Self::CommonWord => common,
            Self::TwoWords => format!("{common} {usual}"),
            Self::Phrase => format!("\"{common} {}\"", spell(dice.below(20))),
            Self::ShortBeginning => format!("{}*", beginning(2)),
            Self::LongBeginning => format!("{}*", beginning(4)),
            Self::FromAndIn => {
                format!("{common} from:user{author} in:channel-{}", dice.below(CHANNELS))
            }
            Self::CommonInSmallChannel => {
                format!("{common} in:channel-{}", CHANNELS - 1 - dice.below(20))
            }
            Self::WithLink => format!("{usual} has:link"),
            Self::Without => format!("{common} -{usual} -from:user{author}"),
            Self::FilterAlone => format!("from:user{author} has:link"),
            Self::NewestInAWeek => format!("{common} after:2026-03-01 before:2026-03-09"),
        };
        let is_newest = matches!(self, Self::FilterAlone | Self::NewestInAWeek);
        (text, if is_newest { SearchSort::Newest } else { SearchSort::Relevance })
    }
}

/// Numbers that are the same on each run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A number below a limit, small ones far more often: as words, people and channels are used.
    fn skewed(&mut self, limit: u64) -> u64 {
        #[allow(clippy::cast_precision_loss, reason = "31 bits, and limits far below 2^52")]
        let (part, limit) = (self.next() as f64 / (1_u64 << 31) as f64, limit as f64);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "is in 0..limit"
        )]
        let number = ((limit + 1.0).powf(part) - 1.0) as u64;
        number
    }
}

fn dice_of(text: &str) -> u64 {
    text.bytes().fold(17, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// A word: syllables in place of digits.
fn spell(mut number: u64) -> String {
    const SYLLABLES: [&str; 40] = [
        "ta", "re", "mi", "so", "lu", "ken", "dor", "vi", "pa", "nes", "tor", "ga", "li", "mo",
        "bra", "ste", "qui", "zo", "fe", "hal", "jun", "wer", "xi", "yor", "ced", "ump", "ast",
        "ing", "ol", "ur", "ein", "sch", "tro", "ple", "cam", "dis", "ver", "nat", "ion", "ett",
    ];
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[usize::try_from(number % 40).unwrap_or_default()]);
        number /= 40;
        if number == 0 && word.len() > 3 {
            return word;
        }
    }
}

fn byline(user: UserId) -> Byline {
    let username = format!("user{}", user.as_u128());
    Byline { user, username, full_name: String::new(), avatar_url: String::new() }
}

fn channel(number: u64) -> ChannelId {
    ChannelId::from_u128(u128::from(number) + 1)
}

/// Where a million messages are written.
struct Town {
    log: SqliteLog,
    dice: Dice,
    /// What waits to be appended, and how long the log is, by channel.
    written: HashMap<u64, (Vec<Entry>, u64)>,
}

impl Town {
    async fn open_channels(&mut self, store: &Store) {
        for number in 0..CHANNELS {
            let is_readers = number % OTHERS != 0;
            let new = Channel {
                id: channel(number),
                org: ORG,
                kind: ChannelKind::Private,
                name: format!("channel-{number}"),
                description: String::new(),
                topic: String::new(),
                owner: READER,
                created_at: SystemClock.now(),
                updated_at: SystemClock.now(),
                member_count: 0,
            };
            let member = if is_readers { READER } else { UserId::from_u128(1) };
            let members = vec![(member, ChannelRole::Member)];
            store.directory().create(NewChannel { channel: new, members }).await.expect("is made");
            let opening_seq = Seq(0);
            let (bucket, epoch) = (Bucket(0), Epoch(1));
            let claim =
                Claim { channel: channel(number), bucket, expected: None, epoch, opening_seq };
            assert_eq!(self.log.claim(claim).await, Ok(ClaimOutcome::Applied));
        }
    }

    async fn talk(&mut self, messages: u64) {
        let first = SystemClock.now().0 - messages.cast_signed() * PAUSE_MS;
        for number in 0..messages {
            let at = Timestamp(first + number.cast_signed() * PAUSE_MS);
            let place = self.place();
            let content = self.sentence();
            let author = UserId::from_u128(u128::from(self.dice.skewed(AUTHORS)));
            let (waiting, seq) = self.written.entry(place).or_default();
            *seq += 1;
            let id = MessageId::from_u128(u128::from(number) + 1);
            waiting.push(posted(channel(place), (*seq, at), author, id, content));
            if waiting.len() == BATCH {
                self.append(place).await;
            }
        }
        for place in 0..CHANNELS {
            self.append(place).await;
        }
    }

    /// A channel with room in its first bucket.
    fn place(&mut self) -> u64 {
        const ROOM: u64 = 45_000;
        loop {
            let place = self.dice.skewed(CHANNELS);
            if self.written.get(&place).is_none_or(|(_, seq)| *seq < ROOM) {
                return place;
            }
        }
    }

    fn sentence(&mut self) -> String {
        let length = 4 + self.dice.below(20);
        let mut words: Vec<String> = (0..length).map(|_| spell(self.dice.skewed(WORDS))).collect();
        if self.dice.below(12) == 0 {
            words.push(format!("https://example.org/{}", spell(self.dice.below(WORDS))));
        }
        words.join(" ")
    }

    async fn append(&mut self, place: u64) {
        let Some((waiting, seq)) = self.written.get_mut(&place) else { return };
        let entries = std::mem::take(waiting);
        if entries.is_empty() {
            return;
        }
        let last_seq = Seq(*seq - entries.len() as u64);
        let (bucket, epoch) = (Bucket(0), Epoch(1));
        let append = Append { channel: channel(place), bucket, epoch, last_seq, entries };
        assert_eq!(self.log.append(append).await, Ok(AppendOutcome::Applied));
    }
}

fn posted(
    channel: ChannelId,
    (seq, at): (u64, Timestamp),
    author: UserId,
    id: MessageId,
    content: String,
) -> Entry {
    let event = Event::Posted(Posted {
        id,
        kind: MessageKind::Text,
        content,
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: None,
    });
    Entry { channel, seq: Seq(seq), ordinal: seq, by: byline(author), at, event }
}

/// Whoever is named `user` and a number.
struct Everyone;

#[async_trait]
impl People for Everyone {
    async fn by_usernames(
        &self,
        _: OrgId,
        usernames: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        let known = usernames.iter().filter_map(|name| {
            let number = name.strip_prefix("user")?.parse().ok()?;
            Some((name.clone(), UserId::from_u128(number)))
        });
        Ok(known.collect())
    }

    async fn bylines(&self, _: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        Ok(users.iter().map(|user| byline(*user)).collect())
    }
}
