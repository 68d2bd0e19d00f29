//! Ids, words and moments as texts and numbers.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use starling_actors::domain::{
    Audience, Byline, ChartKind, ColumnType, ConnectionKind, JobState, OrgRole, Priority,
    TableKind, Timestamp,
};

/// An id by its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::data) struct Id<T>(pub(in crate::data) T);

impl<T: Display> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A value of an enum by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct Word<T>(pub(in crate::data) T);

macro_rules! words {
    ($($kind:ty),* $(,)?) => {$(
        impl Serialize for Word<$kind> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_str())
            }
        }
    )*};
}

words!(Audience, ChartKind, ColumnType, ConnectionKind, JobState, OrgRole, Priority, TableKind);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::data) struct At(i64);

impl From<Timestamp> for At {
    fn from(at: Timestamp) -> Self {
        Self(at.0)
    }
}

impl From<At> for Timestamp {
    fn from(at: At) -> Self {
        Self(at.0)
    }
}

/// A person as they were shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredByline {
    user: Id<starling_actors::domain::UserId>,
    username: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    full_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    avatar_url: String,
}

impl From<&Byline> for StoredByline {
    fn from(byline: &Byline) -> Self {
        Self {
            user: Id(byline.user),
            username: byline.username.clone(),
            full_name: byline.full_name.clone(),
            avatar_url: byline.avatar_url.clone(),
        }
    }
}

impl From<StoredByline> for Byline {
    fn from(stored: StoredByline) -> Self {
        let StoredByline { user, username, full_name, avatar_url } = stored;
        Self { user: user.0, username, full_name, avatar_url }
    }
}
