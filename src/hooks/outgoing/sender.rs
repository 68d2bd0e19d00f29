//! Sends what is due, and tries again: after seconds, then minutes, then hours, for about a day.
//!
//! **Invariants:** an address is looked at by the egress guard before every attempt, and so is what its name
//! resolves to; redirects are not followed; an attempt leaves the queue only when its outcome is stored.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use reqwest::header::CONTENT_TYPE;
use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::Precondition;
use tokio::time::Instant;

use super::interest::Listener;
use super::signature::signature;
use super::stored::{DELIVERIES, DeliveryState, OUTGOING, StoredDelivery, StoredOutgoing};
use super::{HookError, Outgoing, secret_place};
use crate::agenda::{Due, Slot};
use crate::records::Versioned;

/// Waits before the second and later attempts, in milliseconds: seconds for a receiver that restarts,
/// hours for one that is mended. Their sum is about a day.
const WAITS_MS: [i64; 9] = [
    2_000,
    15_000,
    60_000,
    5 * 60_000,
    30 * 60_000,
    2 * 3_600_000,
    4 * 3_600_000,
    8 * 3_600_000,
    10 * 3_600_000,
];
/// A wait is up to this part longer or shorter, so that what failed together is not tried together.
const JITTER_PERCENT: i64 = 20;
/// How often what is due is looked at, beside what was queued on this node.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Deliveries that one look takes up.
const DUE_MAX: usize = 1_000;
/// Deliveries in the air on one node, and of them to one webhook: a slow receiver holds up itself.
const IN_AIR_MAX: usize = 32;
const IN_AIR_OF_ONE_MAX: usize = 4;
/// How long a receiver may take, as Standard Webhooks has it.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long an entry may wait for its delivery, which is stored right after it.
const ORPHAN_MS: i64 = 60_000;
/// A webhook that has failed for so long is switched off: nobody looks after its receiver.
const FAILING_MS_MAX: i64 = 5 * 24 * 3_600_000;
/// Deliveries of one webhook that are kept, waiting ones too: the oldest beyond that are dropped.
const KEPT_MAX: usize = 1_000;
/// Those beyond it that one look removes.
const REMOVED_AT_ONCE: usize = 500;
/// The receiver is gone for good and says so.
const GONE: u16 = 410;

/// What is in the air on this node, by webhook.
#[derive(Default)]
pub(super) struct InAir(Mutex<HashMap<String, Vec<String>>>);

impl InAir {
    /// Takes a place for a delivery, if there is one and it has none.
    fn enter(&self, hook: &str, id: &str) -> bool {
        let mut air = self.0.lock();
        let total: usize = air.values().map(Vec::len).sum();
        let own = air.get(hook);
        let is_full = own.is_some_and(|own| own.len() >= IN_AIR_OF_ONE_MAX);
        let is_there = own.is_some_and(|own| own.iter().any(|other| other == id));
        if total >= IN_AIR_MAX || is_full || is_there {
            return false;
        }
        air.entry(hook.to_owned()).or_default().push(id.to_owned());
        true
    }

    fn leave(&self, hook: &str, id: &str) {
        let mut air = self.0.lock();
        if let Some(own) = air.get_mut(hook) {
            own.retain(|other| other != id);
            if own.is_empty() {
                air.remove(hook);
            }
        }
    }
}

/// What one attempt came to.
struct Attempt {
    status: Option<u16>,
    error: Option<String>,
    took: Duration,
}

