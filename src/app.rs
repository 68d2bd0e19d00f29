//! Puts everything together: settings, stores, actors, routes.

mod clock;
mod serve;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub use clock::SystemClock;
pub use serve::{Listener, bind, serve_until};

use crate::config::{Loaded, SecretsError, Settings, complete_secrets};
use crate::telemetry::TelemetryError;

/// Why the server cannot start.
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

fn make_folder(settings: &Settings) -> Result<(), StartError> {
    let path = &settings.data.dir;
    std::fs::create_dir_all(path)
        .map_err(|cause| StartError::DataFolder { path: path.clone(), cause })
}

async fn serve(settings: Arc<Settings>) -> Result<(), StartError> {
    let address = settings.server.listen;
    let listener = bind(address).map_err(|cause| StartError::Listen { address, cause })?;
    let stop = CancellationToken::new();
    tokio::spawn(stop_on_signal(stop.clone()));
    tracing::info!(address = %listener.address, "listening");
    let drain = Duration::from_millis(settings.server.drain_ms);
    serve_until(listener, axum::Router::new(), stop, drain).await;
    tracing::info!("stopped");
    Ok(())
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
