//! Puts everything together: settings, stores, actors, routes.

mod asking;
mod attachments;
mod background;
mod beside;
mod checkup;
mod clock;
mod cluster;
mod files;
mod imports;
mod keeping;
mod logins;
mod measure;
mod model_choice;
mod node;
mod programs;
mod quota;
mod roles;
mod search;
mod serve;
mod stores;

use std::sync::Arc;
use std::time::Duration;

use starling_actors::system::SpentError;
use tokio_util::sync::CancellationToken;

pub use checkup::{Finding, State, checkup};
pub use clock::SystemClock;
pub use node::Node;
pub use serve::{Listener, bind, serve_until};
pub use stores::apply_schema;

use crate::adapters::files::StorageError;
use crate::adapters::scylla;
use crate::adapters::sqlite::OpenError;
use crate::auth::{AccountError, FirstAdmin};
use crate::config::{Loaded, SecretsError, Settings, complete_secrets};
use crate::telemetry::TelemetryError;
use crate::terminal::say;

/// How long a command waits for what it wrote to be stored.
const WORK_DRAIN: Duration = Duration::from_secs(10);

/// Why the server cannot start, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made.
    #[error("cannot make the data folder {path}: {cause}")]
    DataFolder {
        /// Which folder.
        path: std::path::PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// There are no usable secrets.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// Logs or traces cannot be started.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The database of the cluster cannot be used.
    #[error("scylla.nodes: {0}")]
    Scylla(#[from] scylla::OpenError),
    /// TLS to it cannot be spoken.
    #[error("scylla.tls_authority: {0}")]
    ScyllaTls(String),
    /// The address of Redis cannot be one.
    #[error("redis.url: {0}")]
    Redis(String),
    /// The storage of files cannot be used as the settings say.
    #[error(transparent)]
    Files(#[from] StorageError),
    /// The scanner of files cannot be asked as the settings say.
    #[error("files.scanner: {0}")]
    Scanner(String),
    /// The folder of files, or of what is on its way, cannot be used.
    #[error("files.dir: cannot use {path}: {cause}")]
    FilesFolder {
        /// Which folder.
        path: std::path::PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The address for other nodes is taken or not this machine's.
    #[error("cluster.listen: cannot listen on {address}: {cause}")]
    ListenForNodes {
        /// Where.
        address: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// What is stored was encrypted with a key that is not here.
    #[error(transparent)]
    Vault(#[from] crate::data::KeyError),
    /// Models cannot be called as the settings want it.
    #[error("models cannot be called: {0}")]
    Models(String),
    /// Where tenants may make the server connect to is not said in a way that means something.
    #[error("egress.allow, egress.webhooks, egress.previews or egress.pushes: {0}")]
    Egress(String),
    /// Webhooks cannot be sent from this machine.
    #[error("webhooks cannot be sent: {0}")]
    Webhooks(String),
    /// Pages cannot be read from this machine.
    #[error("pages cannot be read: {0}")]
    Previews(String),
    /// Mail cannot be sent as the settings want it.
    #[error("mail cannot be sent: {0}")]
    Mail(String),
    /// The actors cannot be started.
    #[error(transparent)]
    Core(#[from] starling_actors::system::StartError),
    /// The actors gave up while the server served.
    #[error("{0}; start the server again, and see the log for what failed")]
    Spent(#[from] SpentError),
    /// Outside tokens cannot be taken as the settings want it.
    #[error(transparent)]
    Federation(#[from] crate::auth::FederationError),
    /// The first admin cannot be made.
    #[error("cannot make the first admin: {0}")]
    FirstAdmin(#[from] AccountError),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why not.
        cause: std::io::Error,
    },
    /// The runtime cannot be started.
    #[error("cannot start the runtime: {0}")]
    Runtime(std::io::Error),
}

/// Serves until the process is told to stop.
pub fn run(loaded: Loaded) -> Result<(), StartError> {
    let Loaded { mut settings, notices } = loaded;
    make_folder(&settings)?;
    let _telemetry = crate::telemetry::start(&settings.telemetry, &settings.data.dir)?;
    for notice in notices {
        tracing::warn!("{notice}");
    }
    if let Some(path) = complete_secrets(&mut settings, &mut rand::random)? {
        tracing::info!(path = %path.display(), "made secrets for tokens: keep this file");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    let outcome = runtime.block_on(serve(Arc::new(settings)));
    runtime.shutdown_timeout(Duration::from_secs(2));
    outcome
}

/// Starts a node without serving, does `work` with it, and stops it in order: for commands that
/// change what the server keeps. Refused while a server uses the same folder.
pub fn with_node<T>(
    loaded: Loaded,
    work: impl AsyncFnOnce(&Node) -> Result<T, Box<dyn std::error::Error>>,
) -> Result<T, Box<dyn std::error::Error>> {
    let mut settings = loaded.settings;
    make_folder(&settings)?;
    complete_secrets(&mut settings, &mut rand::random)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let (node, first_admin) = Node::start(Arc::new(settings), None).await?;
        if let Some(admin) = first_admin {
            greet(&admin);
        }
        let done = work(&node).await;
        node.drain(WORK_DRAIN).await;
        done
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
    outcome
}

/// Makes the folder of data when it is missing.
pub fn make_folder(settings: &Settings) -> Result<(), StartError> {
    let path = &settings.data.dir;
    std::fs::create_dir_all(path)
        .map_err(|cause| StartError::DataFolder { path: path.clone(), cause })
}

async fn serve(settings: Arc<Settings>) -> Result<(), StartError> {
    let address = settings.server.listen;
    // First: a start that cannot be finished must not have made an admin whom nobody is shown.
    let listener = bind(address).map_err(|cause| StartError::Listen { address, cause })?;
    let others = cluster::bind(&settings).await?;
    let (node, first_admin) = Node::start(Arc::clone(&settings), others).await?;
    if let Some(admin) = first_admin {
        greet(&admin);
    }
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    let drain = Duration::from_millis(settings.server.drain_ms);
    Ok(serve_node(&node, listener, stop, drain).await?)
}

/// Serves a node until `stop` is cancelled or its actors give up: without them nobody is answered,
/// so the process ends and whatever runs it starts it again.
async fn serve_node(
    node: &Node,
    listener: Listener,
    stop: CancellationToken,
    drain: Duration,
) -> Result<(), SpentError> {
    tracing::info!(address = %listener.address, "listening");
    node.begin();
    let requests = serve_until(listener, crate::http::router(node.state()), stop.clone(), drain);
    let sockets = async {
        let outcome = tokio::select! {
            () = stop.cancelled() => Ok(()),
            spent = node.core.spent() => Err(spent),
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "stopping, to be started again");
            stop.cancel();
        }
        node.drain(drain).await;
        outcome
    };
    let serving = async { tokio::join!(requests, sockets) };
    let ((), outcome) = tokio::select! {
        outcomes = serving => outcomes,
        never = measure::measure(node) => match never {},
    };
    tracing::info!("stopped");
    outcome
}

/// Shows the first admin's sign-in, once: only its hash is kept.
fn greet(admin: &FirstAdmin) {
    say(&format!(
        "\nStarling is new here. Sign in as the first admin:\n\n    \
         e-mail    {}\n    password  {}\n\nThis is shown once. Change it in the app.\n",
        admin.email, admin.password
    ));
}

/// Cancels `stop` on SIGTERM or SIGINT.
async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be watched: only a kill stops this server");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => (),
        _ = interrupt.recv() => (),
    }
    tracing::info!("told to stop; draining");
    stop.cancel();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Sources, load};

    fn settings_in(folder: &tempfile::TempDir) -> Settings {
        let sources = Sources {
            flags: vec![("data.dir".to_owned(), folder.path().display().to_string())],
            ..Sources::default()
        };
        let mut settings = load(&sources).unwrap().settings;
        complete_secrets(&mut settings, &mut rand::random).unwrap();
        settings
    }

    #[tokio::test]
    async fn the_first_admin_is_not_made_by_a_start_that_cannot_listen() {
        let folder = tempfile::tempdir().unwrap();
        let taken = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let mut settings = settings_in(&folder);
        settings.server.listen = taken.address;
        let settings = Arc::new(settings);
        let refused = serve(Arc::clone(&settings)).await;
        assert!(matches!(refused, Err(StartError::Listen { .. })), "{refused:?}");
        let (_node, first_admin) = Node::start(settings, None).await.unwrap();
        assert!(first_admin.is_some(), "whoever starts it for good is shown the password");
    }

    #[tokio::test]
    async fn a_server_whose_actors_give_up_ends_with_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings_in(&folder);
        let (node, _) = Node::start(Arc::new(settings), None).await.unwrap();
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let drain = Duration::from_secs(1);
        let stop = CancellationToken::new();

        node.core.give_up();
        let outcome = serve_node(&node, listener, stop.clone(), drain);
        let outcome = tokio::time::timeout(Duration::from_secs(10), outcome).await;

        assert_eq!(outcome, Ok(Err(SpentError)));
        assert!(stop.is_cancelled(), "requests and sockets end with it");
    }
}
