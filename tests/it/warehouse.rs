//! The port `Warehouse` on real engines: one contract for all of them ([`contract`]), and what each
//! engine has of its own. `tests/services.sh` starts the servers.

mod contract;
pub(crate) mod import;
pub(crate) mod mysql;
pub(crate) mod postgres;
pub(crate) mod site;
mod snowflake;
pub(crate) mod sqlite;

/// The contract as tests of one engine, whose `$site` makes a [`site::Site`].
macro_rules! keeps_the_contract {
    ($site:path: $($promise:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                super::contract::$promise(&$site().await).await;
            }
        )+
    };
}
use keeps_the_contract;