impl Attempt {
    fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Outgoing {
    pub(super) async fn send_for_ever(self) {
        loop {
            tokio::select! {
                () = self.inner.stop.cancelled() => return,
                () = self.inner.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            match self.inner.agenda.due(self.inner.clock.now(), DUE_MAX).await {
                Ok(due) => {
                    for (slot, due) in due {
                        self.begin(slot, due);
                    }
                }
                Err(error) => tracing::warn!(%error, "what webhooks wait for cannot be read"),
            }
        }
    }

    /// Sends one beside the others, if there is room; what finds none is due again at the next look.
    fn begin(&self, slot: Slot, due: Due) {
        if !self.inner.in_air.enter(&due.parent, &due.id) {
            return;
        }
        let outgoing = self.clone();
        self.inner.tasks.spawn(async move {
            let (hook, id) = (due.parent.clone(), due.id.clone());
            let delivered = tokio::select! {
                delivered = outgoing.deliver(&slot, &due) => delivered,
                // It stays due: after the restart, or on the node that has the shard then.
                () = outgoing.inner.stop.cancelled() => Ok(()),
            };
            if let Err(error) = delivered {
                tracing::warn!(%error, hook, "a delivery waits for the store");
            }
            outgoing.inner.in_air.leave(&hook, &id);
            outgoing.inner.queued.notify_one();
        });
    }

    async fn deliver(&self, slot: &Slot, due: &Due) -> Result<(), HookError> {
        let Some(org) = due.org() else { return Ok(self.inner.agenda.done(slot).await?) };
        let shelves = &self.inner.shelves;
        let found = shelves.get(&DELIVERIES, org, &due.parent, &due.id).await?;
        let Some(found) = found else {
            if self.inner.clock.now().0 - due.put_at > ORPHAN_MS {
                self.inner.agenda.done(slot).await?;
            }
            return Ok(());
        };
        let is_this = found.value.next_at == slot.at.0;
        if found.value.state != DeliveryState::Pending || !is_this {
            return Ok(self.inner.agenda.done(slot).await?);
        }
        let hook = shelves.get(&OUTGOING, org, "", &due.parent).await?;
        let Some(hook) = hook else {
            shelves.delete(&DELIVERIES, org, &due.parent, &due.id).await?;
            return Ok(self.inner.agenda.done(slot).await?);
        };
        if !hook.value.is_active {
            let error = Some("the webhook is switched off".to_owned());
            let attempt = Attempt { status: None, error, took: Duration::ZERO };
            return self.settle(org, (slot, due), found, &attempt, None).await;
        }
        let attempt = self.attempt(org, &hook, &due.id, &found.value).await;
        let attempts = found.value.attempts as usize;
        let is_over = attempt.is_good() || attempt.status == Some(GONE);
        let wait = WAITS_MS.get(attempts).filter(|_| !is_over).copied();
        self.settle(org, (slot, due), found, &attempt, wait).await?;
        self.note_health(org, hook, &attempt).await
    }

    async fn attempt(
        &self,
        org: OrgId,
        hook: &Versioned<StoredOutgoing>,
        id: &str,
        delivery: &StoredDelivery,
    ) -> Attempt {
        let started = Instant::now();
        let sent = self.call(org, hook, id, &delivery.body).await;
        let took = started.elapsed();
        match sent {
            Ok(status) if (200..300).contains(&status) => {
                Attempt { status: Some(status), error: None, took }
            }
            Ok(status) => {
                let error = Some(format!("the receiver answered with status {status}"));
                Attempt { status: Some(status), error, took }
            }
            Err(error) => Attempt { status: None, error: Some(error), took },
        }
    }

    async fn call(
        &self,
        org: OrgId,
        hook: &Versioned<StoredOutgoing>,
        id: &str,
        body: &str,
    ) -> Result<u16, String> {
        let url = self.inner.egress.check(&hook.value.url).map_err(|error| error.to_string())?;
        let secret = self.inner.vault.open(secret_place(org, &hook.id), &hook.value.secret);
        let secret = secret.map_err(|error| error.to_string())?;
        let id = format!("msg_{id}");
        let seconds = self.inner.clock.now().0.div_euclid(1_000);
        let signed = signature(&secret, &id, seconds, body).ok_or("the secret is none")?;
        let request = self
            .inner
            .client
            .post(url)
            .timeout(TIMEOUT)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signed)
            .body(body.to_owned());
        // Not why: what a name resolved to, and what listens there, is nothing to be asked by webhooks.
        let answer = request.send().await.map_err(|error| {
            let words = if error.is_timeout() {
                "the receiver did not answer in time"
            } else {
                "the receiver cannot be reached, or the server may not call it"
            };
            words.to_owned()
        })?;
        Ok(answer.status().as_u16())
    }

    /// Stores the outcome. With a `wait` it is tried again.
    async fn settle(
        &self,
        org: OrgId,
        (slot, due): (&Slot, &Due),
        found: Versioned<StoredDelivery>,
        attempt: &Attempt,
        wait: Option<i64>,
    ) -> Result<(), HookError> {
        let now = self.inner.clock.now();
        let mut value = StoredDelivery {
            attempts: found.value.attempts + 1,
            last_at: Some(now.0),
            status: attempt.status,
            error: attempt.error.clone(),
            duration_ms: Some(u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX)),
            ..found.value
        };
        let (hook, id) = (due.parent.as_str(), due.id.as_str());
        match wait {
            Some(wait) => {
                let next = now.plus_ms(self.spread(wait));
                value.next_at = next.0;
                self.inner.agenda.put((next, now), (org, hook, id)).await?;
            }
            None => {
                let is_good = attempt.is_good();
                value.state =
                    if is_good { DeliveryState::Delivered } else { DeliveryState::Failed };
                value.body = String::new();
            }
        }
        let when = Precondition::Version(found.version);
        match self.inner.shelves.put(&DELIVERIES, (org, hook, id), &value, when).await {
            // Another node was at it too, and has stored what came of that.
            Ok(_) | Err(HookError::Conflict) => {}
            Err(error) => return Err(error),
        }
        Ok(self.inner.agenda.done(slot).await?)
    }

