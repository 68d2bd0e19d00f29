//! The spans of a stall run, and the latencies of each kind of frame in each of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use anyhow::Result;

use crate::board::{Latency, locked};

/// Spans that are measured.
const SPANS: usize = 3;
/// Faults kept; the first ones tell enough.
const FAULTS_MAX: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Before,
    During,
    After,
    /// Probes stop.
    Over,
}

/// What is probed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Typing,
    Presence,
    Tail,
}

/// Shared by the probes of a run.
pub(super) struct Spans {
    now: AtomicUsize,
    latencies: [[Latency; SPANS]; 3],
    memory: [AtomicU64; SPANS],
    waiting: AtomicUsize,
    faults: Mutex<Vec<String>>,
}

/// A frame on its way: when it was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    span: Span,
    nanos: u64,
}

impl Spans {
    pub(super) fn new() -> Result<Self> {
        let three = || Ok::<_, anyhow::Error>([Latency::new()?, Latency::new()?, Latency::new()?]);
        Ok(Self {
            now: AtomicUsize::new(Span::Before as usize),
            latencies: [three()?, three()?, three()?],
            memory: Default::default(),
            waiting: AtomicUsize::new(0),
            faults: Mutex::default(),
        })
    }

    pub(super) fn enter(&self, span: Span) {
        self.now.store(span as usize, Ordering::SeqCst);
    }

    fn now(&self) -> Span {
        let all = [Span::Before, Span::During, Span::After];
        all.get(self.now.load(Ordering::SeqCst)).copied().unwrap_or(Span::Over)
    }

    pub(super) fn is_over(&self) -> bool {
        self.now() == Span::Over
    }

    /// A frame is sent now.
    pub(super) fn sent(&self) -> Sent {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Sent { span: self.now(), nanos: crate::clock::nanos() }
    }

    /// What it led to has come.
    pub(super) fn answered(&self, kind: Kind, sent: Sent) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if sent.span != Span::Over {
            self.latency(kind, sent.span)
                .record_nanos(crate::clock::nanos().saturating_sub(sent.nanos));
        }
    }

    /// It was answered, but with a refusal.
    pub(super) fn refused(&self, sent: Sent, complaint: &str) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        self.fault(format!("{:?} the stall: {complaint}", sent.span));
    }

    /// Frames without an answer so far.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    pub(super) fn latency(&self, kind: Kind, span: Span) -> &Latency {
        &self.latencies[kind as usize][(span as usize).min(SPANS - 1)]
    }

    /// The p99 during the stall over that before it.
    pub(super) fn p99_ratio(&self, kind: Kind) -> Option<f64> {
        let p99 = |span| self.latency(kind, span).quantile_ms(0.99);
        Some(p99(Span::During)? / p99(Span::Before)?)
    }

    pub(super) fn saw_memory(&self, span: Span, bytes: u64) {
        if let Some(most) = self.memory.get(span as usize) {
            most.fetch_max(bytes, Ordering::Relaxed);
        }
    }

    pub(super) fn memory_mib(&self, span: Span) -> f64 {
        let bytes = self.memory.get(span as usize).map_or(0, |most| most.load(Ordering::Relaxed));
        bytes as f64 / 1024.0 / 1024.0
    }

    pub(super) fn fault(&self, fault: String) {
        let mut faults = locked(&self.faults);
        if faults.len() < FAULTS_MAX {
            faults.push(fault);
        }
    }

    pub(super) fn faults(&self) -> Vec<String> {
        locked(&self.faults).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_counts_in_the_span_it_was_sent_in() {
        let spans = Spans::new().unwrap();
        let early = spans.sent();
        spans.enter(Span::During);
        let late = spans.sent();
        assert_eq!(spans.waiting(), 2);

        spans.answered(Kind::Tail, early);
        spans.answered(Kind::Tail, late);

        let counts = [Span::Before, Span::During, Span::After]
            .map(|span| spans.latency(Kind::Tail, span).count());
        assert_eq!((spans.waiting(), counts), (0, [1, 1, 0]));
        assert_eq!(spans.latency(Kind::Typing, Span::Before).count(), 0);
    }

    #[test]
    fn the_ratio_is_during_over_before_and_needs_both() {
        let spans = Spans::new().unwrap();
        spans.latency(Kind::Typing, Span::Before).record_nanos(2_000_000);
        assert_eq!(spans.p99_ratio(Kind::Typing), None);
        spans.latency(Kind::Typing, Span::During).record_nanos(6_000_000);
        assert!((spans.p99_ratio(Kind::Typing).unwrap() - 3.0).abs() < 0.05);
    }
}
