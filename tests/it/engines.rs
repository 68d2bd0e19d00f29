//! The servers that `tests/services.sh` starts, entered beside the code under test: as whoever the
//! variable names, or as `boss`, who may do everything.

use std::time::Duration;

use async_trait::async_trait;
use mysql_async::prelude::Queryable as _;
use reqwest::Url;
use tokio::time::Instant;
use tokio_postgres::NoTls;

/// Between two looks at another process.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The variable with PostgreSQL's address.
pub(crate) const POSTGRES: &str = "STARLING_TEST_POSTGRES";
/// The variable with MariaDB's address.
pub(crate) const MYSQL: &str = "STARLING_TEST_MYSQL";

#[allow(clippy::disallowed_methods, reason = "said by tests/services.sh")]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests through tests/services.sh"))
}

/// The address in a variable, of somebody whose password is their name.
fn address(variable: &str, user: &str) -> Url {
    let mut url = Url::parse(&self::variable(variable)).unwrap();
    url.set_username(user).unwrap();
    url.set_password(Some(user)).unwrap();
    url
}

/// Looks at an engine from outside: how many statements with the mark it works on.
#[async_trait]
pub(crate) trait Watch: Send + Sync {
    async fn working(&self, mark: &str) -> usize;
}

/// Waits until the engine works on so many statements with the mark, at most `patience`.
pub(crate) async fn until_working(watch: &dyn Watch, mark: &str, count: usize, patience: Duration) {
    let start = Instant::now();
    loop {
        let working = watch.working(mark).await;
        if working == count {
            return;
        }
        let waited = start.elapsed();
        assert!(waited < patience, "{working} statements instead of {count} after {waited:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// PostgreSQL as its administrator sees it.
pub(crate) struct Postgres;

impl Postgres {
    pub(crate) async fn entered_by(user: &str) -> tokio_postgres::Client {
        let url = address(POSTGRES, user);
        let (client, driver) = tokio_postgres::connect(url.as_str(), NoTls).await.unwrap();
        tokio::spawn(driver);
        client
    }

    pub(crate) async fn boss() -> tokio_postgres::Client {
        Self::entered_by("boss").await
    }
}

#[async_trait]
impl Watch for Postgres {
    async fn working(&self, mark: &str) -> usize {
        let sql = "SELECT count(*) FROM pg_stat_activity
                   WHERE state <> 'idle' AND query LIKE $1 AND pid <> pg_backend_pid()";
        let row = Self::boss().await.query_one(sql, &[&format!("%{mark}%")]).await.unwrap();
        usize::try_from(row.get::<_, i64>(0)).unwrap()
    }
}

/// MariaDB as its administrator sees it.
pub(crate) struct MySql;

impl MySql {
    pub(crate) async fn boss() -> mysql_async::Conn {
        let options = mysql_async::Opts::from_url(address(MYSQL, "boss").as_str()).unwrap();
        let options = mysql_async::OptsBuilder::from_opts(options).prefer_socket(false);
        mysql_async::Conn::new(options).await.unwrap()
    }
}

#[async_trait]
impl Watch for MySql {
    async fn working(&self, mark: &str) -> usize {
        let sql = "SELECT COUNT(*) FROM information_schema.processlist
                   WHERE command IN ('Query', 'Execute') AND info LIKE ? AND id <> CONNECTION_ID()";
        let found = Self::boss().await.exec_first(sql, (format!("%{mark}%"),)).await.unwrap();
        found.unwrap()
    }
}