    fn spread(&self, wait: i64) -> i64 {
        let part = wait * JITTER_PERCENT / 100;
        let random = i64::try_from(self.inner.clock.random() % 1_000).unwrap_or(500);
        wait - part + 2 * part * random / 1_000
    }

    /// Notes since when a webhook fails, and switches one off that has failed for days or is gone.
    async fn note_health(
        &self,
        org: OrgId,
        hook: Versioned<StoredOutgoing>,
        attempt: &Attempt,
    ) -> Result<(), HookError> {
        let now = self.inner.clock.now().0;
        let since = hook.value.failing_since;
        if attempt.is_good() && since.is_none() {
            return Ok(());
        }
        let mut value = hook.value;
        let failing = since.unwrap_or(now);
        value.failing_since = (!attempt.is_good()).then_some(failing);
        if attempt.status == Some(GONE) {
            value.is_active = false;
            value.disabled_because = Some("the receiver said that it is gone".to_owned());
        } else if !attempt.is_good() && now - failing > FAILING_MS_MAX {
            value.is_active = false;
            value.disabled_because = Some("every delivery has failed for five days".to_owned());
        }
        if value.failing_since == since && value.is_active {
            return Ok(());
        }
        let when = Precondition::Version(hook.version);
        match self.inner.shelves.put(&OUTGOING, (org, "", hook.id.as_str()), &value, when).await {
            // Somebody changed it meanwhile; the next attempt says how it stands.
            Ok(_) | Err(HookError::Conflict) => {}
            Err(error) => return Err(error),
        }
        if !value.is_active {
            tracing::warn!(
                hook = hook.id,
                why = value.disabled_because,
                "a webhook is switched off"
            );
            self.inner.changed.notify_one();
        }
        Ok(())
    }

    /// Removes the oldest deliveries beyond those that are kept.
    pub(super) async fn trim(&self, listener: &Listener) -> Result<(), HookError> {
        let (org, hook) = (listener.org, listener.id.as_str());
        if !self.inner.placement.is_mine(key_of(hook)) {
            return Ok(());
        }
        let most = KEPT_MAX + REMOVED_AT_ONCE;
        let found = self.inner.shelves.list(&DELIVERIES, org, hook, most).await?;
        for old in found.into_iter().skip(KEPT_MAX) {
            if old.value.state == DeliveryState::Pending {
                let (event, made) = (&old.value.event, old.value.created_at);
                tracing::warn!(hook, event, made, "a delivery is given up: too many wait");
                let slot = self.inner.agenda.slot(Timestamp(old.value.next_at), &old.id);
                self.inner.agenda.done(&slot).await?;
            }
            self.inner.shelves.delete(&DELIVERIES, org, hook, &old.id).await?;
        }
        Ok(())
    }

    /// Puts the secret of a webhook under the newest master key.
    pub(super) async fn renew_secret(&self, org: OrgId, found: &Versioned<StoredOutgoing>) {
        let renewed = self.inner.vault.renew(secret_place(org, &found.id), &found.value.secret);
        let Ok(Some(secret)) = renewed else { return };
        let value = StoredOutgoing { secret, ..found.value.clone() };
        let when = Precondition::Version(found.version);
        let place = (org, "", found.id.as_str());
        if let Err(error) = self.inner.shelves.put(&OUTGOING, place, &value, when).await {
            tracing::debug!(%error, hook = found.id, "a secret is put under the newest key later");
        }
    }
}

fn key_of(hook: &str) -> u128 {
    hook.parse::<starling_actors::domain::UserId>().map_or(0, |id| id.as_u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_go_on_for_about_a_day() {
        let hours = WAITS_MS.iter().sum::<i64>() / 3_600_000;
        assert!((20..=30).contains(&hours), "{hours}");
        assert!(WAITS_MS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_slow_receiver_holds_up_itself_only() {
        let air = InAir::default();
        for id in ["1", "2", "3", "4"] {
            assert!(air.enter("slow", id));
        }
        assert!(!air.enter("slow", "5"));
        assert!(air.enter("quick", "1"));
        assert!(!air.enter("quick", "1"), "the same one is in the air once");
        air.leave("slow", "1");
        assert!(air.enter("slow", "5"));
    }
}
