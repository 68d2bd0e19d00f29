//! Logs as JSON lines on standard error and in files, traces over OTLP when configured.

use std::path::{Path, PathBuf};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::TelemetrySettings;

/// Days of logs that are kept: two weeks cover a holiday.
const LOG_FILES_MAX: usize = 14;

/// Flushes logs and traces when dropped at the end of the program.
#[derive(Debug)]
pub struct Guard {
    /// Dropping it writes what is buffered.
    files: Option<WorkerGuard>,
    traces: Option<SdkTracerProvider>,
}

/// Why logs or traces cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("telemetry.log_level: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The log files cannot be opened.
    #[error("cannot write log files into {}: {cause}", .folder.display())]
    Files {
        /// The data folder.
        folder: PathBuf,
        /// Why not.
        cause: tracing_appender::rolling::InitError,
    },
    /// The exporter does not accept its settings.
    #[error("telemetry.otlp_endpoint: {0}")]
    Traces(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The endpoint is no address that traces can be sent to.
    #[error("telemetry.otlp_endpoint: {0:?} must begin with http:// or https://")]
    Endpoint(String),
    /// Something else logs already.
    #[error("logs were already started: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// The actors' library keeps a span open for each actor, which costs every session half a kibibyte and
/// says nothing. Comes before the operator's own directives, so that one for `ractor` still counts.
const ACTORS_QUIET: &str = "ractor=warn";

/// Starts logging for the whole process.
pub fn start(settings: &TelemetrySettings, folder: &Path) -> Result<Guard, TelemetryError> {
    let filter = EnvFilter::try_new(format!("{ACTORS_QUIET},{}", settings.log_level))?;
    let console = fmt::layer().json().with_writer(std::io::stderr);
    let (file_layer, files) = if settings.log_files {
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("starling")
            .filename_suffix("log")
            .max_log_files(LOG_FILES_MAX)
            .build(folder)
            .map_err(|cause| TelemetryError::Files { folder: folder.to_owned(), cause })?;
        // Lossy on purpose: a stalled disk must not stall the chat.
        let (writer, guard) = tracing_appender::non_blocking(appender);
        (Some(fmt::layer().json().with_writer(writer)), Some(guard))
    } else {
        (None, None)
    };
    let traces = provider(&settings.otlp_endpoint)?;
    let trace_layer = traces.as_ref().map(|provider| {
        tracing_opentelemetry::layer().with_tracer(provider.tracer("starling")).boxed()
    });
    tracing_subscriber::registry()
        .with(trace_layer)
        .with(console)
        .with(file_layer)
        .with(filter)
        .try_init()?;
    Ok(Guard { files, traces })
}

fn provider(endpoint: &str) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    if endpoint.is_empty() {
        return Ok(None);
    }
    if !["http://", "https://"].iter().any(|scheme| endpoint.starts_with(scheme)) {
        return Err(TelemetryError::Endpoint(endpoint.to_owned()));
    }
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build()?;
    let resource = Resource::builder().with_service_name("starling").build();
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    Ok(Some(provider))
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.traces.take()
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces could not be sent");
        }
        drop(self.files.take());
    }
}
