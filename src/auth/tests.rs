//! Accounts over records in memory, with a clock that stands still.

mod adoption;
mod authorities;
mod erasing;
mod first_start;
mod open_ends;
mod outside;
mod peer;
mod reset;
mod sign_in;
mod sign_up;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use starling_actors::memory::{FaultyRecords, LocalBus, ManualClock, MemoryRecords, Mishap};
use starling_actors::ports::{Bus, BusEvent, BusSink, Subscription, Topic};

use super::*;

pub(super) use self::peer::Peer;

/// A password that nobody tries first.
const PASSWORD: &str = "correct horse battery";

pub(super) struct World {
    pub(super) accounts: Accounts,
    pub(super) records: Arc<MemoryRecords>,
    clock: Arc<ManualClock>,
    bus: Arc<LocalBus>,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (records, clock) = (Arc::<MemoryRecords>::default(), Arc::default());
        let bus = Arc::new(LocalBus::new());
        let accounts = accounts(&records, &clock, &bus, change);
        accounts.first_start(Duration::ZERO).await.expect("a first start");
        Self { accounts, records, clock, bus }
    }

    /// Accounts over the same records with other settings.
    fn restarted(&self, change: impl FnOnce(&mut Settings)) -> Accounts {
        accounts(&self.records, &self.clock, &self.bus, change)
    }

    /// Accounts over the same records, to which something happens at the next change of a kind.
    fn unlucky(&self, kind: &'static str, mishap: Mishap) -> Accounts {
        let records = Arc::new(FaultyRecords::new(Arc::clone(&self.records) as _));
        records.at_next(kind, mishap);
        accounts(&records, &self.clock, &self.bus, |_| {})
    }

    pub(super) async fn sign_up(&self, name: &str) -> SignedIn {
        self.register(application(name)).await.expect(name)
    }

    async fn register(&self, application: Application) -> Result<SignedIn, AccountError> {
        self.accounts.register(application, Origin::default()).await
    }

    async fn log_in(&self, identifier: &str, password: &str) -> Result<SignedIn, AccountError> {
        let (identifier, password) = (identifier.to_owned(), password.to_owned());
        let credentials = Credentials { identifier, password, org_slug: None };
        self.accounts.log_in(credentials, Origin::default()).await
    }

    async fn with_own_org(&self, name: &str, org: &str) -> SignedIn {
        let application = Application { org_name: Some(org.to_owned()), ..application(name) };
        self.register(application).await.expect(name)
    }

    fn heard(&self, user: UserId) -> (Arc<Heard>, Subscription) {
        let heard = Arc::new(Heard::default());
        let sink = Arc::clone(&heard) as Arc<dyn BusSink>;
        let subscription = self.bus.subscribe(Topic::User(user), sink);
        (heard, subscription)
    }
}

fn accounts<R: Records>(
    records: &Arc<R>,
    clock: &Arc<ManualClock>,
    bus: &Arc<LocalBus>,
    change: impl FnOnce(&mut Settings),
) -> Accounts {
    let mut settings = Settings::default();
    settings.tokens.access_secret = "access secret of this test only".to_owned();
    settings.tokens.refresh_secret = "refresh secret of this test only".to_owned();
    change(&mut settings);
    Accounts::new(
        Arc::clone(records) as Arc<dyn Records>,
        Arc::clone(clock) as Arc<dyn Clock>,
        Arc::clone(bus) as Arc<dyn Bus>,
        &settings,
    )
    .expect("settings that fit")
}

fn application(name: &str) -> Application {
    let email = format!("{name}@example.org");
    Application { email, password: PASSWORD.to_owned(), ..Application::default() }
}

/// Sign-ins whose end was announced, and how often it was said that rights changed.
#[derive(Default)]
struct Heard(Mutex<Vec<Option<LoginId>>>, Mutex<usize>);

impl Heard {
    fn changes(&self) -> usize {
        *self.1.lock()
    }
}

impl BusSink for Heard {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::Revoked(login) = event {
            self.0.lock().push(login);
        } else if matches!(event, BusEvent::RightsChanged) {
            *self.1.lock() += 1;
        }
    }
}
